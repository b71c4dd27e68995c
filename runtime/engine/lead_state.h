#pragma once

#include <cstdint>
#include <vector>

#include "runtime/engine/assumed.h"
#include "runtime/engine/program.h"

/// The state of one lead in a replay. Kept per thread and reused from lead to lead: no step allocates once it has
/// grown.
namespace nurture::engine {

inline constexpr std::uint32_t kNoMember = UINT32_MAX;

/// An event as a membership remembers it: a row of the store, an event that is assumed (its number in the AssumedWorld,
/// and kAssumed), or (index kNotLogged) one that the engine made.
struct EventRef {
  static constexpr store::EventIndex kNotLogged = UINT64_MAX;
  static constexpr store::EventIndex kAssumed = store::EventIndex{1} << 62;
  std::uint16_t kind = bytecode::kNone;
  store::EventIndex index = kNotLogged;
  bool assumed() const { return index != kNotLogged && (index & kAssumed) != 0; }
  std::uint32_t number() const { return static_cast<std::uint32_t>(index); }  ///< of one that is assumed
};

/// The cells of such an event.
class EventCells final : public vm::Record {
 public:
  void show(const store::Store& store, const AssumedWorld& assumed, EventRef event) {
    store_ = &store;
    assumed_ = &assumed;
    event_ = event;
  }
  Value at(std::uint16_t property) const override {
    if (event_.index == EventRef::kNotLogged) return {};
    if (event_.assumed()) return assumed_->events[event_.number()].cell(property);
    const store::KindBlock& block = store_->blocks[event_.kind];
    if (property >= block.columns.size()) return {};
    return block.columns[property].at(store_->row[event_.index]);
  }

 private:
  const store::Store* store_ = nullptr;
  const AssumedWorld* assumed_ = nullptr;
  EventRef event_;
};

/// The answer to a send that is asked (§5.5).
struct Permission {
  enum class Answer : std::uint8_t { Now, Later, Suppressed, Skipped, Exhausted } answer = Answer::Now;
  std::uint16_t content = 0;
  Instant at = kNever;  ///< Later: the earliest permitted instant; kNever: not for years
  outcome::Detail why = outcome::Detail::None;
  std::uint16_t rule = bytecode::kNone;  ///< into Module::rules
};

/// A send that waits for permission (§5.5): of a membership's own line of statements, or in the slot of a detached one.
struct Deferral {
  std::uint16_t site = bytecode::kNone;  ///< kNone: nothing waits
  Instant first_ask = 0;
  Instant deadline = kNever;  ///< inclusive
  EventRef event;             ///< at hand where it was asked
  Permission asked;           ///< at the latest ask; asked again at `asked.at`
  bool waits() const { return site != bytecode::kNone; }
};

/// Where the lead's past was at some moment: what comes after it is what happened since.
struct PastMark {
  store::EventIndex event = 0;
  std::uint32_t send = 0;
  bool after_events = false;  ///< in a timer's step: after all events of its instant
};

/// An event of the past that the run made: a send (§7.3), handoff.late, or an assumed one (§7.5).
struct PastSend {
  static constexpr std::uint32_t kLogged = UINT32_MAX;
  store::EventIndex before = 0;  ///< it came before this event of the log, and after the one before
  Instant at = 0;
  std::uint16_t content = 0;             ///< kNone: not a send
  std::uint16_t kind = bytecode::kNone;  ///< of a send, the kind that records such ones; kNone: none is declared
  bool after_events = false;             ///< as PastMark
  const calendar::Zone* zone = nullptr;
  std::uint32_t assumed = kLogged;  ///< number in the AssumedWorld
};

/// The lead's zone from an event on.
struct ZoneSince {
  store::EventIndex event = 0;
  const calendar::Zone* zone = nullptr;
};

/// A membership that ended (§3.2 `was in`).
struct PastExit {
  std::uint16_t campaign = 0;
  std::uint16_t reason = 0;
  Instant at = 0;
  const calendar::Zone* zone = nullptr;
};

/// A score as it was last changed, and how far the lead's past has been counted into it.
struct ScoreState {
  std::int64_t millionths = 0;
  Instant at = 0;
  PastMark counted;
};

/// The clock of an `on silence` in a membership.
struct SilenceClock {
  bool armed = false;
  Instant due = kNever;  ///< kNever: fired, until another such event
};

/// What a lead keeps of an entry without an event.
struct IdleState {
  Instant due = kNever;                ///< when it happens next
  bool hurried = false;                ///< a change made it due at the instant of the change
  bool held = false;                   ///< `when`: its value at the end of the previous step
  std::uint64_t fired_in = 0;          ///< `when`: the step in which it turned true
  std::uint64_t looked_in = 0;         ///< `when`: the look (Replay::Step) at its condition; 0: none
  Instant turns_at = kNever;           ///< as of that look: when it may turn by itself
  std::int64_t last_date = INT64_MIN;  ///< schedule: the local date on which it happened last
  Value target;                        ///< date: the value that it counts down to
};

/// A dated entry that has happened: once per entry and value, and it enters once per campaign and value (§5.13).
struct DatedPast {
  std::uint16_t campaign = 0;
  std::uint16_t entry = 0;
  bool entered = false;
  Value target;
};

/// An `enroll in` or `remove from` that the step has still to settle.
struct Request {
  std::uint16_t campaign = 0;
  bool enrolls = false;
  bytecode::PlaceIndex place = 0;
};

/// The latest membership of a (campaign, lead[, key]), active or ended.
struct Member {
  std::uint16_t campaign = 0;
  std::uint16_t stage = bytecode::kNone;
  std::uint16_t state = bytecode::kNone;  ///< suspension it is in; kNone between them, and when held out
  bool active = false;
  bool held_out = false;
  std::uint32_t ordinal = 0;       ///< nth of this (campaign, lead)
  std::uint32_t next = kNoMember;  ///< next younger of the campaign
  Value key;

  Instant entered_at = 0;
  Instant stage_since = 0;
  Instant wait_start = 0;
  Instant deadline = kNever;  ///< of the wait, stay or repeat; of a deferred send see `deferral`
  bool hurried = false;       ///< a change made the wait due at the instant of the change
  Instant earliest = 0;       ///< of a `wait until c, at least D`: before it c is not looked at
  bool earliest_due = false;  ///< and that instant is still a timer
  Instant ends_at = kNever;   ///< `lasts at most`, or the end of a held-out membership
  Instant ended_at = 0;
  Instant last_send = kNever;                  ///< kNever: none
  std::uint32_t sends = 0, hand_offs = 0;      ///< so far
  const calendar::Zone* entry_zone = nullptr;  ///< a span counts in the zone in force where it began
  const calendar::Zone* send_zone = nullptr;
  const calendar::Zone* end_zone = nullptr;

  EventRef entry;
  EventRef at_hand;                         ///< event of the handler that ended the latest wait
  bytecode::Pc resume = bytecode::kNoCode;  ///< statements to run next, within a step
  Deferral deferral;

  WhenSet armed = 0;
  WhenSet baseline = 0;  ///< value at the end of the previous step, or at arming
  WhenSet pending = 0;   ///< held at arming and not fired yet
  WhenSet fired = 0;     ///< fired in step `fired_in`
  std::uint64_t fired_in = 0;
  std::uint16_t goal_exit = bytecode::kNone;  ///< goal credited in step `goal_exit_in` that exits
  std::uint64_t goal_exit_in = 0;

  PastMark since_entry;
  PastMark since_stage;
  std::uint32_t first_slot = 0;      ///< into LeadState::slots
  std::uint32_t first_visits = 0;    ///< into LeadState::visits
  std::uint32_t first_detached = 0;  ///< into LeadState::detached
  std::uint32_t first_goal = 0;      ///< into LeadState::credited
  std::uint32_t first_silence = 0;   ///< into LeadState::silences
};

/// Bits of LeadState::credited.
inline constexpr std::uint8_t kCredited = 1;
inline constexpr std::uint8_t kGoalHeld = 2;  ///< the goal's condition, at the end of the previous step

/// The lead's memberships of one campaign, oldest first, linked through Member::next.
struct Memberships {
  std::uint32_t oldest = kNoMember;
  std::uint32_t youngest = kNoMember;
  std::uint32_t next_ordinal = 0;
  std::uint32_t active = 0;
  std::uint64_t entered_in = 0;  ///< step of the last entry
};

/// With sales (§5.7).
struct Hold {
  bool held = false;
  Instant since = 0;
  Instant expires = kNever;
  store::LeadIndex account = store::kNoLead;  ///< with sales because this account is: the member
};

/// A hand-off, until the next sales reaction.
struct OpenHandOff {
  Instant at = 0;
  Instant promised = kNever;  ///< kNever: no promise, or missed
  std::uint16_t campaign = bytecode::kNone;
  std::uint16_t stage = bytecode::kNone;
  std::uint32_t membership = 0;
  bytecode::PlaceIndex place = 0;
};

/// A send of an account's campaign that waits for permission to reach this lead (§5.14).
struct AccountSend {
  store::LeadIndex account = store::kNoLead;  ///< the member whose campaign sends
  std::uint32_t member = kNoMember;           ///< its membership there, as it was when it sent
  std::uint16_t campaign = 0;
  std::uint16_t stage = 0;
  std::uint32_t ordinal = 0;
  Deferral waiting;
};

/// What the ledger knows of one content and one lead.
struct LedgerRow {
  std::uint32_t times = 0;
  Instant last = 0;
  const calendar::Zone* zone = nullptr;  ///< in force then
};

/// What a property that counts acts, or forbids them since an event, knows of a lead (§10).
struct Claim {
  struct Counted {
    Instant at = 0;
    Instant expires = kNever;
  };
  bool since = false;  ///< Never: an `after` has happened, and no `until` yet
  Instant since_at = 0;
  std::vector<Counted> counted;  ///< AtMost: the acts that count still, oldest first
};

/// An answer, or the end of a membership, that a property waits for.
struct OpenClaim {
  std::uint16_t property = 0;
  Instant due = kNever;  ///< violated when this instant is over
  Instant from = 0;
  std::uint16_t campaign = bytecode::kNone;  ///< of the membership that must end
  std::uint32_t ordinal = 0;
};

/// How often a membership of an account has sent to this lead.
struct AccountTouches {
  store::LeadIndex account = store::kNoLead;
  std::uint16_t campaign = 0;
  std::uint32_t ordinal = 0;
  std::int64_t times = 0;
};

/// Sends on a channel that tires, and how far the lead's log has been looked through for them. Both in order.
struct TiringChannel {
  PastMark counted;
  std::vector<Instant> logged, of_run;
};

/// What a run with assumptions keeps of a lead beside everything else.
struct LeadAssumed {
  std::vector<std::pair<Instant, std::uint32_t>> coming;  ///< numbers of assumed events; a heap, the next on top
  std::uint32_t made = 0;                                 ///< how many there were to come, in all
  std::vector<std::uint32_t> sends;                       ///< of this run, per content
  std::vector<std::uint32_t> hand_offs;                   ///< of this run, per campaign
  std::vector<AccountTouches> touches;
  std::vector<TiringChannel> channels;  ///< as AssumedPlan::channels
};

struct LeadState {
  store::LeadIndex index = 0;
  store::EventIndex begin = 0, end = 0;  ///< its events up to the horizon
  store::EventIndex cursor = 0;          ///< first event not read yet
  std::size_t next_change = 0;           ///< into Store::change_events
  std::size_t end_change = 0;
  bool loaded = false;  ///< attributes are filled

  std::vector<Value> attributes;
  std::vector<Value> account;
  std::uint32_t account_index = store::kNoAccount;  ///< which one it belongs to
  const calendar::Zone* zone = nullptr;
  bool own_zone = false;  ///< by lead.timezone rather than the programme's

  Hold hold;
  std::vector<OpenHandOff> hand_offs;
  Instant late_at = kNever;              ///< last handoff.late
  std::vector<LedgerRow> ledger;         ///< per content
  std::vector<std::uint16_t> in_ledger;  ///< contents with a row to clear

  std::vector<std::uint8_t> since_event;      ///< per rule: `never … after` an event that has happened
  std::vector<store::EventIndex> noted;       ///< per rule: the events before this one are in `since_event`
  std::vector<std::vector<Instant>> counted;  ///< per limit rule: when those that count longest expire, ascending
  bool rules_used = false;                    ///< the three above hold something

  std::vector<std::uint32_t> passes;  ///< per split drawn anew, over all memberships
  bool passes_used = false;

  std::vector<Member> members;
  std::vector<Memberships> of_campaign;
  std::vector<std::uint16_t> campaigns;  ///< with a member, in campaign order
  std::vector<Value> slots;
  std::vector<Deferral> detached;
  std::vector<AccountSend> from_accounts;  ///< in the order of their first asks
  std::vector<std::uint8_t> credited;      ///< a byte per goal
  std::vector<SilenceClock> silences;
  std::vector<IdleState> idle;  ///< as Program::idle_entries
  std::vector<DatedPast> dated;
  bool deployed = true;  ///< the campaigns are there
  std::uint32_t active = 0;

  std::vector<Claim> claims;  ///< per property of the module
  std::vector<OpenClaim> open_claims;
  bool claims_used = false;  ///< the two above hold something

  LeadAssumed assumed;

  // The past, beside the log
  bool after_events = false;                   ///< the step is a timer's, of a unit
  const calendar::Zone* first_zone = nullptr;  ///< at the lead's beginning
  std::vector<ZoneSince> zones;                ///< as it changed since, in order
  std::vector<PastSend> sends;
  std::vector<PastExit> exits;
  std::vector<std::uint32_t> visits;  ///< a number per stage of each member
  std::vector<ScoreState> scores;     ///< per score of the module
  std::vector<std::vector<Instant>>
      grants;                      ///< per row of a score with `at most`: when each point given counts no more
  std::vector<std::uint16_t> cut;  ///< history sites that were cut short, in order of number
  bool scored = false;             ///< scores and grants are to be cleared
};

}  // namespace nurture::engine
