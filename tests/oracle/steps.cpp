#include <algorithm>

#include "tests/oracle/unit_run.h"

/// Steps, settling, timers (§5.2, §5.13, §6.3, §6.4).
namespace nurture::oracle {

/// Which timer is the first now.
void LeadRun::find_timer() {
  std::vector<Timer> due = timers();
  auto first = std::min_element(due.begin(), due.end(), [](const Timer& a, const Timer& b) {
    if (a.at != b.at || a.goes_on == b.goes_on) return a.at != b.at ? a.at < b.at : a.rank < b.rank;
    return a.goes_on;
  });
  next_timer_ = first == due.end() ? Timer{} : *first;
}

/// What the last step made due at its own instant counts as part of it.
void LeadRun::go_on() {
  auto hurried = [](const auto& all, const auto& is) { return std::any_of(all.begin(), all.end(), is); };
  while (hurried(memberships_, [](const Membership& m) { return m.active && m.suspension.hurried; }) ||
         hurried(idle_, [](const Idle& idle) { return idle.due != kNever && idle.hurried; })) {
    find_timer();
    if (!next_timer_.goes_on) return;
    const Timer timer = next_timer_;
    timer_step(timer);
  }
}

/// Beginning is a step of its own: what enters without an event is armed in it.
void LeadRun::begin() {
  begun_ = true;
  now_ = unit_.now();
  tell(Kind::Began, nullptr, 0, "");
  begin_idle();
}

void LeadRun::event_step(const LogEvent& event, LeadRun* actor, LeadRun* merged) {
  now_ = event.at;
  event_ = &event;
  actor_ = actor;
  begin_step();
  if (merged) unite(*merged);
  apply(event);
  for (std::uint32_t i = 0; deployed_ && i < model_.campaigns.size(); ++i) {
    if (runs(i)) offer(model_.campaigns[i], i, event);
  }
  settle();
  end_step();
}

/// Whether it is a step at all.
bool LeadRun::timer_step(Timer timer) {
  now_ = timer.at;
  if (!timer.observes) begin_step();
  timer.fire();
  if (timer.observes) return false;
  settle();
  end_step();
  return true;
}

/// Every timer with its rank among those of the same instant: holds and promises, then by priority, re-asks before
/// others, name, entry, source order; `lasts at most` last.
std::vector<LeadRun::Timer> LeadRun::timers() {
  std::vector<Timer> out;
  for (auto p = from_accounts_.begin(); p != from_accounts_.end(); ++p) {
    out.push_back({std::min(p->deadline, p->verdict.at), rank_of(*p->by, *p), [this, p] { ask_again(*p->by, p); }});
  }
  if (held_) out.push_back({hold_until_, {0, 0}, [this] { end_hold("expired"); }});
  for (std::size_t i = 0; i < hand_offs_.size(); ++i) {
    if (hand_offs_[i].promised == kNever) continue;
    out.push_back({hand_offs_[i].promised, {0, 1, static_cast<std::int64_t>(i)}, [this, i] { miss_promise(i); }});
  }
  for (Membership& m : memberships_) {
    if (m.active) membership_timers(m, out);
  }
  if (!deployed_) {
    out.push_back({*programme_.deployed, {2}, [this] {
                     deployed_ = true;
                     for (Idle& idle : idle_) arm_idle(idle, true);
                   }});
    return out;
  }
  add_turns(out);
  for (Idle& idle : idle_) {
    if (idle.due == kNever) continue;
    const sema::Campaign& campaign = model_.campaigns[idle.campaign];
    out.push_back({idle.due,
                   {1, -campaign.priority, 1, 0, idle.campaign, INT64_MAX, static_cast<std::int64_t>(idle.entry)},
                   [this, &idle] { idle_due(idle); },
                   idle.hurried});
  }
  return out;
}

/// The next instant at which a condition that is watched may turn by itself.
void LeadRun::add_turns(std::vector<Timer>& out) {
  std::set<Instant> turns;
  auto look = [&](const ast::Expr* condition, const Membership* m) {
    if (condition != nullptr) turning_points(*condition, scene(m), turns);
  };
  for (const Membership& m : memberships_) {
    for (const auto& [trigger, value] : m.armed) look(trigger->condition, &m);
    for (const sema::Goal& goal : m.campaign->goals) look(goal.clause->condition, &m);
  }
  for (const Idle& idle : idle_) {
    if (idle.clause->entry == ast::Clause::EntryForm::WhenTrue) look(idle.clause->condition, nullptr);
  }
  if (!turns.empty()) out.push_back({*turns.begin(), {2}, [] {}});
  claim_timers(out);
}

/// Of a deferred send, of the lead's own campaigns or of an account's.
std::vector<std::int64_t> LeadRun::rank_of(const Membership& m, const Pending& p) {
  return {1,         -m.campaign->priority, 0, p.since, static_cast<std::int64_t>(m.campaign_index),
          m.ordinal, p.send->span.begin};
}

void LeadRun::membership_timers(Membership& m, std::vector<Timer>& out) {
  std::int64_t priority = -m.campaign->priority;
  auto order = static_cast<std::int64_t>(m.campaign_index);
  for (auto p = m.pending.begin(); p != m.pending.end(); ++p) {
    out.push_back({std::min(p->deadline, p->verdict.at), rank_of(m, *p), [this, &m, p] { ask_again(m, p); }});
  }
  if (m.suspension.deadline != kNever) {
    out.push_back({m.suspension.deadline,
                   {1, priority, 1, 0, order, m.ordinal, m.suspension.statement->span.begin},
                   [this, &m] { time_is_up(m); },
                   m.suspension.hurried});
  }
  if (m.earliest_due) {
    out.push_back({m.earliest, {1, priority, 1, 0, order, m.ordinal, m.suspension.statement->span.begin, 1}, [&m] {
                     m.earliest_due = false;
                   }});
  }
  for (const auto& [trigger, due] : m.silences) {
    if (due == kNever) continue;
    out.push_back({due, {1, priority, 1, 0, order, m.ordinal, trigger->span.begin}, [this, &m, silence = trigger] {
                     silence_due(m, *silence);
                   }});
  }
  if (m.lasts_until != kNever) {
    const ast::Clause* lasts = m.campaign->lasts;
    std::string reason = lasts ? lasts->reason.text : "held_out";
    out.push_back(
        {m.lasts_until, {3, priority, order, m.ordinal}, [this, &m, reason] { exit(m, reason, nullptr, "left"); }});
  }
}

void LeadRun::settle() {
  while (ask_all_again() || settle_one()) {
  }
}

/// In campaign order, oldest membership first, the first `when` that is due.
bool LeadRun::settle_one() {
  watch_goals();
  for (std::uint32_t c = 0; c < model_.campaigns.size(); ++c) {
    if (settle_requests(c, false)) return true;
    for (Membership* m : active(c)) {
      if (settle_membership(*m)) return true;
    }
    if (turn_true(c) || settle_requests(c, true)) return true;
  }
  return false;
}

bool LeadRun::settle_membership(Membership& m) {
  const sema::Campaign& campaign = *m.campaign;
  auto first = [&](const ast::Trigger& trigger, Reaction reaction, std::size_t i, const std::string& reason) {
    if (!due(m, trigger)) return false;
    fire(m, trigger, reaction, i, reason);
    return true;
  };
  for (std::size_t i = 0; i < campaign.exits.size(); ++i) {
    if (first(campaign.exits[i]->trigger, Reaction::CampaignExit, i, campaign.exits[i]->reason.text)) return true;
  }
  const ast::Clause* sales = campaign.while_with_sales;
  if (held_ && sales && sales->with_sales == ast::Clause::SalesForm::Leave) {
    exit(m, sales->reason.text, nullptr, "left");
    return true;
  }
  if (m.held_out) return false;
  if (m.suspension.kind == Suspension::Kind::Wait) {
    const auto handlers = handlers_of(ast::as<ast::Wait>(*m.suspension.statement));
    for (std::size_t i = 0; i < handlers.size(); ++i) {
      if (first(*handlers[i], Reaction::Handler, i, "")) return true;
    }
  }
  const auto& of_stage = stage_clause(m).triggers;
  for (std::size_t i = 0; i < of_stage.size(); ++i) {
    if (first(of_stage[i], Reaction::StageTrigger, i, "")) return true;
  }
  for (std::size_t i = 0; i < campaign.triggers.size(); ++i) {
    if (first(campaign.triggers[i]->trigger, Reaction::CampaignTrigger, i, "")) return true;
  }
  return false;
}

/// Once for all the steps that count as one.
void LeadRun::begin_step() {
  stepping_ = true;
  if (chain_ == unit_.chain()) return;
  chain_ = unit_.chain();
  for (Membership& m : memberships_) m.fired.clear();
  for (Idle& idle : idle_) idle.fired = false;
  entered_.clear();
}

/// What every `when` is now is what its next turn is judged against.
void LeadRun::end_step() {
  std::set<std::uint32_t> changed = changed_;
  follow_dates();
  rebase_idle(changed);
  for (Membership& m : memberships_) {
    for (auto& [trigger, value] : m.armed) value = true_trigger(m, *trigger);
    for (std::size_t g = 0; g < m.campaign->goals.size(); ++g) {
      if (!goal_watched(m, g)) continue;
      true_for(m.campaign->goals[g].clause->condition, &m) ? void(m.goals_held.insert(g)) : void(m.goals_held.erase(g));
    }
    m.goal_exit = -1;
  }
  event_ = nullptr;
  actor_ = nullptr;
  stepping_ = false;
}

/// At the horizon: who is inside, what is still asked, which goals are open.
void LeadRun::close() {
  now_ = horizon_;
  for (std::uint32_t c = 0; c < model_.campaigns.size(); ++c) {
    for (Membership& m : memberships_) {
      if (m.campaign_index != c) continue;
      std::uint32_t line = m.suspension.statement ? line_at(m.suspension.statement->span) : 0;
      end_suspension(m, "horizon");
      m.pending.sort([](const Pending& a, const Pending& b) { return a.send->span.begin < b.send->span.begin; });
      for (const Pending& p : m.pending) tell_send(Kind::Pending, m, *p.send, p.verdict);
      if (m.active) tell(Kind::InFlight, &m, line, "");
      if (latest(c, m.campaign->key ? &m.key : nullptr) != &m) continue;
      for (std::size_t g = 0; g < m.campaign->goals.size(); ++g) {
        const ast::Clause& clause = *m.campaign->goals[g].clause;
        if (m.credited.contains(g)) continue;
        Instant from = clause.of_send ? m.last_send : m.entered;
        bool open = from != kNever && (!clause.duration || m.goal_ends[g] > horizon_);
        if (open) tell(Kind::GoalCensored, &m, 0, m.campaign->goals[g].name);
      }
    }
  }
  for (const Pending& p : from_accounts_) {
    on_behalf(p, [&] { tell_send(Kind::Pending, *p.by, *p.send, p.verdict); });
  }
  close_claims();
}

}  // namespace nurture::oracle
