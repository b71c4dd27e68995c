#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/outcome/deliveries.h"
#include "runtime/outcome/durations.h"
#include "runtime/outcome/summary_sink.h"
#include "runtime/outcome/tally.h"
#include "runtime/store/store.h"

/// What a run comes to, with every index replaced by its name.
///
///   std::vector<std::unique_ptr<SummarySink>> sinks;             // one a range, given to engine::run
///   Tally total(module);
///   for (auto& sink : sinks) total.merge(sink->tally());         // in the order of ranges
///   Summary summary = summarize(module, run_facts(module, store, until), store, total);
///   fmt::print("{}", to_text(summary));
///
/// Every number is reconciled on the way, and a disagreement is a bug of ours: entered = active + exited, each stage's
/// entered = left + active, each wait's began = its ends, each message's asked = its ends.
namespace nurture::outcome {

struct RunFacts {
  std::string programme;
  std::uint64_t seed = 0;
  std::string currency;    ///< empty: none declared
  std::string timezone;    ///< the programme's zone, in which days and weeks of a summary are counted
  std::string tzdata;      ///< version of the time-zone data
  Instant first = kNever;  ///< first and last instant of the log; kNever if it is empty
  Instant last = kNever;
  Instant horizon = kNever;  ///< where the run ended (§6.4)
  std::uint64_t leads = 0;
  std::uint64_t accounts = 0;  ///< where some campaign has accounts as its members
  std::uint64_t events = 0;
};

/// `until` as in RunOptions: kNever is the log's last instant.
Instant horizon_of(const store::Store& store, Instant until);
RunFacts run_facts(const bytecode::Module& module, const store::Store& store, Instant until);

struct Named {
  std::string name;
  Count count = 0;
};

struct EntrySummary {
  std::string label;  ///< "on form.submitted where form is "whitepaper""
  std::string where;  ///< "welcome.nurture:12", here and below
  Count treated = 0;
  Count held_out = 0;
  std::array<Count, kRefusalCauses> refused{};
};

struct ExitSummary {
  std::string reason;
  Count count = 0;  ///< held out ones included
  Count held_out = 0;
};

struct StageSummary {
  std::string name;
  Count entered = 0, left = 0, active = 0;
  std::int64_t longest_active = 0;  ///< microseconds
  std::vector<Named> left_to;       ///< stages in source order, those with none left out
  Count left_campaign = 0;
  Spread spent;
};

struct WaitSummary {
  std::string stage, label, anchor, where;
  Count began = 0;
  std::vector<Named> handlers;  ///< ended by what somebody did
  Count timer = 0;              ///< time ran out
  Count left = 0;               ///< a trigger or an exit took the membership elsewhere
  Count horizon = 0;            ///< still waiting at the end
};

struct SendSummary {
  std::string content, channel;
  std::string where;  ///< of one statement; empty in a total
  Count asked = 0;
  Count deferred = 0;
  std::array<Count, kDetails> deferred_by{};
  std::array<std::array<Count, kDetails>, kSendEnds> ends{};
  Spread slip;  ///< of those sent later
  Count of(SendEnd end) const;
  Count of(SendEnd end, Detail cause) const;
};

/// What a rule cost this campaign; without an owner, the sales hold.
struct RuleSummary {
  std::string owner, label, where;
  RuleTally counts;
};

struct SalesSummary {
  Count handed_off = 0;
  Count already_with_sales = 0;
  Count promised = 0;  ///< hand-offs with `answer within`
  Count promises_missed = 0;
  Count answered = 0;
  std::vector<Named> answers;  ///< by kind of event
  Spread response;             ///< hand-off to answer
  Count taken_back = 0;
};

struct WorkSummary {
  std::string kind;  ///< call, task, notify, or a statement that is only recorded: "enroll in", "call webhook"
  std::string name, where;
  Count count = 0;
};

struct GoalCounts {
  Count over = 0;           ///< memberships whose span ended by the horizon: what the rate is of
  Count reached = 0;        ///< of `over`
  Count reached_early = 0;  ///< reached, in a span that passes the horizon
  Count open = 0;           ///< not reached, in such a span: censored (§5.12)
  Spread time;              ///< of all that reached it
  std::int64_t worth = 0;   ///< of all that reached it, in ten-thousandths of the currency
  Count all_reached() const { return reached + reached_early; }
};

struct GoalSummary {
  std::string name;
  bool endless = false;    ///< no `within`: no span is ever over, and the rate is of all so far
  bool of_send = false;    ///< measured from the latest send; memberships without one are left out
  bool has_worth = false;  ///< `worth …` was written
  GoalCounts treated, held_out;
};
/// What a goal's rate is of, and how many of those reached it.
Count rate_of(const GoalSummary& goal, const GoalCounts& counts);
Count rate_part(const GoalSummary& goal, const GoalCounts& counts);

struct BranchSummary {
  std::string name;
  double share = 0;  ///< as written, 0 to 1
  Count passes = 0;
  Count memberships = 0;
  std::vector<GoalCounts> goals;  ///< in the order of CampaignSummary::goals
};

struct SplitSummary {
  std::string name, where;
  std::vector<BranchSummary> branches;
};

struct CampaignSummary {
  std::string name;
  Count entered = 0;  ///< memberships, held out ones included
  Count held_out = 0;
  Count active = 0;  ///< at the horizon, held out ones included
  Count active_held_out = 0;
  Count exited = 0;
  Count turned_away = 0;
  std::array<Count, kRefusalCauses> refused{};
  std::vector<EntrySummary> entries;
  std::vector<ExitSummary> exits;
  Spread stay;  ///< entry to exit, held out ones left out
  std::vector<StageSummary> stages;
  std::vector<WaitSummary> waits;
  std::vector<Named> reactions;       ///< triggers, exits and handlers that fired, in source order
  std::vector<SendSummary> messages;  ///< per content
  std::vector<SendSummary> sends;     ///< per statement
  std::vector<RuleSummary> rules;     ///< that held back or suppressed anything, in the order of the source
  SalesSummary sales;
  std::vector<WorkSummary> work;
  std::vector<Named> sets;  ///< per attribute of the lead
  std::vector<GoalSummary> goals;
  std::vector<SplitSummary> splits;
};

/// What is claimed of every lead, and whether it held (§10).
struct PropertySummary {
  struct Violation {
    std::string lead, text;
    std::string clock, local;  ///< when, on the lead's clock: for people, and with its offset
    std::string campaign;      ///< whose act or membership it was; empty: nobody's
    Instant at = 0, from = 0;
  };
  std::string name, label, where;
  Count violations = 0;
  Count leads = 0;
  Count open = 0;  ///< not decided by the horizon
  std::vector<Violation> first;
  /// "violated", "held", or "inconclusive" where something is open.
  std::string_view verdict() const;
};

struct WeekSummary {
  std::string week;          ///< ISO, "2026-W10"; empty where weeks do not begin on Monday
  std::int64_t of = 0;       ///< its first day in the programme's zone, days since 1970-01-01
  std::vector<Count> sends;  ///< in the order of Summary::channels
  Count hand_offs = 0, calls = 0, tasks = 0;
};

/// What a throttle did to the delivery of messages.
struct ThrottleSummary {
  std::string owner, label, where;
  Count messages = 0;
  Count delayed = 0;         ///< by more than a minute
  std::int64_t longest = 0;  ///< microseconds
  std::string slowest;       ///< who waited that long; empty: nobody waited
};

struct Summary {
  RunFacts facts;
  Count leads_merged = 0;      ///< became another lead, who stands for both (§7.4)
  Count leads_entered = 0;     ///< entered some campaign
  Count leads_sent = 0;        ///< got at least one message
  Count accounts_entered = 0;  ///< entered some campaign
  Count busiest_sends = 0;     ///< most messages to one lead in one week
  std::string busiest_lead;
  std::int64_t busiest_week_of = 0;
  Count holds_by_hand_off = 0, holds_by_event = 0;
  Count holds_by_account = 0;          ///< of leads whose account was handed off
  std::array<Count, 3> holds_ended{};  ///< per HoldEnd
  Spread hold_length;
  Count with_sales_at_end = 0;
  Count orphan_reactions = 0;
  std::vector<Named> reactions;       ///< assumed events, by name
  Count histories_cut = 0;            ///< leads and questions about the past that `history at most` stopped
  Count history_max = 0;              ///< that many events each
  std::vector<std::string> channels;  ///< those with sends, by name
  std::vector<WeekSummary> weeks;     ///< those in which something happened, in order
  std::vector<PropertySummary> properties;
  std::vector<ThrottleSummary> throttles;
  std::vector<CampaignSummary> campaigns;
  bool violated() const;  ///< some property is
};

/// `deliveries`: settled; null where no throttle delays any.
Summary summarize(const bytecode::Module& module, const RunFacts& facts, const store::Store& store, const Tally& tally,
                  const Deliveries* deliveries = nullptr);

struct TextOptions {
  unsigned width = 100;
  bool colour = false;  ///< bold headings
};
std::string to_text(const Summary& summary, const TextOptions& options = {});

/// One object, members in this order; durations in microseconds (`…_us`), instants in UTC. A spread is
/// {count, median_us, p95_us, exact}; a rate is null where its ground is 0.
///
///   run        programme seed timezone tzdata first last horizon leads events
///   totals     leads_merged leads_entered leads_in_no_campaign leads_sent busiest{sends lead week}
///   sales_holds{by_hand_off by_event
///              ended{event taken_back expired} length with_sales_at_end} orphan_reactions
///   assumed_events{event: n …}  left out where nothing is assumed
///   throttles[] owner rule where messages delayed longest_us slowest; left out where the programme has none
///   weeks[]    week_of [week] sends{channel: n …} hand_offs calls tasks
///   properties[] name claim where verdict violations leads open first[]{lead at local since campaign text}
///   campaigns[] name entered held_out active active_held_out exited turned_away refused{cause: n …}
///              entries[]   label where treated held_out refused{}
///              exits[]     reason count held_out
///              stay
///              stages[]    name entered left active longest_active_us left_to{stage: n …} left_campaign spent
///              waits[]     stage anchor label where began handlers[]{on count} timer left horizon
///              reactions[] on count
///              messages[]  content channel asked ends slip
///              sends[]     content channel where asked ends slip
///                          ends: {sent sent_later suppressed skipped exhausted gave_up cancelled pending}, each
///                          {count causes{cause: n …}}
///                          asked is followed by deferred{cause: n …}
///              rules[]     owner rule where deferred suppressed skipped gave_up work leads; the sales hold has no
///              owner sales       handed_off already_with_sales answered answers{kind: n …} response promised
///              promises_missed
///                          taken_back
///              work[]      kind name where count
///              sets{attribute: n …}
///              goals[]     name endless of_send treated held_out
///                          each: {reached rate rate_of rate_part reached_early open time}, and worth, a text with
///                          four decimals, where the goal says what it is worth
///              splits[]    name where branches[] {name share passes memberships goals[] {goal reached rate …}}
std::string to_json(const Summary& summary);

}  // namespace nurture::outcome
