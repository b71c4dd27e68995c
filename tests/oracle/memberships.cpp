#include <algorithm>

#include "runtime/base/hash.h"
#include "tests/oracle/unit_run.h"

/// Entering, moving, leaving (§5.1, §5.6, §5.9).
namespace nurture::oracle {

std::size_t stage_named(const sema::Campaign& campaign, const std::string& name) {
  for (std::size_t i = 0; i < campaign.stages.size(); ++i) {
    if (campaign.stages[i].name == name) return i;
  }
  return 0;
}

namespace {

std::string entry_name(std::size_t entry) { return entry == kEnrolled ? "enrolled" : std::to_string(entry); }

}  // namespace

void LeadRun::test_entries(const sema::Campaign& campaign, std::uint32_t index, const LogEvent& event,
                           const Datum& key) {
  constexpr int kGuard = static_cast<int>(outcome::RefusalCause::Guard);
  std::optional<std::size_t> guarded;
  for (std::size_t i = 0; i < campaign.entries.size(); ++i) {
    const ast::Clause& entry = *campaign.entries[i];
    if (entry.entry != ast::Clause::EntryForm::On) continue;
    Membership candidate;
    candidate.campaign = &campaign;
    candidate.campaign_index = index;
    candidate.key = key;
    candidate.entry = event;
    candidate.since_entry = candidate.since_stage = past_.events.size();
    candidate.remembered.assign(campaign.remembered.size(), Datum::unknown());
    if (!matches(entry.event, event, &candidate)) continue;
    int cause = refusal(campaign, index, entry.condition, candidate);
    if (cause < 0) return enter(std::move(candidate), i, entry.name ? stage_named(campaign, entry.name.text) : 0);
    if (cause != kGuard) return refuse(index, cause, i);
    if (!guarded) guarded = i;
  }
  if (guarded) refuse(index, kGuard, *guarded);
}

void LeadRun::refuse(std::uint32_t campaign, int cause, std::size_t entry) {
  Told told{.kind = Kind::Refused, .at = now_, .lead = lead_.key, .campaign = model_.campaigns[campaign].name};
  told.what = std::to_string(cause) + " " + entry_name(entry);
  say(std::move(told));
}

/// The first cause that turns the lead away, in the order of RefusalCause; -1: none.
int LeadRun::refusal(const sema::Campaign& campaign, std::uint32_t index, const ast::Expr* guard,
                     Membership& candidate) {
  using Cause = outcome::RefusalCause;
  if (!true_for(guard, &candidate)) return static_cast<int>(Cause::Guard);
  if (!active_now(campaign)) return static_cast<int>(Cause::NotActive);
  for (const ast::Clause* c : campaign.audience) {
    if (!true_for(c->condition, &candidate)) return static_cast<int>(Cause::Audience);
  }
  for (const ast::Clause* c : campaign.exclude) {
    if (true_for(c->condition, &candidate)) return static_cast<int>(Cause::Exclude);
  }
  for (const ast::Clause* c : campaign.exits) {
    if (c->trigger.condition && true_for(c->trigger.condition, &candidate))
      return static_cast<int>(Cause::ExitCondition);
  }
  const bool keyless = campaign.key != nullptr && !candidate.key.known;
  if (!keyless && !reentry_open(campaign, index, candidate.key)) return static_cast<int>(Cause::Reentry);
  if (in_group(campaign)) return static_cast<int>(Cause::Exclusive);
  if (keyless) return static_cast<int>(Cause::Key);
  if (campaign.key != nullptr && campaign.key->has_number &&
      static_cast<std::int64_t>(active(index).size()) >= campaign.key->number) {
    return static_cast<int>(Cause::KeyLimit);
  }
  return -1;
}

/// `active from … until …`: dates by the lead's calendar, both included; an instant is included as a start only.
bool LeadRun::active_now(const sema::Campaign& campaign) const {
  if (campaign.active == nullptr) return true;
  std::int64_t today = calendar::to_local(now_, zone()).date;
  if (const ast::Expr* from = campaign.active->target) {
    Datum d = evaluate(*from, scene(nullptr));
    if (d.kind == TypeKind::Date ? today < d.whole : now_ < d.whole) return false;
  }
  if (const ast::Expr* until = campaign.active->target2) {
    Datum d = evaluate(*until, scene(nullptr));
    if (d.kind == TypeKind::Date ? today > d.whole : now_ >= d.whole) return false;
  }
  return true;
}

/// In another campaign of the same group.
bool LeadRun::in_group(const sema::Campaign& campaign) const {
  if (campaign.exclusive == nullptr) return false;
  return std::any_of(memberships_.begin(), memberships_.end(), [&](const Membership& m) {
    const ast::Clause* other = m.campaign->exclusive;
    return m.active && m.campaign != &campaign && other && other->name.text == campaign.exclusive->name.text;
  });
}

bool LeadRun::reentry_open(const sema::Campaign& campaign, std::uint32_t index, const Datum& key) {
  const Membership* last = latest(index, campaign.key ? &key : nullptr);
  if (last == nullptr) return true;
  if (campaign.reenter == nullptr || campaign.reenter->reenter == ast::Clause::ReenterForm::Never) return false;
  if (campaign.reenter->reenter == ast::Clause::ReenterForm::Always) return true;
  return now_ >= last->reentry_opens;
}

void LeadRun::enter(Membership candidate, std::size_t entry, std::size_t stage) {
  std::uint32_t ordinal = 0;
  for (const Membership& m : memberships_) ordinal += m.campaign_index == candidate.campaign_index ? 1 : 0;
  memberships_.push_back(std::move(candidate));
  Membership& m = memberships_.back();
  m.ordinal = ordinal;
  m.entered = now_;
  m.since_entry = m.since_stage = past_.events.size();
  m.entry_stamp = m.stage_stamp = stamp();
  const sema::Campaign& campaign = *m.campaign;
  if (campaign.lasts) m.lasts_until = after(now_, length(*campaign.lasts->duration));
  if (campaign.holdout) {
    m.held_out = draw(campaign.name, "holdout", nullptr, key()) < campaign.holdout->number / 100;
  }
  if (m.held_out && !campaign.lasts) m.lasts_until = after(now_, programme_.longest[m.campaign_index]);
  begin_spans(m, false);
  entered_.insert(m.campaign_index);
  tell(m.held_out ? Kind::HeldOut : Kind::Entered, &m, 0, entry_name(entry));
  for (std::size_t g = 0; g < campaign.goals.size(); ++g) {
    if (goal_watched(m, g) && true_for(campaign.goals[g].clause->condition, &m)) m.goals_held.insert(g);
  }
  for (const ast::Clause* c : campaign.exits) arm(m, c->trigger);
  if (m.held_out) return;
  for (const ast::Clause* c : campaign.triggers) arm(m, c->trigger);
  enter_stage(m, stage, -1);
  run_statements(m);
}

void LeadRun::enter_stage(Membership& m, std::size_t stage, std::int64_t from) {
  m.stage = stage;
  m.stage_entered = now_;
  m.visit += 1;
  m.since_stage = past_.events.size();
  m.stage_stamp = stamp();
  m.visits[stages(m)[stage].name] += 1;
  m.running.clear();
  tell(Kind::StageEntered, &m, 0, from < 0 ? "" : stages(m)[static_cast<std::size_t>(from)].name);
  push(m, &stage_clause(m).body);
  for (const ast::Trigger& trigger : stage_clause(m).triggers) arm(m, trigger);
  fire_at_arming(m);
}

void LeadRun::leave_stage(Membership& m, std::int64_t to, const ast::Block* body, const std::string& how) {
  end_suspension(m, how);
  m.own_body = nullptr;
  const ast::Clause* stage = &stage_clause(m);
  bool ends = to < 0;
  cancel(m, [](const Pending& p) { return !p.detached; });
  cancel(m, [&](const Pending& p) { return ends || (p.owner_stage == stage && p.body != body); });
  for (const ast::Trigger& trigger : stage->triggers) disarm(m, trigger);
  tell(Kind::StageLeft, &m, 0,
       (ends ? std::string() : stages(m)[static_cast<std::size_t>(to)].name) + " " +
           std::to_string(now_ - m.stage_entered));
}

void LeadRun::go_to(Membership& m, std::size_t stage, const ast::Block* body, const std::string& how) {
  auto from = static_cast<std::int64_t>(m.stage);
  leave_stage(m, static_cast<std::int64_t>(stage), body, how);
  enter_stage(m, stage, from);
}

void LeadRun::run_on_exit(Membership& m) {
  if (m.held_out || m.campaign->on_exit == nullptr) return;
  const LogEvent* at_hand = event_;
  event_ = nullptr;
  run_body(m, m.campaign->on_exit->body, Body{}, "left");
  event_ = at_hand;
}

void LeadRun::exit(Membership& m, const std::string& reason, const ast::Block* body, const std::string& how) {
  if (!m.held_out) leave_stage(m, -1, body, how);
  cancel(m, [](const Pending&) { return true; });
  run_on_exit(m);
  m.active = false;
  m.ended = now_;
  past_.departures.push_back({m.campaign->name, reason, now_, zone()});
  const ast::Clause* reenter = m.campaign->reenter;
  if (reenter && reenter->duration) m.reentry_opens = after(now_, length(*reenter->duration));
  m.running.clear();
  m.armed.clear();
  m.holding.clear();
  m.silences.clear();
  tell(Kind::Exited, &m, 0, reason + " " + std::to_string(now_ - m.entered));
}

/// Ends the wait without telling yet: its end is told when the handler's body has come to its own end or waits.
void LeadRun::take_wait(Membership& m, const std::string& how) {
  m.ended_wait = m.suspension.statement;
  m.ended_how = how;
  if (m.suspension.kind == Suspension::Kind::Wait) {
    for (const ast::Trigger* handler : handlers_of(ast::as<ast::Wait>(*m.ended_wait))) disarm(m, *handler);
    m.earliest_due = false;
  }
  m.suspension = {};
}

void LeadRun::tell_taken_wait(Membership& m) {
  if (m.ended_wait == nullptr) return;
  tell(Kind::WaitEnded, &m, line_at(m.ended_wait->span), m.ended_how);
  m.ended_wait = nullptr;
}

void LeadRun::end_suspension(Membership& m, const std::string& how) {
  if (m.suspension.kind == Suspension::Kind::Deferred) m.suspension = {};
  if (m.suspension.kind != Suspension::Kind::None) take_wait(m, how);
  tell_taken_wait(m);
}

void LeadRun::cancel(Membership& m, const std::function<bool(const Pending&)>& which) {
  for (LeadRun* lead : of_accounts_ ? unit_.leads() : std::vector<LeadRun*>{}) {
    lead->cancel_for(*this, [&](const Pending& p) { return p.by == &m && which(p); });
  }
  m.pending.sort([](const Pending& a, const Pending& b) { return a.send->span.begin < b.send->span.begin; });
  for (auto it = m.pending.begin(); it != m.pending.end();) {
    if (!which(*it)) {
      ++it;
      continue;
    }
    tell_send(Kind::Cancelled, m, *it->send, it->verdict);
    it = m.pending.erase(it);
  }
}

std::uint16_t LeadRun::draw(const std::string& campaign, const std::string& split, const std::uint64_t* pass,
                            const std::string& key) const {
  std::string bytes = campaign + '\0' + split + '\0' + key + '\0';
  for (int i = 0; pass != nullptr && i < 8; ++i) bytes += static_cast<char>(*pass >> (8 * i));
  return static_cast<std::uint16_t>(hash64(bytes, programme_.seed) % 10'000);
}

}  // namespace nurture::oracle
