#include "runtime/statistics/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/statistics/draws.h"
#include "runtime/statistics/quantiles.h"

namespace nurture::statistics {

Interval bootstrap(std::size_t n, const Statistic& statistic, const Resampling& how) {
  NURTURE_CHECK(n > 0 && n <= std::numeric_limits<std::uint32_t>::max() && how.level > 0 && how.level < 1);
  std::vector<std::uint32_t> picks(n);
  std::vector<double> values;
  values.reserve(how.resamples);
  for (std::uint64_t resample = 0; resample < how.resamples; ++resample) {
    Draws draws(how.seed, resample);
    for (std::uint32_t& pick : picks) pick = static_cast<std::uint32_t>(draws.below(n));
    double value = statistic(picks);
    if (std::isfinite(value)) values.push_back(value);
  }
  double nan = std::numeric_limits<double>::quiet_NaN();
  if (values.empty()) return {nan, nan};
  std::sort(values.begin(), values.end());
  double tail = (1 - how.level) / 2;
  return {quantile(values, tail), quantile(values, 1 - tail)};
}

}  // namespace nurture::statistics
