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
double variance(Weighed sample) {
  const double p = (sample.reached() + 0.5) / (sample.weight + 1);
  return p * (1 - p) / sample.weight;
}

bool enough(Weighed a, Weighed b) {
  const double reached = a.reached() + b.reached();
  const double least = std::min({a.weight, b.weight, reached, a.weight + b.weight - reached});
  return least + 1e-6 >= static_cast<double>(kLeastForLooks);  // a whole number, but for rounding
}

}  // namespace

std::optional<AlwaysValid> always_valid(Proportion a, Proportion b, double level, std::uint64_t tightest_at) {
  NURTURE_CHECK(a.reached <= a.of && b.reached <= b.of);
  if (a.of == 0 || b.of == 0) return std::nullopt;
  return always_valid(weighed(a), weighed(b), level, tightest_at);
}

std::optional<AlwaysValid> always_valid(Weighed a, Weighed b, double level, std::uint64_t tightest_at) {
  NURTURE_CHECK(level > 0 && level < 1 && tightest_at > 0);
  if (!enough(a, b)) return std::nullopt;
  double alpha = 1 - level;
  double now = variance(a) + variance(b);
  double mixture = narrowest(alpha) * now * (a.weight + b.weight) / static_cast<double>(tightest_at);
  double off = a.rate - b.rate;
  double evidence = mixture * off * off / (2 * now * (now + mixture)) - std::log1p(mixture / now) / 2;
  double half = std::sqrt(now * (now + mixture) / mixture * (-2 * std::log(alpha) + std::log1p(mixture / now)));
  return AlwaysValid{std::min(1.0, std::exp(-evidence)), {off - half, off + half}};
}

}  // namespace nurture::statistics
