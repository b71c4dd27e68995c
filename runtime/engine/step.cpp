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
  const EventRef ref{store_.kind[event], event};
  step_.event = ref;
  remark(Remark::Kind::EventRead, nullptr, 0, ref.kind);
  const bytecode::EventKind& kind = module().schema.kinds[ref.kind];
  Replay* const merged = kind.merges_into == kNone ? nullptr : merged_by(event);
  if (merged != nullptr) unite(*merged);
  lead_.cursor = event + 1;
  at_hand(ref);
  if (options_.scores) count_scores(ref.kind);
  const bool watched = sensitive_ || volatile_ || asked_kinds_.has(static_cast<std::uint8_t>(ref.kind));
  if (merged == nullptr && lead_.campaigns.empty() && !watched && !program_.stirring.has(store_.kind[event])) {
    note_reaction(kind, ref);  // all that can come of it
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
  const auto code = static_cast<std::uint8_t>(event.kind);
  step_.changed |= asked_kinds_.has(code);
  if (program_.bare.has(code)) return offer_to_campaigns(event);
  const bytecode::EventKind& kind = module().schema.kinds[event.kind];
  step_.by_machine = kind.machine_property != kNone && event_cells_.at(kind.machine_property).truth();
  note_facts(event);
  claim_event();
  note_idle_silence();
  if (lead_.deployed) judge_goals();
  offer_to_campaigns(event);
}

/// To those that it may enter, and those in which the lead is and that hear it.
void Replay::offer_to_campaigns(EventRef event) {
  if (!lead_.deployed) return;
  const auto& enterable = program_.enterable[event.kind];
  auto next = enterable.begin();
  offered_.clear();
  for (std::uint16_t campaign : lead_.campaigns) {
    const bool hears = program_.campaigns[campaign].hears.has(static_cast<std::uint8_t>(event.kind));
    if (!hears || lead_.of_campaign[campaign].active == 0) continue;
    while (next != enterable.end() && *next < campaign) offered_.push_back(*next++);
    if (next != enterable.end() && *next == campaign) ++next;
    offered_.push_back(campaign);
  }
  offered_.insert(offered_.end(), next, enterable.end());
  for (std::uint16_t campaign : offered_) {
    if (ok()) offer(program_.campaigns[campaign]);
  }
}

void Replay::note_facts(EventRef event) {
  const bytecode::EventKind& kind = module().schema.kinds[event.kind];
  note_hold(kind, event);
  note_reaction(kind, event);
  if (!program_.never_on[event.kind].empty()) note_never(event.kind);  // which may ask what was sent
}

/// §7.3: a logged send enters the ledger; a reaction to what the ledger never sent is an orphan.
void Replay::note_reaction(const bytecode::EventKind& kind, EventRef event) {
  const Value named = kind.content_property == kNone ? Value{} : event_cells_.at(kind.content_property);
  const auto content = named.known ? program_.content_named.find(named.text()) : program_.content_named.end();
  const bool ours = content != program_.content_named.end();
  if (!own(event)) return;  // the ledger is that of the lead who did it
  if (kind.records_send) return note_logged_send(event, ours ? content->second : kNone);
  if (!ours) return;
  if (kind.actor == bytecode::Actor::Lead && lead_.ledger[content->second].times == 0) {
    outcome_of(Kind::OrphanReaction, 0).a = event.kind;
    put();
  }
}

/// `content` is kNone for what is not of this programme: it counts by the channel that its event names, `email.sent`.
void Replay::note_logged_send(EventRef event, std::uint16_t content) {
  if (content != kNone) {
    const bytecode::Content& row = module().contents[content];
    if (counts(row)) count_sending(nullptr, row.channel);
    claim_sent(content, row.channel);
    note_sent(content);
  } else {
    count_sending(nullptr, program_.channel_of_kind[event.kind]);
    claim_sent(kNone, program_.channel_of_kind[event.kind]);
  }
}

/// (3): re-asks if the hold ended in this step, then the first `when` that is due, until none.
void Replay::settle() {
  if (!lead_.deployed) return;
  step_.cause.kind = Cause::Kind::Settled;
  while (ok()) {
    if (step_.hold_ended) {
      step_.hold_ended = false;
      if (reask()) continue;
    }
    if (!step_.changed && !volatile_ && step_.now < turns_at_) return;
    if ((!program_.settles && requests_.empty()) || !fire_due()) return;
  }
}

/// In campaign order: who is taken out, the `when`s of memberships, the entries that turn true, who is enrolled.
bool Replay::fire_due() {
  if (program_.watches_goals) watch_goals();
  step_.look = ++looks_;
  if (!requests_.empty()) {
    return std::any_of(program_.campaigns.begin(), program_.campaigns.end(), [&](const CampaignPlan& plan) {
      return settle_request(plan.index, false) || fire_members(plan.index) || fire_idle(plan.index) ||
             settle_request(plan.index, true);
    });
  }
  return fire_waiting();
}

/// The same of the campaigns in which the lead is, and those that need no event to be entered, where nothing is
/// requested. The first that fires ends it: the lead may be in another one then.
bool Replay::fire_waiting() {
  auto inside = lead_.campaigns.begin();
  const auto end = lead_.campaigns.end();
  for (const std::uint16_t campaign : program_.idle_campaigns) {
    for (; inside != end && *inside <= campaign; ++inside) {
      if (fire_members(*inside)) return true;
    }
    if (fire_idle(campaign)) return true;
  }
  return std::any_of(inside, end, [&](std::uint16_t campaign) { return fire_members(campaign); });
}

bool Replay::fire_members(std::uint16_t campaign) {
  const Memberships& list = lead_.of_campaign[campaign];
  for (std::uint32_t at = list.active == 0 ? kNoMember : list.oldest; at != kNoMember; at = lead_.members[at].next) {
    Member& m = lead_.members[at];
    if (m.active && fire_due_of(m)) return true;
  }
  return false;
}

/// A `wait until c, at least D` does not look at c before D is over.
bool Replay::true_now(const Member& m, const Trigger& trigger) {
  if (trigger.ends_wait && (m.earliest_due || step_.now < m.earliest)) return false;
  return holds(plan_of(m), trigger.condition);
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
    if (!true_now(m, trigger)) {
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
    m.baseline = true_now(m, trigger) ? m.baseline | bit : m.baseline & ~bit;
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
