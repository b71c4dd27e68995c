// Which campaigns have a flat form, and what their moves are made upon.
#include "runtime/engine/flat.h"

#include <algorithm>

#include "runtime/engine/code_scan.h"

namespace nurture::engine {
namespace {

using bytecode::kNoCode;
using bytecode::kNone;
using bytecode::Module;
using bytecode::Pc;
using vm::PlainBody;

/// Of a run up to kFar no wait of this length leaves the calendar.
constexpr std::int64_t kLong = 366'000 * kDay;

/// A length of time that is over later than it begins, whenever that is.
bool takes_time(Duration d) {
  return d.months >= 0 && d.days >= 0 && d.micros >= 0 && d.nominal() > 0 && d.nominal() < kLong;
}

class Judge {
 public:
  explicit Judge(const Program& program) : program_(program), module_(*program.module) {}

  bool flat(const CampaignPlan& plan) const {
    const bytecode::Campaign& code = *plan.code;
    const bool of_its_own = code.key.name == kNone && code.holdout == 0 && code.exclusive_group == kNone &&
                            code.active_from == kNone && code.active_until == kNone && plan.silences.empty() &&
                            code.goals.empty() && plan.detached_site.empty() && !plan.recomputes;
    return of_its_own && looks_no_further(code.audience) && looks_no_further(code.exclude) && plain(code.on_exit) &&
           spans(code) && entries(code) && reactions(code.exits) && reactions(code.triggers) && stages(code) &&
           states(code);
  }

 private:
  bool spans(const bytecode::Campaign& code) const {
    if (code.lasts_at_most != kNone && !takes_time(program_.duration(code.lasts_at_most))) return false;
    return code.reenter != bytecode::Reenter::After || takes_time(program_.duration(code.reenter_after));
  }
  bool entries(const bytecode::Campaign& code) const {
    return std::all_of(code.entries.begin(), code.entries.end(), [&](const bytecode::Entry& entry) {
      return looks_no_further(entry.event.where) && looks_no_further(entry.condition);
    });
  }
  bool stages(const bytecode::Campaign& code) const {
    return std::all_of(code.stages.begin(), code.stages.end(),
                       [&](const bytecode::Stage& stage) { return plain(stage.body) && reactions(stage.triggers); });
  }
  bool states(const bytecode::Campaign& code) const {
    return std::all_of(code.states.begin(), code.states.end(), [&](const bytecode::State& state) {
      const bool waits = state.kind == bytecode::StateKind::Wait || state.kind == bytecode::StateKind::Stay;
      return waits && state.earliest == kNoCode && plain(state.on_timer) && plain(state.on_move_on) &&
             reactions(state.handlers);
    });
  }
  bool reactions(const std::vector<bytecode::Trigger>& triggers) const {
    return std::all_of(triggers.begin(), triggers.end(), [&](const bytecode::Trigger& trigger) {
      return plain(trigger.body) && looks_no_further(trigger.event.where);
    });
  }
  bool plain(Pc body) const {
    if (body == kNoCode) return true;
    const PlainBody& found = program_.bound->plain[program_.bound->plain_at[body]];
    return found.form != PlainBody::Form::None && (found.form != PlainBody::Form::Wait || takes_time(found.length));
  }
  bool looks_no_further(Pc expression) const { return expression == kNoCode || of_event_and_lead(module_, expression); }

  const Program& program_;
  const Module& module_;
};

/// Nothing is asked for that only shows in a step, and nothing goes on beside the campaigns.
bool asks_no_more(const Program& program, const store::Store& store, Instant horizon) {
  const RunOptions& options = *program.options;
  return program.passes_over && !program.settles && program.module->properties.empty() && options.leads.empty() &&
         options.passage == nullptr && !options.on_sent && !options.scores && !options.draws.holdout &&
         !store.linked() && !store.leads.empty() && horizon < kFar;
}

/// Kinds that begin and end a hold, enter the ledger or react to it, or say that two leads are one.
KindSet facts_of(const Module& module) {
  KindSet facts;
  for (std::uint16_t kind = 0; kind < module.schema.kinds.size(); ++kind) {
    const bytecode::EventKind& row = module.schema.kinds[kind];
    const bool reaction = row.actor == bytecode::Actor::Lead && row.content_property != kNone;
    const bool hold = row.starts_sales_hold || row.ends_sales_hold || row.answers_hand_off;
    if (hold || reaction || row.records_send || row.merges_into != kNone) facts.add(kind);
  }
  return facts;
}

}  // namespace

std::optional<Flat> flatten(const Program& program, const store::Store& store, Instant horizon) {
  if (!asks_no_more(program, store, horizon)) return std::nullopt;
  const Judge judge(program);
  Flat flat;
  const std::vector<VectorLevel> levels = vector_levels();
  const VectorLevel& level = levels[std::min(program.options->vectors, levels.size() - 1)];
  flat.find_kinds = level.find_all;
  flat.look_ahead = level.look_ahead;
  flat.facts = facts_of(*program.module);
  flat.campaigns.resize(program.campaigns.size());
  for (const CampaignPlan& plan : program.campaigns) {
    if (!plan.runs) continue;
    if (!judge.flat(plan)) return std::nullopt;
    flat.campaigns[plan.index].plan = &plan;
    flat.entering |= plan.entries;
  }
  if (!learn(program, store, flat)) return std::nullopt;
  return flat;
}

}  // namespace nurture::engine
