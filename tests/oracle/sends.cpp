#include <algorithm>

#include "tests/oracle/lead_run.h"

/// Sends (§5.5), as far as the first part goes: the sales hold is the only thing that defers one.
namespace nurture::oracle {

namespace {

const sema::Content& content_of(const sema::Model& model, const ast::Send& send) {
  return model.contents[model.find_content(send.content.text)];
}

}  // namespace

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

void LeadRun::tell_send(Kind kind, const Membership& m, const ast::Send& send, outcome::Detail detail) {
  bool told = kind == Kind::Sent && content_of(model_, send).decl->subject.present;
  std::string subject = told ? words(content_of(model_, send).decl->subject, m) : "";
  std::string asks = kind == Kind::Sent ? asked(content_of(model_, send)) : "";
  tell(kind, &m, line_at(send.span), send.content.text, subject, asks, detail);
}

bool LeadRun::permitted(const Membership& m, const ast::Send& send) const {
  const sema::Content& content = content_of(model_, send);
  if (!held_ || content.message_class == sema::Content::Class::Transactional) return true;
  if (content.message_class == sema::Content::Class::Answers) {
    auto last = last_of_kind_.find(model_.kinds[content.answers].name);
    if (last != last_of_kind_.end() && now_ - last->second <= kHour) return true;
  }
  const ast::Clause* policy = m.campaign->while_with_sales;
  return policy != nullptr && policy->with_sales == ast::Clause::SalesForm::Continue;
}

void LeadRun::sent(Membership& m, const ast::Send& send) {
  ledger_.insert(send.content.text);
  m.last_send = now_;
  begin_spans(m, true);
  tell_send(Kind::Sent, m, send, {});
}

/// `body`: that of a reaction, which may not wait; null in statements that may.
LeadRun::Asked LeadRun::ask(Membership& m, const ast::Send& send, const Body* body) {
  if (body != nullptr) {
    bool already = std::any_of(m.pending.begin(), m.pending.end(),
                               [&](const Pending& p) { return p.detached && p.send == &send; });
    if (already) {
      tell_send(Kind::Skipped, m, send, outcome::Detail::AlreadyPending);
      return Asked::Skipped;
    }
  }
  if (permitted(m, send)) {
    sent(m, send);
    return Asked::Sent;
  }
  if (send.now_or_skip) {
    tell_send(Kind::Skipped, m, send, outcome::Detail::WithSales);
    return Asked::Skipped;
  }
  tell_send(Kind::Deferred, m, send, outcome::Detail::WithSales);
  Duration patience = send.for_up_to ? length(*send.for_up_to) : Duration{0, 7, 0};
  Pending pending{.send = &send, .since = now_, .deadline = std::max(after(now_, patience), hold_until_)};
  if (body == nullptr) {
    suspend(m, Suspension::Kind::Deferred, send, kNever);
  } else {
    pending.detached = true;
    pending.owner_stage = body->owner_stage;
    pending.body = body->block;
  }
  m.pending.push_back(pending);
  return Asked::Deferred;
}

/// A re-ask. `last`: at the deadline, where it gives up.
void LeadRun::ask_again(Membership& m, std::list<Pending>::iterator pending, bool last) {
  Pending was = *pending;
  bool may = permitted(m, *was.send);
  if (!may && !last) return;
  m.pending.erase(pending);
  if (may) {
    sent(m, *was.send);
  } else {
    tell_send(Kind::GaveUp, m, *was.send, outcome::Detail::WithSales);
  }
  conclude(m, was, !may);
}

/// Goes on after a deferred send has ended.
void LeadRun::conclude(Membership& m, const Pending& pending, bool with_else) {
  const ast::Block* otherwise = with_else && pending.send->otherwise ? &*pending.send->otherwise : nullptr;
  if (pending.detached) {
    if (otherwise) run_body(m, *otherwise, Body{pending.body, pending.owner_stage}, "left");
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
  };
  std::vector<Waiting> waiting;
  for (Membership& m : memberships_) {
    for (const Pending& p : m.pending) waiting.push_back({&m, p.send, p.since});
  }
  std::stable_sort(waiting.begin(), waiting.end(), [](const Waiting& a, const Waiting& b) {
    if (a.m->campaign->priority != b.m->campaign->priority) return a.m->campaign->priority > b.m->campaign->priority;
    if (a.since != b.since) return a.since < b.since;
    if (a.m->campaign_index != b.m->campaign_index) return a.m->campaign_index < b.m->campaign_index;
    if (a.m != b.m) return a.m->ordinal < b.m->ordinal;
    return a.send->span.begin < b.send->span.begin;
  });
  for (const Waiting& w : waiting) {
    auto& list = w.m->pending;
    auto still = std::find_if(list.begin(), list.end(),
                              [&](const Pending& p) { return p.send == w.send && p.since == w.since; });
    if (still != list.end()) ask_again(*w.m, still, false);
  }
  return true;
}

}  // namespace nurture::oracle
