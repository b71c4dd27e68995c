#pragma once

#include <memory>
#include <set>
#include <vector>

#include "runtime/engine/replay.h"

/// Runs the leads and accounts of one unit together (§5.14): each its own Replay, stepped in the order of instants, and
/// what one does to another carried across. One per thread.
namespace nurture::engine {

class Unit {
 public:
  Unit(const Program& leads, const Program& accounts, const store::Store& store, Instant horizon);

  /// Everything of one unit, up to the horizon; outcomes member by member.
  Status run(std::size_t unit, outcome::Sink& sink);
  /// The clock stands behind all events of its instant.
  bool after_events() const { return clock_.position >= kAfterLog; }

 private:
  friend class Replay;

  /// What is assumed comes after the log's events of its instant, in the order in which it was caused.
  static constexpr std::int64_t kAfterLog = std::int64_t{1} << 62;

  /// What has happened: the log's events up to here, in the order of all leads' events.
  struct Clock {
    Instant at = INT64_MIN;
    std::int64_t position = -1;
  };
  /// What a member does next, in the order of the unit: members begin, then events, then timers, and what was claimed
  /// last of all (§10.1); an event is a step of the lead who did it first.
  struct Moment {
    Instant at = kNever;
    enum class Phase : std::uint8_t { Begin, Event, Timer, Claim } phase = Phase::Begin;
    std::int64_t position = -1;
    bool copied = false;
    std::size_t seat = 0;
    store::EventIndex event = 0;
    auto operator<=>(const Moment&) const = default;
  };
  /// Keeps the outcomes of one member until it is its turn to tell, or for nobody.
  class Kept final : public outcome::Sink {
   public:
    void begin(bool keep) {
      keep_ = keep;
      outcomes.clear();
    }
    void on(const outcome::Outcome& outcome) override {
      if (keep_) outcomes.push_back(outcome);
    }
    std::vector<outcome::Outcome> outcomes;

   private:
    bool keep_ = true;
  };
  struct Seat {
    Replay* replay = nullptr;
    Moment next;
    bool waits = false;  ///< `next` is among what is to come
  };

  Replay& replay_of(bool account, std::size_t nth);
  void sit_down(std::size_t unit, outcome::Sink& sink);
  void look_ahead(std::size_t seat);
  bool find_next(const Replay& replay, Moment& next) const;
  void play(const Moment& moment);
  void step(const Moment& moment);
  void assumed(Replay& by, std::uint32_t number);
  void assumed_for(Replay& member, std::uint32_t number);
  void stepped(Replay& replay, std::uint32_t account_before);
  void changed_for(Replay& account, bool changed);
  void settle();
  Status stand_up(std::size_t unit, outcome::Sink& sink);
  bool asked_for(store::LeadIndex member) const;
  bool becomes_another(store::LeadIndex member) const;

  // What its members ask of each other
  std::size_t seat_of(store::LeadIndex member) const;  ///< or seats_.size()
  Replay* seated(store::LeadIndex member) const;
  Replay* account_of(Replay& lead) const;
  template <typename Use>
  void each_lead_of(const Replay& account, const Use& use) const;
  template <typename Use>
  void each_lead(const Use& use) const;
  void stir(Replay& replay);
  void left(Replay& lead);
  void tell(store::LeadIndex member, outcome::Sink& sink) const;
  void sent_to(Replay& lead, std::uint16_t content);
  void cancel(const Replay& account, std::uint16_t campaign, std::uint16_t site);

  const Program& leads_;
  const Program& accounts_;
  const store::Store& store_;
  const Instant horizon_;
  std::vector<std::unique_ptr<Replay>> lead_pool_;
  std::vector<std::unique_ptr<Replay>> account_pool_;
  std::vector<std::unique_ptr<Kept>> kept_;
  std::vector<Seat> seats_;                ///< by number of the member: leads, then accounts
  std::set<Moment> to_come_;               ///< one at most of each seat
  std::vector<store::LeadIndex> merging_;  ///< who becomes another of the unit (§7.4), by key
  std::set<store::LeadIndex> stirred_;     ///< to be settled before time goes on
  AssumedWorld assumed_;
  std::set<store::LeadIndex> moved_;  ///< stepped since the clock moved: what comes next is to be found anew
  Clock clock_;
  std::uint64_t chain_ = 0;  ///< a step and all that follows from it in others
};

template <typename Use>
void Unit::each_lead(const Use& use) const {
  for (const Seat& seat : seats_) {
    Replay& replay = *seat.replay;
    if (replay.begun_ && !replay.gone_ && !store_.is_account(replay.lead_.index)) use(replay);
  }
}

template <typename Use>
void Unit::each_lead_of(const Replay& account, const Use& use) const {
  each_lead([&](Replay& lead) {
    if (lead.account_now() == account.lead_.account_index) use(lead);
  });
}

}  // namespace nurture::engine
