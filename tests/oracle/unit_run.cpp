#include "tests/oracle/unit_run.h"

#include <algorithm>
#include <tuple>

#include "compiler/sema/walk.h"
#include "tests/oracle/units.h"

/// The order of steps in a unit, and what one member does to another (§5.14).
namespace nurture::oracle {

namespace {

bool runs(const sema::Campaign& campaign) { return campaign.status == nullptr || campaign.status->text == "live"; }

bool about_leads(const ast::Expr* expr, const sema::Model& model) {
  if (expr == nullptr) return false;
  if (expr->kind == ast::NodeKind::LeadsQuery) return true;
  auto symbol = model.symbols.find(expr->id);
  if (symbol != model.symbols.end() && symbol->second.kind == sema::Symbol::Kind::Segment &&
      about_leads(model.segments[symbol->second.index].decl->condition, model)) {
    return true;
  }
  bool found = false;
  sema::for_each_child(*expr, [&](const ast::Expr& child) { found = found || about_leads(&child, model); });
  return found;
}

/// The conditions that a campaign watches, wherever they are written.
std::vector<const ast::Expr*> watched(const sema::Model& model, const sema::Campaign& campaign) {
  std::vector<const ast::Expr*> out;
  auto body = [&](const ast::Block& block) {
    sema::for_each_statement(block, [&](const ast::Stmt& each) {
      const auto* wait = ast::try_as<ast::Wait>(&each);
      if (wait == nullptr) return;
      for (const ast::Trigger& handler : wait->handlers) out.push_back(handler.condition);
      if (sema::waits_for_condition(model, *wait)) out.push_back(wait->until.target);
    });
  };
  for (const ast::Clause* entry : campaign.entries) {
    if (entry->entry == ast::Clause::EntryForm::WhenTrue) out.push_back(entry->condition);
  }
  for (const sema::Goal& goal : campaign.goals) {
    if (!goal.clause->event) out.push_back(goal.clause->condition);
  }
  for (const ast::Clause* exit : campaign.exits) out.push_back(exit->trigger.condition);
  for (const ast::Clause* trigger : campaign.triggers) out.push_back(trigger->trigger.condition);
  for (const sema::Stage& stage : campaign.stages) {
    for (const ast::Trigger& trigger : stage.clause->triggers) out.push_back(trigger.condition);
    body(stage.clause->body);
  }
  return out;
}

bool asks_leads(const sema::Model& model) {
  return std::any_of(model.campaigns.begin(), model.campaigns.end(), [&](const sema::Campaign& campaign) {
    if (!campaign.decl->for_account || !runs(campaign)) return false;
    const std::vector<const ast::Expr*> all = watched(model, campaign);
    return std::any_of(all.begin(), all.end(), [&](const ast::Expr* each) { return about_leads(each, model); });
  });
}

}  // namespace

UnitRun::UnitRun(const Programme& programme, const Log& log, Instant horizon, const std::vector<const LogLead*>& leads,
                 const std::vector<std::string>& accounts)
    : programme_(programme), horizon_(horizon) {
  asks_leads_ = !accounts.empty() && asks_leads(programme.unit->model);
  for (const LogLead* lead : leads) {
    members_.emplace_back(*this, programme, log, *lead, horizon, false);
    for (const LogEvent& event : lead->events) log_.push_back({&event, &members_.back()});
  }
  std::stable_sort(log_.begin(), log_.end(), [](const Happening& a, const Happening& b) {
    return std::pair(a.event->at, a.event->position) < std::pair(b.event->at, b.event->position);
  });
  foresee();
  const std::size_t of_leads = members_.size();
  for (const std::string& name : accounts) {
    LogLead& row = account_rows_.emplace_back();
    row.key = name;
    for (std::size_t i = 0; i < of_leads; ++i) {
      const LogLead* lead = leads[i];
      if (account_in(lead->attributes) == name) row.created = std::min(row.created, members_[i].begins_at());
      for (const LogEvent& event : lead->events) {
        if (account_in(event.changes) == name) row.created = std::min(row.created, event.at);
      }
    }
    members_.emplace_back(*this, programme, log, row, horizon, true);
  }
}

/// Beginnings come before the events of their instant, and timers after them.
void UnitRun::run(std::vector<std::string>& lines) {
  for (std::size_t next = 0;;) {
    LeadRun* const fresh = to_begin();
    LeadRun* const timed = with_timer();
    const Instant begin = fresh ? fresh->begins_at() : kNever;
    const Instant event = next < log_.size() ? log_[next].event->at : kNever;
    const Instant timer = timed ? timed->next_timer().at : kNever;
    Assumed* const assumed = next_assumed();
    const Instant reaction = assumed ? assumed->event.at : kNever;
    now_ = std::min({begin, event, reaction, timer});
    if (now_ == kNever || now_ > horizon_) break;
    ++chain_;
    position_ = begin == now_ ? -1 : event == now_ ? log_[next].event->position : INT64_MAX;
    if (begin == now_) {
      fresh->begin();
      stepped(*fresh, "");
    } else if (event == now_) {
      happen(log_[next++]);
    } else if (reaction == now_) {
      happen(*assumed);
    } else {
      const std::string before = timed->account();
      if (timed->timer_step(timed->next_timer())) stepped(*timed, before);
      touched_.insert(timed);
    }
    settle();
    for (LeadRun* member : touched_) member->find_timer();
    touched_.clear();
  }
  now_ = horizon_;
  position_ = INT64_MAX;
  std::vector<LeadRun*> in_order;
  for (LeadRun& member : members_) {
    if (member.begun() && !member.gone_into()) member.close();
    in_order.push_back(&member);
  }
  std::stable_sort(in_order.begin(), in_order.end(),
                   [](const LeadRun* a, const LeadRun* b) { return a->key() < b->key(); });
  std::function<void(LeadRun*)> tell = [&](LeadRun* member) {
    for (LeadRun* other : in_order) {
      if (become_.contains(other) && become_[other] == member) tell(other);
    }
    member->tell_all(lines);
  };
  for (LeadRun* member : in_order) {
    if (!become_.contains(member)) tell(member);
  }
}

LeadRun* UnitRun::to_begin() {
  LeadRun* first = nullptr;
  for (LeadRun& member : members_) {
    if (!member.begun() && (first == nullptr || member.begins_at() < first->begins_at())) first = &member;
  }
  return first;
}

/// A property's time runs out after everything else of its instant, whoever does it.
LeadRun* UnitRun::with_timer() {
  LeadRun* first = nullptr;
  auto rank = [](LeadRun& member) { return std::pair(member.next_timer().at, member.next_timer().observes); };
  for (LeadRun& member : members_) {
    if (!member.begun() || member.gone_into()) continue;
    if (first == nullptr || rank(member) < rank(*first)) first = &member;
  }
  return first;
}

LeadRun* UnitRun::person(LeadRun* key) {
  while (key->gone_into()) key = key->gone_into();
  return key;
}

LeadRun* UnitRun::named(const std::string& key) {
  for (LeadRun& member : members_) {
    if (!member.is_account() && member.key() == key) return &member;
  }
  return nullptr;
}

/// Whom the lead of the event turns out to be by it; null: nobody else.
LeadRun* UnitRun::to_become(const Happening& what) {
  if (!says_merged(*what.event)) return nullptr;
  LeadRun* const into = named(named_by(*what.event));
  if (into == nullptr || person(into) == person(what.by)) return nullptr;
  return person(into);
}

/// Who stays begins with it at the latest.
void UnitRun::foresee() {
  auto now = [&](LeadRun* key) {
    while (become_.contains(key)) key = become_[key];
    return key;
  };
  for (const Happening& each : log_) {
    LeadRun* const into = says_merged(*each.event) ? named(named_by(*each.event)) : nullptr;
    if (into == nullptr || now(into) == now(each.by)) continue;
    now(into)->begin_by(each.event->at);
    LeadRun* const stays = now(into);
    become_[now(each.by)] = stays;
  }
}

/// A step of the lead who did it, of the colleagues whom it reaches, of the account.
void UnitRun::happen(const Happening& what) {
  LeadRun* const stays = to_become(what);
  LeadRun* const gone = stays ? person(what.by) : nullptr;
  LeadRun* const by = stays ? stays : person(what.by);
  const std::string left = gone ? gone->account() : "";
  const std::string before = by->account();
  by->event_step(*what.event, by, gone);
  stepped(*by, before);
  LeadRun* const old = account_named(left);
  if (old != nullptr && asks_leads_) stir(*old);
  if (gone != nullptr) touched_.insert(gone);
  const std::string account = by->account();
  if (account.empty()) return;
  if (reaches_colleagues(programme_.unit->model, *what.event)) {
    for (LeadRun* colleague : leads_of(account)) {
      if (colleague == by) continue;
      const std::string theirs = colleague->account();
      colleague->event_step(*what.event, by);
      stepped(*colleague, theirs);
    }
  }
  if (LeadRun* whole = account_named(account)) {
    whole->event_step(*what.event, by);
    stepped(*whole, "");
  }
}

/// At one instant, the one that was caused first.
Assumed* UnitRun::next_assumed() {
  Assumed* first = nullptr;
  for (Assumed& each : assumed_) {
    if (!each.done && (first == nullptr || each.event.at < first->event.at)) first = &each;
  }
  return first;
}

/// As an event of the log happens; one of an account is nobody else's.
void UnitRun::happen(Assumed& what) {
  what.done = true;
  LeadRun* const by = person(what.of);
  LeadRun* const actor = by->is_account() ? nullptr : by;
  auto take = [&](LeadRun* member) {
    const std::string before = member->account();
    member->assumed_step(what, actor);
    stepped(*member, member->is_account() ? "" : before);
  };
  take(by);
  const std::string account = by->account();
  if (actor == nullptr || account.empty()) return;
  if (LeadRun* whole = account_named(account)) take(whole);
}

/// What comes of a step at once: timers that it made due, a hold of the account that the lead came to, and a step of
/// the accounts that ask about their leads.
void UnitRun::stepped(LeadRun& member, const std::string& account_before) {
  touched_.insert(&member);
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (&members_[i] == &member && !member.joined()) stirred_.erase(i);
  }
  member.go_on();
  if (member.is_account()) return;
  LeadRun* const account = account_named(member.account());
  if (account != nullptr && member.account() != account_before) account->hold_if_held(member);
  if (!asks_leads_) return;
  for (const std::string& name : {account_before, member.account()}) {
    if (LeadRun* asking = account_named(name)) stir(*asking);
  }
}

void UnitRun::settle() {
  while (!stirred_.empty()) {
    LeadRun& member = members_[*stirred_.begin()];
    stirred_.erase(stirred_.begin());
    const std::string before = member.account();
    member.follow();
    stepped(member, before);
  }
}

void UnitRun::stir(LeadRun& member) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (&members_[i] == &member) stirred_.insert(i);
  }
}

std::vector<LeadRun*> UnitRun::leads() {
  std::vector<LeadRun*> out;
  for (LeadRun& member : members_) {
    if (!member.is_account() && member.begun() && !member.gone_into()) out.push_back(&member);
  }
  return out;
}

std::vector<LeadRun*> UnitRun::leads_of(const std::string& account) {
  std::vector<LeadRun*> out = leads();
  std::erase_if(out, [&](LeadRun* lead) { return lead->account() != account; });
  return out;
}

LeadRun* UnitRun::account_named(const std::string& name) {
  for (LeadRun& member : members_) {
    if (member.is_account() && member.begun() && member.key() == name) return &member;
  }
  return nullptr;
}

}  // namespace nurture::oracle
