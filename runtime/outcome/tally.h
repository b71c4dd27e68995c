#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "runtime/calendar/calendar.h"
#include "runtime/outcome/durations.h"
#include "runtime/outcome/outcome.h"

/// The counts behind a summary: filled from the outcomes of a range of leads, merged in any grouping, named by the
/// indices of the module. A range costs what the programme has of stages, sends and branches, plus the durations.
namespace nurture::outcome {

/// How a send that was asked ended. Later: sent after it had been held back.
enum class SendEnd : std::uint8_t { Sent, Later, Suppressed, Skipped, Exhausted, GaveUp, Cancelled, Pending };
inline constexpr std::size_t kSendEnds = 8;
inline constexpr std::size_t kDetails = 9;
inline constexpr std::size_t kRefusalCauses = 11;

using Count = std::uint64_t;

/// Ten-thousandths; stops at what 64 bits hold.
std::int64_t sum_of_money(std::int64_t a, std::int64_t b);

struct SendTally {
  Count asked = 0;
  Count deferred = 0;                         ///< of those asked, held back at least once
  std::array<Count, kDetails> deferred_by{};  ///< of those, by the cause of the first deferral
  /// By end and cause; the cause of a deferred send is that of its first deferral.
  std::array<std::array<Count, kDetails>, kSendEnds> ends{};
  Durations slip;  ///< of SendEnd::Later: from the first ask to the sending
  void merge(const SendTally& other);
};

/// What one rule, or the sales hold, did to the messages and the work of one campaign.
struct RuleTally {
  Count deferred = 0, suppressed = 0, skipped = 0, gave_up = 0;
  Count work = 0;   ///< `assign` suppressed
  Count leads = 0;  ///< concerned by any of these, each once
};

struct StageTally {
  Count entered = 0;
  Count active = 0;
  std::vector<Count> left_to;  ///< per stage, then one for an exit
  Durations spent;             ///< of those who left
  std::int64_t longest_active = 0;
};

struct StateTally {
  Count began = 0, timer = 0, left = 0, horizon = 0;
  std::vector<Count> handlers;
};

/// Of one goal, among some memberships. Those whose span is over are the ground of a rate: `over`, of which `reached`.
struct GoalTally {
  Count over = 0;           ///< span ended by the horizon
  Count reached = 0;        ///< of `over`
  Count reached_early = 0;  ///< reached, though their span passes the horizon
  Count open = 0;           ///< not reached, and their span passes the horizon: censored
  Durations time;           ///< of everybody who reached it
  std::int64_t worth = 0;   ///< ten-thousandths, of everybody who reached it
  Count all_reached() const { return reached + reached_early; }
};

/// A statement that is recorded and nothing else: another campaign, an ad audience, a webhook.
struct ActionTally {
  Kind kind = Kind::AskedToEnroll;
  std::uint16_t what = 0;  ///< campaign, or name
  Count count = 0;
};

struct BranchTally {
  Count passes = 0;
  Count memberships = 0;
  std::vector<GoalTally> goals;  ///< among memberships that passed here before they reached the goal
};

struct CampaignTally {
  std::vector<Count> treated_by_entry, held_out_by_entry;  ///< per entry, then one for enrolments
  std::vector<std::array<Count, kRefusalCauses>> refused;  ///< likewise
  Count treated = 0, held_out = 0, active = 0, active_held_out = 0;
  std::vector<Count> exits, exits_held_out;  ///< per reason
  Durations stay;                            ///< entry to exit, of the treated
  std::vector<StageTally> stages;
  std::vector<StateTally> states;
  std::map<bytecode::PlaceIndex, Count> reactions;  ///< per trigger, by where it is written
  std::vector<SendTally> sends;                     ///< per send site
  std::vector<Count> hand_offs;                     ///< per site
  Count already_with_sales = 0, answered = 0, promises_missed = 0, taken_back = 0;
  std::map<std::uint16_t, Count> answers;  ///< per kind of event
  Durations response;
  std::map<std::uint16_t, RuleTally> rules;             ///< per rule; kNone: the sales hold
  std::vector<Count> assigns, notifies;                 ///< per site
  std::map<std::uint16_t, Count> sets;                  ///< per lead attribute
  std::map<bytecode::PlaceIndex, ActionTally> actions;  ///< by where it is written
  std::vector<GoalTally> goals, goals_held_out;
  std::vector<std::vector<BranchTally>> splits;
};

/// Of one property: the earliest of its violations, and how often.
struct PropertyTally {
  struct Violation {
    Instant at = 0;
    Instant from = 0;
    store::LeadIndex lead = 0;
    const calendar::Zone* zone = nullptr;  ///< as Outcome::zone
    std::uint16_t campaign = bytecode::kNone;
  };
  Count violations = 0;
  Count leads = 0;               ///< who violated it, each once
  Count open = 0;                ///< not decided by the horizon
  std::vector<Violation> first;  ///< by instant, then lead
  void note(const Violation& violation);
};
inline constexpr std::size_t kFirstViolations = 5;

/// One week in the programme's zone, keyed by its first day.
struct WeekTally {
  std::vector<Count> sends;  ///< per content
  Count hand_offs = 0, calls = 0, tasks = 0;
};

struct BusiestLead {
  Count sends = 0;
  store::LeadIndex lead = 0;
  std::int64_t week_of = 0;  ///< as its key
};

struct Tally {
  std::vector<CampaignTally> campaigns;
  std::map<std::int64_t, WeekTally> weeks;
  Count leads = 0, leads_merged = 0;  ///< merged: they became another (§7.4), who stands for both in what follows
  Count leads_entered = 0, leads_sent = 0, accounts_entered = 0;
  BusiestLead busiest;  ///< most sends to one lead in one week; of equals, the first lead, the first week
  Count holds_by_event = 0, holds_by_hand_off = 0, holds_by_account = 0, with_sales_at_end = 0;
  std::array<Count, 3> holds_ended{};  ///< per HoldEnd
  Durations hold_length;
  Count orphan_reactions = 0;
  std::map<const bytecode::AssumedReaction*, Count> reactions;  ///< that were assumed, per line of the scenario
  Count histories_cut = 0;
  std::vector<PropertyTally> properties;  ///< as Module::properties
  bool ends_missing = false;              ///< of a part of a run only (Unassumed): left_hanging is no fault
  Count left_hanging = 0;  ///< memberships and deferred sends without an end: 0 after a run that succeeded

  Tally() = default;
  explicit Tally(const bytecode::Module& module);
  /// Adds the counts of the leads that come after this one's.
  void merge(const Tally& later);
};

}  // namespace nurture::outcome
