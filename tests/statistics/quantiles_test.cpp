#include "runtime/statistics/quantiles.h"

#include <vector>

#include "tests/catch.h"

namespace nurture::statistics {
namespace {

void check(const std::optional<Ranks>& ranks, std::uint64_t low, std::uint64_t high) {
  REQUIRE(ranks);
  CHECK(ranks->low == low);
  CHECK(ranks->high == high);
}

TEST_CASE("ranks around a quantile") {
  // scipy.stats.binom 1.17, searched rank by rank; there counted from 1.
  check(quantile_ranks(10, 0.5), 1, 8);
  check(quantile_ranks(6, 0.5), 0, 5);
  check(quantile_ranks(100, 0.5), 39, 60);
  check(quantile_ranks(100, 0.9), 83, 95);
  check(quantile_ranks(1'000'001, 0.5), 499'020, 500'980);
  CHECK_FALSE(quantile_ranks(5, 0.5));
  CHECK_FALSE(quantile_ranks(0, 0.5));
}

TEST_CASE("values around a median, and quantiles") {
  std::vector<double> values{1, 2, 3, 5, 8, 13, 21, 34, 55, 89};
  auto interval = quantile_interval(values, 0.5);
  REQUIRE(interval);
  CHECK(interval->low == 2);
  CHECK(interval->high == 55);
  CHECK_FALSE(quantile_interval(std::vector<double>{1, 2}, 0.5));
  // numpy.quantile, its default method
  CHECK(quantile(values, 0) == 1);
  CHECK(quantile(values, 0.5) == Approx(10.5));
  CHECK(quantile(values, 0.95) == Approx(73.7));
  CHECK(quantile(values, 1) == 89);
  CHECK(quantile(std::vector<double>{7}, 0.3) == 7);
}

}  // namespace
}  // namespace nurture::statistics
