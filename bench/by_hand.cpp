// What an engineer would write for one campaign. Nothing is recorded, nothing can be asked: counts are all there is.
#include <cstring>

#include "bench/world.h"

namespace nurture::bench {

namespace {

enum SpecialKind : std::uint8_t { kSignup = 0, kLeft = 1, kBought = 2 };

/// Outside of a membership there is no deadline; with `kEveryInstant` it is compared with that of each event all the
/// same, which is the shorter code, else only the kind is looked at.
template <bool kEveryInstant>
class Sparse {
 public:
  explicit Sparse(const store::Store& store) : store_(store) {}

  Counts run() {
    const std::size_t leads = store_.leads.size();
    for (std::size_t lead = 0; lead < leads; ++lead) {
      stage_ = 0;
      deadline_ = kNever;
      opens_ = INT64_MIN;
      for (auto event = store_.lead_begin[lead]; event < store_.lead_begin[lead + 1]; ++event) {
        timers(store_.at[event] - 1);
        step(store_.kind[event], store_.at[event]);
      }
      timers(store_.last_instant);
      counts_.active += stage_ != 0;
    }
    return counts_;
  }

 private:
  void timers(Instant up_to) {
    while ((kEveryInstant || stage_ != 0) && deadline_ <= up_to) {
      if (stage_ == 1) {
        stage_ = 2;
        deadline_ += 10 * kDay;
      } else {
        leave(counts_.finished, deadline_);
      }
    }
  }
  void step(std::uint8_t kind, Instant at) {
    if (stage_ == 0) {
      if (kind != kSignup || at < opens_) return;
      ++counts_.entered;
      stage_ = 1;
      deadline_ = at + 5 * kDay;
    } else if (kind == kLeft) {
      leave(counts_.left, at);
    } else if (kind == kBought) {
      leave(counts_.bought, at);
    }
  }
  void leave(std::uint64_t& reason, Instant at) {
    ++reason;
    stage_ = 0;
    deadline_ = kNever;
    opens_ = at + 30 * kDay;
  }

  const store::Store& store_;
  Counts counts_;
  int stage_ = 0;
  Instant deadline_ = 0, opens_ = 0;
};

/// memchr looks at 32 or 64 kinds at a time. Both stages are one here: nobody asks which.
class SparseJumps {
 public:
  explicit SparseJumps(const store::Store& store) : store_(store) {}

  Counts run() {
    const std::uint8_t* const kinds = store_.kind.data();
    const std::size_t events = store_.kind.size();
    std::size_t lead = 0;
    std::uint64_t event = 0;
    opens_ = INT64_MIN;
    while (const void* found = std::memchr(kinds + event, kSignup, events - event)) {
      event = static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(found) - kinds);
      if (event >= store_.lead_begin[lead + 1]) opens_ = INT64_MIN;
      while (event >= store_.lead_begin[lead + 1]) ++lead;
      const Instant at = store_.at[event++];
      if (at >= opens_) event = run_membership(event, store_.lead_begin[lead + 1], at);
    }
    return counts_;
  }

 private:
  std::uint64_t run_membership(std::uint64_t event, std::uint64_t end, Instant entered) {
    ++counts_.entered;
    const Instant over = entered + 15 * kDay;
    for (; event < end && store_.at[event] <= over; ++event) {
      const std::uint8_t kind = store_.kind[event];
      if (kind != kLeft && kind != kBought) continue;
      ++(kind == kLeft ? counts_.left : counts_.bought);
      opens_ = store_.at[event] + 30 * kDay;
      return event + 1;
    }
    ++(over > store_.last_instant ? counts_.active : counts_.finished);
    opens_ = over > store_.last_instant ? kNever : over + 30 * kDay;
    return event;
  }

  const store::Store& store_;
  Counts counts_;
  Instant opens_ = 0;
};

}  // namespace

Counts sparse_by_hand(const store::Store& store) { return Sparse<true>(store).run(); }

Counts sparse_by_kind(const store::Store& store) { return Sparse<false>(store).run(); }

Counts sparse_with_jumps(const store::Store& store) { return SparseJumps(store).run(); }

Counts dense_by_hand(const store::Store& store) {
  enum class Stage : std::uint8_t { None, Cold, Warm };
  Counts counts;
  for (std::size_t lead = 0; lead < store.leads.size(); ++lead) {
    Stage stage = Stage::None;
    for (auto event = store.lead_begin[lead]; event < store.lead_begin[lead + 1]; ++event) {
      const std::uint8_t kind = store.kind[event];
      if (kind == kSignup) {
        counts.entered += stage == Stage::None;
        if (stage == Stage::None) stage = Stage::Cold;
      } else if (stage == Stage::None) {
        continue;
      } else if (kind == kLeft) {
        ++counts.left;
        stage = Stage::None;
      } else if (kind == kBought) {
        if (stage != Stage::Warm) continue;
        ++counts.bought;
        stage = Stage::None;
      } else {
        const std::int64_t amount = store.blocks[kind].columns[0].at(store.row[event]).bits;
        if (stage == Stage::Cold && amount >= 98) stage = Stage::Warm;
        if (stage == Stage::Warm && amount < 2) stage = Stage::Cold;
      }
    }
    counts.active += stage != Stage::None;
  }
  return counts;
}

}  // namespace nurture::bench
