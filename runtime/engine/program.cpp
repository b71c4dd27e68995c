#include "runtime/engine/program.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "runtime/engine/code_scan.h"

namespace nurture::engine {
namespace {

using bytecode::kNoCode;
using bytecode::kNone;
using bytecode::Module;
using bytecode::Trigger;

void add_kinds(KindSet& set, const bytecode::EventMatch& match) {
  for (std::uint16_t kind : match.kinds) set.add(kind);
}

void add_kinds(KindSet& set, const std::vector<Trigger>& triggers) {
  for (const Trigger& trigger : triggers) add_kinds(set, trigger.event);
}

WhenSet add_whens(CampaignPlan& plan, const Module& module, const std::vector<Trigger>& triggers) {
  WhenSet set = 0;
  for (const Trigger& trigger : triggers) {
    if (trigger.condition == kNoCode) continue;
    set |= bit_of(trigger);
    const Reads reads = reads_of(module, trigger.condition);
    if (reads.today) plan.reads_today |= bit_of(trigger);
    if (reads.now) plan.reads_now |= bit_of(trigger);
  }
  return set;
}

void add_own_sends(Program& program, const CampaignPlan& plan, const std::vector<Trigger>& triggers) {
  for (const Trigger& trigger : triggers) {
    if (trigger.body == kNoCode) continue;
    std::vector<std::uint16_t> slots;
    for (std::uint16_t site : sends_of(*program.module, *plan.code, trigger.body)) {
      if (plan.detached_slot[site] != kNone) slots.push_back(plan.detached_slot[site]);
    }
    if (!slots.empty()) program.own_sends[&trigger] = std::move(slots);
  }
}

/// Code is not always written in the order of its source: an `else` of a detached send comes after the stage's body.
void order_sends(CampaignPlan& plan, const Module& module) {
  const auto position = [&](std::uint16_t site) {
    const bytecode::Place& place = module.places[plan.code->sends[site].place];
    return std::tuple(place.file, place.line, place.column);
  };
  plan.sends_in_order.resize(plan.code->sends.size());
  std::iota(plan.sends_in_order.begin(), plan.sends_in_order.end(), std::uint16_t{0});
  std::stable_sort(plan.sends_in_order.begin(), plan.sends_in_order.end(),
                   [&](std::uint16_t a, std::uint16_t b) { return position(a) < position(b); });
  plan.send_rank.resize(plan.sends_in_order.size());
  for (std::uint16_t rank = 0; rank < plan.send_rank.size(); ++rank) plan.send_rank[plan.sends_in_order[rank]] = rank;
}

void number_detached(CampaignPlan& plan) {
  plan.detached_slot.assign(plan.code->sends.size(), kNone);
  for (std::uint16_t site : plan.sends_in_order) {
    if (!plan.code->sends[site].detached) continue;
    plan.detached_slot[site] = static_cast<std::uint16_t>(plan.detached_site.size());
    plan.detached_site.push_back(site);
  }
}

void collect_kinds(CampaignPlan& plan) {
  for (const auto& entry : plan.code->entries) add_kinds(plan.entries, entry.event);
  for (const auto& goal : plan.code->goals) add_kinds(plan.goals, goal.event);
  add_kinds(plan.always, plan.code->exits);
  add_kinds(plan.always, plan.code->triggers);
  plan.in_stage.resize(plan.code->stages.size());
  plan.in_state.resize(plan.code->states.size());
  for (std::size_t i = 0; i < plan.in_stage.size(); ++i) add_kinds(plan.in_stage[i], plan.code->stages[i].triggers);
  for (std::size_t i = 0; i < plan.in_state.size(); ++i) add_kinds(plan.in_state[i], plan.code->states[i].handlers);
}

void collect_whens(CampaignPlan& plan, const Module& module) {
  plan.campaign_whens = add_whens(plan, module, plan.code->exits) | add_whens(plan, module, plan.code->triggers);
  for (const auto& stage : plan.code->stages) plan.stage_whens.push_back(add_whens(plan, module, stage.triggers));
  for (const auto& state : plan.code->states) {
    plan.state_whens.push_back(add_whens(plan, module, state.handlers));
    plan.recomputes |= state.recompute != kNoCode;
    plan.follows.push_back(attributes_of(module, state.recompute));
  }
}

std::uint16_t find_reason(const Module& module, const bytecode::Campaign& campaign, std::string_view name) {
  for (std::size_t i = 0; i < campaign.reasons.size(); ++i) {
    if (module.strings[campaign.reasons[i]] == name) return static_cast<std::uint16_t>(i);
  }
  return kNone;
}

CampaignPlan plan_campaign(Program& program, std::uint16_t index) {
  CampaignPlan plan;
  plan.code = &program.module->campaigns[index];
  plan.index = index;
  const auto& wanted = program.options->campaigns;
  plan.runs = wanted.empty() || std::find(wanted.begin(), wanted.end(), index) != wanted.end();
  plan.first_split = program.splits;
  program.splits += static_cast<std::uint32_t>(plan.code->splits.size());
  plan.held_out_reason = find_reason(*program.module, *plan.code, "held_out");
  order_sends(plan, *program.module);
  number_detached(plan);
  collect_kinds(plan);
  collect_whens(plan, *program.module);
  add_own_sends(program, plan, plan.code->triggers);
  for (const auto& stage : plan.code->stages) add_own_sends(program, plan, stage.triggers);
  for (const auto& state : plan.code->states) add_own_sends(program, plan, state.handlers);
  return plan;
}

void collect_listeners(Program& program) {
  const std::size_t kinds = program.module->schema.kinds.size();
  program.listeners.resize(kinds);
  program.goal_keepers.resize(kinds);
  for (const CampaignPlan& plan : program.campaigns) {
    if (!plan.runs) continue;
    program.stirring |= plan.entries;
    KindSet any = plan.entries;
    any |= plan.always;
    any |= plan.goals;  // `then exit`
    for (const KindSet& set : plan.in_stage) any |= set;
    for (const KindSet& set : plan.in_state) any |= set;
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      if (any.has(static_cast<std::uint8_t>(kind))) program.listeners[kind].push_back(plan.index);
      if (plan.goals.has(static_cast<std::uint8_t>(kind))) program.goal_keepers[kind].push_back(plan.index);
    }
  }
}

/// Kinds that change what is known of a lead whether or not it is in a campaign.
void collect_facts(Program& program) {
  const auto& kinds = program.module->schema.kinds;
  for (std::uint16_t kind = 0; kind < kinds.size(); ++kind) {
    const auto& row = kinds[kind];
    const bool reaction = row.actor == bytecode::Actor::Lead && row.content_property != kNone;
    if (row.records_send || reaction) program.idle.add(kind);
    if (row.starts_sales_hold || row.ends_sales_hold || row.answers_hand_off) program.stirring.add(kind);
    if (program.module->strings[row.name] == "handoff.late") program.late_kind = kind;
  }
}

}  // namespace

Program prepare(const vm::BoundModule& bound, const RunOptions& options) {
  Program program;
  program.bound = &bound;
  program.module = bound.module;
  program.options = &options;
  const calendar::Zone* zone = calendar::find_zone(program.module->strings[program.module->timezone]);
  program.zone = zone != nullptr ? zone : calendar::utc();
  program.hold_max = Duration{0, 30, 0};
  if (program.module->sales_hold_max != kNone) program.hold_max = program.duration(program.module->sales_hold_max);
  for (std::uint16_t i = 0; i < program.module->contents.size(); ++i) {
    program.content_named[bound.strings[program.module->contents[i].name]] = i;
  }
  for (std::uint16_t i = 0; i < program.module->campaigns.size(); ++i) {
    program.campaigns.push_back(plan_campaign(program, i));
  }
  collect_listeners(program);
  collect_facts(program);
  program.idle |= program.stirring;
  if (options.tracer != nullptr) program.idle.add_all();  // every event is part of the lead's story
  return program;
}

}  // namespace nurture::engine
