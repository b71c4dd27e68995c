#include <rapidcheck.h>

#include "runtime/bytecode/codec.h"
#include "tests/bytecode/random_module.h"
#include "tests/bytecode/sample.h"
#include "tests/catch.h"

namespace nurture::bytecode {

TEST_CASE("any module survives its text form, and its binary form or a refusal") {
  CHECK(rc::check([](std::uint64_t seed) {
    Module module;
    testing::Randomizer randomizer(seed, 1);
    layout::fields(randomizer, module);
    const std::string text = disassemble(module);
    const auto back = assemble(text);
    RC_ASSERT(back.ok());
    RC_ASSERT(*back == module);
    RC_ASSERT(disassemble(*back) == text);
    const auto decoded = decode(encode(module));
    RC_ASSERT(decoded.ok() == verify(module).ok());
    if (!decoded) RC_ASSERT(decoded.error().message.find("is not sound") != std::string::npos);
  }));
}

TEST_CASE("a damaged module is refused, or survives both forms") {
  const Module sample = assemble(nurture::testing::kSample).value();
  CHECK(rc::check([&](std::uint64_t seed) {
    Module module = sample;
    testing::Randomizer randomizer(seed, 0.002);
    layout::fields(randomizer, module);
    RC_CLASSIFY(verify(module).ok(), "sound");
    if (!verify(module)) return;
    RC_ASSERT(decode(encode(module)).value() == module);
    RC_ASSERT(assemble(disassemble(module)).value() == module);
  }));
}

}  // namespace nurture::bytecode
