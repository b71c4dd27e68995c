// Steps by events, and settling (§5.2, §5.4).
#include <algorithm>

#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::kNoCode;
using bytecode::kNone;
using bytecode::Trigger;
using outcome::Cause;
using outcome::Remark;

void Replay::event_step(store::EventIndex event) {
  begin_step(store_.at[event], Cause{Cause::Kind::Event, event});
  lead_.cursor = event + 1;
  const EventRef ref{store_.kind[event], event};
  step_.event = ref;
  at_hand(ref);
  remark(Remark::Kind::EventRead, nullptr, 0, ref.kind);
  if (options_.scores) count_scores(ref.kind);
  if (lead_.campaigns.empty() && !program_.stirring.has(store_.kind[event])) {
    note_reaction(module().schema.kinds[ref.kind], ref);  // all that can come of it
    return;
  }
  if (!lead_.loaded) load_attributes();
  apply_changes(event + 1);
  offer_event(ref);
  settle();
  end_step();
}

/// (1) what the event changes, and goals; (2) campaigns in order.
void Replay::offer_event(EventRef event) {
  const bytecode::EventKind& kind = module().schema.kinds[event.kind];
  step_.changed |= asked_kinds_.has(static_cast<std::uint8_t>(event.kind));
  step_.by_machine = kind.machine_property != kNone && event_cells_.at(kind.machine_property).truth();
  note_facts(event);
  judge_goals();
  for (std::uint16_t campaign : program_.listeners[event.kind]) {
    if (ok()) offer(program_.campaigns[campaign]);
  }
}

void Replay::note_facts(EventRef event) {
  const bytecode::EventKind& kind = module().schema.kinds[event.kind];
  note_hold(kind, event);
  note_reaction(kind, event);
}

/// §7.3: a logged send enters the ledger; a reaction to what the ledger never sent is an orphan.
void Replay::note_reaction(const bytecode::EventKind& kind, EventRef event) {
  if (kind.content_property == kNone) return;
  const Value named = event_cells_.at(kind.content_property);
  if (!named.known) return;
  const auto content = program_.content_named.find(named.text());
  if (content == program_.content_named.end()) return;
  LedgerRow& row = lead_.ledger[content->second];
  if (kind.records_send) {
    if (row.times++ == 0) lead_.in_ledger.push_back(content->second);
    row.last = step_.now;
  } else if (kind.actor == bytecode::Actor::Lead && row.times == 0) {
    outcome_of(Kind::OrphanReaction, 0).a = event.kind;
    put();
  }
}

/// (3): re-asks if the hold ended in this step, then the first `when` that is due, until none.
void Replay::settle() {
  step_.cause.kind = Cause::Kind::Settled;
  while (ok()) {
    if (step_.hold_ended) {
      step_.hold_ended = false;
      if (reask()) continue;
    }
    if (!step_.changed && !volatile_ && step_.now < turns_at_) return;
    if (!fire_due()) return;
  }
}

bool Replay::fire_due() {
  for (std::uint16_t campaign : lead_.campaigns) {
    const Memberships& list = lead_.of_campaign[campaign];
    for (std::uint32_t at = list.active == 0 ? kNoMember : list.oldest; at != kNoMember; at = lead_.members[at].next) {
      Member& m = lead_.members[at];
      if (m.active && fire_due_of(m)) return true;
    }
  }
  return false;
}

bool Replay::fire_due_of(Member& m) {
  const bytecode::Campaign& code = *plan_of(m).code;
  focus(m);
  at_hand(EventRef{});
  if (fire_due_in(m, Reaction::CampaignExit, code.exits)) return true;
  if (code.while_with_sales == bytecode::WhileWithSales::Leave && lead_.hold.held) {
    exit(m, code.with_sales_reason, static_cast<std::int64_t>(outcome::WaitEnd::Left), code.place);
    return true;
  }
  if (m.held_out || m.armed == 0) return false;
  if (m.state != kNone && fire_due_in(m, Reaction::Handler, code.states[m.state].handlers)) return true;
  if (m.stage != kNone && fire_due_in(m, Reaction::StageTrigger, code.stages[m.stage].triggers)) return true;
  return fire_due_in(m, Reaction::CampaignTrigger, code.triggers);
}

bool Replay::fire_due_in(Member& m, Reaction reaction, const std::vector<Trigger>& triggers) {
  const WhenSet spent = m.fired_in == step_.id ? m.fired : 0;
  const WhenSet waiting = m.armed & ~m.baseline & ~spent;
  for (std::size_t i = 0; waiting != 0 && i < triggers.size(); ++i) {
    const Trigger& trigger = triggers[i];
    if (trigger.condition == kNoCode || (waiting & bit_of(trigger)) == 0) continue;
    if (!holds(plan_of(m), trigger.condition)) {
      remark(Remark::Kind::ConditionFalse, &m, trigger.place, trigger.when_index);
      continue;
    }
    remark(Remark::Kind::SettledTrue, &m, trigger.place, trigger.when_index);
    fire(m, reaction, i, trigger);
    drive(m);
    return true;
  }
  return false;
}

/// Values at the end of the step. What settling just found false and unfired is false already.
void Replay::rebase(Member& m) {
  const bytecode::Campaign& code = *plan_of(m).code;
  focus(m);
  at_hand(EventRef{});
  rebase(m, code.exits);
  if (m.held_out) return;
  if (m.state != kNone) rebase(m, code.states[m.state].handlers);
  if (m.stage != kNone) rebase(m, code.stages[m.stage].triggers);
  rebase(m, code.triggers);
}

void Replay::rebase(Member& m, const std::vector<Trigger>& triggers) {
  for (const Trigger& trigger : triggers) {
    if (trigger.condition == kNoCode || (m.armed & bit_of(trigger)) == 0) continue;
    const WhenSet bit = bit_of(trigger);
    const bool fired = m.fired_in == step_.id && (m.fired & bit) != 0;
    if ((m.baseline & bit) == 0 && !fired) continue;
    m.baseline = holds(plan_of(m), trigger.condition) ? m.baseline | bit : m.baseline & ~bit;
  }
}

/// §6.2: a wait for a lead or account date follows it; past or unknown, it is due now.
void Replay::recompute(Member& m) {
  if (m.state == kNone) return;
  const bytecode::State& state = plan_of(m).code->states[m.state];
  if (state.recompute == kNoCode) return;
  const std::vector<std::uint16_t>& follows = plan_of(m).follows[m.state];
  const auto changed = [&](std::uint16_t attribute) {
    return std::find(changed_attributes_.begin(), changed_attributes_.end(), attribute) != changed_attributes_.end();
  };
  if (std::none_of(follows.begin(), follows.end(), changed)) return;
  focus(m);
  const Value target = vm::evaluate(frame_, plan_of(m).code, state.recompute);
  m.hurried = !target.known || target.bits <= step_.now;
  m.deadline = m.hurried ? step_.now : target.bits;
}

}  // namespace nurture::engine
