#include "runtime/statistics/sequential.h"

#include "runtime/statistics/draws.h"
#include "tests/catch.h"

namespace nurture::statistics {
namespace {

TEST_CASE("the mixture at one look") {
  // The formulas written again with SciPy 1.17; the mixture variance by Lambert's W.
  auto visits = always_valid({3894, 21307}, {2262, 21306});
  REQUIRE(visits);
  CHECK(visits->p == Approx(5.778001786573082e-108).epsilon(1e-9));
  CHECK(visits->difference.low == Approx(0.06596363107830891).epsilon(1e-9));
  CHECK(visits->difference.high == Approx(0.08721549622475358).epsilon(1e-9));
  auto small = always_valid({60, 500}, {50, 500});
  REQUIRE(small);
  CHECK(small->p == 1);
  CHECK(small->difference.holds(0));
}

TEST_CASE("it is silent about too few") {
  CHECK_FALSE(always_valid({0, 0}, {0, 0}));
  CHECK_FALSE(always_valid({20, 29}, {200, 400}));
  CHECK_FALSE(always_valid({10, 5000}, {19, 5000}));
  CHECK_FALSE(always_valid({4990, 5000}, {4981, 5000}));
  CHECK(always_valid({10, 5000}, {20, 5000}));
}

// Looks after every `step` leads of each arm, stops at the first that finds a difference.
bool alarmed(std::uint64_t seed, double rate, std::uint64_t step, bool plain) {
  Draws draws(seed, 0);
  Proportion a;
  Proportion b;
  for (int look = 0; look < 60; ++look) {
    for (std::uint64_t i = 0; i < step; ++i) {
      a.reached += draws.uniform() < rate ? 1 : 0;
      b.reached += draws.uniform() < rate ? 1 : 0;
    }
    a.of += step, b.of += step;
    auto valid = always_valid(a, b);
    if (plain ? !newcombe(a, b)->holds(0) : valid && valid->p <= 0.05) return true;
  }
  return false;
}

TEST_CASE("sixty looks raise no more false alarms than one may, plain intervals do") {
  int plain = 0;
  for (double rate : {0.02, 0.3}) {
    int safe = 0;
    for (std::uint64_t world = 0; world < 400; ++world) {
      safe += alarmed(world, rate, 100, false) ? 1 : 0;
      plain += alarmed(world, rate, 100, true) ? 1 : 0;
    }
    CHECK(safe <= 20);
  }
  CHECK(plain > 80);
}

}  // namespace
}  // namespace nurture::statistics
