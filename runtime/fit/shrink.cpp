#include "runtime/fit/shrink.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nurture::fit {

namespace {

// Likenesses are searched for on a logarithmic scale: between 1 and 10^7, ten to a power of ten, then between two.
constexpr double kMostExponent = 7;
constexpr int kPerPower = 10;
constexpr int kRefinements = 40;
constexpr double kInnerCut = 0.381966011250105;  // of the golden section

constexpr double kLeastMean = 1e-6;  // a beta distribution has no mean of 0 or 1

double log_beta(double a, double b) { return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b); }

double log_likelihood(std::span<const Member> members, double likeness) {
  double sum = 0;
  for (const Member& member : members) {
    const double mean = std::clamp(member.mean, kLeastMean, 1 - kLeastMean);
    const double a = mean * likeness;
    const double b = (1 - mean) * likeness;
    const double reached = member.rate * member.weight;
    sum += log_beta(a + reached, b + member.weight - reached) - log_beta(a, b);
  }
  return sum;
}

}  // namespace

double likeness_of(std::span<const Member> members) {
  if (members.size() < 2) return 0;
  const auto at = [&](double exponent) { return log_likelihood(members, std::pow(10, exponent)); };
  double best = 0;
  double highest = at(0);
  for (int step = 1; step <= kMostExponent * kPerPower; ++step) {
    const double exponent = static_cast<double>(step) / kPerPower;
    if (const double here = at(exponent); here > highest) highest = here, best = exponent;
  }
  if (best >= kMostExponent) return std::numeric_limits<double>::infinity();
  double low = std::max(0.0, best - 1.0 / kPerPower);
  double high = best + 1.0 / kPerPower;
  for (int round = 0; round < kRefinements; ++round) {
    const double left = low + kInnerCut * (high - low);
    const double right = high - kInnerCut * (high - low);
    if (at(left) < at(right)) {
      low = left;
    } else {
      high = right;
    }
  }
  return std::pow(10, (low + high) / 2);
}

double drawn(const Member& member, double likeness) {
  if (std::isinf(likeness)) return member.mean;
  return (member.rate * member.weight + member.mean * likeness) / (member.weight + likeness);
}

}  // namespace nurture::fit
