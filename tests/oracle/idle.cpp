#include <algorithm>

#include "tests/oracle/lead_run.h"

/// Entries without an event, silence, what campaigns ask of each other, goals that wait (§5.2, §5.11, §5.12, §5.13).
namespace nurture::oracle {

using Form = ast::Clause::EntryForm;

bool LeadRun::runs(std::uint32_t campaign) const {
  const ast::Clause* status = model_.campaigns[campaign].status;
  if (model_.campaigns[campaign].decl->for_account != of_accounts_) return false;
  return status == nullptr || status->text == "live";
}

void LeadRun::begin_idle() {
  deployed_ = !programme_.deployed || now_ > *programme_.deployed;
  for (std::uint32_t c = 0; c < model_.campaigns.size(); ++c) {
    for (std::size_t i = 0; runs(c) && i < model_.campaigns[c].entries.size(); ++i) {
      const ast::Clause* clause = model_.campaigns[c].entries[i];
      if (clause->entry == Form::On) continue;
      Idle& idle = idle_.emplace_back();
      idle.campaign = c;
      idle.entry = i;
      idle.clause = clause;
    }
  }
  begin_step();
  beginning_ = true;
  for (Idle& idle : idle_) {
    if (idle.clause->entry == Form::Silence) idle.due = after(now_, length(*idle.clause->trigger.silence));
    if (deployed_) arm_idle(idle, false);
  }
  beginning_ = false;
  if (deployed_) settle();
  end_step();
}

void LeadRun::arm_idle(Idle& idle, bool deployment) {
  const ast::Clause& clause = *idle.clause;
  if (clause.entry == Form::WhenTrue) {
    idle.held = deployment && true_for(clause.condition, nullptr);
    if (idle.held) spread(idle);
  } else if (clause.entry == Form::Every || clause.entry == Form::Once) {
    idle.due = next_scheduled(idle);
  } else if (clause.entry == Form::Dated) {
    set_date(idle, deployment);
  } else if (deployment && idle.due <= now_) {
    spread(idle);
  }
}

void LeadRun::spread(Idle& idle) {
  idle.due = kNever;
  if (idle.clause->also_already == nullptr) return;
  std::int64_t share = draw(model_.campaigns[idle.campaign].name, "already true", nullptr, key());
  idle.due = now_ + (after(now_, length(*idle.clause->also_already)) - now_) / 10'000 * share;
}

Instant LeadRun::next_scheduled(const Idle& idle) const {
  const ast::When& at = idle.clause->at;
  std::string name = at.zone;
  std::int64_t time = at.time ? evaluate(*at.time, scene(nullptr)).whole : 0;
  std::optional<std::int64_t> date;
  if (const auto* day = ast::try_as<ast::DateLit>(at.target)) date = day->days;
  if (const auto* moment = ast::try_as<ast::DateTimeLit>(at.target)) {
    date = moment->days;
    time = moment->time_of_day;
    name = moment->zone;
  }
  const calendar::Zone* in = name.empty() ? zone() : calendar::find_zone(name);
  if (date) {
    Instant when = calendar::from_local(*date, time, in);
    return idle.last_date || when < now_ ? kNever : when;
  }
  std::int64_t day = calendar::to_local(now_, in).date - 2;
  for (;; ++day) {
    bool weekday = at.weekdays == 0 || ((at.weekdays >> calendar::weekday(day)) & 1) != 0;
    bool taken = idle.last_date && day <= *idle.last_date;
    Instant when = calendar::from_local(day, time, in);
    if (weekday && !taken && when >= now_) return when;
  }
}

void LeadRun::set_date(Idle& idle, bool deployment) {
  const ast::Clause& clause = *idle.clause;
  idle.target = evaluate(*clause.target, scene(nullptr));
  idle.due = kNever;
  idle.hurried = false;
  if (!idle.target.known) return;
  for (const auto& [campaign, entry, value, entered] : dated_) {
    if (campaign == idle.campaign && same(value, idle.target) && (entered || entry == idle.entry)) return;
  }
  Datum at = instant_of(nullptr, clause.at);
  if (!at.known) return;
  if (deployment && at.whole <= now_) return spread(idle);
  if (at.whole < now_ && !clause.or_at_once_if_late) return;
  idle.due = std::max(at.whole, now_);
  idle.hurried = idle.due == now_ && !beginning_;
}

void LeadRun::idle_due(Idle& idle) {
  const ast::Clause& clause = *idle.clause;
  idle.due = kNever;
  switch (clause.entry) {
    case Form::On:
      return;
    case Form::WhenTrue:
      if (!true_for(clause.condition, nullptr)) return;
      break;
    case Form::Every: {
      const calendar::Zone* in = clause.at.zone.empty() ? zone() : calendar::find_zone(clause.at.zone);
      idle.last_date = calendar::to_local(now_, in).date;
      idle.due = next_scheduled(idle);
      break;
    }
    case Form::Once:
      idle.last_date = 0;
      break;
    case Form::Dated: {
      Datum target = idle.target;
      for (const auto& [campaign, entry, value, entered] : dated_) {
        if (campaign == idle.campaign && same(value, target) && (entered || entry == idle.entry)) return;
      }
      dated_.emplace_back(idle.campaign, idle.entry, target, false);
      std::size_t at = dated_.size() - 1;
      bool entered = occur(idle.campaign, idle.entry);
      std::get<3>(dated_[at]) = entered;
      return;
    }
    case Form::Silence:
      break;
  }
  occur(idle.campaign, idle.entry);
}

bool LeadRun::turn_true(std::uint32_t campaign) {
  for (Idle& idle : idle_) {
    if (!deployed_ || idle.campaign != campaign || idle.clause->entry != Form::WhenTrue) continue;
    if (idle.held || idle.fired || !true_for(idle.clause->condition, nullptr)) continue;
    idle.fired = true;
    occur(campaign, idle.entry);
    return true;
  }
  return false;
}

void LeadRun::rebase_idle(const std::set<std::uint32_t>& changed) {
  for (Idle& idle : idle_) {
    const ast::Clause& clause = *idle.clause;
    if (!deployed_) continue;
    if (clause.entry == Form::WhenTrue) {
      idle.held = true_for(clause.condition, nullptr);
      if (!idle.held) idle.due = kNever;
    } else if (clause.entry == Form::Dated) {
      std::set<std::uint32_t> named = attributes_of(clause.target, model_);
      bool moved = std::any_of(named.begin(), named.end(), [&](std::uint32_t a) { return changed.contains(a); });
      if (moved) set_date(idle, false);
    } else if (clause.entry == Form::Every || clause.entry == Form::Once) {
      bool zoned = !clause.at.zone.empty();
      if (const auto* moment = ast::try_as<ast::DateTimeLit>(clause.at.target)) zoned = !moment->zone.empty();
      for (std::uint32_t a : changed) {
        if (!zoned && model_.lead[a].name == "timezone") idle.due = next_scheduled(idle);
      }
    }
  }
}

/// An entry without an event, or an enrolment: whether a membership began.
bool LeadRun::occur(std::uint32_t campaign, std::size_t entry) {
  using Cause = outcome::RefusalCause;
  const sema::Campaign& of = model_.campaigns[campaign];
  bool enrolled = entry == kEnrolled;
  if (!active(campaign).empty()) {
    if (enrolled) refuse(campaign, static_cast<int>(Cause::Inside), entry);
    return false;
  }
  if (entered_.contains(campaign)) {
    refuse(campaign, static_cast<int>(Cause::OncePerStep), entry);
    return false;
  }
  Membership candidate;
  candidate.campaign = &of;
  candidate.campaign_index = campaign;
  candidate.key = Datum::unknown();
  candidate.since_entry = candidate.since_stage = past_.events.size();
  candidate.remembered.assign(of.remembered.size(), Datum::unknown());
  const ast::Clause* clause = enrolled ? nullptr : of.entries[entry];
  const ast::Expr* guard = nullptr;
  if (clause) guard = clause->entry == Form::WhenTrue ? clause->condition2 : clause->condition;
  int cause = refusal(of, campaign, guard, candidate);
  if (cause >= 0) {
    refuse(campaign, cause, entry);
    return false;
  }
  enter(std::move(candidate), entry, clause && clause->name ? stage_named(of, clause->name.text) : 0);
  return true;
}

bool LeadRun::settle_requests(std::uint32_t campaign, bool enrolls) {
  auto found = std::find(requests_.begin(), requests_.end(), std::pair(campaign, enrolls));
  if (found == requests_.end()) return false;
  requests_.erase(found);
  if (enrolls) {
    occur(campaign, kEnrolled);
  } else {
    for (Membership* m : active(campaign)) exit(*m, "removed", nullptr, "left");
  }
  return true;
}

bool LeadRun::ends_silence(const ast::Trigger& silence, const LogEvent& event, const Membership* m) {
  if (by_machine(event)) return false;
  const auto& kinds = silence.silence_of;
  bool named = std::any_of(kinds.begin(), kinds.end(), [&](const auto& each) {
    std::vector<std::uint32_t> heard = model_.kinds_of(each.kind.text());
    return std::find(heard.begin(), heard.end(), model_.find_kind(event.kind)) != heard.end();
  });
  bool by_lead = model_.kinds[model_.find_kind(event.kind)].actor == sema::EventKind::Actor::Lead;
  if (kinds.empty() ? !by_lead : !named) return false;
  return true_for(silence.event.where, m);
}

void LeadRun::note_silences(Membership& m, const LogEvent& event) {
  for (auto& [trigger, due] : m.silences) {
    if (ends_silence(*trigger, event, &m)) due = after(now_, length(*trigger->silence));
  }
}

void LeadRun::silence_due(Membership& m, const ast::Trigger& trigger) {
  m.silences[&trigger] = kNever;
  const sema::Campaign& campaign = *m.campaign;
  for (std::size_t i = 0; i < campaign.exits.size(); ++i) {
    const ast::Clause& exit = *campaign.exits[i];
    if (&exit.trigger == &trigger) return fire(m, trigger, Reaction::CampaignExit, i, exit.reason.text);
  }
  if (m.suspension.kind == Suspension::Kind::Wait) {
    const auto handlers = handlers_of(ast::as<ast::Wait>(*m.suspension.statement));
    for (std::size_t i = 0; i < handlers.size(); ++i) {
      if (handlers[i] == &trigger) return fire(m, trigger, Reaction::Handler, i, "");
    }
  }
  const auto& of_stage = stage_clause(m).triggers;
  for (std::size_t i = 0; i < of_stage.size(); ++i) {
    if (&of_stage[i] == &trigger) return fire(m, trigger, Reaction::StageTrigger, i, "");
  }
  for (std::size_t i = 0; i < campaign.triggers.size(); ++i) {
    if (&campaign.triggers[i]->trigger == &trigger) return fire(m, trigger, Reaction::CampaignTrigger, i, "");
  }
}

/// A goal that waits for a condition, of the latest membership, within its span.
bool LeadRun::goal_watched(const Membership& m, std::size_t goal) const {
  const ast::Clause& clause = *m.campaign->goals[goal].clause;
  if (clause.event || m.credited.contains(goal)) return false;
  return !clause.duration || now_ <= m.goal_ends.at(goal);
}

void LeadRun::watch_goals() {
  for (std::uint32_t c = 0; c < model_.campaigns.size(); ++c) {
    const auto& goals = model_.campaigns[c].goals;
    bool waits = std::any_of(goals.begin(), goals.end(), [](const sema::Goal& goal) { return !goal.clause->event; });
    for (Membership& m : memberships_) {
      if (!waits || m.campaign_index != c) continue;
      for (std::size_t g = 0; g < goals.size(); ++g) {
        const sema::Goal& goal = goals[g];
        if (!goal_watched(m, g) || m.goals_held.contains(g) || !true_for(goal.clause->condition, &m)) continue;
        if (latest(c, m.campaign->key ? &m.key : nullptr) != &m) continue;
        m.credited.insert(g);
        tell(Kind::GoalCredited, &m, 0, goal.name + " " + std::to_string(now_ - m.entered));
      }
    }
  }
}

}  // namespace nurture::oracle
