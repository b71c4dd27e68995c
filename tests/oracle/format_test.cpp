#include "tests/catch.h"
#include "tests/format/laid_out.h"
#include "tests/oracle/generate.h"

TEST_CASE("programmes that nobody wrote are laid out without a change of what they say") {
  using namespace nurture::oracle;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    std::string text = render(generate_programme(random));
    INFO(seed << "\n" << text);
    CHECK(fault(text) == "");
    CHECK_FALSE(LaidOut(text).diagnostics.failed());
  }
}
