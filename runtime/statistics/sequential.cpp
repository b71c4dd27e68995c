#include "runtime/statistics/sequential.h"

#include <algorithm>
#include <cmath>

#include "runtime/base/check.h"

namespace nurture::statistics {
namespace {

// The mixture variance, in units of the variance at `tightest_at`, that makes the interval narrowest there. It solves
// x - ln(1 + x) = 2 ln(1 / alpha), which rises from 0.
double narrowest(double alpha) {
  double low = 0;
  double high = 4 - 4 * std::log(alpha);
  for (int i = 0; i < 80; ++i) {
    double x = (low + high) / 2;
    x - std::log1p(x) < -2 * std::log(alpha) ? low = x : high = x;
  }
  return high;
}

// Half a lead more on either side keeps it above 0.
double variance(Proportion sample) {
  auto n = static_cast<double>(sample.of);
  double p = (static_cast<double>(sample.reached) + 0.5) / (n + 1);
  return p * (1 - p) / n;
}

bool enough(Proportion a, Proportion b) {
  std::uint64_t reached = a.reached + b.reached;
  return std::min({a.of, b.of, reached, a.of + b.of - reached}) >= kLeastForLooks;
}

}  // namespace

std::optional<AlwaysValid> always_valid(Proportion a, Proportion b, double level, std::uint64_t tightest_at) {
  NURTURE_CHECK(a.reached <= a.of && b.reached <= b.of && level > 0 && level < 1 && tightest_at > 0);
  if (!enough(a, b)) return std::nullopt;
  double alpha = 1 - level;
  double now = variance(a) + variance(b);
  double mixture = narrowest(alpha) * now * static_cast<double>(a.of + b.of) / static_cast<double>(tightest_at);
  double off = a.rate() - b.rate();
  double evidence = mixture * off * off / (2 * now * (now + mixture)) - std::log1p(mixture / now) / 2;
  double half = std::sqrt(now * (now + mixture) / mixture * (-2 * std::log(alpha) + std::log1p(mixture / now)));
  return AlwaysValid{std::min(1.0, std::exp(-evidence)), {off - half, off + half}};
}

}  // namespace nurture::statistics
