#pragma once

#include <cstdint>
#include <optional>
#include <span>

/// Rates, their differences and their ratios, with intervals that keep their level for small samples and for rates near
/// 0 and 1. Rates and differences are shares (0.0766 is 7.66 points); levels likewise, 0.95 unless said.
namespace nurture::statistics {

inline constexpr double kLevel = 0.95;

struct Interval {
  double low = 0;
  double high = 0;
  bool holds(double value) const { return low <= value && value <= high; }
};

/// So many of so many. `reached` ≤ `of`; more is a bug of the caller and stops the process.
struct Proportion {
  std::uint64_t reached = 0;
  std::uint64_t of = 0;
  double rate() const;  ///< of > 0
};

/// An estimated rate that is as sure as one of `weight` independent draws, where that is no whole number. 0 ≤ rate ≤ 1,
/// weight > 0.
struct Weighed {
  Weighed() = default;  // no aggregate: {81, 263} is a Proportion
  double rate = 0;
  double weight = 0;
  double reached() const { return rate * weight; }
};
Weighed weighed(double rate, double weight);
/// A counted rate as one; of > 0.
Weighed weighed(Proportion sample);

/// Wilson's score interval without continuity correction (Wilson 1927). Of nothing there is none.
std::optional<Interval> wilson(Proportion sample, double level = kLevel);

Interval wilson(Weighed estimate, double level = kLevel);

/// Newcombe's hybrid score interval of rate(a) - rate(b) for independent samples (Newcombe 1998, method 10): the Wilson
/// limits of both, joined. None where either sample is empty.
std::optional<Interval> newcombe(Proportion a, Proportion b, double level = kLevel);
Interval newcombe(Weighed a, Weighed b, double level = kLevel);

/// Interval of rate(a) / rate(b) from the same Wilson limits (Donner and Zou 2012, MOVER for ratios), so that it agrees
/// with `newcombe` on which rates differ. `high` is infinite where rate(b) may be 0. None where either sample is empty
/// or b.reached is 0: then there is no ratio to put it around.
std::optional<Interval> rate_ratio(Proportion a, Proportion b, double level = kLevel);
std::optional<Interval> rate_ratio(Weighed a, Weighed b, double level = kLevel);

/// p-value of Pearson's chi-square test that leads fell to the arms in the proportion of `shares` (any positive scale):
/// the sample-ratio check. One of `counts` for each of `shares`, two or more; none where nobody was counted. The
/// approximation is good from five expected leads an arm.
std::optional<double> sample_ratio_p(std::span<const std::uint64_t> counts, std::span<const double> shares);

}  // namespace nurture::statistics
