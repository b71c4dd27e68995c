// Who reacts to an event, and what follows (§5.1, §5.3).
#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::kNoCode;
using bytecode::kNone;
using bytecode::Trigger;
using outcome::Remark;
using outcome::WaitEnd;
using EndKind = vm::End::Kind;

/// A campaign with an active membership is offered the event, one without tests its entries, never both. With a key: an
/// event that carries it concerns that membership; one that does not, or whose key is unknown, goes to all.
void Replay::offer(const CampaignPlan& plan) {
  at_hand(step_.event);
  const bytecode::MembershipKey& key = plan.code->key;
  const Value of_event = key_of_event(plan);
  if (key.name != kNone && !of_event.known && lead_.of_campaign[plan.index].active > 0) {
    for (std::uint32_t at = lead_.of_campaign[plan.index].oldest; ok() && at != kNoMember;
         at = lead_.members[at].next) {
      if (lead_.members[at].active) react(lead_.members[at]);
    }
    return;
  }
  Member* m = key.name == kNone || of_event.known ? find_member(plan, of_event, false) : nullptr;
  if (m == nullptr || !m->active) return test_entries(plan, of_event);
  if (options_.tracer != nullptr && plan.entries.has(static_cast<std::uint8_t>(step_.event.kind))) {
    remark(Remark::Kind::AlreadyInside, m, plan.code->place);
  }
  react(*m);
}

/// Unknown without a key, or where the kind does not declare it.
Value Replay::key_of_event(const CampaignPlan& plan) const {
  const bytecode::MembershipKey& key = plan.code->key;
  const std::uint16_t property = key.name == kNone ? kNone : key.property_of[step_.event.kind];
  return property == kNone ? Value{} : event_cells_.at(property);
}

void Replay::react(Member& m) {
  const bytecode::Campaign& code = *plan_of(m).code;
  note_silences(m);
  if (m.goal_exit_in == step_.id && m.goal_exit != kNone) {
    const bytecode::Goal& goal = code.goals[m.goal_exit];
    record(Kind::TriggerFired, m, goal.place, static_cast<std::int64_t>(Reaction::GoalExit), m.goal_exit);
    exit(m, goal.exit_reason, static_cast<std::int64_t>(WaitEnd::Left), goal.place);
    return;
  }
  focus(m);
  at_hand(step_.event);
  if (react_in(m, Reaction::CampaignExit, code.exits) || m.held_out) return;
  if (m.state != kNone && react_in(m, Reaction::Handler, code.states[m.state].handlers)) return;
  if (m.stage != kNone && react_in(m, Reaction::StageTrigger, code.stages[m.stage].triggers)) return;
  react_in(m, Reaction::CampaignTrigger, code.triggers);
}

/// The first match consumes the event.
bool Replay::react_in(Member& m, Reaction reaction, const std::vector<Trigger>& triggers) {
  for (std::size_t i = 0; i < triggers.size(); ++i) {
    const Trigger& trigger = triggers[i];
    if (!trigger.event.hears(step_.event.kind)) continue;
    if (matches(trigger.event, plan_of(m).code)) {
      fire(m, reaction, i, trigger);
      drive(m);
      return true;
    }
    remark(Remark::Kind::TriggerUnmatched, &m, trigger.place, static_cast<std::int64_t>(reaction),
           static_cast<std::int64_t>(i));
  }
  return false;
}

/// Of a kind that agrees already: who acted (§3.3), the content, the `where`.
bool Replay::matches(const bytecode::EventMatch& match, const bytecode::Campaign* campaign) {
  if (step_.by_machine && !match.including_machine) {
    remark(Remark::Kind::MachineIgnored, nullptr, 0, step_.event.kind);
    return false;
  }
  return of_content(program_, match, step_.event.kind, event_cells_) && vm::holds(frame_, campaign, match.where);
}

void Replay::fire(Member& m, Reaction reaction, std::size_t index, const Trigger& trigger) {
  record(Kind::TriggerFired, m, trigger.place, static_cast<std::int64_t>(reaction), static_cast<std::int64_t>(index));
  EventRef at_hand_now = step_.event;
  if (trigger.condition != kNoCode) {
    m.fired = m.fired_in == step_.id ? m.fired | bit_of(trigger) : bit_of(trigger);
    m.fired_in = step_.id;
    at_hand_now = EventRef{};
  }
  if (trigger.body == kNoCode) {
    exit(m, trigger.exit_reason, static_cast<std::int64_t>(WaitEnd::Left), trigger.place);
    return;
  }
  const vm::End end = activate(m, trigger.body, at_hand_now);
  finish_reaction(m, reaction == Reaction::Handler, index, &trigger, end, at_hand_now);
}

void Replay::finish_reaction(Member& m, bool handler, std::size_t index, const Trigger* trigger, vm::End end,
                             EventRef at_hand_now) {
  const std::int64_t how = static_cast<std::int64_t>(handler ? WaitEnd::Handler : WaitEnd::Left) +
                           static_cast<std::int64_t>(handler ? index : 0);
  switch (end.kind) {
    case EndKind::EndBody:
    case EndKind::KeepWaiting:
      return;
    case EndKind::GoTo:
      if (end.target != m.stage) change_stage(m, end.target, how, trigger, end.place);
      return;
    case EndKind::RestartStage:
      change_stage(m, m.stage, how, trigger, end.place);
      return;
    case EndKind::Exit:
      exit(m, end.target, how, end.place);
      return;
    case EndKind::MoveOn:
      leave_state(m, how);
      m.at_hand = at_hand_now;
      m.resume = plan_of(m).code->states[end.target].on_move_on;
      return;
    case EndKind::Suspended:
      leave_state(m, how);
      m.at_hand = at_hand_now;
      suspend(m, end);
      return;
    case EndKind::OutOfFuel:
      fail(m);
      return;
  }
}

}  // namespace nurture::engine
