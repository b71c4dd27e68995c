#include "runtime/statistics/power.h"

#include "tests/catch.h"

namespace nurture::statistics {
namespace {

TEST_CASE("power of two rates") {
  // statsmodels 0.15: power_proportions_2indep(diff, prop2, nobs1, ratio, alpha)
  CHECK(power_of(0.10, 0.12, 2000, 2000, 0.05) == Approx(0.5245152561158338).epsilon(1e-11));
  CHECK(power_of(0.05, 0.04, 9000, 1000, 0.05) == Approx(0.26748318301520907).epsilon(1e-11));
  CHECK(power_of(0.01, 0.013, 10000, 10000, 0.01) == Approx(0.2788486774682661).epsilon(1e-11));
  CHECK(power_of(0.1, 0.1, 500, 500, 0.05) == Approx(0.05));
  CHECK(power_of(0, 0, 500, 500, 0.05) == 0);
  CHECK(power_of(1, 0, 500, 500, 0.05) == 1);
  CHECK(power_of(1, 0, 1, 1, 0.05) == 0);
}

TEST_CASE("the leads needed are the fewest that are enough") {
  CHECK(leads_needed(0.12, 0.10, 0.5) == 2 * 3841u);  // 3,841 an arm, as in every table of sample sizes
  CHECK(leads_needed(0.12, 0.10, 0.5) == leads_needed(0.10, 0.12, 0.5));
  for (double share : {0.5, 0.9, 0.1}) {
    auto n = leads_needed(0.05, 0.04, share, {0.05, 0.9});
    REQUIRE(n);
    auto power = [&](double leads) { return power_of(0.05, 0.04, leads * share, leads * (1 - share), 0.05); };
    CHECK(power(static_cast<double>(*n)) >= 0.9);
    CHECK(power(static_cast<double>(*n - 1)) < 0.9);
  }
  CHECK_FALSE(leads_needed(0.1, 0.1, 0.5));
  CHECK_FALSE(leads_needed(0.1, 0.1 + 1e-12, 0.5));
}

TEST_CASE("the smallest rise that is found") {
  auto rise = detectable_rise(0.10, 2 * 3841, 0.5);
  REQUIRE(rise);
  CHECK(*rise == Approx(0.02).epsilon(1e-3));
  CHECK(power_of(0.10 + *rise, 0.10, 3841, 3841, 0.05) == Approx(0.8).epsilon(1e-6));
  CHECK_FALSE(detectable_rise(0.9, 10, 0.5));
  CHECK_FALSE(detectable_rise(1, 1e6, 0.5));
}

}  // namespace
}  // namespace nurture::statistics
