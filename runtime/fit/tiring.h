#pragma once

#include <optional>
#include <span>

#include "runtime/fit/counts.h"

namespace nurture::fit {

/// By how much reactions become rarer with each send before: the rate of content g after k earlier sends is
/// p_g · factor^k. Maximum likelihood by Fisher's scoring, a binomial regression with the logarithm as link; contents
/// differ in p_g, so that what is sent late in a programme is not mistaken for what tires. The interval is Wald's, on
/// the logarithm. Nothing where the log cannot tell: no content was sent after different numbers of sends, or next to
/// nobody reacted.
std::optional<Tiring> tiring_of(std::span<const Steps* const> contents);

/// The rate of a first send, and how sure it is: as one of `weight` independent sends would be.
struct FirstRate {
  double rate = 0;
  double weight = 0;
};
/// Given the factor. Without tiring that is the share of causes that were reacted to, and their number. Of nothing: 0,
/// 0.
FirstRate first_rate(const Steps& steps, const std::optional<Tiring>& tiring);

}  // namespace nurture::fit
