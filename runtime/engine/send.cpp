// Sending, deferring, and how each send ends (§5.5).
#include <algorithm>

#include "runtime/engine/replay.h"
#include "runtime/vm/asked.h"

namespace nurture::engine {

using bytecode::kNone;
using bytecode::MessageClass;
using outcome::Detail;

vm::SendOutcome Replay::send(const bytecode::SendSite& site, std::uint16_t site_index) {
  Member& m = lead_.members[running_];
  const CampaignPlan& plan = plan_of(m);
  Deferral* slot = site.detached ? &lead_.detached[m.first_detached + plan.detached_slot[site_index]] : nullptr;
  if (slot != nullptr && slot->waits()) {
    send_ended(Kind::Skipped, m, site_index, Detail::AlreadyPending);
    return vm::SendOutcome::Skipped;
  }
  if (permitted(module().contents[site.content], plan)) {
    sent(m, site_index);
    return vm::SendOutcome::Sent;
  }
  if (site.now_or_skip || (slot == nullptr && site.state == kNone)) {
    send_ended(Kind::Skipped, m, site_index, Detail::WithSales);
    return vm::SendOutcome::Skipped;
  }
  (slot != nullptr ? *slot : asked_) = deferral(site, site_index);
  send_ended(Kind::Deferred, m, site_index, Detail::WithSales);
  return vm::SendOutcome::Deferred;
}

/// The sales hold is the only thing that defers in this version: marketing waits, unless the campaign goes on.
bool Replay::permitted(const bytecode::Content& content, const CampaignPlan& plan) const {
  if (!lead_.hold.held || plan.code->while_with_sales == bytecode::WhileWithSales::Continue) return true;
  switch (content.message_class) {
    case MessageClass::Transactional:
      return true;
    case MessageClass::Answers:
      return answers_in_time(content.answers);
    case MessageClass::Marketing:
      return false;
  }
  return false;
}

/// Whether the lead, not a robot, did such a thing within the last hour.
bool Replay::answers_in_time(std::uint16_t kind) const {
  if (kind == kNone) return false;
  const Instant since = step_.now - kHour;
  if (kind == program_.late_kind && lead_.late_at != kNever && lead_.late_at >= since) return true;
  const std::uint16_t machine = module().schema.kinds[kind].machine_property;
  for (store::EventIndex event = lead_.cursor; event > lead_.begin && store_.at[event - 1] >= since; --event) {
    if (store_.kind[event - 1] != kind) continue;
    EventCells cells;
    cells.show(store_, EventRef{kind, event - 1});
    if (machine == kNone || !cells.at(machine).truth()) return true;
  }
  return false;
}

/// The deadline: first ask ⊕ D or the hold's declared maximum, whichever is later.
Deferral Replay::deferral(const bytecode::SendSite& site, std::uint16_t site_index) const {
  Deferral waiting;
  waiting.site = site_index;
  waiting.first_ask = step_.now;
  const Duration patience = site.give_up_after == kNone ? Duration{0, 7, 0} : program_.duration(site.give_up_after);
  waiting.deadline = std::max(after(patience), lead_.hold.expires);
  if (frame_.event != nullptr) waiting.event = at_hand_;
  return waiting;
}

void Replay::sent(Member& m, std::uint16_t site_index) {
  const bytecode::SendSite& site = plan_of(m).code->sends[site_index];
  const bytecode::Content& content = module().contents[site.content];
  LedgerRow& row = lead_.ledger[site.content];
  if (row.times++ == 0) lead_.in_ledger.push_back(site.content);
  row.last = step_.now;
  m.last_send = step_.now;
  m.send_zone = lead_.zone;
  outcome::Outcome& out = outcome_of(Kind::Sent, m, site.place);
  out.a = site.content;
  out.b = site_index;
  out.text = render(content.subject, plan_of(m));
  if (std::uint64_t asks = vm::asked(content, frame_.lead)) out.value = Value::of(static_cast<std::int64_t>(asks));
  put();
  if (options_.on_sent) options_.on_sent(frame_, m.campaign, site.content);
}

void Replay::send_ended(Kind kind, const Member& m, std::uint16_t site_index, Detail detail) {
  const bytecode::SendSite& site = plan_of(m).code->sends[site_index];
  outcome::Outcome& out = outcome_of(kind, m, site.place);
  out.detail = detail;
  out.a = site.content;
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
  std::sort(reasks_.begin(), reasks_.end(), [](const Due& a, const Due& b) { return a.before(b); });
  bool any = false;
  for (std::size_t i = 0; ok() && i < reasks_.size(); ++i) any |= ask_again(reasks_[i]);
  return any;
}

/// An earlier re-ask may have moved the membership or brought the lead back to sales.
bool Replay::ask_again(const Due& due) {
  Member& m = lead_.members[due.member];
  const Deferral& waiting = due.slot == kNoMember ? m.deferral : lead_.detached[m.first_detached + due.slot];
  const CampaignPlan& plan = plan_of(m);
  if (!m.active || !waiting.waits() || waiting.first_ask != due.first_ask) return false;
  if (plan.send_rank[waiting.site] != due.source) return false;
  if (!permitted(module().contents[plan.code->sends[waiting.site].content], plan)) return false;
  end_deferral(m, due.slot, Kind::Sent);
  return true;
}

/// A deferred send is sent or given up, and what follows it runs.
void Replay::end_deferral(Member& m, std::uint32_t slot, Kind how) {
  Deferral& kept = slot == kNoMember ? m.deferral : lead_.detached[m.first_detached + slot];
  const Deferral waiting = kept;
  kept = Deferral{};
  const bytecode::SendSite& site = plan_of(m).code->sends[waiting.site];
  focus(m);
  at_hand(slot == kNoMember ? m.at_hand : waiting.event);
  if (how == Kind::Sent) {
    sent(m, waiting.site);
  } else {
    send_ended(how, m, waiting.site, Detail::WithSales);
  }
  if (slot == kNoMember) {
    leave_state(m, 0);
    m.resume = how == Kind::Sent ? site.next : site.otherwise;
  } else if (how != Kind::Sent && site.otherwise != site.next && site.otherwise != bytecode::kNoCode) {
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
    if (!waiting.waits()) continue;
    if (!all && plan.code->sends[waiting.site].owner_stage != stage) continue;
    if (!all && own != program_.own_sends.end() &&
        std::find(own->second.begin(), own->second.end(), slot) != own->second.end()) {
      continue;
    }
    send_ended(Kind::Cancelled, m, waiting.site, Detail::WithSales);
    waiting = Deferral{};
  }
}

}  // namespace nurture::engine
