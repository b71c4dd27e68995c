#include <rapidcheck.h>

#include "tests/bytecode/random_module.h"
#include "tests/bytecode/sample.h"
#include "tests/catch.h"
#include "tests/native.h"
#include "tests/vm/exercise.h"

namespace nurture::vm {

TEST_CASE("what the verifier accepts runs without harm") {
  const bytecode::Module sample = bytecode::assemble(nurture::testing::kSample).value();
  const auto native = [](BoundModule& program) {
    if (nurture::testing::native_asked_for()) nurture::testing::go_native(program);
  };
  testing::Exercise(sample, native).run();
  CHECK(rc::check([&](std::uint64_t seed) {
    bytecode::Module module = sample;
    bytecode::testing::Randomizer randomizer(seed, 0.002);
    bytecode::layout::fields(randomizer, module);
    RC_CLASSIFY(bytecode::verify(module).ok(), "sound");
    if (bytecode::verify(module)) testing::Exercise(module, native).run();
  }));
}

}  // namespace nurture::vm
