#pragma once

#include <cstdint>

#include "runtime/statistics/proportions.h"

/// Rates of units that were drawn in groups, whose members are alike: colleagues of one account.
namespace nurture::statistics {

/// What groups of n units, x of whom reached something, sum up to.
struct Clusters {
  std::uint64_t groups = 0;        ///< with a unit in them
  std::uint64_t sizes = 0;         ///< sum of n²
  std::uint64_t reached = 0;       ///< sum of x²
  std::uint64_t size_reached = 0;  ///< sum of n x
  void add(Proportion group);      ///< of nobody: nothing
  void add(const Clusters& other);
};

/// The rate over all units, as sure as it is with groups as the units of the draw: its variance is that of a ratio of
/// two sums over groups, with n / (n - 1) (Cochran 1977), and Student's t of groups - 1 degrees of freedom takes the
/// place of the normal z at this level (Korn and Graubard 1998). Never surer than as many independent units; where all
/// or none reached it, groups of one mind are assumed. One group says nothing: its weight is that of one unit.
/// sample.of > 0.
Weighed weighed(Proportion sample, const Clusters& clusters, double level = kLevel);

}  // namespace nurture::statistics
