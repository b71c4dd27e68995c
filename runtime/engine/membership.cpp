// The life of a membership: statements, suspensions, stages, its end (§5.3, §5.4, §5.8, §5.9).
#include <algorithm>

#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::kNoCode;
using bytecode::kNone;
using bytecode::StateKind;
using bytecode::Trigger;
using outcome::WaitEnd;
using EndKind = vm::End::Kind;

namespace {
/// Activations of one step; every cycle of a compiled campaign waits, so only a module made by hand gets here.
constexpr std::uint32_t kMaxActivations = 100'000;
}  // namespace

/// What holds at arming fires before the next statement; `becomes true`, and what fired in this step already, takes the
/// present value as baseline.
void Replay::arm(Member& m, const std::vector<Trigger>& triggers) {
  bool focused = false;
  for (const Trigger& trigger : triggers) {
    if (trigger.silence_index != kNone) arm_silence(m, trigger);
    if (trigger.condition == kNoCode) continue;
    if (!focused) {
      focus(m);
      at_hand(EventRef{});
      focused = true;
    }
    const WhenSet bit = bit_of(trigger);
    const bool now_true = true_now(m, trigger);
    const bool spent = m.fired_in == step_.id && (m.fired & bit) != 0;
    m.armed |= bit;
    m.baseline = now_true ? m.baseline | bit : m.baseline & ~bit;
    if (now_true && !trigger.becomes_true && !spent) m.pending |= bit;
  }
}

bool Replay::fire_pending(Member& m) {
  if (m.pending == 0) return false;
  const bytecode::Campaign& code = *plan_of(m).code;
  if (m.state != kNone && fire_pending_in(m, Reaction::Handler, code.states[m.state].handlers)) return true;
  if (m.stage != kNone && fire_pending_in(m, Reaction::StageTrigger, code.stages[m.stage].triggers)) return true;
  return fire_pending_in(m, Reaction::CampaignTrigger, code.triggers);
}

bool Replay::fire_pending_in(Member& m, Reaction reaction, const std::vector<Trigger>& triggers) {
  for (std::size_t i = 0; i < triggers.size(); ++i) {
    if (triggers[i].condition == kNoCode || (m.pending & bit_of(triggers[i])) == 0) continue;
    m.pending &= ~bit_of(triggers[i]);
    fire(m, reaction, i, triggers[i]);
    return true;
  }
  return false;
}

/// Runs the membership until it is suspended or has ended.
void Replay::drive(Member& m) {
  while (ok() && m.active) {
    if (fire_pending(m)) continue;
    if (m.resume == kNoCode) return;
    const bytecode::Pc next = m.resume;
    m.resume = kNoCode;
    end_of_line(m, activate(m, next, m.at_hand));
  }
}

void Replay::end_of_line(Member& m, vm::End end) {
  const auto left = static_cast<std::int64_t>(WaitEnd::Left);
  switch (end.kind) {
    case EndKind::Suspended:
      suspend(m, end);
      return;
    case EndKind::GoTo:
      change_stage(m, end.target, left, nullptr, end.place);
      return;
    case EndKind::RestartStage:
      change_stage(m, m.stage, left, nullptr, end.place);
      return;
    case EndKind::Exit:
      exit(m, end.target, left, end.place);
      return;
    case EndKind::MoveOn:
      m.resume = plan_of(m).code->states[end.target].on_move_on;
      return;
    case EndKind::KeepWaiting:
    case EndKind::EndBody:
      return;
    case EndKind::OutOfFuel:
      fail(m);
      return;
  }
}

vm::End Replay::activate(Member& m, bytecode::Pc body, EventRef event) {
  vm::End end{EndKind::OutOfFuel, kNone, kNever, 0};
  if (++step_.activations > kMaxActivations) return end;
  step_.changed = true;
  if (vm::run_plain(frame_, *plan_of(m).code, body, end)) return end;
  focus(m);
  at_hand(event);
  running_ = static_cast<std::uint32_t>(&m - lead_.members.data());
  end = vm::run(frame_, *plan_of(m).code, body, *this);
  running_ = kNoMember;
  return end;
}

void Replay::suspend(Member& m, vm::End end) {
  const bytecode::State& state = plan_of(m).code->states[end.target];
  m.state = end.target;
  m.hurried = false;
  m.wait_start = step_.now;
  if (state.kind == StateKind::Deferred) {
    m.deferral = asked_;
  } else {
    m.deadline = end.deadline;
    record(Kind::WaitBegan, m, state.place, m.state, m.deadline);
  }
  if (state.earliest != kNoCode) {
    focus(m);
    const Value earliest = vm::evaluate(frame_, plan_of(m).code, state.earliest);
    m.earliest = earliest.known ? earliest.bits : kNever;
    m.earliest_due = m.earliest != kNever && m.earliest > step_.now;
  }
  arm(m, state.handlers);
}

/// Ends the suspension, if there is one: a wait with its one outcome, a deferred send as cancelled unless it ended
/// already.
void Replay::leave_state(Member& m, std::int64_t how) {
  if (m.state == kNone) return;
  const bytecode::State& state = plan_of(m).code->states[m.state];
  if (state.kind == StateKind::Deferred) {
    if (m.deferral.waits()) send_ended(Kind::Cancelled, m, m.deferral.site, m.deferral.asked);
    m.deferral = Deferral{};
  } else {
    record(Kind::WaitEnded, m, state.place, m.state, how);
  }
  const WhenSet gone = ~plan_of(m).state_whens[m.state];
  m.armed &= gone;
  m.pending &= gone;
  disarm_silences(m, state.handlers);
  m.earliest = 0;
  m.earliest_due = false;
  m.state = kNone;
  m.deadline = kNever;
}

void Replay::leave_stage(Member& m, std::uint16_t to, std::int64_t how, const Trigger* by, bytecode::PlaceIndex place) {
  leave_state(m, how);
  cancel_detached(m, m.stage, by, to == kNone);
  record(Kind::StageLeft, m, place, to, step_.now - m.stage_since);
  const WhenSet gone = ~plan_of(m).stage_whens[m.stage];
  m.armed &= gone;
  m.pending &= gone;
  disarm_silences(m, plan_of(m).code->stages[m.stage].triggers);
  m.resume = kNoCode;
  m.at_hand = EventRef{};
}

void Replay::enter_stage(Member& m, std::uint16_t stage, std::uint16_t from) {
  const bytecode::Stage& entered = plan_of(m).code->stages[stage];
  m.stage = stage;
  m.stage_since = step_.now;
  m.since_stage = past_.here();
  ++lead_.visits[m.first_visits + stage];
  record(Kind::StageEntered, m, entered.place, from);
  arm(m, entered.triggers);
  m.resume = entered.body;
}

void Replay::change_stage(Member& m, std::uint16_t stage, std::int64_t how, const Trigger* by,
                          bytecode::PlaceIndex place) {
  const std::uint16_t from = m.stage;
  leave_stage(m, stage, how, by, place);
  enter_stage(m, stage, from);
}

void Replay::run_on_exit(Member& m) {
  const bytecode::Pc body = plan_of(m).code->on_exit;
  if (m.held_out || body == kNoCode) return;
  if (activate(m, body, EventRef{}).kind == EndKind::OutOfFuel) fail(m);
}

void Replay::exit(Member& m, std::uint16_t reason, std::int64_t how, bytecode::PlaceIndex place) {
  if (m.stage != kNone) leave_stage(m, kNone, how, nullptr, place);
  run_on_exit(m);
  record(Kind::Exited, m, place, reason, step_.now - m.entered_at);
  past_.exited(m.campaign, reason, step_.now);
  m.active = false;
  m.ended_at = step_.now;
  m.end_zone = lead_.zone;
  m.ends_at = kNever;
  m.armed = m.pending = 0;
  std::fill_n(lead_.silences.begin() + m.first_silence, plan_of(m).silences.size(), SilenceClock{});
  m.resume = kNoCode;
  --lead_.of_campaign[m.campaign].active;
  --lead_.active;
  step_.changed = true;
}

}  // namespace nurture::engine
