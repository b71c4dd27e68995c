#include "runtime/outcome/durations.h"

#include <algorithm>
#include <array>
#include <bit>

#include "runtime/base/check.h"

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

}  // namespace nurture::outcome
