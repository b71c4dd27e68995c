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
  return std::tie(at, x.goes_on, group, rank, other, first_ask, campaign, ordinal, source, kind) <
         std::tie(x.at, goes_on, x.group, x.rank, x.other, x.first_ask, x.campaign, x.ordinal, x.source, x.kind);
}

Replay::Due Replay::next_due() const {
  Due best;
  const auto consider = [&](Instant at, std::uint8_t group, TimerKind kind, std::uint32_t hand_off = kNoMember) {
    Due due;
    due.at = at;
    due.group = group;
    due.kind = kind;
    due.slot = hand_off;
    due.source = hand_off + 1;  // the hold's own end first
    if (at != kNever && due.before(best)) best = due;
  };
  if (lead_.hold.held) consider(lead_.hold.expires, 0, TimerKind::HoldEnd);
  for (std::uint32_t i = 0; i < lead_.hand_offs.size(); ++i) {
    consider(lead_.hand_offs[i].promised, 0, TimerKind::Promise, i);
  }
  for (std::uint16_t campaign : lead_.campaigns) {
    const Memberships& list = lead_.of_campaign[campaign];
    for (std::uint32_t at = list.active == 0 ? kNoMember : list.oldest; at != kNoMember; at = lead_.members[at].next) {
      const Member& m = lead_.members[at];
      if (!m.active) continue;
      timers_of(m, best);
    }
  }
  for (std::uint32_t i = 0; i < lead_.from_accounts.size(); ++i) {  // all of them wait, between steps
    const Due due = due_of(lead_.from_accounts[i], i);
    if (due.at != kNever && due.before(best)) best = due;
  }
  idle_timers(best);
  consider(turns_at_, 2, TimerKind::Turn);
  for (std::uint32_t i = 0; i < lead_.open_claims.size(); ++i) {
    consider(lead_.open_claims[i].due, 4, TimerKind::Claim, i);
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
  const auto index = static_cast<std::uint32_t>(&m - lead_.members.data());
  Due due;
  due.group = 1;
  due.rank = -std::int64_t{plan.code->priority};
  due.campaign = m.campaign;
  due.ordinal = m.ordinal;
  due.member = index;
  const auto consider = [&](const Due& candidate) {
    if (candidate.at != kNever && candidate.before(best)) best = candidate;
  };
  const auto consider_send = [&](const Deferral& waiting, std::uint32_t slot) {
    Due send = due;
    send.at = std::min(waiting.asked.at, waiting.deadline);
    send.first_ask = waiting.first_ask;
    send.source = plan.send_rank[waiting.site];
    send.kind = TimerKind::Ask;
    send.slot = slot;
    consider(send);
  };
  if (m.deferral.waits()) consider_send(m.deferral, kNoMember);
  for (std::uint32_t slot = 0; slot < plan.detached_site.size(); ++slot) {
    const Deferral& waiting = lead_.detached[m.first_detached + slot];
    if (waiting.waits()) consider_send(waiting, slot);
  }
  Due wait = due;
  wait.at = m.deadline;
  wait.goes_on = m.hurried;
  wait.other = 1;
  wait.source = m.state == kNone ? 0 : plan.state_rank[m.state];
  wait.kind = TimerKind::Wait;
  consider(wait);
  wait.goes_on = false;
  if (m.earliest_due) {
    wait.at = m.earliest;
    wait.kind = TimerKind::Earliest;
    consider(wait);
  }
  for (std::uint32_t clock = 0; clock < plan.silences.size(); ++clock) {
    Due silence = wait;
    silence.at = lead_.silences[m.first_silence + clock].due;
    silence.source = plan.silences[clock].rank;
    silence.kind = TimerKind::Silence;
    silence.slot = clock;
    consider(silence);
  }
  Due last = due;
  last.at = m.ends_at;
  last.group = 3;
  last.kind = TimerKind::LastsAtMost;
  consider(last);
}

void Replay::timer_step(const Due& found) {
  const Due due = found;  // `found` is recomputed at the end of the step
  if (due.kind == TimerKind::Claim) return claim_due(due.slot);
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
      break;
    case TimerKind::Deployed:
      lead_.deployed = true;
      changed_attributes_.clear();  // before it was there
      for (std::size_t i = 0; i < program_.idle_entries.size(); ++i) arm_idle(i, true);
      break;
    case TimerKind::LastsAtMost: {
      const bytecode::Campaign& code = *plan_of(*m).code;
      const bool held_out = code.lasts_at_most == kNone;
      exit(*m, held_out ? plan_of(*m).held_out_reason : code.lasts_reason, static_cast<std::int64_t>(WaitEnd::Left),
           code.place);
      break;
    }
  }
  settle();
  end_step();
}

void Replay::time_out(Member& m) {
  focus(m);
  const bytecode::Pc next = vm::resume_repeat(frame_, *plan_of(m).code, m.state);
  leave_state(m, static_cast<std::int64_t>(WaitEnd::Timer));
  m.resume = next;
  drive(m);
}

}  // namespace nurture::engine
