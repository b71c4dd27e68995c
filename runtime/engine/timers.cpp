// Timers: which is due next (§6.3), and its step.
#include <algorithm>
#include <tuple>

#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::kNone;
using outcome::Cause;
using outcome::Remark;
using outcome::WaitEnd;

bool Replay::Due::before(const Due& x) const {
  return std::tie(at, x.goes_on, timer, group, rank, other, first_ask, campaign, ordinal, source, kind) <
         std::tie(x.at, goes_on, x.timer, x.group, x.rank, x.other, x.first_ask, x.campaign, x.ordinal, x.source,
                  x.kind);
}

/// A timer at `at` is worth a look beside the earliest so far: most are not, or there is none.
bool Replay::may_be_first(Instant at, const Due& best) { return at <= best.at && at != kNever; }

Replay::Due Replay::next_due() const {
  Due best;
  const auto consider = [&](Instant at, std::uint8_t group, TimerKind kind, std::uint32_t hand_off = kNoMember) {
    if (!may_be_first(at, best)) return;
    Due due;
    due.at = at;
    due.group = group;
    due.kind = kind;
    due.slot = hand_off;
    due.source = hand_off + 1;  // the hold's own end first
    if (due.before(best)) best = due;
  };
  if (lead_.hold.held) consider(lead_.hold.expires, 0, TimerKind::HoldEnd);
  for (std::uint32_t i = 0; i < lead_.hand_offs.size(); ++i) {
    consider(lead_.hand_offs[i].promised, 0, TimerKind::Promise, i);
  }
  for (std::uint16_t campaign : lead_.campaigns) {
    const Memberships& list = lead_.of_campaign[campaign];
    for (std::uint32_t at = list.active == 0 ? kNoMember : list.oldest; at != kNoMember; at = lead_.members[at].next) {
      const Member& m = lead_.members[at];
      if (m.active) timers_of(m, best);
    }
  }
  for (std::uint32_t i = 0; i < lead_.from_accounts.size(); ++i) {  // all of them wait, between steps
    const Due due = due_of(lead_.from_accounts[i], i);
    if (due.at != kNever && due.before(best)) best = due;
  }
  if (!program_.idle_entries.empty() || !lead_.deployed) idle_timers(best);
  consider(turns_at_, 2, TimerKind::Turn);
  for (std::uint32_t i = 0; i < lead_.open_claims.size(); ++i) {
    consider(lead_.open_claims[i].due, 4, TimerKind::Claim, i);
  }
  if (!lead_.assumed.coming.empty() && may_be_first(lead_.assumed.coming.front().first, best)) {
    Due due;
    std::tie(due.at, due.slot) = lead_.assumed.coming.front();
    due.timer = false;
    due.kind = TimerKind::Assumed;
    if (due.before(best)) best = due;
  }
  return best;
}

/// Among the sends of the lead's own campaigns, in campaign order.
Replay::Due Replay::due_of(const AccountSend& send, std::uint32_t index) const {
  const CampaignPlan& plan = program_.campaigns[send.campaign];
  Due due;
  due.at = std::min(send.waiting.asked.at, send.waiting.deadline);
  due.group = 1;
  due.rank = -std::int64_t{plan.code->priority};
  due.first_ask = send.waiting.first_ask;
  due.campaign = send.campaign;
  due.ordinal = send.ordinal;
  due.source = plan.send_rank[send.waiting.site];
  due.kind = TimerKind::Ask;
  due.slot = index;
  return due;
}

void Replay::timers_of(const Member& m, Due& best) const {
  const CampaignPlan& plan = plan_of(m);
  const auto consider = [&](TimerKind kind, Instant at, const auto& fill) {
    if (!may_be_first(at, best)) return;
    Due due;
    due.at = at;
    due.kind = kind;
    due.group = 1;
    due.rank = -std::int64_t{plan.code->priority};
    due.other = 1;
    due.campaign = m.campaign;
    due.ordinal = m.ordinal;
    due.member = static_cast<std::uint32_t>(&m - lead_.members.data());
    fill(due);
    if (due.before(best)) best = due;
  };
  const auto consider_send = [&](const Deferral& waiting, std::uint32_t slot) {
    consider(TimerKind::Ask, std::min(waiting.asked.at, waiting.deadline), [&](Due& due) {
      due.other = 0;
      due.first_ask = waiting.first_ask;
      due.source = plan.send_rank[waiting.site];
      due.slot = slot;
    });
  };
  const auto of_state = [&](Due& due) { due.source = m.state == kNone ? 0 : plan.state_rank[m.state]; };
  if (m.deferral.waits()) consider_send(m.deferral, kNoMember);
  for (std::uint32_t slot = 0; slot < plan.detached_site.size(); ++slot) {
    const Deferral& waiting = lead_.detached[m.first_detached + slot];
    if (waiting.waits()) consider_send(waiting, slot);
  }
  consider(TimerKind::Wait, m.deadline, [&](Due& due) {
    of_state(due);
    due.goes_on = m.hurried;
  });
  if (m.earliest_due) consider(TimerKind::Earliest, m.earliest, of_state);
  for (std::uint32_t clock = 0; clock < plan.silences.size(); ++clock) {
    consider(TimerKind::Silence, lead_.silences[m.first_silence + clock].due, [&](Due& due) {
      due.source = plan.silences[clock].rank;
      due.slot = clock;
    });
  }
  consider(TimerKind::LastsAtMost, m.ends_at, [](Due& due) {
    due.group = 3;
    due.other = 0;
  });
}

void Replay::timer_step(const Due& found) {
  const Due due = found;  // `found` is recomputed at the end of the step
  if (due.kind == TimerKind::Claim) return claim_due(due.slot);
  if (due.kind == TimerKind::Assumed) return assumed_step(due.slot);
  Member* m = due.member == kNoMember ? nullptr : &lead_.members[due.member];
  begin_step(due.at, Cause{Cause::Kind::Timer, 0}, due.goes_on);
  apply_changes(lead_.cursor);
  at_hand(EventRef{});
  remark(Remark::Kind::TimerDue, m, 0, static_cast<std::int64_t>(due.kind));
  switch (due.kind) {
    case TimerKind::HoldEnd:
      end_hold(outcome::HoldEnd::Expired, nullptr, 0);
      break;
    case TimerKind::Promise:
      promise_missed(lead_.hand_offs[due.slot]);
      break;
    case TimerKind::Ask:
      ask_again(due);
      break;
    case TimerKind::Wait:
      time_out(*m);
      break;
    case TimerKind::Turn:
      step_.changed = true;
      break;
    case TimerKind::Silence:
      silence_due(*m, due.slot);
      break;
    case TimerKind::Earliest:
      m->earliest_due = false;
      step_.changed = true;
      break;
    case TimerKind::Entry:
      idle_due(due.slot);
      break;
    case TimerKind::Claim:
    case TimerKind::Assumed:
      break;
    case TimerKind::Deployed:
      lead_.deployed = true;
      changed_attributes_.clear();  // before it was there
      for (std::size_t i = 0; i < program_.idle_entries.size(); ++i) arm_idle(i, true);
      break;
    case TimerKind::LastsAtMost:
      lasted(*m);
      break;
  }
  settle();
  end_step();
}

/// `lasts at most`, or what ends the membership of somebody held out.
void Replay::lasted(Member& m) {
  const bytecode::Campaign& code = *plan_of(m).code;
  const bool held_out = code.lasts_at_most == kNone;
  exit(m, held_out ? plan_of(m).held_out_reason : code.lasts_reason, static_cast<std::int64_t>(WaitEnd::Left),
       code.place);
}

void Replay::time_out(Member& m) {
  const bytecode::State& state = plan_of(m).code->states[m.state];
  bytecode::Pc next = state.on_timer;
  if (state.kind == bytecode::StateKind::Repeat) {
    focus(m);
    next = vm::resume_repeat(frame_, *plan_of(m).code, m.state);
  }
  leave_state(m, static_cast<std::int64_t>(WaitEnd::Timer));
  m.resume = next;
  drive(m);
}

}  // namespace nurture::engine
