#include <set>

#include "compiler/diagnostics/diagnostics.h"
#include "tests/catch.h"

using namespace nurture;

namespace {

Span at(std::uint32_t begin, std::uint32_t end, FileId file = 0) { return {file, begin, end}; }

}  // namespace

TEST_CASE("every code is there once and can be found") {
  std::set<std::string_view> codes;
  for (std::size_t i = 0; i < static_cast<std::size_t>(DiagnosticId::Count); ++i) {
    const DiagnosticInfo& row = info(static_cast<DiagnosticId>(i));
    INFO(row.code);
    CHECK(codes.insert(row.code).second);
    CHECK(find_diagnostic(row.code) == static_cast<DiagnosticId>(i));
    CHECK((row.code.front() == 'W') == (row.severity != Severity::Error));
    CHECK_FALSE(row.message.ends_with('.'));
  }
  CHECK_FALSE(find_diagnostic("E9999"));
}

TEST_CASE("sorting goes by place and drops what is said twice") {
  Diagnostics d;
  d.report(DiagnosticId::MessageEmpty, at(9, 10));
  d.report(DiagnosticId::MissingBrace, at(2, 3));
  d.report(DiagnosticId::MessageEmpty, at(9, 10));
  d.report(DiagnosticId::MissingBrace, at(0, 1, 1));
  d.sort();
  REQUIRE(d.all().size() == 3);
  CHECK(d.errors() == 3);
  CHECK(d.all()[0].span.begin == 2);
  CHECK(d.all()[1].span.begin == 9);
  CHECK(d.all()[2].span.file == 1);
}

TEST_CASE("errors beyond the limit are counted, not kept") {
  Diagnostics d(2);
  for (std::uint32_t i = 0; i < 5; ++i) d.report(DiagnosticId::MessageEmpty, at(i, i)).hint = "kept by nobody";
  CHECK(d.all().size() == 2);
  CHECK(d.left_out() == 3);
  CHECK(d.failed());
  SourceManager sources;
  sources.add("a.nurture", "12345");
  CHECK(render_terminal(d, sources, false).find("3 more errors left out") != std::string::npos);
}
