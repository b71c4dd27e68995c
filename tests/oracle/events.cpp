#include <algorithm>

#include "tests/oracle/unit_run.h"

/// What an event does: §5.2 (1) and (2), §5.3, §5.12, §3.3, §7.3.
namespace nurture::oracle {

namespace {

const sema::EventKind& kind_of(const sema::Model& model, const LogEvent& event) {
  return model.kinds[model.find_kind(event.kind)];
}

Datum property(const LogEvent& event, const std::string& name) {
  auto found = event.properties.find(name);
  return found == event.properties.end() ? Datum::unknown() : found->second;
}

Datum content_of(const sema::Model& model, const LogEvent& event) {
  const sema::EventKind& kind = kind_of(model, event);
  if (kind.content_property == sema::kNoIndex) return Datum::unknown();
  return property(event, kind.properties[kind.content_property].name);
}

}  // namespace

bool LeadRun::by_machine(const LogEvent& event) const {
  const sema::EventKind& kind = kind_of(model_, event);
  if (kind.machine_property == sema::kNoIndex) return false;
  return property(event, kind.properties[kind.machine_property].name).truth();
}

bool LeadRun::matches(const ast::EventRef& ref, const LogEvent& event, const Membership* m) {
  std::vector<std::uint32_t> heard = model_.kinds_of(ref.kind.text());
  if (std::find(heard.begin(), heard.end(), model_.find_kind(event.kind)) == heard.end()) return false;
  if (by_machine(event) && !ref.including_machine) return false;
  if (ref.of_content) {
    Datum content = content_of(model_, event);
    if (!content.known || content.text != ref.of_content.text) return false;
  }
  return true_for(ref.where, m);
}

/// The key that the event carries; `declared`: its kind has such a property at all.
Datum LeadRun::key_of(const sema::Campaign& campaign, const LogEvent& event, bool& declared) const {
  declared = false;
  if (campaign.key == nullptr) return Datum::unknown();
  std::uint32_t kind = model_.find_kind(event.kind);
  std::uint32_t at = kind < campaign.key_property.size() ? campaign.key_property[kind] : sema::kNoIndex;
  if (at == sema::kNoIndex) return Datum::unknown();
  declared = true;
  return property(event, model_.kinds[kind].properties[at].name);
}

void LeadRun::apply(const LogEvent& event) {
  const bool own = !of_accounts_ && (actor_ == nullptr || actor_ == this);
  for (const auto& [name, value] : own ? event.changes : Fields{}) {
    for (std::uint32_t i = 0; i < model_.lead.size(); ++i) {
      if (model_.lead[i].name != name) continue;
      set_attribute(i, value);
      if (name == "timezone") std::get<2>(zones_.back().first) = false;  // the event itself is in it already
    }
  }
  const sema::EventKind& kind = kind_of(model_, event);
  const bool past = std::any_of(past_.events.rbegin(), past_.events.rend(),
                                [&](const Happened& each) { return each.logged == &event || each.assumed == &event; });
  if (!past) happened(event, &event == &late_ ? nullptr : &event);
  if (!by_machine(event)) last_of_kind_[event.kind] = now_;
  if (kind.records_send && own) note_logged_send(event);
  if (kind.answers_hand_off) answer(event);
  if (kind.ends_sales_hold && held_) end_hold("event");
  if (kind.starts_sales_hold && !held_ && !of_accounts_) {
    begin_hold();
    tell(Kind::HoldBegan, nullptr, 0, event.kind);
  }
  note_never(event);
  if (own) count_orphan(event);
  if (!of_accounts_) claim_event(event);
  for (Idle& idle : idle_) {
    const ast::Trigger& silence = idle.clause->trigger;
    if (silence.silence && ends_silence(silence, event, nullptr)) idle.due = after(now_, length(*silence.silence));
  }
  if (deployed_) judge_goals(event);
}

/// The ledger is that of the lead who is said to have been sent it.
void LeadRun::note_logged_send(const LogEvent& event) {
  Datum content = content_of(model_, event);
  std::uint32_t known = content.known ? model_.find_content(content.text) : sema::kNoIndex;
  Sending sending{now_, zone(), event.kind.substr(0, event.kind.find('.')), "", true};
  if (known != sema::kNoIndex) {
    const sema::Content& row = model_.contents[known];
    sending.channel = row.channel;
    sending.counts = row.message_class != sema::Content::Class::Transactional && !answers_in_time(row);
  }
  sendings_.push_back(sending);
  claim_act(Kind::Sent, nullptr, known == sema::kNoIndex ? "" : content.text, sending.channel);
  if (content.known) ledger_[content.text] = {now_, zone()};
  if (content.known) past_.sent.insert(content.text);
}

void LeadRun::count_orphan(const LogEvent& event) {
  const sema::EventKind& kind = kind_of(model_, event);
  if (kind.actor != sema::EventKind::Actor::Lead || kind.records_send) return;
  Datum content = content_of(model_, event);
  if (content.known && !past_.sent.contains(content.text)) tell(Kind::OrphanReaction, nullptr, 0, event.kind);
}

void LeadRun::judge_goals(const LogEvent& event) {
  for (std::uint32_t c = 0; c < model_.campaigns.size(); ++c) {
    for (std::size_t g = 0; g < model_.campaigns[c].goals.size(); ++g) judge_goal(model_.campaigns[c], c, g, event);
  }
}

/// The goals' spans from the entry, or from a send.
void LeadRun::begin_spans(Membership& m, bool of_send) {
  for (std::size_t g = 0; g < m.campaign->goals.size(); ++g) {
    const ast::Clause& clause = *m.campaign->goals[g].clause;
    if (clause.duration && clause.of_send == of_send) m.goal_ends[g] = after(now_, length(*clause.duration));
  }
}

void LeadRun::judge_goal(const sema::Campaign& campaign, std::uint32_t index, std::size_t goal, const LogEvent& event) {
  const ast::Clause& clause = *campaign.goals[goal].clause;
  bool declared = false;
  Datum key = key_of(campaign, event, declared);
  if (!clause.event) return;
  Membership* m = latest(index, key.known ? &key : nullptr);
  if (m == nullptr || m->credited.contains(goal) || !matches(clause.event, event, m)) return;
  Instant from = clause.of_send ? m->last_send : m->entered;
  if (from == kNever) return;
  if (clause.duration && now_ > m->goal_ends[goal]) return;
  m->credited.insert(goal);
  std::string worth;
  if (clause.target) {
    Datum value = convert(evaluate(*clause.target, scene(m)), TypeKind::Decimal, scene(m));
    if (value.known) worth = " worth " + std::to_string(value.whole);
  }
  tell(Kind::GoalCredited, m, 0, campaign.goals[goal].name + " " + std::to_string(now_ - from) + worth);
  if (clause.reason && m->active && m->goal_exit < 0) m->goal_exit = static_cast<int>(goal);
}

/// A campaign with an active membership is offered the event, one without tests its entries, never both.
void LeadRun::offer(const sema::Campaign& campaign, std::uint32_t index, const LogEvent& event) {
  bool declared = false;
  Datum key = key_of(campaign, event, declared);
  std::vector<Membership*> to;
  for (Membership* m : active(index)) {
    if (!key.known || same(m->key, key)) to.push_back(m);
  }
  for (Membership* m : to) {
    note_silences(*m, event);
    offer_to(*m, event);
  }
  if (to.empty()) test_entries(campaign, index, event, key);
}

/// The first match consumes the event.
bool LeadRun::offer_to(Membership& m, const LogEvent& event) {
  if (m.goal_exit >= 0) {
    const ast::Clause& goal = *m.campaign->goals[static_cast<std::size_t>(m.goal_exit)].clause;
    tell(Kind::TriggerFired, &m, 0, "goal exit " + std::to_string(m.goal_exit));
    exit(m, goal.reason.text, nullptr, "left");
    return true;
  }
  auto first = [&](const ast::Trigger& trigger, Reaction reaction, std::size_t i, const std::string& reason) {
    if (!trigger.event || !matches(trigger.event, event, &m)) return false;
    fire(m, trigger, reaction, i, reason);
    return true;
  };
  const sema::Campaign& campaign = *m.campaign;
  for (std::size_t i = 0; i < campaign.exits.size(); ++i) {
    if (first(campaign.exits[i]->trigger, Reaction::CampaignExit, i, campaign.exits[i]->reason.text)) return true;
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

}  // namespace nurture::oracle
