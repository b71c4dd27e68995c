#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace nurture::outcome {

/// The middle and the far end of many durations.
struct Spread {
  std::uint64_t count = 0;
  std::int64_t median = 0;  ///< microseconds; of an even number, the mean of the two in the middle, rounded down
  std::int64_t p95 = 0;     ///< microseconds; the smallest that at least 95 % do not exceed
  bool exact = true;        ///< false: each is at most 0.1 % too low (see Durations)
};

/// How many durations lie on: a histogram with parts of equal width from 0, and ranks.
struct Distribution {
  Spread spread;
  std::int64_t p10 = 0, p25 = 0, p75 = 0, p90 = 0;  ///< microseconds, each as Spread::p95
  std::int64_t width = 0;                           ///< of a part, in microseconds; 0: there is nothing
  std::vector<std::uint64_t> parts;                 ///< part i: from i * width on, and below the next
  std::uint64_t longer = 0;                         ///< behind the last part
};

/// Durations in microseconds, of which only the spread and the distribution are asked. Exact up to `exact_up_to` values
/// (8 bytes each); beyond that every value falls to the lower end of a bucket 1/1024 of its size, in at most 440 KiB.
/// What it says depends on the multiset of values only, never on their order or on how they were split and merged.
class Durations {
 public:
  static constexpr std::size_t kExactUpTo = 1'000'000;
  explicit Durations(std::size_t exact_up_to = kExactUpTo) : exact_up_to_(exact_up_to) {}

  void add(std::int64_t micros);  ///< negative counts as 0
  void merge(const Durations& other);
  std::uint64_t count() const { return count_; }
  Spread spread() const;
  /// The values at these ranks, from 0, if all were sorted upwards; each below count().
  std::vector<std::int64_t> at_ranks(std::span<const std::uint64_t> ranks) const;
  /// At most 24 parts of a length that people know (an hour, a day), such that 95 % lie in them.
  Distribution distribution() const;

 private:
  bool exact() const { return buckets_.empty(); }
  void spill();
  std::int64_t at_rank(std::uint64_t rank) const;  ///< rank from 0, in buckets
  /// `take(value, how many)` in ascending order.
  template <typename Take>
  void in_order(Take&& take) const;

  std::size_t exact_up_to_;
  std::uint64_t count_ = 0;
  std::vector<std::int64_t> values_;    // while exact
  std::vector<std::uint64_t> buckets_;  // afterwards
};

}  // namespace nurture::outcome
