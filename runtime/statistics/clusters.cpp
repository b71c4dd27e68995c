#include "runtime/statistics/clusters.h"

#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/statistics/distributions.h"

namespace nurture::statistics {

void Clusters::add(Proportion group) {
  groups += group.of > 0 ? 1 : 0;
  sizes += group.of * group.of;
  reached += group.reached * group.reached;
  size_reached += group.of * group.reached;
}

void Clusters::add(const Clusters& other) {
  groups += other.groups;
  sizes += other.sizes;
  reached += other.reached;
  size_reached += other.size_reached;
}

Weighed weighed(Proportion sample, const Clusters& clusters, double level) {
  NURTURE_CHECK(sample.of > 0 && clusters.groups > 0);
  const auto units = static_cast<double>(sample.of);
  const auto groups = static_cast<double>(clusters.groups);
  const double rate = sample.rate();
  if (clusters.groups == 1) return weighed(rate, 1);
  const auto sizes = static_cast<double>(clusters.sizes);
  const double of_one_mind = units * units / sizes;
  const double squares = static_cast<double>(clusters.reached) - 2 * rate * static_cast<double>(clusters.size_reached) +
                         rate * rate * sizes;
  const double variance = groups / (groups - 1) * std::max(0.0, squares) / (units * units);
  const double spread = rate * (1 - rate);
  // No variance is seen where all did the same, and none is where every group has the same rate.
  const double draws = spread == 0 ? of_one_mind : variance > 0 ? std::min(units, spread / variance) : units;
  const double ratio = two_sided_z(level) / two_sided_t(level, groups - 1);
  return weighed(rate, draws * ratio * ratio);
}

}  // namespace nurture::statistics
