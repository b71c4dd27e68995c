#include "runtime/outcome/tally.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "runtime/base/check.h"

namespace nurture::outcome {
namespace {

CampaignTally empty_tally(const bytecode::Campaign& campaign) {
  CampaignTally t;
  t.treated_by_entry.resize(campaign.entries.size() + 1);
  t.held_out_by_entry.resize(campaign.entries.size() + 1);
  t.refused.resize(campaign.entries.size() + 1);
  t.exits.resize(campaign.reasons.size());
  t.exits_held_out.resize(campaign.reasons.size());
  t.stages.resize(campaign.stages.size());
  for (StageTally& stage : t.stages) stage.left_to.resize(campaign.stages.size() + 1);
  t.states.resize(campaign.states.size());
  for (std::size_t i = 0; i < t.states.size(); ++i) t.states[i].handlers.resize(campaign.states[i].handlers.size());
  t.sends.resize(campaign.sends.size());
  t.hand_offs.resize(campaign.hand_offs.size());
  t.assigns.resize(campaign.assigns.size());
  t.notifies.resize(campaign.notifies.size());
  t.goals.resize(campaign.goals.size());
  t.goals_held_out.resize(campaign.goals.size());
  t.splits.resize(campaign.splits.size());
  for (std::size_t i = 0; i < t.splits.size(); ++i) {
    t.splits[i].resize(campaign.splits[i].branches.size());
    for (BranchTally& branch : t.splits[i]) branch.goals.resize(campaign.goals.size());
  }
  return t;
}

// Adding up: one `add` per shape of count.

void add(Count& a, Count b) { a += b; }
void add(Durations& a, const Durations& b) { a.merge(b); }

void add(PropertyTally& a, const PropertyTally& b) {
  add(a.violations, b.violations);
  add(a.leads, b.leads);
  add(a.open, b.open);
  for (const PropertyTally::Violation& each : b.first) a.note(each);
}

void add(RuleTally& a, const RuleTally& b) {
  add(a.deferred, b.deferred);
  add(a.suppressed, b.suppressed);
  add(a.skipped, b.skipped);
  add(a.gave_up, b.gave_up);
  add(a.work, b.work);
  add(a.leads, b.leads);
}

template <typename K, typename T>
void add(std::map<K, T>& a, const std::map<K, T>& b) {
  for (const auto& [key, n] : b) add(a[key], n);
}

template <typename T, std::size_t N>
void add(std::array<T, N>& a, const std::array<T, N>& b);
template <typename T>
void add(std::vector<T>& a, const std::vector<T>& b);

void add(SendTally& a, const SendTally& b) {
  add(a.asked, b.asked);
  add(a.deferred, b.deferred);
  add(a.deferred_by, b.deferred_by);
  add(a.ends, b.ends);
  add(a.slip, b.slip);
}

void add(StageTally& a, const StageTally& b) {
  add(a.entered, b.entered);
  add(a.active, b.active);
  add(a.left_to, b.left_to);
  add(a.spent, b.spent);
  a.longest_active = std::max(a.longest_active, b.longest_active);
}

void add(StateTally& a, const StateTally& b) {
  add(a.began, b.began);
  add(a.timer, b.timer);
  add(a.left, b.left);
  add(a.horizon, b.horizon);
  add(a.handlers, b.handlers);
}

void add(GoalTally& a, const GoalTally& b) {
  add(a.over, b.over);
  add(a.reached, b.reached);
  add(a.reached_early, b.reached_early);
  add(a.open, b.open);
  add(a.time, b.time);
  a.worth = sum_of_money(a.worth, b.worth);
}

void add(BranchTally& a, const BranchTally& b) {
  add(a.passes, b.passes);
  add(a.memberships, b.memberships);
  add(a.goals, b.goals);
}

void add(CampaignTally& a, const CampaignTally& b) {
  add(a.treated_by_entry, b.treated_by_entry);
  add(a.held_out_by_entry, b.held_out_by_entry);
  add(a.refused, b.refused);
  add(a.treated, b.treated);
  add(a.held_out, b.held_out);
  add(a.active, b.active);
  add(a.active_held_out, b.active_held_out);
  add(a.exits, b.exits);
  add(a.exits_held_out, b.exits_held_out);
  add(a.stay, b.stay);
  add(a.stages, b.stages);
  add(a.states, b.states);
  add(a.reactions, b.reactions);
  add(a.sends, b.sends);
  add(a.hand_offs, b.hand_offs);
  add(a.already_with_sales, b.already_with_sales);
  add(a.answered, b.answered);
  add(a.promises_missed, b.promises_missed);
  add(a.taken_back, b.taken_back);
  add(a.answers, b.answers);
  add(a.response, b.response);
  add(a.rules, b.rules);
  add(a.assigns, b.assigns);
  add(a.notifies, b.notifies);
  add(a.sets, b.sets);
  for (const auto& [place, action] : b.actions) {
    ActionTally& own = a.actions[place];
    own = {action.kind, action.what, own.count + action.count};
  }
  add(a.goals, b.goals);
  add(a.goals_held_out, b.goals_held_out);
  add(a.splits, b.splits);
}

template <typename T, std::size_t N>
void add(std::array<T, N>& a, const std::array<T, N>& b) {
  for (std::size_t i = 0; i < N; ++i) add(a[i], b[i]);
}

template <typename T>
void add(std::vector<T>& a, const std::vector<T>& b) {
  if (a.empty()) a.resize(b.size());
  NURTURE_CHECK(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) add(a[i], b[i]);
}

void add(WeekTally& a, const WeekTally& b) {
  add(a.sends, b.sends);
  add(a.hand_offs, b.hand_offs);
  add(a.calls, b.calls);
  add(a.tasks, b.tasks);
}

}  // namespace

std::int64_t sum_of_money(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

void PropertyTally::note(const Violation& violation) {
  const auto earlier = [](const Violation& a, const Violation& b) {
    return std::tie(a.at, a.lead) < std::tie(b.at, b.lead);
  };
  first.insert(std::upper_bound(first.begin(), first.end(), violation, earlier), violation);
  if (first.size() > kFirstViolations) first.pop_back();
}

void SendTally::merge(const SendTally& other) { add(*this, other); }

Tally::Tally(const bytecode::Module& module) {
  for (const bytecode::Campaign& campaign : module.campaigns) campaigns.push_back(empty_tally(campaign));
  properties.resize(module.properties.size());
}

void Tally::merge(const Tally& later) {
  add(campaigns, later.campaigns);
  for (const auto& [of, week] : later.weeks) add(weeks[of], week);
  add(leads, later.leads);
  add(leads_merged, later.leads_merged);
  add(leads_entered, later.leads_entered);
  add(leads_sent, later.leads_sent);
  add(accounts_entered, later.accounts_entered);
  if (later.busiest.sends > busiest.sends) busiest = later.busiest;
  add(holds_by_event, later.holds_by_event);
  add(holds_by_hand_off, later.holds_by_hand_off);
  add(holds_by_account, later.holds_by_account);
  add(with_sales_at_end, later.with_sales_at_end);
  add(holds_ended, later.holds_ended);
  add(hold_length, later.hold_length);
  for (const auto& [reaction, count] : later.reactions) reactions[reaction] += count;
  add(orphan_reactions, later.orphan_reactions);
  add(histories_cut, later.histories_cut);
  add(properties, later.properties);
  add(left_hanging, later.left_hanging);
}

}  // namespace nurture::outcome
