#include "tests/outcome/expected.h"

#include <cstdlib>
#include <fstream>
#include <span>

#include "runtime/base/embedded.h"
#include "tests/catch.h"

namespace nurture {
extern const std::span<const EmbeddedFile> outcome_expected;
}

namespace nurture::outcome::fixture {

void check_expected(std::string_view name, const std::string& actual) {
  if (const char* folder = std::getenv("NURTURE_UPDATE")) {
    std::ofstream(std::string(folder) + "/" + std::string(name), std::ios::binary) << actual;
    return;
  }
  std::string_view expected;
  for (const EmbeddedFile& file : outcome_expected) {
    if (file.name.substr(file.name.rfind('/') + 1) == name) expected = file.content;
  }
  CHECK(actual == expected);
}

}  // namespace nurture::outcome::fixture
