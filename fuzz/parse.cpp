#include <cstddef>
#include <cstdint>
#include <string>

#include "compiler/report/report.h"
#include "compiler/syntax/syntax.h"

// Any bytes are a file: it parses without a crash, and the tree that comes out can be walked and every diagnostic
// shown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nurture::SourceManager sources;
  const auto& file = sources.add("fuzz.nurture", std::string(reinterpret_cast<const char*>(data), size));
  nurture::ast::Tree tree;
  nurture::Diagnostics diagnostics;
  nurture::syntax::Limits limits;
  limits.max_nesting = 50;
  auto parsed = nurture::syntax::parse(file, tree, diagnostics, limits);
  diagnostics.sort();
  (void)nurture::ast::dump(parsed);
  (void)nurture::render_terminal(diagnostics, sources, true);
  nurture::report::Report report;
  report.programmes.push_back(
      nurture::report::collect("fuzz.nurture", diagnostics, sources, [](const std::string& path) { return path; }));
  auto no_page = [](std::string_view) { return std::string_view(); };
  (void)nurture::report::json(report);
  (void)nurture::report::sarif(report, no_page, "0");
  (void)nurture::report::github(report, no_page);
  (void)nurture::report::gitlab(report);
  (void)nurture::report::junit(report);
  return 0;
}
