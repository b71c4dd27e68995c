#include "runtime/outcome/durations.h"

#include <algorithm>
#include <array>
#include <bit>

#include "runtime/base/check.h"
#include "runtime/base/value.h"

namespace nurture::outcome {
namespace {

// Buckets: values below 1,024 have their own; above, each power of two is cut into 1,024 equal parts.
constexpr unsigned kBits = 10;
constexpr std::size_t kParts = std::size_t{1} << kBits;
constexpr std::size_t kBuckets = (63 - kBits + 1) * kParts;

std::size_t bucket_of(std::int64_t micros) {
  auto value = static_cast<std::uint64_t>(micros);
  if (value < kParts) return value;
  unsigned shift = std::bit_width(value) - 1 - kBits;
  return (shift + 1) * kParts + ((value >> shift) - kParts);
}

constexpr std::size_t kMostParts = 24;

/// The shortest of the lengths that people know of which at most kMostParts reach beyond `to`.
std::int64_t width_for(std::int64_t to) {
  static constexpr std::array kLengths{kSecond,   10 * kSecond, kMinute,    5 * kMinute, 15 * kMinute, kHour,
                                       3 * kHour, 6 * kHour,    12 * kHour, kDay,        2 * kDay,     7 * kDay,
                                       14 * kDay, 28 * kDay,    91 * kDay,  364 * kDay};
  for (std::int64_t length : kLengths) {
    if (to / length < static_cast<std::int64_t>(kMostParts)) return length;
  }
  return to / static_cast<std::int64_t>(kMostParts) + 1;
}

std::int64_t lower_end(std::size_t bucket) {
  if (bucket < kParts) return static_cast<std::int64_t>(bucket);
  std::size_t shift = bucket / kParts - 1;
  return static_cast<std::int64_t>((bucket % kParts + kParts) << shift);
}

}  // namespace

void Durations::add(std::int64_t micros) {
  micros = std::max<std::int64_t>(micros, 0);
  ++count_;
  if (!exact()) {
    ++buckets_[bucket_of(micros)];
    return;
  }
  values_.push_back(micros);
  if (values_.size() > exact_up_to_) spill();
}

void Durations::merge(const Durations& other) {
  count_ += other.count_;
  if (exact() && other.exact()) {
    values_.insert(values_.end(), other.values_.begin(), other.values_.end());
    if (values_.size() > exact_up_to_) spill();
    return;
  }
  if (exact()) spill();
  for (std::int64_t value : other.values_) ++buckets_[bucket_of(value)];
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
}

void Durations::spill() {
  buckets_.resize(kBuckets);
  for (std::int64_t value : values_) ++buckets_[bucket_of(value)];
  values_ = {};
}

template <typename Take>
void Durations::in_order(Take&& take) const {
  if (exact()) {
    std::vector<std::int64_t> sorted = values_;
    std::sort(sorted.begin(), sorted.end());
    for (std::int64_t value : sorted) take(value, 1);
  }
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    if (buckets_[i] > 0) take(lower_end(i), buckets_[i]);
  }
}

std::int64_t Durations::at_rank(std::uint64_t rank) const {
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    before += buckets_[i];
    if (before > rank) return lower_end(i);
  }
  NURTURE_CHECK(false);
  return 0;
}

std::vector<std::int64_t> Durations::at_ranks(std::span<const std::uint64_t> ranks) const {
  std::vector<std::int64_t> found;
  std::vector<std::int64_t> sorted = values_;
  std::sort(sorted.begin(), sorted.end());
  for (std::uint64_t rank : ranks) {
    NURTURE_CHECK(rank < count_);
    found.push_back(exact() ? sorted[rank] : at_rank(rank));
  }
  return found;
}

Spread Durations::spread() const {
  if (count_ == 0) return {0, 0, 0, exact()};
  const std::uint64_t far = count_ - 1 - count_ / 20;  // ceil(0.95 n) - 1
  const std::vector<std::int64_t> at = at_ranks(std::array{(count_ - 1) / 2, count_ / 2, far});
  return {count_, at[0] + (at[1] - at[0]) / 2, at[2], exact()};
}

Distribution Durations::distribution() const {
  Distribution out;
  out.spread = spread();
  if (count_ == 0) return out;
  out.width = width_for(out.spread.p95);
  out.parts.resize(static_cast<std::size_t>(out.spread.p95 / out.width) + 1);
  const std::array<std::pair<unsigned, std::int64_t*>, 4> ranks{
      {{10, &out.p10}, {25, &out.p25}, {75, &out.p75}, {90, &out.p90}}};
  std::uint64_t before = 0;
  in_order([&](std::int64_t value, std::uint64_t many) {
    for (const auto& [percent, into] : ranks) {
      const std::uint64_t rank = (count_ * percent + 99) / 100 - 1;
      if (rank >= before && rank < before + many) *into = value;
    }
    before += many;
    const auto part = static_cast<std::size_t>(value / out.width);
    (part < out.parts.size() ? out.parts[part] : out.longer) += many;
  });
  return out;
}

}  // namespace nurture::outcome
