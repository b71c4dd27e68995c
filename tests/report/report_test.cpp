#include "compiler/report/report.h"

#include "runtime/base/xml.h"
#include "tests/catch.h"

using namespace nurture;

namespace {

struct Page {
  SourceManager sources;
  Diagnostics diagnostics;

  explicit Page(std::string text) { sources.add("a b.nurture", std::move(text)); }
  Span find(std::string_view what) const {
    auto begin = static_cast<std::uint32_t>(sources.file(0).content().find(what));
    return {0, begin, begin + static_cast<std::uint32_t>(what.size())};
  }
  report::Report report() const {
    report::Report out;
    out.programmes.push_back(
        report::collect("a b.nurture", diagnostics, sources, [](const std::string& path) { return path; }));
    return out;
  }
};

std::string_view page_of(std::string_view) {
  return "# E0205: A title, of sorts\n\n## What it means\n\nIt means.\n\n## X\n";
}

}  // namespace

TEST_CASE("JSON has the place, the labels and the edits") {
  Page page("goto b\n");
  auto& d = page.diagnostics.report(DiagnosticId::GoToWritten, page.find("goto"), "goto");
  d.hint = "Write \"go to\".";
  d.edits.push_back({page.find("goto"), "go to"});
  std::string json = report::json(page.report());
  CHECK(json.find("\"code\": \"E0205\"") != std::string::npos);
  CHECK(json.find("\"severity\": \"error\"") != std::string::npos);
  CHECK(json.find("\"line\": 1") != std::string::npos);
  CHECK(json.find("\"end_column\": 5") != std::string::npos);
  CHECK(json.find("\"replacement\": \"go to\"") != std::string::npos);
  CHECK(json.find("\"errors\": 1") != std::string::npos);
}

TEST_CASE("columns are counted in code points and in UTF-16 code units") {
  Page page("x\n\"ü😀\" ? \n");
  page.diagnostics.report(DiagnosticId::StrangeCharacter, page.find("?"), "?");
  const report::Report report = page.report();
  const report::Finding& found = report.programmes[0].findings[0];
  CHECK(found.place.begin.line == 2);
  CHECK(found.place.begin.column == 6);
  CHECK(found.place.begin.utf16 == 7);
  CHECK(found.line == "\"ü😀\" ?");
}

TEST_CASE("a fingerprint moves with its line, and tells twins apart") {
  auto prints = [](const std::string& text) {
    Page page(text);
    for (std::size_t at = text.find("goto"); at != std::string::npos; at = text.find("goto", at + 1)) {
      auto begin = static_cast<std::uint32_t>(at);
      page.diagnostics.report(DiagnosticId::GoToWritten, Span{0, begin, begin + 4}, "goto");
    }
    return report::fingerprints(page.report());
  };
  auto before = prints("goto b\ngoto b\n");
  CHECK(before[0] != before[1]);
  CHECK(prints("// new\n\n  goto  b\ngoto b\n") == before);
  CHECK(prints("goto c\n")[0] != before[0]);
}

TEST_CASE("workflow commands are escaped as the runner reads them") {
  Page page("50% goto\nb\n");
  page.diagnostics.add(DiagnosticId::GoToWritten, page.find("goto"), "a 50%: thing, here");
  CHECK(report::github(page.report(), page_of) ==
        "::error file=a b.nurture,line=1,col=5,endColumn=9,title=E0205 A title%2C of sorts::A 50%25: thing, here.\n");
}

TEST_CASE("a finding over several lines has no columns in a workflow command") {
  Page page("50% goto\nb\n");
  page.diagnostics.add(DiagnosticId::GoToWritten, page.find("goto\nb"), "x");
  CHECK(report::github(page.report(), page_of).starts_with("::error file=a b.nurture,line=1,endLine=2,title="));
}

TEST_CASE("SARIF names files as URIs, and leaves out what no reader could open") {
  Page page("goto b\n");
  page.sources.add("<std/b2b.nurture>", "event a\n");
  auto& d = page.diagnostics.report(DiagnosticId::GoToWritten, page.find("goto"), "goto");
  d.labels.push_back({Span{1, 0, 5}, "declared here"});
  d.edits.push_back({Span{1, 0, 5}, "x"});
  std::string sarif = report::sarif(page.report(), page_of, "1.2.3");
  CHECK(sarif.find("\"uri\": \"a%20b.nurture\"") != std::string::npos);
  CHECK(sarif.find("declared here in <std/b2b.nurture>") != std::string::npos);
  CHECK(sarif.find("\"text\": \"It means.\"") != std::string::npos);
  CHECK(sarif.find("fixes") == std::string::npos);
}

TEST_CASE("what fails the run fails in JUnit") {
  Page page("goto <b>\n");
  page.diagnostics.report(DiagnosticId::GoToWritten, page.find("goto"), "<goto>");
  page.diagnostics.report(DiagnosticId::UnusedContent, page.find("b"), "b");
  report::Report report = page.report();
  CHECK(report::junit(report).find("tests=\"2\" failures=\"1\"") != std::string::npos);
  report.fails_from = Severity::Warning;
  CHECK(report::junit(report).find("tests=\"2\" failures=\"2\"") != std::string::npos);
  CHECK(report::junit(report).find("&lt;goto&gt;") != std::string::npos);
  CHECK(report.failed());
}

TEST_CASE("what XML cannot hold is replaced, the rest is as it was") {
  CHECK(xml_text("a<b> & \"ü😀\"\n") == "a&lt;b&gt; &amp; &quot;ü😀&quot;\n");
  CHECK(xml_text(std::string("\x01|\xFF|\xEF\xBF\xBF|\xC3")) == "\uFFFD|\uFFFD|\uFFFD|\uFFFD");
}
