// `on silence` (§5.11): each armed one is a clock that such an event sets back.
#include <algorithm>

#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::kNone;
using bytecode::Trigger;

void Replay::arm_silence(Member& m, const Trigger& trigger) {
  lead_.silences[m.first_silence + trigger.silence_index] = {true, after(program_.duration(trigger.silence.lasts))};
}

void Replay::disarm_silences(Member& m, const std::vector<Trigger>& triggers) {
  for (const Trigger& trigger : triggers) {
    if (trigger.silence_index != kNone) lead_.silences[m.first_silence + trigger.silence_index] = SilenceClock{};
  }
}

/// Of the event of this step, which is at hand.
bool Replay::ends_silence(const bytecode::Silence& silence, const CampaignPlan& plan) {
  if (step_.by_machine) return false;
  if (std::find(silence.kinds.begin(), silence.kinds.end(), step_.event.kind) == silence.kinds.end()) return false;
  return holds(plan, silence.where);
}

/// The event is offered to the membership: it ends a silence whoever reacts to it.
void Replay::note_silences(Member& m) {
  const CampaignPlan& plan = plan_of(m);
  for (std::size_t i = 0; i < plan.silences.size(); ++i) {
    SilenceClock& clock = lead_.silences[m.first_silence + i];
    if (!clock.armed) continue;
    focus(m);
    at_hand(step_.event);
    const bytecode::Silence& silence = plan.silences[i].trigger->silence;
    if (ends_silence(silence, plan)) clock.due = after(program_.duration(silence.lasts));
  }
}

void Replay::silence_due(Member& m, std::size_t clock) {
  lead_.silences[m.first_silence + clock].due = kNever;
  const SilencePlan& silence = plan_of(m).silences[clock];
  fire(m, silence.reaction, silence.index, *silence.trigger);
  drive(m);
}

}  // namespace nurture::engine
