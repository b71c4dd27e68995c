#include <algorithm>
#include <utility>

#include "tests/oracle/unit_run.h"

/// Sends, deferrals and their ends (§5.5).
namespace nurture::oracle {

/// What the message asks for: the first of its wishes that are unknown.
std::string LeadRun::asked(const sema::Content& content) const {
  std::string out;
  std::int64_t left = content.decl->asks_up_to;
  for (const ast::Name& wish : content.decl->asks) {
    for (std::size_t i = 0; i < model_.lead.size(); ++i) {
      if (model_.lead[i].name != wish.text || attributes_[i].known || left == 0) continue;
      out += (out.empty() ? "asks " : ", ") + wish.text;
      --left;
    }
  }
  return out;
}

void LeadRun::tell_send(Kind kind, const Membership& m, const ast::Send& send, const Judgement& verdict) {
  const sema::Content& content = model_.contents[model_.find_content(verdict.content)];
  const ast::Message& subject = subject_of(m, content);
  std::string text = kind == Kind::Sent && subject.present ? words(subject, m) : "";
  std::string what = verdict.content;
  if (verdict.rule) what += " by :" + std::to_string(line_at(verdict.rule->clause->span));
  tell(kind, &m, line_at(send.span), what, text, kind == Kind::Sent ? asked(content) : "", verdict.why);
}

const ast::Message& LeadRun::subject_of(const Membership& m, const sema::Content& content) const {
  for (const ast::ContentVariant& variant : content.decl->variants) {
    if (holds(variant.condition, scene(&m))) return variant.subject.present ? variant.subject : content.decl->subject;
  }
  return content.decl->subject;
}

void LeadRun::sent(Membership& m, const ast::Send& send, const std::string& name) {
  const sema::Content& content = model_.contents[model_.find_content(name)];
  bool counts = content.message_class != sema::Content::Class::Transactional && !answers_in_time(content);
  const LogEvent logged{.kind = "mail.logged", .at = now_, .properties = {{"content", Datum::of_text(name)}}};
  sendings_.push_back({now_, zone(), content.channel, m.campaign->name, counts});
  ledger_[name] = {now_, zone()};
  past_.sent.insert(name);
  happened(logged);
  if (LeadRun* account = unit_.account_named(belongs_to_)) account->tell_account_of_send(logged);
  m.last_send = now_;
  LeadRun& whose = for_ ? *for_->account : *this;
  whose.now_ = now_;
  whose.begin_spans(m, true);
  tell_send(Kind::Sent, m, send, {.content = name});
  sent_for_scenario(m, name);
}

/// `else` is for every end without a sending, `if none left` for an exhausted stream alone.
bool LeadRun::runs_otherwise(const ast::Send& send, Answer answer) {
  return send.if_none_left ? answer == Answer::Exhausted : answer != Answer::Now;
}

/// Not sent, and it does not wait for it either.
void LeadRun::tell_refused(const Membership& m, const ast::Send& send, const Judgement& verdict) {
  tell_send(verdict.answer == Answer::Suppressed  ? Kind::Suppressed
            : verdict.answer == Answer::Exhausted ? Kind::Exhausted
                                                  : Kind::Skipped,
            m, send, verdict);
}

Instant LeadRun::deadline_of(const ast::Send& send, const Judgement& verdict) {
  const Instant patience = after(now_, send.for_up_to ? length(*send.for_up_to) : Duration{0, 7, 0});
  return verdict.why == outcome::Detail::WithSales ? std::max(patience, hold_until_) : patience;
}

/// `body`: that of a reaction, which may not wait; null in statements that may.
bool LeadRun::ask(Membership& m, const ast::Send& send, const Body* body) {
  if (send.to_leads) {
    send_to_leads(m, send, body);
    return false;
  }
  if (body != nullptr) {
    auto already = std::find_if(m.pending.begin(), m.pending.end(),
                                [&](const Pending& p) { return p.detached && p.send == &send; });
    if (already != m.pending.end()) {
      tell_send(Kind::Skipped, m, send, {.content = already->verdict.content, .why = outcome::Detail::AlreadyPending});
      return runs_otherwise(send, Answer::Skipped);
    }
  }
  Judgement verdict = judge(m, send);
  if (verdict.answer == Answer::Now) {
    sent(m, send, verdict.content);
    return false;
  }
  if (verdict.answer != Answer::Later || send.now_or_skip) {
    tell_refused(m, send, verdict);
    return runs_otherwise(send, verdict.answer);
  }
  tell_send(Kind::Deferred, m, send, verdict);
  Pending pending{.send = &send, .since = now_, .deadline = deadline_of(send, verdict), .verdict = verdict};
  if (body == nullptr) {
    suspend(m, Suspension::Kind::Deferred, send, kNever);
  } else {
    pending.detached = true;
    pending.owner_stage = body->owner_stage;
    pending.body = body->block;
    pending.event = event_;
  }
  m.pending.push_back(pending);
  return false;
}

/// A re-ask: at the computed instant, when a hold ends, and at the deadline, where it gives up.
void LeadRun::ask_again(Membership& m, std::list<Pending>::iterator pending) {
  pending->verdict = judge(m, *pending->send);
  Pending was = *pending;
  if (was.verdict.answer == Answer::Later && now_ < was.deadline) return;
  (was.account ? from_accounts_ : m.pending).erase(pending);
  on_behalf(was, [&] {
    if (was.verdict.answer == Answer::Now) return sent(m, *was.send, was.verdict.content);
    if (was.verdict.answer == Answer::Later) return tell_send(Kind::GaveUp, m, *was.send, was.verdict);
    tell_refused(m, *was.send, was.verdict);
  });
  if (!was.account) conclude(m, was, runs_otherwise(*was.send, was.verdict.answer));
}

/// Goes on after a deferred send has ended.
void LeadRun::conclude(Membership& m, const Pending& pending, bool with_else) {
  const ast::Block* otherwise = with_else && pending.send->otherwise ? &*pending.send->otherwise : nullptr;
  if (pending.detached) {
    if (!otherwise) return;
    const LogEvent* const now_at_hand = std::exchange(event_, pending.event);
    run_body(m, *otherwise, Body{pending.body, pending.owner_stage}, "left");
    event_ = now_at_hand;
    return;
  }
  m.suspension = {};
  push(m, otherwise);
  run_statements(m);
}

/// The settling of a step that ended the hold: by priority, then longest deferred, then campaign order.
bool LeadRun::ask_all_again() {
  if (!hold_ended_) return false;
  hold_ended_ = false;
  struct Waiting {
    Membership* m;
    const ast::Send* send;
    Instant since;
    LeadRun* account;
  };
  std::vector<Waiting> waiting;
  for (Membership& m : memberships_) {
    for (const Pending& p : m.pending) waiting.push_back({&m, p.send, p.since, nullptr});
  }
  for (const Pending& p : from_accounts_) waiting.push_back({p.by, p.send, p.since, p.account});
  std::stable_sort(waiting.begin(), waiting.end(), [](const Waiting& a, const Waiting& b) {
    if (a.m->campaign->priority != b.m->campaign->priority) return a.m->campaign->priority > b.m->campaign->priority;
    if (a.since != b.since) return a.since < b.since;
    if (a.m->campaign_index != b.m->campaign_index) return a.m->campaign_index < b.m->campaign_index;
    if (a.m != b.m) return a.m->ordinal < b.m->ordinal;
    return a.send->span.begin < b.send->span.begin;
  });
  for (const Waiting& w : waiting) {
    auto& list = w.account ? from_accounts_ : w.m->pending;
    auto still = std::find_if(list.begin(), list.end(), [&](const Pending& p) {
      return p.send == w.send && p.since == w.since && p.account == w.account;
    });
    if (still != list.end()) ask_again(*w.m, still);
  }
  return true;
}

}  // namespace nurture::oracle
