#include "compiler/format/diff.h"
#include "tests/catch.h"
#include "tests/format/laid_out.h"

// Places at the edge of the layout; its everyday look is in tests/golden/fmt.

TEST_CASE("files without a word") {
  CHECK(laid_out("") == "");
  CHECK(laid_out("\n\n  \n") == "");
  CHECK(laid_out("  # nothing here\n\n\n") == "// nothing here\n");
  CHECK(laid_out("let a = 1") == "let a = 1\n");
}

TEST_CASE("line ends stay those of the file, by its first line") {
  CHECK(laid_out("let a=1\r\nlet b=2\n") == "let a = 1\r\nlet b = 2\r\n");
  CHECK(laid_out("let a=1\nlet b=2\r\n") == "let a = 1\nlet b = 2\n");
}

TEST_CASE("a byte order mark goes") {
  LaidOut out("\xEF\xBB\xBFlet a = 1\n");
  CHECK(out.made.text == "let a = 1\n");
}

TEST_CASE("the first line of a script stays") {
  CHECK(laid_out("#!/usr/bin/env nurture\n#x\nlet a=1") == "#!/usr/bin/env nurture\n// x\nlet a = 1\n");
}

TEST_CASE("characters are counted, not bytes") {
  std::string name(100, 'x');
  std::string text = "segment " + name + ": a is \"ÄÖÜäöüß\"\n";
  CHECK(laid_out(text) == text);
}

TEST_CASE("the channel of a send goes only where the file says the same") {
  std::string content = "content hello: email { subject \"Hello\" }\n";
  auto sent = [&](const std::string& how) {
    return laid_out(content + "campaign c {\n  stage s { " + how + " }\n}\n").substr(content.size());
  };
  CHECK(sent("send email hello") == "campaign c {\n  stage s {\n    send hello\n  }\n}\n");
  CHECK(sent("send sms hello") == "campaign c {\n  stage s {\n    send sms hello\n  }\n}\n");
  CHECK(sent("send email other") == "campaign c {\n  stage s {\n    send email other\n  }\n}\n");
}

TEST_CASE("a comment that ends a line among the words of a statement ends it still") {
  CHECK(fault("campaign c {\n  stage s { hand // so\n off to sales exit as // why\n done }\n}\n") == "");
  CHECK(fault("lead { a: text /// of a\n, b: text }\n") == "");
  CHECK(fault("event /// n\n group x: [a.b]\n") == "");
}

TEST_CASE("what follows an error is left as it is") {
  LaidOut out("let a=1\ncampaign c {\nstage s { send   x\n  wait 5   }\n}\n");
  CHECK(out.made.text == "let a = 1\ncampaign c {\n  stage s {\n    send x\n  wait 5   }\n}\n");
  CHECK(out.made.stopped_at == 40);
  CHECK(LaidOut("let a=\xff 1\nlet  b=2").made.text == "let a=\xff 1\nlet  b=2");
}

TEST_CASE("a range is laid out by whole lines of the result") {
  std::string text = "let a=1\nlet b=2\ncampaign c {\nstage s {\nsend\n  x\nexit   as r }\n}\n";
  CHECK(LaidOut(text, {2, 2}).made.text ==
        "let a=1\nlet b = 2\ncampaign c {\nstage s {\nsend\n  x\nexit   as r }\n}\n");
  CHECK(LaidOut(text, {5, 5}).made.text == "let a=1\nlet b=2\ncampaign c {\nstage s {\n    send x\nexit   as r }\n}\n");
  CHECK(LaidOut(text, {1, 9}).made.text == laid_out(text));
  CHECK(LaidOut("# one\n# two\n# three\n", {2, 2}).made.text == "# one\n// two\n# three\n");
}

TEST_CASE("differences are shown as diff -u shows them") {
  using nurture::format::unified_diff;
  CHECK(unified_diff("a\n", "a\n", "x", "y") == "");
  CHECK(unified_diff("a\nb\nc\n", "a\nB\nc\nd\n", "x", "y") == "--- x\n+++ y\n@@ -1,3 +1,4 @@\n a\n-b\n+B\n c\n+d\n");
  CHECK(unified_diff("", "a\n", "x", "y") == "--- x\n+++ y\n@@ -0,0 +1 @@\n+a\n");
  CHECK(unified_diff("a", "a\n", "x", "y") == "--- x\n+++ y\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
  std::string many, other;
  for (int i = 0; i < 30; ++i) {
    many += std::to_string(i) + "\n";
    other += i == 2 || i == 20 ? "x\n" : std::to_string(i) + "\n";
  }
  CHECK(unified_diff(many, other, "x", "y") ==
        "--- x\n+++ y\n@@ -1,6 +1,6 @@\n 0\n 1\n-2\n+x\n 3\n 4\n 5\n@@ -18,7 +18,7 @@\n 17\n 18\n 19\n-20\n+x\n 21\n "
        "22\n "
        "23\n");
}
