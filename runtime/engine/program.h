#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "runtime/calendar/hours.h"
#include "runtime/engine/assumed.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/kind_set.h"

/// What the engine works out once per run from the module, so that a step only looks things up.
namespace nurture::engine {

/// A bit per `when` of a campaign (Trigger::when_index).
using WhenSet = std::uint64_t;
inline WhenSet bit_of(const bytecode::Trigger& trigger) { return WhenSet{1} << (trigger.when_index & 63); }

/// What a condition looks at besides what only changes in a step that the engine runs anyway.
struct Reads {
  bool clock = false;  ///< changes at instants that it tells when it is looked at (Frame::turns)
  bool now = false;    ///< can turn at any instant: observed at every event of the lead
  bool leads = false;  ///< what any lead of the account does or becomes can turn it (§5.14)
  KindSet kinds;       ///< events of these kinds can turn it
};

/// An `on silence` of a campaign: where it stands, so that its timer finds it.
struct SilencePlan {
  const bytecode::Trigger* trigger = nullptr;
  outcome::Reaction reaction = outcome::Reaction::CampaignTrigger;
  std::size_t index = 0;   ///< in its list
  std::uint32_t rank = 0;  ///< its place in the order of the source, among timers of the campaign
};

/// An entry that needs no event: it is watched while the lead is in no campaign too.
struct IdleEntry {
  const bytecode::Entry* code = nullptr;
  std::uint16_t campaign = 0;
  std::uint16_t entry = 0;
  const calendar::Zone* zone = nullptr;  ///< of a schedule; null: the lead's
  std::vector<std::uint16_t> follows;    ///< lead attributes that a date is made of
};

struct CampaignPlan {
  const bytecode::Campaign* code = nullptr;
  std::uint16_t index = 0;
  bool runs = false;

  KindSet entries;                ///< kinds that may enter
  KindSet hears;                  ///< kinds that may move a membership
  KindSet goals;                  ///< kinds that may credit a goal
  KindSet always;                 ///< kinds that exits and campaign triggers listen to
  std::vector<KindSet> in_stage;  ///< per stage: its triggers
  std::vector<KindSet> in_state;  ///< per state: its handlers
  std::vector<KindSet> watched;   ///< per state: all that matters to a membership in it, and to a lead in no campaign

  KindSet when_always;                 ///< kinds that the `when`s of exits and campaign triggers ask for
  std::vector<KindSet> when_in_stage;  ///< per stage
  std::vector<KindSet> when_in_state;  ///< per state

  WhenSet campaign_whens = 0;  ///< exits and campaign triggers
  std::vector<WhenSet> stage_whens;
  std::vector<WhenSet> state_whens;
  WhenSet reads_clock = 0;
  WhenSet reads_now = 0;
  bool recomputes = false;  ///< some wait follows a lead or account date

  std::vector<std::uint16_t> rules;                 ///< of policies, then its own, each in the order of the source
  std::vector<std::uint16_t> sends_in_order;        ///< send sites in the order of the source
  std::vector<std::uint16_t> send_rank;             ///< by send site: its place in that order
  std::vector<std::uint16_t> detached_site;         ///< by pending slot, in the order of the source: the send site
  std::vector<std::uint16_t> detached_slot;         ///< by send site: its pending slot or kNone
  std::vector<std::vector<std::uint16_t>> follows;  ///< per state: lead attributes that its deadline follows
  std::vector<SilencePlan> silences;                ///< by clock
  std::vector<std::uint32_t> state_rank;            ///< by state: as SilencePlan::rank
  bool watches_goals = false;                       ///< some goal waits for a condition
  std::uint16_t held_out_reason = bytecode::kNone;
  std::uint32_t first_split = 0;  ///< its splits' pass counters begin here
  std::size_t first_idle = 0;     ///< its part of Program::idle_entries
  std::size_t end_idle = 0;
};

struct Program {
  const vm::BoundModule* bound = nullptr;
  const bytecode::Module* module = nullptr;
  const RunOptions* options = nullptr;
  bool of_accounts = false;                              ///< of the campaigns of accounts; else those of leads
  std::vector<CampaignPlan> campaigns;                   ///< as Module::campaigns
  std::vector<std::vector<std::uint16_t>> enterable;     ///< per kind: running campaigns that it may enter
  std::vector<std::vector<std::uint16_t>> goal_keepers;  ///< per kind: running campaigns with a goal on it
  FindKind find_kind = nullptr;                          ///< as RunOptions::vectors says
  KindSet idle;                                          ///< kinds that matter to a lead with no membership
  KindSet stirring;                                      ///< those that do more than enter the ledger, or miss in it
  std::vector<IdleEntry> idle_entries;                   ///< of running campaigns, in campaign order, then as written
  std::vector<std::uint16_t> idle_campaigns;             ///< which those are
  bool settles = false;                                  ///< a step may go on after the event: some `when`, goal or
                                                         ///< entry waits for a condition, or a hold takes leads out
  KindSet bare;                                          ///< kinds that campaigns alone are interested in
  bool reads_clock = false;                              ///< some `when`, or what idle_reads is about, does
  bool watches_goals = false;                            ///< some goal of a running campaign waits for a condition
  bool idle_sensitive = false;                           ///< some of them look at attributes
  Reads idle_reads;                                      ///< what their conditions, and those of goals, look at besides
  bool passes_over = false;                              ///< a lead without an event in `idle` has nothing to tell
                                                         ///< but that it began
  const calendar::Zone* zone = nullptr;
  Duration hold_max;
  std::vector<bytecode::StringIndex> channel_of_kind;  ///< per kind: the channel in its name, where a rule names it
  std::vector<std::uint16_t> everywhere;               ///< rules of policies
  std::vector<std::vector<std::uint16_t>> never_on;    ///< per kind: `never` rules that it begins or ends, at once
  /// Per rule: the kinds that begin or end it, of a `never` whose last such event is looked for when somebody asks.
  std::vector<std::optional<KindSet>> looked_back;
  bool hands_off = false;                                   ///< some running campaign hands off to sales
  bool asks_leads = false;                                  ///< some condition is about the leads of the account
  std::unordered_map<TextId, std::uint32_t> account_named;  ///< into Store::accounts; empty if no lead can change it
  std::uint16_t late_kind = bytecode::kNone;                ///< handoff.late, if declared
  std::unordered_map<TextId, std::uint16_t> content_named;
  std::uint32_t splits = 0;
  std::uint32_t history_max = bytecode::kHistoryMax;
  KindSet claimed_kinds;                    ///< kinds that properties speak of
  KindSet send_kinds;                       ///< kinds that record sends
  std::vector<KindSet> history_kinds;       ///< per history site
  std::vector<KindSet> score_kinds;         ///< per score
  std::vector<std::uint32_t> first_grants;  ///< per score: LeadState::grants of its first row
  std::uint32_t grants = 0;
  std::vector<std::uint16_t> recorded_as;  ///< per content: the kind that records its sends
  /// Detached sends of a trigger's own body: leaving the stage by it does not cancel them (§5.5). Only those that have
  /// any.
  std::unordered_map<const bytecode::Trigger*, std::vector<std::uint16_t>> own_sends;

  std::optional<AssumedPlan> assumed;  ///< of the scenario, if the run has one

  Duration duration(std::uint16_t constant) const { return module->constants[constant].value.duration(); }
};

/// Of the campaigns of leads, or of those of accounts.
Program prepare(const vm::BoundModule& bound, const store::Store& store, const RunOptions& options, bool of_accounts);

}  // namespace nurture::engine
