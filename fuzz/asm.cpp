#include <cstdint>
#include <string_view>

#include "runtime/base/check.h"
#include "runtime/bytecode/codec.h"

/// Any text: refused, or a module whose own text form gives the same module again. Verifying either never harms.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto module = nurture::bytecode::assemble({reinterpret_cast<const char*>(data), size});
  if (!module) return 0;
  NURTURE_CHECK(nurture::bytecode::assemble(nurture::bytecode::disassemble(*module)).value() == *module);
  (void)nurture::bytecode::verify(*module);
  return 0;
}
