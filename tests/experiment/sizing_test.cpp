#include "runtime/experiment/sizing.h"

#include "tests/catch.h"

namespace nurture::experiment {
namespace {

Experiment arms(std::vector<double> shares) {
  Experiment out;
  for (double share : shares) out.arms.push_back({"arm", share, 0});
  return out;
}

TEST_CASE("two halves need what every table of sample sizes says") {
  CHECK(units_needed(arms({0.5, 0.5}), 0.10, 0.2) == 2 * 3841u);
  auto rise = rise_shown(arms({0.5, 0.5}), 0.10, 2 * 3841);
  REQUIRE(rise);
  CHECK(*rise == Approx(0.02).epsilon(1e-3));
}

TEST_CASE("a small holdout and more arms need more") {
  const auto halves = *units_needed(arms({0.5, 0.5}), 0.10, 0.2);
  CHECK(*units_needed(arms({0.1, 0.9}), 0.10, 0.2) > 2 * halves);
  const auto thirds = *units_needed(arms({1.0 / 3, 1.0 / 3, 1.0 / 3}), 0.10, 0.2);
  CHECK(thirds >= 3 * 3841u);
  CHECK(thirds <= 3 * 3841u + 2);
}

TEST_CASE("what cannot be is not promised") {
  CHECK_FALSE(units_needed(arms({0.5, 0.5}), 0.8, 0.5));
  CHECK_FALSE(rise_shown(arms({0.5, 0.5}), 0.9, 10));
}

}  // namespace
}  // namespace nurture::experiment
