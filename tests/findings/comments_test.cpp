#include "compiler/findings/comments.h"

#include "compiler/findings/constructs.h"
#include "compiler/syntax/syntax.h"
#include "tests/catch.h"

using namespace nurture;

namespace {

/// The exceptions of a text, each as "codes: what it is about", with line ends as "/".
std::vector<std::string> subjects(const std::string& text) {
  SourceManager sources;
  const SourceFile& source = sources.add("a.nurture", text);
  ast::Tree tree;
  Diagnostics diagnostics;
  ast::File file = syntax::parse(source, tree, diagnostics);
  std::vector<Span> parts = findings::constructs(file);
  std::vector<std::string> out;
  for (const findings::AllowComment& each : findings::allow_comments(file, source)) {
    std::string one;
    for (const findings::AllowedCode& code : each.codes) one += std::string(code.text) + " ";
    one += ": " + std::string(sources.text(findings::subject_of(each, file, source, parts)));
    std::replace(one.begin(), one.end(), '\n', '/');
    out.push_back(one);
  }
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("an exception on its own line is about all of what begins next") {
  CHECK(subjects("// allow(W1): x\n\n// more\n/// what it is\nlet a =\n  1\nlet b = 2\n") == Texts{"W1 : let a =/  1"});
  CHECK(subjects("campaign c {\n  # allow(W1 , W2): x\n  stage s {\n    exit as done\n  }\n}\n") ==
        Texts{"W1 W2 : stage s {/    exit as done/  }"});
  CHECK(subjects("// allow(W1): x") == Texts{"W1 : "});
}

TEST_CASE("of several on a line, an exception before it is about the first, one behind it about the last") {
  std::string head = "campaign c { stage s {\n";
  CHECK(subjects(head + "// allow(W1): x\nsend a send b\nexit as done } }") == Texts{"W1 : send a"});
  CHECK(subjects(head + "send a send b // allow(W1): x\nexit as done } }") == Texts{"W1 : send b"});
}

TEST_CASE("an exception behind a brace is about what the brace belongs to") {
  CHECK(subjects("campaign c { // allow(W1): x\n  stage s { exit as done }\n}\n") ==
        Texts{"W1 : campaign c { // allow(W1): x/  stage s { exit as done }/}"});
  CHECK(subjects("campaign c {\n  stage s {\n    exit as done\n  } // allow(W1): x\n}\n") ==
        Texts{"W1 : stage s {/    exit as done/  }"});
  CHECK(subjects("campaign c {\n stage s {\n wait up to 1 day {\n on a.b { // allow(W1): x\n move on }\n }\n }\n}\n") ==
        Texts{"W1 : on a.b { // allow(W1): x/ move on }"});
}

TEST_CASE("an exception within a declaration that goes on is about its line") {
  CHECK(subjects("score s {\n  a.b 5 // allow(W1): x\n  c.d 7\n}\n") == Texts{"W1 :   a.b 5"});
}

TEST_CASE("an exception between the lines of something is about all of it") {
  CHECK(subjects("segment s: lead.a is 1\n  and lead.b is 2 // allow(W1): x\n  and lead.c is 3\n") ==
        Texts{"W1 : segment s: lead.a is 1/  and lead.b is 2 // allow(W1): x/  and lead.c is 3"});
  CHECK(subjects("segment s: lead.a is 1\n// allow(W1): x\n  and lead.b is 2\n") ==
        Texts{"W1 : segment s: lead.a is 1/// allow(W1): x/  and lead.b is 2"});
}

TEST_CASE("only comments that begin with it are exceptions") {
  CHECK(subjects("/// allow(W1): x\n// we allow(W1)\n// allow W1\nlet a = \"// allow(W1): x\"\n").empty());
}
