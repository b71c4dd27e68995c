#include <algorithm>
#include <atomic>
#include <bit>
#include <memory>
#include <numeric>

#include "runtime/store/builder.h"
#include "runtime/store/parallel.h"

// The order of the rows: by (lead, instant, source order).

namespace nurture::store {

/// Rows go to buckets first, each of some neighbouring leads, one after the other: a bucket then fits into a cache,
/// whatever the number of leads, and is sorted there. What a row needs for that goes with it.
class Builder::RowSort {
 public:
  explicit RowSort(Builder& builder) : builder_(builder), rows_(builder.lead_.size()), leads_(builder.leads()) {
    const unsigned lead_bits = std::bit_width(leads_ | 1U), bucket_bits = std::bit_width(rows_ / kRowsPerBucket);
    shift_ = std::min(lead_bits - std::min({lead_bits, bucket_bits, kMostBucketBits}), kLeadBits);
    buckets_ = (leads_ >> shift_) + std::size_t{1};
    parts_ = std::clamp<std::size_t>(rows_ / kRowsPerBucket, 1, builder.threads_);
    places_.assign(parts_, std::vector<std::size_t>(buckets_));
  }

  /// Fills the builder's columns; how many rows are earlier than the one before of their lead.
  std::uint64_t run(Order& order) {
    in_parallel(builder_.threads_, parts_, [&](std::size_t part) { count(part); });
    begin_.assign(buckets_ + 1, 0);
    for (std::size_t bucket = 0; bucket < buckets_; ++bucket) {
      std::size_t place = begin_[bucket];
      for (std::vector<std::size_t>& of_part : places_) place += std::exchange(of_part[bucket], place);
      begin_[bucket + 1] = place;
    }
    placed_.reset(new Placed[rows_]);
    in_parallel(builder_.threads_, parts_, [&](std::size_t part) { place(part); });
    release(builder_.lead_);
    release(builder_.at_);
    release(builder_.kind_);
    builder_.lead_begin_.assign(leads_ + std::size_t{1}, rows_);
    in_parallel(builder_.threads_, 2, [&](std::size_t half) {
      if (half == 0) return builder_.sorted_at_.resize(rows_);
      builder_.sorted_kind_.resize(rows_);
      order.resize(rows_);
    });
    std::atomic<std::uint64_t> disorder{0};
    in_parallel(builder_.threads_, buckets_, [&](std::size_t bucket) { disorder += sort(bucket, order); });
    return disorder;
  }

 private:
  static constexpr std::size_t kRowsPerBucket = 1 << 14;
  static constexpr unsigned kMostBucketBits = 10;  ///< more are too many to be written to at a time
  static constexpr unsigned kLeadBits = 24;        ///< of a lead in its bucket, beside the kind

  struct Placed {
    Instant at;
    std::uint32_t row;
    std::uint32_t lead_and_kind;

    std::uint32_t lead() const { return lead_and_kind >> 8; }  ///< in the bucket
    auto kind() const { return static_cast<std::uint8_t>(lead_and_kind); }
  };

  std::size_t begin_of(std::size_t part) const { return rows_ * part / parts_; }

  void count(std::size_t part) {
    std::vector<std::size_t>& counts = places_[part];
    for (std::size_t row = begin_of(part); row < begin_of(part + 1); ++row) {
      const std::uint32_t lead = builder_.rank_[builder_.lead_[row]];
      builder_.lead_[row] = lead;
      ++counts[lead >> shift_];
    }
  }

  void place(std::size_t part) {
    std::vector<std::size_t>& places = places_[part];
    const std::uint32_t mask = (1U << shift_) - 1;
    for (std::size_t row = begin_of(part); row < begin_of(part + 1); ++row) {
      const std::uint32_t lead = builder_.lead_[row];
      placed_[places[lead >> shift_]++] = {builder_.at_[row], static_cast<std::uint32_t>(row),
                                           (lead & mask) << 8 | builder_.kind_[row]};
    }
  }

  /// By lead, by counting; within a lead rows mostly are in order already.
  std::uint64_t sort(std::size_t bucket, Order& order) {
    const std::span<const Placed> placed(placed_.get() + begin_[bucket], placed_.get() + begin_[bucket + 1]);
    const std::size_t first = bucket << shift_, leads = std::min<std::size_t>(leads_ - first, std::size_t{1} << shift_);
    std::vector<EventIndex> place(leads + 1, 0);
    for (const Placed& each : placed) ++place[each.lead() + 1];
    place[0] = begin_[bucket];
    std::partial_sum(place.begin(), place.end(), place.begin());
    std::copy_n(place.begin(), leads, builder_.lead_begin_.begin() + static_cast<std::ptrdiff_t>(first));
    for (const Placed& each : placed) {
      const EventIndex to = place[each.lead()]++;
      builder_.sorted_at_[to] = each.at;
      builder_.sorted_kind_[to] = each.kind();
      order[to] = each.row;
    }
    std::uint64_t disorder = 0;
    for (EventIndex lead = 0, begin = begin_[bucket]; lead < leads; begin = place[lead++])
      disorder += sort_lead(begin, place[lead], order);
    return disorder;
  }

  /// Rows of one lead in source order, which decides between equal instants.
  std::uint64_t sort_lead(EventIndex begin, EventIndex end, Order& order) const {
    std::uint64_t disorder = 0;
    for (EventIndex i = begin + 1; i < end; ++i)
      disorder += builder_.sorted_at_[i] < builder_.sorted_at_[i - 1] ? 1 : 0;
    if (disorder == 0) return 0;
    std::vector<Placed> rows;
    for (EventIndex i = begin; i < end; ++i)
      rows.push_back({builder_.sorted_at_[i], order[i], builder_.sorted_kind_[i]});
    std::sort(rows.begin(), rows.end(),
              [](const Placed& a, const Placed& b) { return a.at != b.at ? a.at < b.at : a.row < b.row; });
    for (EventIndex i = begin; i < end; ++i) {
      builder_.sorted_at_[i] = rows[i - begin].at;
      builder_.sorted_kind_[i] = rows[i - begin].kind();
      order[i] = rows[i - begin].row;
    }
    return disorder;
  }

  Builder& builder_;
  std::size_t rows_;
  std::uint32_t leads_;
  unsigned shift_ = 0;  // of a lead's index to its bucket
  std::size_t buckets_ = 0;
  std::size_t parts_ = 0;                         // of the rows, each placed by one thread
  std::vector<std::vector<std::size_t>> places_;  // per part and bucket: how many rows, then where the next goes
  std::vector<std::size_t> begin_;                // per bucket
  std::unique_ptr<Placed[]> placed_;              // NOLINT: memory that is not written before the rows are
};

Builder::Order Builder::sort_rows(BuildFacts& facts) {
  Order order;
  facts.out_of_order = RowSort(*this).run(order);
  return order;
}

}  // namespace nurture::store
