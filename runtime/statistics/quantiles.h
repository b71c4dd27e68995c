#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "runtime/statistics/proportions.h"

/// Quantiles of a sample and how sure they are, without any assumption about its distribution.
namespace nurture::statistics {

/// Two places in a sample sorted upwards, from 0.
struct Ranks {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

/// Between the values at these ranks of n sorted independent values lies the q quantile of what they were drawn from
/// with a chance of at least `level`, at most half of the rest on either side (Thompson 1936; binomial, exact). 0 < q
/// < 1. None where n is too small for it: for a median at 0.95, less than six.
std::optional<Ranks> quantile_ranks(std::uint64_t n, double q, double level = kLevel);

/// The values at those ranks.
std::optional<Interval> quantile_interval(std::span<const double> sorted, double q, double level = kLevel);

/// The q quantile of a sample sorted upwards, linear between the two values nearest (Hyndman and Fan 1996, type 7).
/// 0 ≤ q ≤ 1; not of nothing.
double quantile(std::span<const double> sorted, double q);

}  // namespace nurture::statistics
