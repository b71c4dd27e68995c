// Goals (§5.12): judged before the event enters anything.
#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::Goal;
using bytecode::kNone;

void Replay::judge_goals() {
  for (std::uint16_t campaign : program_.goal_keepers[step_.event.kind]) {
    const CampaignPlan& plan = program_.campaigns[campaign];
    const Value key = key_of_event(plan);
    Member* m = find_member(plan, key, !key.known);
    if (m == nullptr) continue;
    focus(*m);
    for (std::uint16_t goal = 0; goal < plan.code->goals.size(); ++goal) judge_goal(*m, goal);
  }
}

void Replay::judge_goal(Member& m, std::uint16_t index) {
  const Goal& goal = plan_of(m).code->goals[index];
  if (goal.condition != bytecode::kNoCode || !goal.event.hears(step_.event.kind)) return;
  if ((lead_.credited[m.first_goal + index] & kCredited) != 0) return;
  const Instant start = goal_start(m, goal);
  if (start == kNever || step_.now > goal_end(m, goal) || !matches(goal.event, plan_of(m).code)) return;
  const Value worth = goal.worth == bytecode::kNoCode ? Value{} : vm::evaluate(frame_, plan_of(m).code, goal.worth);
  credit(m, index, start, worth);
  if (goal.exit_reason == kNone || !m.active || m.goal_exit_in == step_.id) return;
  m.goal_exit = index;
  m.goal_exit_in = step_.id;
}

void Replay::credit(Member& m, std::uint16_t index, Instant start, Value worth) {
  lead_.credited[m.first_goal + index] |= kCredited;
  outcome::Outcome& out = outcome_of(Kind::GoalCredited, m, plan_of(m).code->goals[index].place);
  out.a = index;
  out.b = step_.now - start;
  out.value = worth;
  put();
}

// Goals that wait for a condition: they count on a turn to true after the entry
// ----------------------------------------

void Replay::begin_goals(Member& m) {
  const CampaignPlan& plan = plan_of(m);
  for (std::uint16_t i = 0; plan.watches_goals && i < plan.code->goals.size(); ++i) {
    const Goal& goal = plan.code->goals[i];
    if (goal.condition != bytecode::kNoCode && holds(plan, goal.condition))
      lead_.credited[m.first_goal + i] |= kGoalHeld;
  }
}

bool Replay::goal_is_open(const Member& m, std::uint16_t index) const {
  const Goal& goal = plan_of(m).code->goals[index];
  return goal.condition != bytecode::kNoCode && (lead_.credited[m.first_goal + index] & kCredited) == 0 &&
         step_.now <= goal_end(m, goal);
}

/// The goals that wait for a condition and may still count, each with what its condition sees in place.
template <typename Look>
void Replay::each_open_goal(const Look& look) {
  for (std::uint16_t campaign : lead_.campaigns) {
    const CampaignPlan& plan = program_.campaigns[campaign];
    if (!plan.watches_goals) continue;
    for (std::uint32_t at = lead_.of_campaign[campaign].oldest; at != kNoMember; at = lead_.members[at].next) {
      Member& m = lead_.members[at];
      for (std::uint16_t i = 0; i < plan.code->goals.size(); ++i) {
        if (!goal_is_open(m, i)) continue;
        focus(m);
        at_hand(EventRef{});
        look(m, i, lead_.credited[m.first_goal + i]);
      }
    }
  }
}

/// Credits those that have turned true since the previous step.
void Replay::watch_goals() {
  each_open_goal([this](Member& m, std::uint16_t i, std::uint8_t state) {
    if ((state & kGoalHeld) == 0 && goal_holds(m, i)) credit(m, i, m.entered_at, Value{});
  });
}

/// Their values at the end of the step.
void Replay::rebase_goals() {
  each_open_goal([this](Member& m, std::uint16_t i, std::uint8_t& state) {
    state = static_cast<std::uint8_t>(goal_holds(m, i) ? state | kGoalHeld : state & ~kGoalHeld);
  });
}

/// When one of them may turn by itself: each is asked what its value hangs on (Frame::turns).
void Replay::look_ahead_goals() {
  each_open_goal([this](const Member& m, std::uint16_t i, std::uint8_t) { goal_holds(m, i); });
}

bool Replay::goal_holds(const Member& m, std::uint16_t index) {
  return holds(plan_of(m), plan_of(m).code->goals[index].condition);
}

/// kNever: measured from a send, and there was none.
Instant Replay::goal_start(const Member& m, const Goal& goal) const {
  return goal.of_send ? m.last_send : m.entered_at;
}

Instant Replay::goal_end(const Member& m, const Goal& goal) const {
  if (goal.within == kNone) return kNever;
  return later(goal_start(m, goal), program_.duration(goal.within), goal.of_send ? m.send_zone : m.entry_zone);
}

void Replay::report_censored(const Member& m) {
  const bytecode::Campaign& code = *plan_of(m).code;
  for (std::uint16_t i = 0; i < code.goals.size(); ++i) {
    const Goal& goal = code.goals[i];
    if ((lead_.credited[m.first_goal + i] & kCredited) != 0) continue;
    // Measured from a send that never was, a goal has no span that could pass the horizon.
    if (goal_start(m, goal) == kNever) continue;
    if (goal.within != kNone && goal_end(m, goal) <= horizon_) continue;
    outcome_of(Kind::GoalCensored, m, goal.place).a = i;
    put();
  }
}

}  // namespace nurture::engine
