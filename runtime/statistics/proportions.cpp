#include "runtime/statistics/proportions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/base/check.h"
#include "runtime/statistics/distributions.h"

namespace nurture::statistics {

double Proportion::rate() const {
  NURTURE_CHECK(of > 0 && reached <= of);
  return static_cast<double>(reached) / static_cast<double>(of);
}

Weighed weighed(double rate, double weight) {
  Weighed out;
  out.rate = rate;
  out.weight = weight;
  return out;
}

Weighed weighed(Proportion sample) { return weighed(sample.rate(), static_cast<double>(sample.of)); }

std::optional<Interval> wilson(Proportion sample, double level) {
  NURTURE_CHECK(sample.reached <= sample.of);
  if (sample.of == 0) return std::nullopt;
  return wilson(weighed(sample), level);
}

Interval wilson(Weighed estimate, double level) {
  const double rate = estimate.rate;
  const double weight = estimate.weight;
  NURTURE_CHECK(0 <= rate && rate <= 1 && weight > 0);
  double z = two_sided_z(level);
  double middle = (rate + z * z / (2 * weight)) / (1 + z * z / weight);
  double half = z / (1 + z * z / weight) * std::sqrt(rate * (1 - rate) / weight + z * z / (4 * weight * weight));
  // At the ends the formula gives 0 and 1 but for rounding.
  return {rate == 0 ? 0 : std::max(0.0, middle - half), rate == 1 ? 1 : std::min(1.0, middle + half)};
}

std::optional<Interval> newcombe(Proportion a, Proportion b, double level) {
  if (a.of == 0 || b.of == 0) return std::nullopt;
  return newcombe(weighed(a), weighed(b), level);
}

Interval newcombe(Weighed a, Weighed b, double level) {
  const Interval of_a = wilson(a, level);
  const Interval of_b = wilson(b, level);
  const double p = a.rate;
  const double q = b.rate;
  return {p - q - std::hypot(p - of_a.low, of_b.high - q), p - q + std::hypot(of_a.high - p, q - of_b.low)};
}

std::optional<Interval> rate_ratio(Proportion a, Proportion b, double level) {
  if (a.of == 0 || b.of == 0) return std::nullopt;
  return rate_ratio(weighed(a), weighed(b), level);
}

std::optional<Interval> rate_ratio(Weighed a, Weighed b, double level) {
  if (b.rate == 0) return std::nullopt;
  const Interval of_a = wilson(a, level);
  const Interval of_b = wilson(b, level);
  double p = a.rate;
  double q = b.rate;
  // The ratios r at which 0 lies at an end of the interval of p - r q: roots of two quadratics, written so that nothing
  // cancels.
  double below = of_a.low * (2 * p - of_a.low);
  double above = of_a.high * (2 * p - of_a.high);
  double low_root = std::sqrt(std::max(0.0, p * p * q * q - below * of_b.high * (2 * q - of_b.high)));
  double high_root = std::sqrt(std::max(0.0, p * p * q * q - above * of_b.low * (2 * q - of_b.low)));
  double ground = of_b.low * (2 * q - of_b.low);
  return Interval{a.rate == 0 ? 0 : below / (p * q + low_root),
                  ground > 0 ? (p * q + high_root) / ground : std::numeric_limits<double>::infinity()};
}

std::optional<double> sample_ratio_p(std::span<const std::uint64_t> counts, std::span<const double> shares) {
  NURTURE_CHECK(counts.size() == shares.size() && counts.size() >= 2);
  double n = 0;
  double whole = 0;
  for (std::uint64_t count : counts) n += static_cast<double>(count);
  for (double share : shares) {
    NURTURE_CHECK(share > 0);
    whole += share;
  }
  if (n == 0) return std::nullopt;
  double x = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    double expected = n * shares[i] / whole;
    double off = static_cast<double>(counts[i]) - expected;
    x += off * off / expected;
  }
  return chi_square_tail(x, static_cast<double>(counts.size() - 1));
}

}  // namespace nurture::statistics
