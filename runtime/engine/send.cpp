// Sending, deferring, and how each send ends (§5.5).
#include <algorithm>

#include "runtime/engine/replay.h"
#include "runtime/engine/unit.h"
#include "runtime/vm/content.h"

namespace nurture::engine {

using bytecode::kNone;
using outcome::Detail;
using outcome::Kind;

Kind kind_of(Permission::Answer answer) {
  switch (answer) {
    case Permission::Answer::Now:
      return Kind::Sent;
    case Permission::Answer::Later:
      return Kind::Deferred;
    case Permission::Answer::Suppressed:
      return Kind::Suppressed;
    case Permission::Answer::Skipped:
      return Kind::Skipped;
    case Permission::Answer::Exhausted:
      return Kind::Exhausted;
  }
  return Kind::Skipped;
}

vm::SendOutcome Replay::send(const bytecode::SendSite& site, std::uint16_t site_index) {
  if (site.to_leads) return send_to_leads(site, site_index);
  Member& m = lead_.members[running_];
  const CampaignPlan& plan = plan_of(m);
  Deferral* slot = site.detached ? &lead_.detached[m.first_detached + plan.detached_slot[site_index]] : nullptr;
  if (slot != nullptr && slot->waits()) {
    Permission pending;
    pending.content = slot->asked.content;
    pending.why = Detail::AlreadyPending;
    send_ended(Kind::Skipped, m, site_index, pending);
    return vm::SendOutcome::Skipped;
  }
  const Permission asked = ask(site, plan);
  if (asked.answer == Permission::Answer::Now) {
    sent(m, site_index, asked.content);
    return vm::SendOutcome::Sent;
  }
  if (asked.answer == Permission::Answer::Later && !site.now_or_skip && (slot != nullptr || site.state != kNone)) {
    (slot != nullptr ? *slot : asked_) = deferral(site, site_index, asked);
    send_ended(Kind::Deferred, m, site_index, asked);
    return vm::SendOutcome::Deferred;
  }
  const bool later = asked.answer == Permission::Answer::Later;
  send_ended(later ? Kind::Skipped : kind_of(asked.answer), m, site_index, asked);
  if (asked.answer == Permission::Answer::Suppressed) return vm::SendOutcome::Suppressed;
  return asked.answer == Permission::Answer::Exhausted ? vm::SendOutcome::Exhausted : vm::SendOutcome::Skipped;
}

/// The deadline: first ask ⊕ D or, if held, the hold's declared maximum, whichever is later.
Deferral Replay::deferral(const bytecode::SendSite& site, std::uint16_t site_index, const Permission& asked) const {
  Deferral waiting;
  waiting.site = site_index;
  waiting.first_ask = step_.now;
  const Duration patience = site.give_up_after == kNone ? Duration{0, 7, 0} : program_.duration(site.give_up_after);
  waiting.deadline = after(patience);
  if (asked.why == Detail::WithSales) waiting.deadline = std::max(waiting.deadline, lead_.hold.expires);
  waiting.asked = asked;
  if (frame_.event != nullptr) waiting.event = at_hand_;
  return waiting;
}

void Replay::sent(Member& m, std::uint16_t site_index, std::uint16_t index) {
  const bytecode::SendSite& site = plan_of(m).code->sends[site_index];
  const bytecode::Content& content = module().contents[index];
  if (counts(content)) count_sending(&plan_of(m), content.channel);
  note_sent(index);
  past_.sent(index, step_.now);
  if (unit_ != nullptr) unit_->sent_to(*this, index);
  step_.changed = true;
  m.last_send = step_.now;
  m.send_zone = lead_.zone;
  outcome::Outcome& out = outcome_of(Kind::Sent, m, site.place);
  out.a = index;
  out.b = site_index;
  out.text = render(subject_of(content, plan_of(m)), plan_of(m));
  if (std::uint64_t asks = vm::asked(content, frame_.lead)) out.value = Value::of(static_cast<std::int64_t>(asks));
  put();
  if (options_.on_sent && shown_) options_.on_sent(frame_, m.campaign, index);
  if (program_.assumed) sets_off(m, index);
}

void Replay::note_sent(std::uint16_t content) {
  LedgerRow& row = lead_.ledger[content];
  if (row.times++ == 0) lead_.in_ledger.push_back(content);
  row.last = step_.now;
  row.zone = lead_.zone;
}

/// Of the first variant that fits, or the content's own.
const bytecode::Message& Replay::subject_of(const bytecode::Content& content, const CampaignPlan& plan) {
  const bytecode::ContentVariant* variant = vm::variant_for(frame_, plan.code, content);
  return variant == nullptr || variant->subject.empty() ? content.subject : variant->subject;
}

void Replay::send_ended(Kind kind, const Member& m, std::uint16_t site_index, const Permission& asked) {
  const bytecode::SendSite& site = plan_of(m).code->sends[site_index];
  outcome::Outcome& out = outcome_of(kind, m, site.place);
  out.detail = asked.why;
  out.rule = asked.rule;
  out.a = asked.content;
  out.b = site_index;
  put();
}

/// Asks for every deferred send again, in the order of permission: priority, longest deferred, campaign order. Says
/// whether any was sent.
bool Replay::reask() {
  reasks_.clear();
  for (std::uint16_t campaign : lead_.campaigns) {
    const CampaignPlan& plan = program_.campaigns[campaign];
    for (std::uint32_t at = lead_.of_campaign[campaign].oldest; at != kNoMember; at = lead_.members[at].next) {
      const Member& m = lead_.members[at];
      Due due;
      due.group = 1;
      due.kind = TimerKind::Ask;
      due.rank = -std::int64_t{plan.code->priority};
      due.campaign = campaign;
      due.ordinal = m.ordinal;
      due.member = at;
      const auto add = [&](const Deferral& waiting, std::uint32_t slot) {
        due.first_ask = waiting.first_ask;
        due.slot = slot;
        if (!m.active || !waiting.waits()) return;
        due.source = plan.send_rank[waiting.site];
        reasks_.push_back(due);
      };
      add(m.deferral, kNoMember);
      for (std::uint32_t slot = 0; slot < plan.detached_site.size(); ++slot) {
        add(lead_.detached[m.first_detached + slot], slot);
      }
    }
  }
  for (std::uint32_t i = 0; i < lead_.from_accounts.size(); ++i) {
    if (!lead_.from_accounts[i].waiting.waits()) continue;
    Due due = due_of(lead_.from_accounts[i], i);
    due.at = kNever;
    reasks_.push_back(due);
  }
  std::sort(reasks_.begin(), reasks_.end(), [](const Due& a, const Due& b) { return a.before(b); });
  bool any = false;
  for (std::size_t i = 0; ok() && i < reasks_.size(); ++i) any |= ask_again(reasks_[i]);
  return any;
}

/// An earlier re-ask may have moved the membership or brought the lead back to sales.
bool Replay::ask_again(const Due& due) {
  if (due.member == kNoMember) return ask_again_for_account(due);
  Member& m = lead_.members[due.member];
  Deferral& waiting = due.slot == kNoMember ? m.deferral : lead_.detached[m.first_detached + due.slot];
  const CampaignPlan& plan = plan_of(m);
  if (!m.active || !waiting.waits() || waiting.first_ask != due.first_ask) return false;
  if (plan.send_rank[waiting.site] != due.source) return false;
  focus(m);
  at_hand(due.slot == kNoMember ? m.at_hand : waiting.event);
  const bytecode::SendSite& site = plan.code->sends[waiting.site];
  const Permission asked = ask(site, plan);
  waiting.asked = asked;
  if (asked.answer != Permission::Answer::Later) {
    end_deferral(m, due.slot, kind_of(asked.answer));
    return true;
  }
  if (waiting.deadline <= step_.now) {
    end_deferral(m, due.slot, Kind::GaveUp);
    return true;
  }
  remark(outcome::Remark::Kind::StillDeferred, &m, site.place, asked.content, asked.rule);
  return false;
}

/// A deferred send has come to its end, and what follows it runs.
void Replay::end_deferral(Member& m, std::uint32_t slot, Kind how) {
  Deferral& kept = slot == kNoMember ? m.deferral : lead_.detached[m.first_detached + slot];
  const Deferral waiting = kept;
  kept = Deferral{};
  const bytecode::SendSite& site = plan_of(m).code->sends[waiting.site];
  focus(m);
  at_hand(slot == kNoMember ? m.at_hand : waiting.event);
  if (how == Kind::Sent) {
    sent(m, waiting.site, waiting.asked.content);
  } else {
    send_ended(how, m, waiting.site, waiting.asked);
  }
  const bool without = how == Kind::Exhausted || (how != Kind::Sent && !site.only_if_exhausted);
  if (slot == kNoMember) {
    leave_state(m, 0);
    m.resume = without ? site.otherwise : site.next;
  } else if (without && site.otherwise != site.next && site.otherwise != bytecode::kNoCode) {
    finish_reaction(m, false, 0, nullptr, activate(m, site.otherwise, waiting.event), waiting.event);
  }
  drive(m);
}

void Replay::cancel_detached(Member& m, std::uint16_t stage, const bytecode::Trigger* by, bool all) {
  const CampaignPlan& plan = plan_of(m);
  if (plan.detached_site.empty()) return;
  const auto own = by == nullptr ? program_.own_sends.end() : program_.own_sends.find(by);
  for (std::uint16_t slot = 0; slot < plan.detached_site.size(); ++slot) {
    Deferral& waiting = lead_.detached[m.first_detached + slot];
    const bytecode::SendSite& site = plan.code->sends[plan.detached_site[slot]];
    if (!waiting.waits() && !site.to_leads) continue;
    if (!all && site.owner_stage != stage) continue;
    if (!all && own != program_.own_sends.end() &&
        std::find(own->second.begin(), own->second.end(), slot) != own->second.end()) {
      continue;
    }
    if (site.to_leads) {
      if (unit_ != nullptr) unit_->cancel(*this, m.campaign, plan.detached_site[slot]);
      continue;
    }
    send_ended(Kind::Cancelled, m, waiting.site, waiting.asked);
    waiting = Deferral{};
  }
}

}  // namespace nurture::engine
