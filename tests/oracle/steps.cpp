#include <algorithm>

#include "tests/oracle/lead_run.h"

/// Steps, settling, timers (§5.2, §5.13, §6.3, §6.4).
namespace nurture::oracle {

std::vector<std::string> interpret(const Programme& programme, const Log& log, Instant horizon) {
  std::vector<std::string> lines;
  for (const LogLead& lead : log.leads) LeadRun(programme, log, lead, horizon, lines).run();
  return lines;
}

void LeadRun::run() {
  std::size_t next = 0;
  begin();
  if (now_ > horizon_) return;
  for (;;) {
    std::vector<Timer> due = timers();
    auto first = std::min_element(due.begin(), due.end(), [](const Timer& a, const Timer& b) {
      return a.at != b.at ? a.at < b.at : a.rank < b.rank;
    });
    Instant timer = first == due.end() ? kNever : first->at;
    Instant event = next < lead_.events.size() ? lead_.events[next].at : kNever;
    if (std::min(timer, event) > horizon_ || std::min(timer, event) == kNever) break;
    if (event <= timer) {
      event_step(lead_.events[next++]);
    } else {
      timer_step(*first);
    }
  }
  close();
}

/// Beginning is a step of its own; nothing is armed yet.
void LeadRun::begin() {
  Instant first = lead_.events.empty() ? kNever : lead_.events.front().at;
  now_ = std::min(lead_.created, first);
  if (now_ == kNever) now_ = log_.first();
  if (now_ <= horizon_) tell(Kind::Began, nullptr, 0, "");
}

void LeadRun::event_step(const LogEvent& event) {
  now_ = event.at;
  event_ = &event;
  begin_step();
  apply(event);
  for (std::uint32_t i = 0; i < model_.campaigns.size(); ++i) offer(model_.campaigns[i], i, event);
  settle();
  end_step();
}

void LeadRun::timer_step(const Timer& timer) {
  now_ = timer.at;
  if (!timer.goes_on) begin_step();
  timer.fire();
  settle();
  end_step();
}

/// Every timer with its rank among those of the same instant: holds and promises, then by priority, re-asks before
/// others, name, entry, source order; `lasts at most` last.
std::vector<LeadRun::Timer> LeadRun::timers() {
  std::vector<Timer> out;
  if (held_) out.push_back({hold_until_, {0, 0}, [this] { end_hold("expired"); }});
  for (std::size_t i = 0; i < hand_offs_.size(); ++i) {
    if (hand_offs_[i].promised == kNever) continue;
    out.push_back({hand_offs_[i].promised, {0, 1, static_cast<std::int64_t>(i)}, [this, i] { miss_promise(i); }});
  }
  for (Membership& m : memberships_) {
    if (m.active) membership_timers(m, out);
  }
  std::set<Instant> turns;
  for (const Membership& m : memberships_) {
    for (const auto& [trigger, value] : m.armed) turning_points(*trigger->condition, scene(&m), turns);
  }
  if (!turns.empty()) out.push_back({*turns.begin(), {2}, [] {}});
  return out;
}

void LeadRun::membership_timers(Membership& m, std::vector<Timer>& out) {
  std::int64_t priority = -m.campaign->priority;
  auto order = static_cast<std::int64_t>(m.campaign_index);
  for (auto p = m.pending.begin(); p != m.pending.end(); ++p) {
    out.push_back({p->deadline, {1, priority, 0, p->since, order, m.ordinal, p->send->span.begin}, [this, &m, p] {
                     ask_again(m, p, true);
                   }});
  }
  if (m.suspension.deadline != kNever) {
    out.push_back({m.suspension.deadline,
                   {1, priority, 1, 0, order, m.ordinal, m.suspension.statement->span.begin},
                   [this, &m] { time_is_up(m); },
                   m.suspension.hurried});
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
  for (std::uint32_t c = 0; c < model_.campaigns.size(); ++c) {
    for (Membership* m : active(c)) {
      if (settle_membership(*m)) return true;
    }
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
    const auto& handlers = ast::as<ast::Wait>(*m.suspension.statement).handlers;
    for (std::size_t i = 0; i < handlers.size(); ++i) {
      if (first(handlers[i], Reaction::Handler, i, "")) return true;
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

void LeadRun::begin_step() {
  for (Membership& m : memberships_) m.fired.clear();
}

/// What every `when` is now is what its next turn is judged against.
void LeadRun::end_step() {
  follow_dates();
  for (Membership& m : memberships_) {
    for (auto& [trigger, value] : m.armed) value = true_for(trigger->condition, &m);
    m.goal_exit = -1;
  }
  event_ = nullptr;
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
      for (const Pending& p : m.pending) tell_send(Kind::Pending, m, *p.send, {});
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
}

}  // namespace nurture::oracle
