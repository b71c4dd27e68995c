#include "runtime/statistics/quantiles.h"

#include <cmath>

#include "runtime/base/check.h"
#include "runtime/statistics/distributions.h"

namespace nurture::statistics {
namespace {

// P(X < k), X of n trials with chance q.
double fewer(std::uint64_t k, std::uint64_t n, double q) {
  if (k == 0) return 0;
  if (k > n) return 1;
  return beta_cdf(1 - q, static_cast<double>(n - k + 1), static_cast<double>(k));
}

// The largest k in 0 … n with P(X < k) ≤ tail.
std::uint64_t largest(std::uint64_t n, double q, double tail) {
  std::uint64_t low = 0;
  std::uint64_t high = n;
  while (low < high) {
    std::uint64_t middle = low + (high - low + 1) / 2;
    fewer(middle, n, q) <= tail ? low = middle : high = middle - 1;
  }
  return low;
}

}  // namespace

std::optional<Ranks> quantile_ranks(std::uint64_t n, double q, double level) {
  NURTURE_CHECK(q > 0 && q < 1 && level > 0 && level < 1);
  double tail = (1 - level) / 2;
  std::uint64_t from_below = largest(n, q, tail);
  std::uint64_t from_above = largest(n, 1 - q, tail);  // seen from the largest value down
  if (from_below == 0 || from_above == 0) return std::nullopt;
  return Ranks{from_below - 1, n - from_above};
}

std::optional<Interval> quantile_interval(std::span<const double> sorted, double q, double level) {
  auto ranks = quantile_ranks(sorted.size(), q, level);
  if (!ranks) return std::nullopt;
  return Interval{sorted[ranks->low], sorted[ranks->high]};
}

double quantile(std::span<const double> sorted, double q) {
  NURTURE_CHECK(!sorted.empty() && q >= 0 && q <= 1);
  double at = q * static_cast<double>(sorted.size() - 1);
  auto below = static_cast<std::size_t>(at);
  if (below + 1 == sorted.size()) return sorted.back();
  return sorted[below] + (at - std::floor(at)) * (sorted[below + 1] - sorted[below]);
}

}  // namespace nurture::statistics
