#include <algorithm>

#include "tests/oracle/unit_run.h"

/// What an account and its leads know of each other and do to each other (§5.14).
namespace nurture::oracle {

/// Another member does something to this one: from here on it is in a step, which is settled after that of the other.
void LeadRun::join() {
  if (stepping_ || joined_) return;
  now_ = unit_.now();
  begin_step();
  stepping_ = false;
  joined_ = true;
  unit_.stir(*this);
}

void LeadRun::follow() {
  now_ = unit_.now();
  begin_step();
  joined_ = false;
  settle();
  end_step();
}

/// Takes the attributes of the account that it belongs to.
void LeadRun::belong() {
  account_.assign(model_.account.size(), Datum::unknown());
  auto given = log_.accounts.find(belongs_to_);
  for (std::size_t i = 0; given != log_.accounts.end() && i < model_.account.size(); ++i) {
    auto value = given->second.find(model_.account[i].name);
    if (value != given->second.end()) account_[i] = value->second;
  }
}

/// As a question about the leads of its account sees it: like a campaign of its own, without a membership.
Scene LeadRun::as_lead() {
  Scene seen = scene(nullptr);
  seen.now = unit_.now();
  seen.event = nullptr;
  return seen;
}

std::vector<Scene> LeadRun::leads_seen() {
  std::vector<Scene> out;
  for (LeadRun* lead : unit_.leads_of(key())) out.push_back(lead->as_lead());
  return out;
}

/// Who gets it is fixed before the first is asked.
void LeadRun::send_to_leads(Membership& m, const ast::Send& send, const Body* body) {
  std::vector<LeadRun*> recipients = unit_.leads_of(key());
  std::erase_if(recipients, [&](LeadRun* lead) { return !holds(send.to_leads_where, lead->as_lead()); });
  tell(Kind::SentToLeads, &m, line_at(send.span), std::to_string(recipients.size()));
  for (LeadRun* lead : recipients) lead->ask_for(*this, m, send, body);
}

/// A detached send of its own for this lead.
void LeadRun::ask_for(LeadRun& account, Membership& m, const ast::Send& send, const Body* body) {
  join();
  Pending pending{.send = &send, .since = now_, .detached = true, .account = &account, .by = &m};
  pending.stage = stages(m)[m.stage].name;
  pending.owner_stage = body ? body->owner_stage : &stage_clause(m);
  pending.body = body ? body->block : m.own_body ? m.own_body : &stage_clause(m).body;
  on_behalf(pending, [&] {
    auto already = std::find_if(from_accounts_.begin(), from_accounts_.end(),
                                [&](const Pending& p) { return p.account == &account && p.send == &send; });
    if (already != from_accounts_.end()) {
      tell_send(Kind::Skipped, m, send, {.content = already->verdict.content, .why = outcome::Detail::AlreadyPending});
      return;
    }
    pending.verdict = judge(m, send);
    if (pending.verdict.answer == Answer::Now) return sent(m, send, pending.verdict.content);
    const bool later = pending.verdict.answer == Answer::Later;
    if (!later || send.now_or_skip) return tell_refused(m, send, pending.verdict);
    tell_send(Kind::Deferred, m, send, pending.verdict);
    pending.deadline = deadline_of(send, pending.verdict);
    from_accounts_.push_back(pending);
  });
}

/// What a lead is sent is an event of its account's log.
void LeadRun::tell_account_of_send(const LogEvent& send) {
  join();
  happened(send);
}

/// Those that wait for the leads of an account, in the order of the source; the others keep the order of their asks.
void LeadRun::cancel_for(LeadRun& account, const std::function<bool(const Pending&)>& which) {
  std::vector<std::list<Pending>::iterator> gone;
  for (auto it = from_accounts_.begin(); it != from_accounts_.end(); ++it) {
    if (it->account == &account && which(*it)) gone.push_back(it);
  }
  std::stable_sort(gone.begin(), gone.end(), [](auto a, auto b) { return a->send->span.begin < b->send->span.begin; });
  for (auto it : gone) {
    join();
    const Pending pending = *it;
    from_accounts_.erase(it);
    on_behalf(pending, [&] { tell_send(Kind::Cancelled, *pending.by, *pending.send, pending.verdict); });
  }
}

/// What is done then is told of the lead together with the account, if one wants it.
void LeadRun::on_behalf(const Pending& pending, const std::function<void()>& act) {
  for_ = pending.account ? &pending : nullptr;
  told_for_ = pending.account;
  act();
  for_ = nullptr;
  told_for_ = nullptr;
}

void LeadRun::hold_if_held(LeadRun& lead) {
  if (held_) lead.hold_for(*this);
}

/// With the account, unless it is with sales already.
void LeadRun::hold_for(LeadRun& account) {
  if (held_) return;
  join();
  begin_hold();
  held_by_ = &account;
  hold_until_ = account.hold_until_;
  told_for_ = &account;
  tell(Kind::HoldBegan, nullptr, 0, "");
  told_for_ = nullptr;
}

void LeadRun::release_leads(const std::string& how) {
  for (LeadRun* lead : unit_.leads()) {
    if (lead->held_by_ != this) continue;
    lead->join();
    lead->told_for_ = this;
    lead->end_hold(how);
    lead->told_for_ = nullptr;
  }
}

}  // namespace nurture::oracle
