#include "runtime/bytecode/codec.h"
#include "tests/bytecode/sample.h"
#include "tests/catch.h"

namespace nurture::bytecode {
namespace {

std::string error_of(std::string_view text) {
  const auto module = assemble(text);
  return module ? "" : module.error().message;
}

}  // namespace

TEST_CASE("the sample assembles and is sound") {
  const auto module = assemble(testing::kSample);
  REQUIRE(error_of(testing::kSample) == "");
  const Status status = verify(*module);
  CHECK((status ? "" : status.error().message) == "");
}

TEST_CASE("text to module to text is byte for byte the same, and the module too") {
  const Module module = assemble(testing::kSample).value();
  const std::string text = disassemble(module);
  REQUIRE(error_of(text) == "");
  CHECK(assemble(text).value() == module);
  CHECK(disassemble(assemble(text).value()) == text);
}

TEST_CASE("the text form tells what indices name") {
  const std::string text = disassemble(assemble(testing::kSample).value());
  CHECK(text.find("load.lead 0 \"country\"") != std::string::npos);
  CHECK(text.find("go_to 1 \"second\" 0 \"main.nurture:1\"") != std::string::npos);
  CHECK(text.find("; campaigns[0].states[0].on_timer") != std::string::npos);
}

TEST_CASE("a mistake in the text form names its line") {
  CHECK(error_of("nurture bytecode 9") == "line 1: \"9\" stands where 8 belongs");
  CHECK(error_of("nurture bytecode 8\nname 0\ntimezone x") == "line 3: \"x\" is no number that fits here");
  CHECK(error_of("nurture bytecode 8\nname 0\ntimezone 0\nnonsense 1") ==
        "line 4: \"nonsense\" stands where the field code belongs");
  CHECK(error_of("nurture bytecode 8\nname 0\ntimezone 0\ncode [\n  jump nowhere\n]") ==
        "line 5: \"nowhere\" names no label of the code");
  CHECK(error_of("nurture bytecode 8\nname 0\ntimezone 0\ncode [\n  jumpp L1\n]") ==
        "line 5: \"jumpp\" is no instruction");
  CHECK(error_of("nurture bytecode 8\nname 0\ntimezone 0\ncode [\nL1:\nL1:\n]") ==
        "line 6: \"L1:\" is a label that stands twice");
  CHECK(error_of("nurture bytecode 8\nstrings [ \"open\n ]").starts_with("line 2: this text does not end"));
  CHECK(error_of("") == "line 1: the end stands where nurture belongs");
}

TEST_CASE("what is no instruction is kept byte by byte") {
  Module module;
  module.strings = {"x", "quote \" back \\ line \n bell \a", "not utf-8 \xff"};
  module.code = {255, 254, 0};
  module.name = 0;
  const std::string text = disassemble(module);
  CHECK(text.find(".byte 255") != std::string::npos);
  CHECK(assemble(text).value() == module);
}

}  // namespace nurture::bytecode
