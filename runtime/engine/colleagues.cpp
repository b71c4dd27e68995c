// One of several of a unit (§5.14): what an account and its leads do to each other, and know of each other.
#include <algorithm>

#include "runtime/engine/unit.h"

namespace nurture::engine {

using outcome::Cause;
using outcome::Detail;

void Replay::begin_in_unit(Instant at) {
  begun_ = true;
  advance();
  begin_step(at, Cause{Cause::Kind::Beginning, 0});
  outcome_of(Kind::Began, 0);
  put();
  load_attributes();
  step_.changed = true;  // one more lead of its account
  if (!program_.idle_entries.empty() || options_.deployed_at) return begin_idle();
  watch();
}

/// What has happened by the unit's clock is the past.
void Replay::advance() {
  const Unit::Clock& clock = unit_->clock_;
  const auto past = [&](store::EventIndex event) {
    return store_.at[event] < clock.at || (store_.at[event] == clock.at && store_.position[event] <= clock.position);
  };
  while (lead_.cursor < lead_.end && past(lead_.cursor)) ++lead_.cursor;
}

/// Another member does something to this one: from here on it is in a step, which is settled after that of the other.
void Replay::join(const Cause& cause) {
  if (joined_) return;
  open(cause);
  joined_ = true;
  unit_->stir(*this);
}

void Replay::open(const Cause& cause) {
  advance();
  begin_step(unit_->clock_.at, cause, chain_ == unit_->chain_);
  chain_ = unit_->chain_;
  apply_changes(lead_.cursor);
}

void Replay::follow() {
  if (!joined_) open(Cause{Cause::Kind::Settled, 0});
  joined_ = false;
  at_hand(EventRef{});
  step_.changed = true;
  settle();
  end_step();
}

/// In an account's campaign, the lead who did the event is the lead.
void Replay::see_actor(EventRef event) {
  if (event.index == EventRef::kNotLogged) return;
  Replay* const lead = unit_->seated(actor_of(event));
  if (lead == nullptr || !lead->begun_) return;
  lead->account_now();
  frame_.lead = lead->lead_.attributes.data();
}

/// Of one in the log, or assumed. An account's own has nobody who did it.
store::LeadIndex Replay::actor_of(EventRef event) const {
  if (!event.assumed()) return store_.actor[event.index];
  const store::LeadIndex of = assumed_->events[event.number()].of;
  return store_.is_account(of) ? store::kNoLead : of;
}

/// Whether the lead did it itself.
bool Replay::own(EventRef event) const {
  if (!event.assumed() && (event.index == EventRef::kNotLogged || store_.actor.empty())) return true;
  return actor_of(event) == lead_.index;
}

std::uint32_t Replay::account_now() {
  advance();
  apply_changes(lead_.cursor);
  return lead_.account_index;
}

/// §5.6: whose branch it is.
std::string_view Replay::drawn_as(const bytecode::SplitSite& site) const {
  const bool colleagues = site.by_account && lead_.account_index != store::kNoAccount;
  return store_.texts.at(colleagues ? store_.accounts[lead_.account_index] : store_.leads[lead_.index]);
}

// Questions about the leads of an account ----------------------------------------------------------------------------

/// As a condition of the lead's own campaigns would see it now, without a membership.
bool Replay::fulfils(bytecode::Pc condition, Instant* turns) {
  frame_.now = unit_->clock_.at;
  frame_.with_sales = lead_.hold.held;
  frame_.slots = no_slots_.data();
  frame_.entered_at = frame_.wait_start = frame_.now;
  frame_.entry_kind = bytecode::kNone;
  frame_.entry = nullptr;
  past_.focus(nullptr);
  at_hand(EventRef{});
  frame_.turns = turns;
  const bool holds = vm::holds(frame_, nullptr, condition);
  frame_.turns = nullptr;
  return holds;
}

std::int64_t Replay::count(const vm::Frame& frame, std::uint16_t query) {
  std::int64_t found = 0;
  if (unit_ == nullptr) return found;
  const bytecode::Pc condition = module().lead_queries[query].condition;
  unit_->each_lead_of(*this, [&](Replay& lead) { found += lead.fulfils(condition, frame.turns) ? 1 : 0; });
  return found;
}

// Sends to the leads of an account -----------------------------------------------------------------------------------

/// Who gets it is fixed before the first is sent.
vm::SendOutcome Replay::send_to_leads(const bytecode::SendSite& site, std::uint16_t site_index) {
  const Member& m = lead_.members[running_];
  std::vector<Replay*> recipients;
  if (unit_ != nullptr) {
    unit_->each_lead_of(*this, [&](Replay& lead) {
      if (lead.fulfils(site.recipients, nullptr)) recipients.push_back(&lead);
    });
  }
  outcome::Outcome& out = outcome_of(Kind::SentToLeads, m, site.place);
  out.a = site_index;
  out.b = static_cast<std::int64_t>(recipients.size());
  put();
  for (Replay* lead : recipients) lead->ask_for_account(*this, m, site_index);
  return vm::SendOutcome::Sent;
}

/// A detached send of its own for this lead: its rules, limits, windows, hold and ledger.
void Replay::ask_for_account(Replay& account, const Member& m, std::uint16_t site_index) {
  join(account.step_.cause);
  const CampaignPlan& plan = program_.campaigns[m.campaign];
  const bytecode::SendSite& site = plan.code->sends[site_index];
  AccountSend send{account.lead_.index, static_cast<std::uint32_t>(&m - account.lead_.members.data()),
                   m.campaign,          m.stage,
                   m.ordinal,           {}};
  send.waiting.site = site_index;
  const auto pending = std::find_if(lead_.from_accounts.begin(), lead_.from_accounts.end(), [&](const auto& other) {
    return other.waiting.site == site_index && other.campaign == m.campaign && other.account == send.account;
  });
  Permission asked;
  if (pending != lead_.from_accounts.end()) {
    asked.content = pending->waiting.asked.content;
    asked.why = Detail::AlreadyPending;
    return account_send_ended(Kind::Skipped, send, asked);
  }
  focus_on(send);
  asked = ask(site, plan);
  const bool later = asked.answer == Permission::Answer::Later;
  if (asked.answer == Permission::Answer::Now) {
    account_sent(send, asked.content);
  } else if (later && !site.now_or_skip) {
    send.waiting = deferral(site, site_index, asked);
    lead_.from_accounts.push_back(send);
    account_send_ended(Kind::Deferred, send, asked);
  } else {
    account_send_ended(later ? Kind::Skipped : kind_of(asked.answer), send, asked);
  }
}

/// An entry that has ended stays until the end of the step, so that the others keep their places.
bool Replay::ask_again_for_account(const Due& due) {
  AccountSend& send = lead_.from_accounts[due.slot];
  if (!send.waiting.waits() || send.waiting.first_ask != due.first_ask) return false;
  const CampaignPlan& plan = program_.campaigns[send.campaign];
  const bytecode::SendSite& site = plan.code->sends[send.waiting.site];
  focus_on(send);
  const Permission asked = ask(site, plan);
  send.waiting.asked = asked;
  if (asked.answer == Permission::Answer::Later && send.waiting.deadline > step_.now) {
    remark(outcome::Remark::Kind::StillDeferred, nullptr, site.place, asked.content, asked.rule);
    return false;
  }
  const AccountSend ended = send;
  send.waiting = Deferral{};
  if (asked.answer == Permission::Answer::Now) {
    account_sent(ended, asked.content);
  } else {
    account_send_ended(asked.answer == Permission::Answer::Later ? Kind::GaveUp : kind_of(asked.answer), ended, asked);
  }
  return true;
}

/// The lead as the account's campaign sees it: what that one remembers, and how it was entered.
void Replay::focus_on(const AccountSend& send) {
  const Replay& account = *unit_->seated(send.account);
  const Member& m = account.lead_.members[send.member];
  frame_.slots = const_cast<Value*>(account.lead_.slots.data()) + m.first_slot;
  frame_.entered_at = m.entered_at;
  frame_.wait_start = step_.now;
  frame_.entry_kind = m.entry.kind;
  entry_cells_.show(store_, *assumed_, m.entry);
  frame_.entry = &entry_cells_;
  past_.focus(nullptr);
  at_hand(EventRef{});
}

namespace {

Member of_account(const AccountSend& send) {
  Member m;
  m.campaign = send.campaign;
  m.stage = send.stage;
  m.ordinal = send.ordinal;
  return m;
}

}  // namespace

/// The membership's latest send is what a goal `of send` counts from.
void Replay::account_sent(const AccountSend& send, std::uint16_t content) {
  Member proxy = of_account(send);
  for_ = send.account;
  sent(proxy, send.waiting.site, content);
  for_ = store::kNoLead;
  Replay& account = *unit_->seated(send.account);
  Member& m = account.lead_.members[send.member];
  if (m.ordinal != send.ordinal) return;
  m.last_send = step_.now;
  m.send_zone = account.lead_.zone;
}

void Replay::account_send_ended(Kind kind, const AccountSend& send, const Permission& asked) {
  for_ = send.account;
  send_ended(kind, of_account(send), send.waiting.site, asked);
  for_ = store::kNoLead;
}

/// The account has left the stage, or the campaign.
void Replay::cancel_for_account(store::LeadIndex account, std::uint16_t campaign, std::uint16_t site_index,
                                const Cause& cause) {
  for (AccountSend& send : lead_.from_accounts) {
    if (send.waiting.site != site_index || send.campaign != campaign || send.account != account) continue;
    join(cause);
    account_send_ended(Kind::Cancelled, send, send.waiting.asked);
    send.waiting = Deferral{};
  }
}

// With sales
// -----------------------------------------------------------------------------------------------------------

/// The leads of an account that is handed off are with sales as long as it is, unless they are already; so is whoever
/// comes to belong to it meanwhile.
void Replay::hold_leads() {
  unit_->each_lead_of(*this, [this](Replay& lead) { hold_lead(lead, step_.cause); });
}

void Replay::hold_lead(Replay& lead, const Cause& cause) const {
  if (lead.lead_.hold.held) return;
  lead.join(cause);
  lead.begin_hold();
  lead.lead_.hold.account = lead_.index;
  lead.lead_.hold.expires = lead_.hold.expires;
  lead.for_ = lead_.index;
  lead.outcome_of(Kind::HoldBegan, 0);
  lead.put();
  lead.for_ = store::kNoLead;
}

void Replay::release_leads(outcome::HoldEnd how) {
  unit_->each_lead([this, how](Replay& lead) {
    if (lead.lead_.hold.account != lead_.index) return;
    lead.join(step_.cause);
    lead.for_ = lead_.index;
    lead.end_hold(how, nullptr, 0);
    lead.for_ = store::kNoLead;
  });
}

}  // namespace nurture::engine
