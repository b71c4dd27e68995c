#include <cstddef>
#include <cstdint>
#include <string>

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
  (void)nurture::render_json(diagnostics, sources);
  return 0;
}
