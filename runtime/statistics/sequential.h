#pragma once

#include <cstdint>
#include <optional>

#include "runtime/statistics/proportions.h"

/// Comparisons of two rates that stay honest however often somebody looks, and whenever they stop.
namespace nurture::statistics {

/// What a comparison says at the present look.
struct AlwaysValid {
  double p = 1;           ///< at all looks together, it falls below alpha with a chance of at most alpha
  Interval difference{};  ///< of rate(a) - rate(b); at all looks together it holds the truth with a chance of `level`
};

/// The mixture sequential probability ratio test with a normal mixture (Robbins 1970; for experiments Johari, Pekelis
/// and Walsh 2015) over the difference of two rates, whose variance is taken from the data (Waudby-Smith, Arbour,
/// Sinha, Kennedy and Ramdas 2021: valid as samples grow). `tightest_at`: the leads in both samples at which the
/// interval is narrowest compared with a plain one; it is to be fixed before looking. None where either sample is
/// smaller than kLeastForLooks, or both together reached, or failed to reach, less than kLeastForLooks times: what
/// normal approximations say of so few does not hold.
inline constexpr std::uint64_t kLeastForLooks = 30;
inline constexpr std::uint64_t kTightestAt = 10'000;
std::optional<AlwaysValid> always_valid(Proportion a, Proportion b, double level = kLevel,
                                        std::uint64_t tightest_at = kTightestAt);
std::optional<AlwaysValid> always_valid(Weighed a, Weighed b, double level = kLevel,
                                        std::uint64_t tightest_at = kTightestAt);

}  // namespace nurture::statistics
