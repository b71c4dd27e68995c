#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "runtime/statistics/proportions.h"

namespace nurture::statistics {

struct Resampling {
  std::uint64_t resamples = 2'000;
  std::uint64_t seed = 1;
  double level = kLevel;
};

/// What a statistic is of the resample whose unit i is unit picks[i] of the sample.
using Statistic = std::function<double(std::span<const std::uint32_t> picks)>;

/// The percentile bootstrap (Efron 1979): draws n of n units with replacement, again and again, and gives the quantiles
/// of what the statistic was. Resample r draws from stream r of the seed (draws.h), so the interval depends on the
/// sample, its order, the seed and the number of resamples, and on nothing else. 0 < n < 2^32; values of the statistic
/// that are not finite are left out, and where all are, both limits are NaN.
Interval bootstrap(std::size_t n, const Statistic& statistic, const Resampling& how = {});

}  // namespace nurture::statistics
