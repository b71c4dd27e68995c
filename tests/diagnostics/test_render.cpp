#include "compiler/diagnostics/diagnostics.h"
#include "tests/catch.h"

using namespace nurture;

namespace {

struct Page {
  SourceManager sources;
  Diagnostics diagnostics;

  explicit Page(std::string text) { sources.add("a.nurture", std::move(text)); }
  Span find(std::string_view what) const {
    auto begin = static_cast<std::uint32_t>(sources.file(0).content().find(what));
    return {0, begin, begin + static_cast<std::uint32_t>(what.size())};
  }
  std::string shown(bool color = false) const { return render_terminal(diagnostics, sources, color); }
};

}  // namespace

TEST_CASE("a diagnostic shows its line, a caret and a hint") {
  Page page("campaign x {\n  goto b\n}\n");
  page.diagnostics.report(DiagnosticId::GoToWritten, page.find("goto"), "goto").hint = "Write \"go to\".";
  CHECK(page.shown() ==
        "error[E0205]: \"goto\" is written \"go to\"\n"
        " --> a.nurture:2:3\n"
        "  |\n"
        "2 |   goto b\n"
        "  |   ^^^^\n"
        "  = hint: Write \"go to\".\n"
        "\n");
}

TEST_CASE("columns count code points, and tabs stand where they stand") {
  Page page("\tlet é = “ü” ?\n");
  page.diagnostics.report(DiagnosticId::StrangeCharacter, page.find("?"), "?");
  CHECK(page.shown() ==
        "error[E0109]: the character \"?\" means nothing here\n"
        " --> a.nurture:1:14\n"
        "  |\n"
        "1 |     let é = “ü” ?\n"
        "  |                 ^\n"
        "\n");
}

TEST_CASE("labels stand under their own lines, in order") {
  Page page("one {\ntwo\nthree\nfour }\n");
  auto& d = page.diagnostics.report(DiagnosticId::MissingBrace, page.find("{"));
  d.labels.push_back({page.find("four"), "by here"});
  CHECK(page.shown() ==
        "error[E0106]: this \"{\" is never closed\n"
        " --> a.nurture:1:5\n"
        "  |\n"
        "1 | one {\n"
        "  |     ^\n"
        "  :\n"
        "4 | four }\n"
        "  | ---- by here\n"
        "\n");
}

TEST_CASE("a label in another file has its own heading") {
  Page page("use\n");
  page.sources.add("b.nurture", "let x = 1\n");
  auto& d = page.diagnostics.report(DiagnosticId::MessageEmpty, page.find("use"));
  d.labels.push_back({Span{1, 4, 5}, "declared here"});
  std::string shown = page.shown();
  CHECK(shown.find(" ::: b.nurture:1:5\n") != std::string::npos);
  CHECK(shown.find("1 | let x = 1\n  |     - declared here\n") != std::string::npos);
}

TEST_CASE("a place at the end of a file, or nowhere, is shown without harm") {
  Page page("let x =");
  page.diagnostics.report(DiagnosticId::Expected, Span{0, 7, 7}, "a value", "");
  page.diagnostics.report(DiagnosticId::Expected, Span{7, 0, 0}, "a file", "");
  std::string shown = page.shown();
  CHECK(shown.find("1 | let x =\n  |        ^\n") != std::string::npos);
  CHECK(shown.find("error[E0102]: expected a file\n\n") != std::string::npos);
}

TEST_CASE("a wide line is shown around the place") {
  Page page(std::string(500, 'a') + "?" + std::string(500, 'b'));
  page.diagnostics.report(DiagnosticId::StrangeCharacter, page.find("?"), "?");
  std::string shown = page.shown();
  CHECK(shown.size() < 600);
  auto line = shown.find("| …");
  REQUIRE(line != std::string::npos);
}

TEST_CASE("colours wrap the parts and nothing else changes") {
  Page page("goto b\n");
  page.diagnostics.report(DiagnosticId::GoToWritten, page.find("goto"), "goto");
  std::string plain = page.shown();
  std::string painted = page.shown(true);
  std::string stripped;
  for (std::size_t i = 0; i < painted.size(); ++i) {
    if (painted[i] == '\x1b')
      i = painted.find('m', i);
    else
      stripped += painted[i];
  }
  CHECK(painted.size() > plain.size());
  CHECK(stripped == plain);
}
