#include "runtime/statistics/proportions.h"

#include <array>
#include <cmath>

#include "tests/catch.h"

namespace nurture::statistics {
namespace {

// Expected limits: statsmodels 0.15, proportion_confint and confint_proportions_2indep; of ratios: the roots, found by
// SciPy 1.17, of the interval of p - r q at 0.

void check(const std::optional<Interval>& interval, double low, double high) {
  REQUIRE(interval);
  CHECK(interval->low == Approx(low).epsilon(1e-11).margin(1e-14));
  CHECK(interval->high == Approx(high).epsilon(1e-11).margin(1e-14));
}

TEST_CASE("a rate has a Wilson interval") {
  check(wilson({81, 263}), 0.2552885198782742, 0.36620957698280004);
  check(wilson({15, 148}), 0.0623863995307363, 0.16048724172330803);
  check(wilson({1, 10}), 0.017876213095072896, 0.4041500267952385);
  check(wilson({2262, 21306}), 0.10210165383004598, 0.11037488981624681);
  check(wilson({267, 21307}), 0.011122885010307802, 0.014115041885257276);
  check(wilson({5, 56}, 0.99), 0.030291874957213527, 0.23529324617716052);
  check(wilson({3, 7}, 0.9), 0.186443190363956, 0.7105229089864071);
}

TEST_CASE("none and all have intervals, nobody has none") {
  check(wilson({0, 10}), 0, 0.2775327998628892);
  check(wilson({10, 10}), 0.7224672001371107, 1);
  CHECK_FALSE(wilson({0, 0}));
  CHECK_FALSE(newcombe({0, 0}, {1, 2}));
  CHECK_FALSE(newcombe({1, 2}, {0, 0}));
  CHECK_FALSE(rate_ratio({1, 2}, {0, 0}));
}

TEST_CASE("a difference has a Newcombe interval") {
  check(newcombe({56, 70}, {48, 80}), 0.05243147240236498, 0.333872654036906);
  check(newcombe({9, 10}, {3, 10}), 0.17052272393450302, 0.8090179735354881);
  check(newcombe({10, 10}, {0, 20}), 0.6790860371419147, 1);
  check(newcombe({0, 10}, {0, 20}), -0.16112515805281938, 0.2775327998628892);
  check(newcombe({3894, 21307}, {2262, 21306}), 0.06995330808373154, 0.08322674127411137);
  check(newcombe({7, 25}, {3, 30}, 0.9), 0.006040583469760469, 0.3538629326349415);
}

TEST_CASE("a ratio agrees with the difference") {
  check(rate_ratio({3894, 21307}, {2262, 21306}), 1.6403919712895636, 1.8064170076754127);
  check(rate_ratio({267, 21307}, {122, 21306}), 1.7676300193906358, 2.707014432083272);
  check(rate_ratio({0, 50}, {5, 60}), 0, 1.0390121201479177);
  check(rate_ratio({5, 60}, {1, 50}), 0.6223865772552916, 26.569967354172526);
  check(rate_ratio({30, 60}, {3, 9}, 0.9), 0.7909677980512949, 3.5770309844888333);
  CHECK_FALSE(rate_ratio({5, 60}, {0, 50}));
  for (std::uint64_t reached = 1; reached < 40; ++reached) {
    auto difference = newcombe({reached, 40}, {12, 50});
    auto ratio = rate_ratio({reached, 40}, {12, 50});
    CHECK((difference->low > 0) == (ratio->low > 1));
    CHECK((difference->high < 0) == (ratio->high < 1));
  }
}

TEST_CASE("leads fell to the arms as declared, or did not") {
  // SciPy: chisquare(observed, expected).pvalue
  std::array<double, 3> thirds{1, 1, 1};
  std::array<double, 2> tenth{90, 10};
  CHECK(*sample_ratio_p(std::array<std::uint64_t, 3>{21306, 21307, 21387}, thirds) == Approx(0.9036929575604196));
  CHECK(*sample_ratio_p(std::array<std::uint64_t, 2>{9000, 1150}, tenth) == Approx(7.946323922806938e-06));
  CHECK(*sample_ratio_p(std::array<std::uint64_t, 2>{900, 100}, tenth) == Approx(1));
  CHECK_FALSE(sample_ratio_p(std::array<std::uint64_t, 2>{0, 0}, tenth));
}

}  // namespace
}  // namespace nurture::statistics
