#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/value.h"
#include "runtime/bytecode/module.h"
#include "runtime/store/store.h"

namespace nurture::calendar {
class Zone;
}

/// What a run decided, one record per decision. Everything that is printed (summary, actions, explanations, test
/// verdicts) is made from this stream and from nothing else.
namespace nurture::outcome {

/// Each kind: what `a` and `b` hold. Indices are the module's; `campaign` and `stage` of the record are always set
/// where the decision belongs to a membership.
enum class Kind : std::uint8_t {
  Began,         ///< the lead began (§5.13)
  Entered,       ///< a membership began; a: entry index, or kNone: another campaign enrolled the lead
  HeldOut,       ///< it began as held out, instead of Entered; a: as there. It has no stage until it ends
  Refused,       ///< an entry was turned away; a: RefusalCause, b: entry index or kNone, as there
  StageEntered,  ///< stage; a: stage it came from or kNone
  StageLeft,     ///< stage; a: stage it goes to, or kNone at an exit; b: microseconds spent in it
  TriggerFired,  ///< a reaction matched; a: Reaction, b: index within its list
  WaitBegan,     ///< a: state; b: deadline or kNever
  WaitEnded,     ///< a: state; b: WaitEnd (or WaitEnd::Handler + index of the handler)
  Split,         ///< a: split; b: branch; value: the account that it was drawn for, unknown where it was the lead
  // Each `send` that is asked ends in exactly one of Sent … Pending; a deferred one has Deferred before it, once or at
  // each re-ask. All of them: a: content; b: send site.
  Sent,              ///< text: subject as rendered; value: what it asks for, as bits of Content::asks
  Deferred,          ///< cause in `detail`
  Suppressed,        ///< by a `never` rule or a policy's holdout
  Skipped,           ///< `now or skip`, already pending, or not available (detail)
  Exhausted,         ///< nothing left of the stream
  GaveUp,            ///< deadline of a deferral reached; the cause is that of the latest ask
  Cancelled,         ///< the membership or stage left before it was permitted
  Pending,           ///< still deferred at the horizon
  HandedOff,         ///< text: note; a: hand-off site
  AlreadyWithSales,  ///< a hand-off while held
  TakenBack,         ///< by the statement
  HoldBegan,         ///< by an event; a: event kind. Of a lead whose account was handed off, `account` says so
  HoldEnded,         ///< a: HoldEnd; b: microseconds it lasted
  Answered,          ///< a sales reaction to a hand-off; a: event kind; b: microseconds since the hand-off
  PromiseMissed,     ///< `answer within` passed: the event handoff.late
  Assigned,          ///< a: assign site; b: when it is due, or kNever; text: to whom; text2: note
  NotAssigned,       ///< an `assign` suppressed by a `never` rule; a: assign site
  Notified,          ///< a: notify site; text: to whom; text2: note
  LeadSet,           ///< a: attribute; value: new value (cleared if unknown)
  Remembered,        ///< a: name (StringIndex); value
  ScoreChanged,    ///< a: score; b: what it is now, in millionths; value: the points (number), unknown: set to 0. By a
                   ///< statement; by an event too where RunOptions::scores asks for it, then of no campaign
  HistoryCut,      ///< a: history site; it would have looked at more events than `history at most` (§3.2)
  AskedToEnroll,   ///< a: campaign; what comes of it is that campaign's Entered, HeldOut or Refused
  AskedToRemove,   ///< a: campaign; what comes of it is that campaign's Exited
  AudienceJoined,  ///< a: audience (StringIndex)
  AudienceLeft,    ///< a: audience (StringIndex)
  WebhookCalled,   ///< a: address (StringIndex)
  GoalCredited,    ///< a: goal; b: microseconds since entry (or the send); value: what it is worth, a decimal
  Exited,          ///< a: reason; b: microseconds since entry
  InFlight,        ///< active at the horizon; stage is where; a: state
  GoalCensored,    ///< a: goal, uncredited; its span passes the horizon
  PropertyViolated,  ///< a: property; b: the instant that it goes back to: of the event or the first of the acts
                     ///< that it is about, or of the entry. Of the campaign whose act it was, if it was one
  PropertyOpen,      ///< a: property; b: as there; whether it holds is only decided after the horizon
  OrphanReaction,    ///< a reaction to content that the ledger never sent; a: event kind (§7.3)
  SentToLeads,       ///< of an account: what comes of it for each lead is told of the lead; a: send site; b: how many
  MergedInto,        ///< the last of a lead: it is another from here on (§7.4); a: that one's LeadIndex
  Merged,            ///< another lead is this one from here on; a: its LeadIndex
  MovedHere,  ///< so its membership is this lead's; a: LeadIndex; b: its number there; value: whether it is active
  Reacted,    ///< an assumed event happens to the lead (§7.5), which Outcome::cause names; a: event kind
};

inline constexpr Kind kLastKind = Kind::Reacted;

/// A set of kinds, a bit each.
using Kinds = std::uint64_t;
inline constexpr Kinds kAllKinds = ~Kinds{0};
constexpr Kinds kinds(std::initializer_list<Kind> list) {
  static_assert(static_cast<unsigned>(kLastKind) < 64);
  Kinds set = 0;
  for (Kind kind : list) set |= Kinds{1} << static_cast<unsigned>(kind);
  return set;
}
constexpr bool has(Kinds set, Kind kind) { return (set >> static_cast<unsigned>(kind) & 1) != 0; }

enum class RefusalCause : std::uint8_t {
  Guard,
  NotActive,  ///< outside `active from … until …`
  Audience,
  Exclude,
  ExitCondition,
  Reentry,
  Exclusive,  ///< active in another campaign of the group
  Key,
  KeyLimit,
  Inside,       ///< enrolled while in the campaign already
  OncePerStep,  ///< entered in this step already (§5.2)
};
enum class Reaction : std::uint8_t { CampaignExit, Handler, StageTrigger, CampaignTrigger, GoalExit };
enum class WaitEnd : std::uint8_t { Timer, Left, Horizon, Handler };  ///< Left: a trigger or exit took it elsewhere
enum class HoldEnd : std::uint8_t { Event, TakenBack, Expired };
/// Why a message did not go out at once. All from Never on, but NotAvailable, name their rule (Outcome::rule).
enum class Detail : std::uint8_t {
  None,
  WithSales,
  AlreadyPending,
  NotAvailable,
  Never,
  Window,
  Quiet,
  Limit,
  Holdout
};

/// What made the step happen.
struct Cause {
  enum class Kind : std::uint8_t { Beginning, Event, Timer, Settled, Assumed } kind = Kind::Beginning;
  store::EventIndex event = 0;                          ///< Event; Assumed: the number of that event in the unit
  const bytecode::AssumedReaction* reaction = nullptr;  ///< Assumed: what a scenario says happens (§7.5)
  std::uint16_t content = bytecode::kNone;              ///< Assumed: of the send that it goes back to
  store::LeadIndex of = store::kNoLead;                 ///< Assumed: to whom it happens
};

struct Outcome {
  Kind kind;
  Detail detail = Detail::None;
  std::uint16_t campaign = bytecode::kNone;
  std::uint16_t stage = bytecode::kNone;
  bytecode::PlaceIndex place = 0;             ///< the statement or clause that decided
  std::uint32_t membership = 0;               ///< nth of this (campaign, lead), from 0
  store::LeadIndex lead = 0;                  ///< a member of the store: a lead, or an account
  store::LeadIndex account = store::kNoLead;  ///< `lead` itself, if that is an account; else the one whose campaign did
                                              ///< this to the lead, `membership` being its own
  std::uint32_t sequence = 0;                 ///< order within the lead
  Instant at = 0;
  const calendar::Zone* zone = nullptr;  ///< the lead's, as of the step (§6.2); null: the programme's
  std::int64_t a = 0;
  std::int64_t b = 0;
  std::uint16_t rule = bytecode::kNone;  ///< into Module::rules: which one decided
  Value value;
  Cause cause;
  bool assumed = false;  ///< it hangs on what was assumed: without it, or drawn otherwise, it might be another
  std::string text;      ///< empty unless texts are asked for (RunOptions::texts)
  std::string text2;

  bool of_account() const { return account == lead; }
};

/// Receives outcomes of one range of leads, lead by lead in key order, each lead's in order; a lead that became another
/// (§7.4) right before that one.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void on(const Outcome& outcome) = 0;
  /// What it looks at: others need not be told, though they count in Outcome::sequence. Asked before the first lead.
  virtual Kinds wants() const { return kAllKinds; }
  /// Of a campaign, and of what it wants: those that it must be told one by one. Of the others it is enough to know how
  /// many there were (`counted`).
  virtual Kinds told(std::uint16_t /*campaign*/) const { return wants(); }
  /// Of what is counted: the kinds whose lengths of time it looks at.
  virtual Kinds timed() const { return wants(); }
  /// In place of `on` of so many records that differ from `like` in nothing but whose they are, when they were made,
  /// and a length of time in microseconds. `lengths` has that of each, if they are looked at (`timed`): what is `b` of
  /// StageLeft and Exited, and how long they have been in the stage of InFlight; other kinds have none.
  virtual void counted(const Outcome& /*like*/, std::uint64_t /*times*/, std::span<const std::int64_t> /*lengths*/) {}
  /// In place of `lead_done` of so many leads of whom all was counted, and who entered something.
  virtual void entered(std::size_t /*leads*/) {}
  virtual void lead_done(store::LeadIndex) {}
  /// Right after its `lead_done`: the run assumed something of the lead, or of one of its unit, and drawn otherwise it
  /// might have fared otherwise. Who hangs on assumptions does not hang on the draws.
  virtual void hangs(store::LeadIndex) {}
  /// In place of `lead_done` of so many leads, one after the other, of whom there is nothing to tell but that they
  /// began; only where Began is not wanted.
  virtual void untouched(std::size_t /*leads*/) {}
  /// Once, after the last lead of the range, on the thread that ran it: what was kept back may be written now.
  virtual void range_done() {}
};

/// Why something did not happen: for explain only, and off in every other run.
struct Remark {
  enum class Kind : std::uint8_t {
    EventRead,         ///< a log event became this step; a: kind
    TimerDue,          ///< a: TimerKind of the engine
    EntryUnmatched,    ///< an entry listens to this kind, but its `where` did not hold; a: entry
    TriggerUnmatched,  ///< a reaction listens to this kind, but its `where` or `of` did not hold; a: Reaction, b: index
    MachineIgnored,    ///< only a machine did it (§3.3)
    ConditionFalse,    ///< an armed `when` is still false; a: when index
    AlreadyInside,     ///< a matching entry while active is not an entry
    SettledTrue,       ///< a `when` turned true; a: when index
    StillDeferred,     ///< asked again and still not permitted; place: the send; a: content; b: rule or kNone
  } kind;
  std::uint16_t campaign = bytecode::kNone;
  std::uint16_t stage = bytecode::kNone;
  bytecode::PlaceIndex place = 0;
  Instant at = 0;
  std::int64_t a = 0;
  std::int64_t b = 0;
  Cause cause;
};

/// The engine's one trace hook.
class Tracer {
 public:
  virtual ~Tracer() = default;
  virtual void remark(const Remark& remark) = 0;
};

}  // namespace nurture::outcome
