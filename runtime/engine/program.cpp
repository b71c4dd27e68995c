#include "runtime/engine/program.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "runtime/base/channels.h"
#include "runtime/engine/code_scan.h"

namespace nurture::engine {
namespace {

using bytecode::kNoCode;
using bytecode::kNone;
using bytecode::Module;
using bytecode::Pc;
using bytecode::Trigger;

void add_kinds(KindSet& set, const bytecode::EventMatch& match) {
  for (std::uint16_t kind : match.kinds) set.add(kind);
}

void add_kinds(KindSet& set, const std::vector<Trigger>& triggers) {
  for (const Trigger& trigger : triggers) {
    add_kinds(set, trigger.event);
    for (std::uint16_t kind : trigger.silence.kinds) set.add(kind);
  }
}

/// The `when`s among them; `asked` gets the kinds that they ask for.
WhenSet add_whens(CampaignPlan& plan, Program& program, const std::vector<Trigger>& triggers, KindSet& asked) {
  WhenSet set = 0;
  for (const Trigger& trigger : triggers) {
    if (trigger.condition == kNoCode) continue;
    set |= bit_of(trigger);
    const Reads reads = reads_of(program, trigger.condition);
    if (reads.clock) plan.reads_clock |= bit_of(trigger);
    if (reads.now) plan.reads_now |= bit_of(trigger);
    asked |= reads.kinds;
    program.asks_leads |= plan.runs && reads.leads;
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

/// Every silence, and the order of waits and silences in the source.
void order_timers(CampaignPlan& plan, const Module& module) {
  const bytecode::Campaign& code = *plan.code;
  plan.silences.resize(code.silences);
  plan.state_rank.resize(code.states.size());
  using Position = std::tuple<std::uint16_t, std::uint32_t, std::uint32_t, std::uint32_t*>;
  std::vector<Position> order;
  const auto place = [&](bytecode::PlaceIndex at, std::uint32_t& rank) {
    const bytecode::Place& p = module.places[at];
    order.emplace_back(p.file, p.line, p.column, &rank);
  };
  const auto add = [&](const std::vector<Trigger>& triggers, outcome::Reaction reaction) {
    for (std::size_t i = 0; i < triggers.size(); ++i) {
      if (triggers[i].silence_index == kNone) continue;
      SilencePlan& silence = plan.silences[triggers[i].silence_index];
      silence = {&triggers[i], reaction, i, 0};
      place(triggers[i].place, silence.rank);
    }
  };
  add(code.exits, outcome::Reaction::CampaignExit);
  add(code.triggers, outcome::Reaction::CampaignTrigger);
  for (const auto& stage : code.stages) add(stage.triggers, outcome::Reaction::StageTrigger);
  for (std::size_t i = 0; i < code.states.size(); ++i) {
    add(code.states[i].handlers, outcome::Reaction::Handler);
    place(code.states[i].place, plan.state_rank[i]);
  }
  std::stable_sort(order.begin(), order.end(), [](const Position& a, const Position& b) {
    return std::tie(std::get<0>(a), std::get<1>(a), std::get<2>(a)) <
           std::tie(std::get<0>(b), std::get<1>(b), std::get<2>(b));
  });
  for (std::size_t i = 0; i < order.size(); ++i) *std::get<3>(order[i]) = static_cast<std::uint32_t>(i);
}

/// Entries without an event, and what has to be watched for them.
void add_idle(Program& program, const CampaignPlan& plan) {
  const Module& module = *program.module;
  const auto watch = [&](Pc condition) {
    const Reads reads = reads_of(program, condition);
    program.idle_reads.clock |= reads.clock;
    program.idle_reads.now |= reads.now;
    program.idle_reads.kinds |= reads.kinds;
    program.asks_leads |= reads.leads;
  };
  for (const auto& goal : plan.code->goals) watch(goal.condition);
  for (std::uint16_t i = 0; i < plan.code->entries.size(); ++i) {
    const bytecode::Entry& entry = plan.code->entries[i];
    if (entry.form == bytecode::EntryForm::On) continue;
    IdleEntry idle{&entry, plan.index, i, nullptr, {}};
    if (entry.zone != kNone) idle.zone = calendar::find_zone(module.strings[entry.zone]);
    for (Pc pc : {entry.target, entry.instant}) {
      for (std::uint16_t attribute : attributes_of(module, pc)) idle.follows.push_back(attribute);
    }
    watch(entry.when);
    for (std::uint16_t kind : entry.silence.kinds) program.stirring.add(kind);
    const bool schedule = entry.form == bytecode::EntryForm::Every || entry.form == bytecode::EntryForm::Once;
    program.idle_sensitive |= entry.form == bytecode::EntryForm::When || !idle.follows.empty() || schedule;
    program.idle_entries.push_back(std::move(idle));
  }
}

void collect_kinds(CampaignPlan& plan) {
  for (const auto& entry : plan.code->entries) add_kinds(plan.entries, entry.event);
  for (const auto& goal : plan.code->goals) {
    add_kinds(plan.goals, goal.event);
    plan.watches_goals |= goal.condition != kNoCode;
  }
  add_kinds(plan.always, plan.code->exits);
  add_kinds(plan.always, plan.code->triggers);
  plan.in_stage.resize(plan.code->stages.size());
  plan.in_state.resize(plan.code->states.size());
  for (std::size_t i = 0; i < plan.in_stage.size(); ++i) add_kinds(plan.in_stage[i], plan.code->stages[i].triggers);
  for (std::size_t i = 0; i < plan.in_state.size(); ++i) add_kinds(plan.in_state[i], plan.code->states[i].handlers);
}

void collect_whens(CampaignPlan& plan, Program& program) {
  plan.campaign_whens = add_whens(plan, program, plan.code->exits, plan.when_always) |
                        add_whens(plan, program, plan.code->triggers, plan.when_always);
  for (const auto& stage : plan.code->stages) {
    plan.stage_whens.push_back(add_whens(plan, program, stage.triggers, plan.when_in_stage.emplace_back()));
  }
  for (const auto& state : plan.code->states) {
    plan.state_whens.push_back(add_whens(plan, program, state.handlers, plan.when_in_state.emplace_back()));
    plan.recomputes |= state.recompute != kNoCode;
    plan.follows.push_back(attributes_of(*program.module, state.recompute));
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
  plan.runs =
      executes(*program.module, program.options->campaigns, index) && plan.code->for_account == program.of_accounts;
  plan.first_split = program.splits;
  program.splits += static_cast<std::uint32_t>(plan.code->splits.size());
  plan.held_out_reason = find_reason(*program.module, *plan.code, "held_out");
  plan.rules = program.everywhere;
  plan.rules.insert(plan.rules.end(), plan.code->rules.begin(), plan.code->rules.end());
  order_sends(plan, *program.module);
  order_timers(plan, *program.module);
  number_detached(plan);
  collect_kinds(plan);
  collect_whens(plan, program);
  add_own_sends(program, plan, plan.code->triggers);
  for (const auto& stage : plan.code->stages) add_own_sends(program, plan, stage.triggers);
  for (const auto& state : plan.code->states) add_own_sends(program, plan, state.handlers);
  return plan;
}

bool has_whens(const CampaignPlan& plan) {
  const auto any = [](WhenSet set) { return set != 0; };
  return plan.campaign_whens != 0 || std::any_of(plan.stage_whens.begin(), plan.stage_whens.end(), any) ||
         std::any_of(plan.state_whens.begin(), plan.state_whens.end(), any);
}

void collect_listeners(Program& program) {
  const std::size_t kinds = program.module->schema.kinds.size();
  program.enterable.resize(kinds);
  program.goal_keepers.resize(kinds);
  for (CampaignPlan& plan : program.campaigns) {
    if (!plan.runs) continue;
    plan.first_idle = program.idle_entries.size();
    add_idle(program, plan);
    plan.end_idle = program.idle_entries.size();
    if (plan.first_idle != plan.end_idle) program.idle_campaigns.push_back(plan.index);
    program.hands_off |= !plan.code->hand_offs.empty();
    program.reads_clock |= plan.reads_clock != 0 || program.idle_reads.clock;
    program.watches_goals |= plan.watches_goals;
    program.settles |=
        has_whens(plan) || plan.watches_goals || plan.code->while_with_sales == bytecode::WhileWithSales::Leave;
    program.stirring |= plan.entries;
    plan.hears = plan.always;
    plan.hears |= plan.goals;  // `then exit`
    for (const KindSet& set : plan.in_stage) plan.hears |= set;
    for (const KindSet& set : plan.in_state) plan.hears |= set;
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      if (plan.entries.has(static_cast<std::uint8_t>(kind))) program.enterable[kind].push_back(plan.index);
      if (plan.goals.has(static_cast<std::uint8_t>(kind))) program.goal_keepers[kind].push_back(plan.index);
    }
  }
}

/// Whether the zone in which a logged send is read matters later, so that its step must know it.
bool sends_are_counted(const Module& module) {
  const auto limits = [](const bytecode::Rule& rule) { return rule.kind == bytecode::RuleKind::Limit; };
  const auto repeats = [](const bytecode::Stream& stream) { return stream.again_after != kNone; };
  return std::any_of(module.rules.begin(), module.rules.end(), limits) ||
         std::any_of(module.streams.begin(), module.streams.end(), repeats);
}

/// Kinds that change what is known of a lead whether or not it is in a campaign.
void collect_facts(Program& program) {
  const auto& kinds = program.module->schema.kinds;
  const bool counted = sends_are_counted(*program.module);
  for (std::uint16_t kind = 0; kind < kinds.size(); ++kind) {
    const auto& row = kinds[kind];
    const bool reaction = row.actor == bytecode::Actor::Lead && row.content_property != kNone;
    if (row.records_send || reaction) program.idle.add(kind);
    if (row.starts_sales_hold || row.ends_sales_hold || row.answers_hand_off) program.stirring.add(kind);
    if (row.records_send && counted) program.stirring.add(kind);
    if (program.module->strings[row.name] == "handoff.late") program.late_kind = kind;
  }
}

/// The kind of event that a send of this content is: declared `records send`, and named after its channel ("sms.sent");
/// if there is none, the first that is named after no channel.
std::uint16_t recording_kind(const Module& module, const bytecode::Content& content) {
  std::uint16_t of_any = kNone;
  for (std::uint16_t kind = 0; kind < module.schema.kinds.size(); ++kind) {
    if (!module.schema.kinds[kind].records_send) continue;
    std::string_view name = module.strings[module.schema.kinds[kind].name];
    name = name.substr(0, name.find('.'));
    if (name == module.strings[content.channel]) return kind;
    if (of_any == kNone && !is_channel(name)) of_any = kind;
  }
  return of_any;
}

/// What questions about the past, and scores, are about.
void collect_past(Program& program) {
  const Module& module = *program.module;
  for (const bytecode::HistorySite& site : module.histories) {
    KindSet& kinds = program.history_kinds.emplace_back();
    for (const bytecode::AskedEvent& asked : site.events) add_kinds(kinds, asked.event);
  }
  for (const bytecode::Score& score : module.scores) {
    KindSet& kinds = program.score_kinds.emplace_back();
    for (const bytecode::ScoreRow& row : score.rows) add_kinds(kinds, row.event);
    program.first_grants.push_back(program.grants);
    program.grants += static_cast<std::uint32_t>(score.rows.size());
    if (program.options->scores) program.idle |= kinds;
  }
  for (std::uint16_t kind = 0; kind < module.schema.kinds.size(); ++kind) {
    if (module.schema.kinds[kind].records_send) program.send_kinds.add(kind);
  }
  for (const bytecode::Content& content : module.contents)
    program.recorded_as.push_back(recording_kind(module, content));
}

/// A logged send of something foreign is of the channel that its event is named by.
void collect_channels(Program& program) {
  const Module& module = *program.module;
  for (const bytecode::EventKind& kind : module.schema.kinds) {
    const std::string& name = module.strings[kind.name];
    const auto found = std::find(module.strings.begin(), module.strings.end(), name.substr(0, name.find('.')));
    program.channel_of_kind.push_back(
        found == module.strings.end() ? kNone : static_cast<bytecode::StringIndex>(found - module.strings.begin()));
  }
}

/// Whether it is the same later which of these events a rule speaks of: it looks at nothing but the event.
bool same_later(const Program& program, const std::vector<bytecode::EventMatch>& events) {
  return std::all_of(events.begin(), events.end(), [&](const bytecode::EventMatch& match) {
    return match.where == kNoCode || bounds_of(*program.bound, match.where).kind != kNone;
  });
}

/// Events that only begin or end a `never` are not worth a step each: few of them lie right before a send. They are
/// where the past is more than the lead's own log, and where every event is told of.
void collect_never(Program& program, bool log_only) {
  const auto& rules = program.module->rules;
  program.never_on.resize(program.module->schema.kinds.size());
  program.looked_back.resize(rules.size());
  for (std::uint16_t index = 0; index < rules.size(); ++index) {
    const bool later = log_only && same_later(program, rules[index].after) && same_later(program, rules[index].until);
    if (later) program.looked_back[index].emplace();
    for (const auto* list : {&rules[index].after, &rules[index].until}) {
      for (const bytecode::EventMatch& match : *list) {
        if (later) {
          add_kinds(*program.looked_back[index], match);
          continue;
        }
        add_kinds(program.stirring, match);
        for (std::uint16_t kind : match.kinds) {
          auto& on = program.never_on[kind];
          if (on.empty() || on.back() != index) on.push_back(index);
        }
      }
    }
  }
}

/// Properties are looked after for leads who never enter anything as well.
void collect_claims(Program& program) {
  for (const bytecode::Property& property : program.module->properties) {
    add_kinds(program.claimed_kinds, property.act.event);
    for (const bytecode::EventMatch& match : property.after) add_kinds(program.claimed_kinds, match);
    for (const bytecode::EventMatch& match : property.until) add_kinds(program.claimed_kinds, match);
  }
  program.stirring |= program.claimed_kinds;
}

/// Kinds of which nothing is to be noted before the campaigns look at them.
void collect_bare(Program& program) {
  const auto& kinds = program.module->schema.kinds;
  for (std::uint16_t kind = 0; kind < kinds.size(); ++kind) {
    const auto code = static_cast<std::uint8_t>(kind);
    const bytecode::EventKind& row = kinds[kind];
    const bool facts = row.starts_sales_hold || row.ends_sales_hold || row.answers_hand_off || row.records_send;
    const bool noted = facts || row.content_property != kNone || row.machine_property != kNone ||
                       !program.never_on[kind].empty() || program.claimed_kinds.has(code) ||
                       !program.goal_keepers[kind].empty();
    if (!noted && program.idle_entries.empty()) program.bare.add(kind);
  }
}

void collect_watched(Program& program) {
  for (CampaignPlan& plan : program.campaigns) {
    for (std::size_t i = 0; i < plan.in_state.size(); ++i) {
      KindSet& all = plan.watched.emplace_back(program.idle);
      all |= plan.goals;
      all |= plan.always;
      all |= plan.in_stage[plan.code->states[i].stage];
      all |= plan.in_state[i];
    }
  }
}

}  // namespace

Program prepare(const vm::BoundModule& bound, const store::Store& store, const RunOptions& options, bool of_accounts) {
  Program program;
  program.of_accounts = of_accounts;
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
  if (program.module->history_max != 0) program.history_max = program.module->history_max;
  collect_past(program);
  if (options.assumed) {
    const Assumption& assumed = *options.assumed;
    program.assumed = plan_scenario(bound, program.module->scenarios[assumed.scenario], assumed.seed, assumed.run);
  }
  for (std::uint16_t i = 0; i < program.module->rules.size(); ++i) {
    if (program.module->rules[i].everywhere) program.everywhere.push_back(i);
  }
  for (std::uint16_t i = 0; i < program.module->campaigns.size(); ++i) {
    program.campaigns.push_back(plan_campaign(program, i));
  }
  collect_listeners(program);
  collect_facts(program);
  collect_never(program, !store.linked() && !options.assumed && options.tracer == nullptr);
  collect_claims(program);
  collect_channels(program);
  for (std::uint32_t i = 0; program.module->schema.lead_account != kNone && i < store.accounts.size(); ++i) {
    program.account_named[store.accounts[i]] = i;
  }
  for (std::uint16_t kind = 0; kind < program.module->schema.kinds.size(); ++kind) {
    if (program.module->schema.kinds[kind].merges_into != kNone) program.idle.add(kind);
  }
  program.idle |= program.stirring;
  if (options.tracer != nullptr) program.idle.add_all();  // every event is part of the lead's story
  collect_watched(program);
  collect_bare(program);
  program.settles |= !program.idle_entries.empty();
  program.passes_over = program.idle_entries.empty() && !options.deployed_at && options.tracer == nullptr;
  const std::vector<VectorLevel> levels = vector_levels();
  program.find_kind = levels[std::min(options.vectors, levels.size() - 1)].find;
  return program;
}

bool executes(const Module& module, const std::vector<std::uint16_t>& campaigns, std::uint16_t campaign) {
  if (campaigns.empty()) return module.campaigns[campaign].running.status == bytecode::CampaignStatus::Live;
  return std::find(campaigns.begin(), campaigns.end(), campaign) != campaigns.end();
}

}  // namespace nurture::engine
