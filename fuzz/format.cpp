#include "compiler/format/format.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "compiler/syntax/syntax.h"
#include "runtime/base/check.h"

namespace {

using namespace nurture;

struct Read {
  std::string tree;
  bool failed;
};

Read read(const std::string& text) {
  SourceManager sources;
  ast::Tree tree;
  Diagnostics diagnostics;
  std::string dump = ast::dump(syntax::parse(sources.add("fuzz.nurture", text), tree, diagnostics));
  return {dump.find("(send [") == std::string::npos ? dump : "", diagnostics.failed()};
}

std::string laid_out(const std::string& text) {
  SourceManager sources;
  Diagnostics diagnostics;
  return format::format(sources.add("fuzz.nurture", text), diagnostics).text;
}

}  // namespace

// Any bytes are laid out without a crash; laid out again they stay the same; what can be read keeps its tree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  std::string once = laid_out(text);
  Read before = read(text);
  if (before.failed) return 0;
  NURTURE_CHECK(laid_out(once) == once);
  Read after = read(once);
  NURTURE_CHECK(!after.failed);
  NURTURE_CHECK(before.tree.empty() || after.tree == before.tree);
  return 0;
}
