#pragma once

#include <algorithm>
#include <bit>

#include "runtime/engine/kind_set.h"
#include "runtime/store/store.h"

namespace nurture::engine {

/// The jump from one event of a lead to the next that can matter.
class Jump {
 public:
  Jump(const store::Store& store, FindKind find_kind)
      : kinds_(store.kind.data()), at_(store.at.data()), find_(find_kind) {}

  /// The first event, from that one up to `stop`, of a kind that is heard, or after that instant; `stop` if there is
  /// none. As a rule it is near.
  store::EventIndex next(const KindSet& heard, store::EventIndex event, store::EventIndex stop, Instant until) const {
    constexpr store::EventIndex kNear = 4;
    if (event + kNear <= stop) {  // without a branch on each: nobody can foretell which it is
      unsigned found = 0;
      for (unsigned i = 0; i < kNear; ++i) {
        const bool late = at_[event + i] > until, matters = heard.has(kinds_[event + i]);
        found |= static_cast<unsigned>(late | matters) << i;
      }
      return found != 0 ? event + static_cast<unsigned>(std::countr_zero(found))
                        : far(heard, event + kNear, stop, until);
    }
    for (; event < stop; ++event) {
      if (at_[event] > until || heard.has(kinds_[event])) break;
    }
    return event;
  }
  /// The same where no event can come after the instant.
  store::EventIndex next(const KindSet& heard, store::EventIndex event, store::EventIndex stop) const {
    constexpr store::EventIndex kNear = 8;
    for (const store::EventIndex near = std::min(stop, event + kNear); event < near; ++event) {
      if (heard.has(kinds_[event])) return event;
    }
    return event < stop ? find(heard, event, stop) : event;
  }
  /// Whole vectors of kinds at a time.
  store::EventIndex find(const KindSet& heard, store::EventIndex event, store::EventIndex stop) const {
    return static_cast<store::EventIndex>(find_(kinds_ + event, kinds_ + stop, heard) - kinds_);
  }
  /// As `next`, where it is not near.
  store::EventIndex far(const KindSet& heard, store::EventIndex event, store::EventIndex stop, Instant until) const;

 private:
  const std::uint8_t* kinds_;
  const Instant* at_;
  FindKind find_;
};

}  // namespace nurture::engine
