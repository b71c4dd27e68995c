#pragma once

#include <cstdint>
#include <optional>

#include "runtime/vm/vm.h"

/// How scores decay (§5.10): integers only, so that every machine gets the same. docs/semantics.md publishes it.
namespace nurture::vm {

/// What is left of `millionths` after `passed` microseconds. Never grows with time, and has nothing left after 63
/// half-lives. A half-life of 0 does not decay.
std::int64_t decayed(std::int64_t millionths, Instant passed, std::int64_t half_life);

/// The first length of time in microseconds, above 0, after which `decayed` leaves less than `least` of so many
/// millionths; of both the size alone, 0 < least <= size. No value where that is longer than can be counted.
std::optional<Instant> time_until_less(std::uint64_t size, std::uint64_t least, std::int64_t half_life);

/// Whether the score compares so with the bound.
bool passes(std::int64_t millionths, ScoreTest test, double bound);

}  // namespace nurture::vm
