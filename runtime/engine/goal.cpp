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
  std::uint8_t& credited = lead_.credited[m.first_goal + index];
  if (credited != 0 || !goal.event.hears(step_.event.kind)) return;
  const Instant start = goal_start(m, goal);
  if (start == kNever || step_.now > goal_end(m, goal) || !matches(goal.event, plan_of(m))) return;
  credited = 1;
  outcome::Outcome& out = outcome_of(Kind::GoalCredited, m, goal.place);
  out.a = index;
  out.b = step_.now - start;
  put();
  if (goal.exit_reason == kNone || !m.active || m.goal_exit_in == step_.id) return;
  m.goal_exit = index;
  m.goal_exit_in = step_.id;
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
    if (lead_.credited[m.first_goal + i] != 0) continue;
    // Measured from a send that never was, a goal has no span that could pass the horizon.
    if (goal_start(m, goal) == kNever) continue;
    if (goal.within != kNone && goal_end(m, goal) <= horizon_) continue;
    outcome_of(Kind::GoalCensored, m, goal.place).a = i;
    put();
  }
}

}  // namespace nurture::engine
