#include "runtime/bytecode/codec.h"

#include <fstream>
#include <sstream>

#include "runtime/base/hash.h"
#include "tests/bytecode/sample.h"
#include "tests/catch.h"

namespace nurture::bytecode {
namespace {

Module sample() { return assemble(testing::kSample).value(); }

std::string refusal(std::string_view bytes) {
  const auto module = decode(bytes);
  return module ? "" : module.error().message + "; " + module.error().hint;
}

/// The bytes with a checksum that fits them again.
std::string resealed(std::string bytes) {
  std::uint64_t hash = hash64(std::string_view(bytes).substr(24));
  for (std::size_t i = 16; i < 24; ++i, hash >>= 8) bytes[i] = static_cast<char>(hash & 0xff);
  return bytes;
}

}  // namespace

TEST_CASE("what is encoded decodes to an equal module, by the same bytes") {
  const Module module = sample();
  const std::string bytes = encode(module);
  const auto back = decode(bytes);
  REQUIRE(back.ok());
  CHECK(*back == module);
  CHECK(encode(*back) == bytes);
}

TEST_CASE("every truncation is refused") {
  const std::string bytes = encode(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    REQUIRE_THAT(refusal(std::string_view(bytes).substr(0, size)), Catch::Contains("cut short"));
  }
  CHECK_THAT(refusal(bytes + "x"), Catch::Contains("something follows its end"));
}

TEST_CASE("every alteration of a byte is refused") {
  const std::string bytes = encode(sample());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string altered = bytes;
    altered[i] = static_cast<char>(altered[i] ^ 0x41);
    REQUIRE_THAT(refusal(altered), Catch::Contains("build it again with `nurture build`"));
  }
}

TEST_CASE("an alteration with a checksum that fits is a sound module or refused") {
  const std::string bytes = encode(sample());
  std::size_t refused = 0;
  for (std::size_t i = 24; i < bytes.size(); ++i) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string altered = bytes;
      altered[i] = static_cast<char>(altered[i] ^ flip);
      const auto module = decode(resealed(altered));
      if (!module)
        ++refused;
      else
        REQUIRE(encode(*module) == resealed(altered));
    }
  }
  CHECK(refused > bytes.size());
}

TEST_CASE("a refusal says what is the matter") {
  std::string bytes = encode(sample());
  CHECK_THAT(refusal("PK\x03\x04"), Catch::Contains("this is not a compiled programme"));
  std::string altered = bytes;
  altered[100] = static_cast<char>(altered[100] + 1);
  CHECK_THAT(refusal(altered), Catch::Contains("its checksum does not match"));
  altered = bytes;
  altered[4] = 9;
  CHECK_THAT(refusal(altered), Catch::Contains("is of format 9, and this version of nurture reads format 8"));
  Module module = sample();
  module.name = 400;
  CHECK_THAT(refusal(encode(module)), Catch::Contains("not sound: name is 400"));
}

TEST_CASE("the reference page is up to date") {
  std::ifstream file(NURTURE_DOCS "/bytecode.md", std::ios::binary);
  std::stringstream page;
  page << file.rdbuf();
  INFO("write it again: cmake --build <folder> --target nurture_reference");
  CHECK(page.str() == reference_page());
}

}  // namespace nurture::bytecode
