#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/fit/fit.h"
#include "runtime/fit/plan.h"

namespace nurture::fit {

/// A send or a hand-off.
struct Touch {
  Instant at = 0;
  std::uint16_t cause = 0;        ///< into Plan::causes
  std::uint16_t content = kNone;  ///< kNone: a hand-off, or a content that the programme does not know
  bool known = true;              ///< false: of such a content; it counts as a touch, and nothing is learned of it
  bool answered = false;          ///< a hand-off to which sales has reacted
  std::uint32_t earlier = 0;      ///< sends to the lead on this channel before it, in Options::tiring
  Value segment{};                ///< the lead's value of Options::by at the time
  Value message{};                ///< what names it alone, if the log has that
};

/// One lead's causes and its first reaction to each.
class Trail {
 public:
  Trail(const Plan& plan, const Options& options);

  /// Reads the lead's events anew.
  void read(store::LeadIndex lead);
  std::span<const Touch> touches() const { return touches_; }
  /// From the touch to the first such reaction; kNever: none.
  Instant delay(std::size_t touch, std::size_t reaction) const {
    return delays_[touch * plan_.reactions().size() + reaction];
  }
  /// Of this lead's events, by reaction: `used` holds all first ones, for windows are not looked at here.
  const std::vector<Fates>& fates() const { return fates_; }
  Count unclear() const { return unclear_; }

 private:
  void begin(store::LeadIndex lead);
  bool happened(store::EventIndex event) const;
  void take_changes(store::EventIndex event);
  void hand_off_until(Instant at);
  void add(Touch touch);
  void send(std::uint8_t kind, store::EventIndex event);
  void react(std::uint8_t kind, store::EventIndex event);
  void answer(std::uint16_t reaction, Instant at);
  std::size_t sent_with(std::uint16_t property, std::uint8_t kind, store::RowIndex row) const;
  std::size_t last_of(std::uint16_t cause, std::uint16_t content) const;
  void note(std::size_t touch, std::uint16_t reaction, Instant at);

  const Plan& plan_;
  const Options& options_;
  const store::Store& store_;
  std::vector<Touch> touches_;
  std::vector<Instant> delays_;  // touches by reactions
  std::vector<Fates> fates_;
  Count unclear_ = 0;
  // The lead at hand
  store::LeadIndex lead_ = 0;
  Value segment_;
  std::size_t next_change_ = 0;
  std::span<const HandOff> hand_offs_;  // those that are still to come
};

}  // namespace nurture::fit
