#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/check.h"
#include "runtime/base/hash.h"
#include "runtime/bytecode/codec.h"
#include "runtime/bytecode/format.h"
#include "tests/vm/exercise.h"

namespace {

/// A header that fits the bytes, so that a change gets past the checksum.
std::string sealed(std::string_view body) {
  std::string file(nurture::bytecode::kMagic);
  const auto put = [&](std::uint64_t x, int bytes) {
    for (int i = 0; i < bytes; ++i) file += static_cast<char>(x >> (8 * i) & 0xff);
  };
  put(nurture::bytecode::kFormatVersion, 4);
  put(body.size(), 8);
  put(nurture::hash64(body), 8);
  return file.append(body);
}

}  // namespace

/// The corpus holds modules without their header. What loads is run, and survives both forms.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  (void)nurture::bytecode::decode(input);
  const std::string file = sealed(input);
  const auto module = nurture::bytecode::decode(file);
  if (!module) return 0;
  NURTURE_CHECK(nurture::bytecode::encode(*module) == file);
  NURTURE_CHECK(nurture::bytecode::assemble(nurture::bytecode::disassemble(*module)).value() == *module);
  nurture::vm::testing::Exercise(*module).run();
  return 0;
}
