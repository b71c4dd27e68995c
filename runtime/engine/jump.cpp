#include "runtime/engine/jump.h"

#include <algorithm>

namespace nurture::engine {

/// The stretches that are looked at grow, so that neither many kinds nor many instants are looked at for nothing.
store::EventIndex Jump::far(const KindSet& heard, store::EventIndex event, store::EventIndex stop,
                            Instant until) const {
  constexpr store::EventIndex kFirstStretch = 64;
  for (store::EventIndex stretch = kFirstStretch; event < stop; stretch *= 2) {
    const store::EventIndex end = std::min(stop, event + stretch);
    const store::EventIndex found = find(heard, event, end);
    if (found > event && at_[found - 1] > until) {
      return static_cast<store::EventIndex>(std::upper_bound(at_ + event, at_ + found, until) - at_);
    }
    event = found;
    if (found < end) break;
  }
  return event;
}

}  // namespace nurture::engine
