#include "runtime/outcome/summary_sink.h"

#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/rows.h"

namespace nurture::outcome {

SummarySink::SummarySink(const bytecode::Module& module, Instant horizon)
    : module_(module), zone_(programme_zone(module)), horizon_(horizon), tally_(module) {
  for (const bytecode::Campaign& c : module.campaigns) {
    Shape shape;
    for (const bytecode::SplitSite& split : c.splits) {
      shape.first_branch.push_back(shape.branches);
      shape.branches += split.branches.size();
    }
    shapes_.push_back(std::move(shape));
  }
}

/// Where accounts are members too, the first record says which it is.
Kinds SummarySink::wants() const {
  const auto& campaigns = module_.campaigns;
  const bool accounts = std::any_of(campaigns.begin(), campaigns.end(), [](const auto& c) { return c.for_account; });
  return kAllKinds & ~kinds({Kind::Remembered, Kind::ScoreChanged}) & ~(accounts ? 0 : kinds({Kind::Began}));
}

void SummarySink::on(const Outcome& o) {
  ++order_;
  of_account_ = o.of_account();
  switch (o.kind) {
    case Kind::Began:
      break;
    case Kind::Entered:
    case Kind::HeldOut:
    case Kind::Refused:
    case Kind::Exited:
    case Kind::InFlight:
      on_membership(o);
      break;
    case Kind::StageEntered:
    case Kind::StageLeft:
      on_stage(o);
      break;
    case Kind::TriggerFired:
      ++campaign(o).reactions[o.place];
      break;
    case Kind::WaitBegan:
    case Kind::WaitEnded:
      count_wait(o, 1);
      break;
    case Kind::Split:
      on_split(o);
      break;
    case Kind::Sent:
      on_sent(o);
      break;
    case Kind::Deferred:
      on_deferred(o);
      break;
    case Kind::Suppressed:
      on_send(o, SendEnd::Suppressed);
      break;
    case Kind::Skipped:
      on_send(o, SendEnd::Skipped);
      break;
    case Kind::Exhausted:
      on_send(o, SendEnd::Exhausted);
      break;
    case Kind::GaveUp:
      on_send(o, SendEnd::GaveUp);
      break;
    case Kind::Cancelled:
      on_send(o, SendEnd::Cancelled);
      break;
    case Kind::Pending:
      on_send(o, SendEnd::Pending);
      break;
    case Kind::HandedOff:
    case Kind::AlreadyWithSales:
    case Kind::TakenBack:
    case Kind::HoldBegan:
    case Kind::PromiseMissed:
      on_sales(o);
      break;
    case Kind::HoldEnded:
      on_hold_ended(o);
      break;
    case Kind::Answered:
      on_answered(o);
      break;
    case Kind::Assigned:
      on_assigned(o);
      break;
    case Kind::NotAssigned:
      on_rule(o);
      break;
    case Kind::Notified:
      ++at(campaign(o).notifies, o.a);
      break;
    case Kind::LeadSet:
      ++campaign(o).sets[static_cast<std::uint16_t>(o.a)];
      break;
    case Kind::Remembered:
    case Kind::ScoreChanged:
      break;
    case Kind::HistoryCut:
      ++tally_.histories_cut;
      break;
    case Kind::AskedToEnroll:
    case Kind::AskedToRemove:
    case Kind::AudienceJoined:
    case Kind::AudienceLeft:
    case Kind::WebhookCalled:
      on_action(o);
      break;
    case Kind::GoalCredited:
    case Kind::GoalCensored:
      on_goal(o);
      break;
    case Kind::PropertyViolated:
      on_violation(o);
      break;
    case Kind::PropertyOpen:
      ++at(tally_.properties, o.a).open;
      break;
    case Kind::OrphanReaction:
      ++tally_.orphan_reactions;
      break;
    case Kind::SentToLeads:
      member(o).sent |= o.b > 0;
      break;
    case Kind::MergedInto:
      merged_ = true;
      break;
    case Kind::Merged:
      on_merged(o);
      break;
    case Kind::MovedHere:
      on_moved(o);
      break;
    case Kind::Reacted:
      ++tally_.reactions[o.cause.reaction];
      break;
  }
}

void SummarySink::on_violation(const Outcome& o) {
  PropertyTally& property = at(tally_.properties, o.a);
  ++property.violations;
  property.note({o.at, o.b, o.lead, o.zone, o.campaign});
  const auto index = static_cast<std::uint16_t>(o.a);
  if (std::find(violated_.begin(), violated_.end(), index) != violated_.end()) return;
  violated_.push_back(index);
  ++property.leads;
}

CampaignTally& SummarySink::campaign(const Outcome& o) { return at(tally_.campaigns, o.campaign); }

SummarySink::Member& SummarySink::member(const Outcome& o) {
  auto found = std::find_if(members_.rbegin(), members_.rend(), [&](const Member& m) {
    return m.lead == o.lead && m.campaign == o.campaign && m.number == o.membership;
  });
  NURTURE_CHECK(found != members_.rend());
  return *found;
}

WeekTally& SummarySink::week(const Outcome& o) {
  WeekTally& week = tally_.weeks[week_of(o.at, zone_, module_.week_starts_on)];
  week.sends.resize(module_.contents.size());
  return week;
}

// Memberships -------------------------------------------------------------------------------------

void SummarySink::on_membership(const Outcome& o) {
  if (o.kind == Kind::Refused) {
    count_membership(o, 1, {});
  } else if (o.kind == Kind::Exited) {
    exit(o);
  } else if (o.kind == Kind::InFlight) {
    Member& m = member(o);
    NURTURE_CHECK(m.active);
    m.active = false;
    const std::int64_t in_stage[] = {o.at - m.stage_since};
    if (m.held_out) {
      ++campaign(o).active_held_out;
    } else {
      count_membership(o, 1, in_stage);
    }
  } else {
    begin(o, o.kind == Kind::HeldOut);
  }
}

void SummarySink::begin(const Outcome& o, bool held_out) {
  CampaignTally& c = campaign(o);
  if (held_out) {
    ++c.held_out;
    ++at(c.held_out_by_entry, entry_row(c, o.a));
  } else {
    count_membership(o, 1, {});
  }
  members_.push_back({o.lead, o.campaign, o.membership, held_out, true, false, o.at, goals_.size(), branches_.size()});
  goals_.resize(goals_.size() + c.goals.size());
  branches_.resize(branches_.size() + shapes_[o.campaign].branches);
}

void SummarySink::exit(const Outcome& o) {
  Member& m = member(o);
  NURTURE_CHECK(m.active);
  m.active = false;
  if (m.held_out) {
    ++at(campaign(o).exits_held_out, o.a);
  } else {
    count_membership(o, 1, {&o.b, 1});
  }
}

void SummarySink::on_stage(const Outcome& o) {
  count_stage(o, 1, {&o.b, 1});
  if (o.kind == Kind::StageEntered) member(o).stage_since = o.at;
}

void SummarySink::on_split(const Outcome& o) {
  BranchTally& branch = at(at(campaign(o).splits, o.a), o.b);
  ++branch.passes;
  std::size_t index = shapes_[o.campaign].first_branch[static_cast<std::size_t>(o.a)] + static_cast<std::size_t>(o.b);
  std::uint32_t& first_pass = branches_[member(o).first_branch + index];
  if (first_pass != 0) return;
  first_pass = order_;
  ++branch.memberships;
}

// Sends -------------------------------------------------------------------------------------------

void SummarySink::on_sent(const Outcome& o) {
  on_send(o, SendEnd::Sent);
  if (o.account == store::kNoLead) member(o).sent = true;
  ++at(week(o).sends, o.a);
  std::int64_t of = week_of(o.at, zone_, module_.week_starts_on);
  auto own = std::find_if(weeks_.rbegin(), weeks_.rend(), [&](const Week& w) { return w.of == of; });
  if (own == weeks_.rend()) {
    weeks_.push_back({of, 0});
    own = weeks_.rbegin();
  }
  ++own->sends;
}

void SummarySink::on_deferred(const Outcome& o) {
  bool asked_again = std::any_of(held_.begin(), held_.end(), [&](const Held& h) { return h.is(o); });
  if (asked_again) return;
  on_rule(o);
  SendTally& send = at(campaign(o).sends, o.b);
  ++send.asked;
  ++send.deferred;
  ++send.deferred_by[static_cast<std::size_t>(o.detail)];
  held_.push_back({o.lead, o.campaign, static_cast<std::uint16_t>(o.b), o.membership, o.at, o.detail, o.account});
}

/// What a rule or the sales hold cost: whom it held back or turned down.
void SummarySink::on_rule(const Outcome& o) {
  if (o.rule == bytecode::kNone && o.detail != Detail::WithSales) return;
  RuleTally& rule = campaign(o).rules[o.rule];
  if (o.kind == Kind::Deferred) {
    ++rule.deferred;
  } else if (o.kind == Kind::Suppressed) {
    ++rule.suppressed;
  } else if (o.kind == Kind::Skipped) {
    ++rule.skipped;
  } else if (o.kind == Kind::GaveUp) {
    ++rule.gave_up;
  } else if (o.kind == Kind::NotAssigned) {
    ++rule.work;
  } else {
    return;
  }
  const std::pair concerned(o.campaign, o.rule);
  if (std::find(ruled_.begin(), ruled_.end(), concerned) != ruled_.end()) return;
  ruled_.push_back(concerned);
  ++rule.leads;
}

void SummarySink::on_send(const Outcome& o, SendEnd end) {
  on_rule(o);
  SendTally& send = at(campaign(o).sends, o.b);
  Detail cause = o.detail;
  // Skipped while another of the same statement is pending is an ask of its own; every other end closes the deferral.
  auto held = o.detail == Detail::AlreadyPending
                  ? held_.end()
                  : std::find_if(held_.begin(), held_.end(), [&](const Held& h) { return h.is(o); });
  if (held == held_.end()) {
    ++send.asked;
  } else {
    if (cause == Detail::None) cause = held->cause;  // an end with a cause of its own says that one
    if (end == SendEnd::Sent) {
      end = SendEnd::Later;
      send.slip.add(o.at - held->since);
    }
    held_.erase(held);
  }
  ++send.ends[static_cast<std::size_t>(end)][static_cast<std::size_t>(cause)];
}

// Sales -------------------------------------------------------------------------------------------

void SummarySink::on_sales(const Outcome& o) {
  if (o.kind == Kind::HandedOff) {
    ++at(campaign(o).hand_offs, o.a);
    ++week(o).hand_offs;
    sales_.handed_off_by = o.campaign;
    ++sales_.open_hand_offs;
    tally_.holds_by_hand_off += of_account_ ? 0 : 1;
    sales_.with_sales = true;
  } else if (o.kind == Kind::HoldBegan) {
    ++(o.account != store::kNoLead ? tally_.holds_by_account : tally_.holds_by_event);
    sales_.with_sales = true;
  } else if (o.kind == Kind::AlreadyWithSales) {
    ++campaign(o).already_with_sales;
  } else if (o.kind == Kind::TakenBack) {
    ++campaign(o).taken_back;
  } else if (o.campaign != bytecode::kNone) {
    ++campaign(o).promises_missed;
  }
}

void SummarySink::on_answered(const Outcome& o) {
  std::uint16_t by = o.campaign == bytecode::kNone ? sales_.handed_off_by : o.campaign;
  if (by == bytecode::kNone || sales_.open_hand_offs == 0)
    return;  // a further reaction to a hand-off that has its answer
  --sales_.open_hand_offs;
  CampaignTally& c = at(tally_.campaigns, by);
  ++c.answered;
  ++c.answers[static_cast<std::uint16_t>(o.a)];
  c.response.add(o.b);
}

/// Holds are counted of leads: an account's are those of its leads.
void SummarySink::on_hold_ended(const Outcome& o) {
  sales_.with_sales = false;
  if (of_account_) return;
  ++tally_.holds_ended[static_cast<std::size_t>(o.a)];
  tally_.hold_length.add(o.b);
}

void SummarySink::on_assigned(const Outcome& o) {
  ++at(campaign(o).assigns, o.a);
  const bytecode::AssignSite& site = module_.campaigns[o.campaign].assigns[static_cast<std::size_t>(o.a)];
  ++(site.kind == bytecode::WorkKind::Call ? week(o).calls : week(o).tasks);
}

void SummarySink::on_action(const Outcome& o) {
  ActionTally& action = campaign(o).actions[o.place];
  action.kind = o.kind;
  action.what = static_cast<std::uint16_t>(o.a);
  ++action.count;
}

// Goals -------------------------------------------------------------------------------------------

bool SummarySink::span_is_open(const Outcome& o, const bytecode::Goal& goal) const {
  if (goal.within == bytecode::kNone) return true;
  Duration within = module_.constants[goal.within].value.duration();
  std::optional<Instant> end = calendar::add(o.at - o.b, within, o.zone != nullptr ? o.zone : zone_);
  return !end || *end > horizon_;
}

void SummarySink::on_goal(const Outcome& o) {
  const Member& m = member(o);
  const auto& goals = module_.campaigns[o.campaign].goals;
  NURTURE_CHECK(o.a >= 0 && static_cast<std::size_t>(o.a) < goals.size());
  GoalOfMember& goal = goals_[m.first_goal + static_cast<std::size_t>(o.a)];
  NURTURE_CHECK(goal.state == GoalState::Missed);
  if (o.kind == Kind::GoalCensored) {
    goal.state = GoalState::Open;
    return;
  }
  bool early = span_is_open(o, goals[static_cast<std::size_t>(o.a)]);
  goal = {early ? GoalState::ReachedEarly : GoalState::Reached, order_, o.b, o.value.known ? o.value.bits : 0};
}

void SummarySink::count_goal(const Member& m, std::size_t index, GoalTally& into) const {
  const bytecode::Goal& goal = module_.campaigns[m.campaign].goals[index];
  const GoalOfMember& own = goals_[m.first_goal + index];
  if (goal.of_send && !m.sent) return;  // nothing was sent, so no span ever began
  bool open_ended = own.state == GoalState::Missed && goal.within == bytecode::kNone;
  switch (open_ended ? GoalState::Open : own.state) {
    case GoalState::Missed:
      ++into.over;
      break;
    case GoalState::Reached:
      ++into.over, ++into.reached;
      break;
    case GoalState::ReachedEarly:
      ++into.reached_early;
      break;
    case GoalState::Open:
      ++into.open;
      break;
  }
  if (own.order == 0) return;
  into.time.add(own.took);
  into.worth = sum_of_money(into.worth, own.worth);
}

void SummarySink::settle_goals(const Member& m) {
  CampaignTally& c = tally_.campaigns[m.campaign];
  for (std::size_t g = 0; g < c.goals.size(); ++g) {
    count_goal(m, g, m.held_out ? c.goals_held_out[g] : c.goals[g]);
    std::uint32_t credited = goals_[m.first_goal + g].order;
    std::size_t next = m.first_branch;
    for (auto& split : c.splits) {
      for (BranchTally& branch : split) {
        std::uint32_t passed = branches_[next++];
        if (passed != 0 && (credited == 0 || credited > passed)) count_goal(m, g, branch.goals[g]);
      }
    }
  }
}

// One lead after the other ------------------------------------------------------------------------

/// Those of a lead that became this one are told before it (§7.4).
void SummarySink::on_merged(const Outcome& o) {
  for (Sales& other : sales_of_merged_) {
    if (other.lead != static_cast<store::LeadIndex>(o.a)) continue;
    sales_.with_sales |= other.with_sales;
    sales_.open_hand_offs += other.open_hand_offs;
    if (sales_.handed_off_by == bytecode::kNone) sales_.handed_off_by = other.handed_off_by;
  }
  for (Held& held : held_) {
    if (held.account != store::kNoLead && held.lead == static_cast<store::LeadIndex>(o.a)) held.lead = o.lead;
  }
}

void SummarySink::on_moved(const Outcome& o) {
  const auto from = static_cast<store::LeadIndex>(o.a);
  const auto number = static_cast<std::uint32_t>(o.b);
  for (Member& m : members_) {
    if (m.lead != from || m.campaign != o.campaign || m.number != number) continue;
    m.lead = o.lead;
    m.number = o.membership;
  }
  for (Held& held : held_) {
    if (held.lead != from || held.campaign != o.campaign || held.membership != number) continue;
    held.lead = o.lead;
    held.membership = o.membership;
  }
}

void SummarySink::lead_done(store::LeadIndex lead) {
  tally_.leads += of_account_ ? 0 : 1;
  if (merged_) {
    ++tally_.leads_merged;
    sales_.lead = lead;
    sales_of_merged_.push_back(sales_);
    sales_ = Sales{};
    merged_ = false;
    return;
  }
  count_lead(lead);
  order_ = 0;
  of_account_ = false;
  sales_ = Sales{};
  sales_of_merged_.clear();
  members_.clear();
  goals_.clear();
  branches_.clear();
  held_.clear();
  weeks_.clear();
  ruled_.clear();
  violated_.clear();
}

void SummarySink::count_lead(store::LeadIndex lead) {
  // A run that fails breaks off within a lead, so this is judged by whoever asks for the summary of one that did not.
  tally_.left_hanging += held_.size();
  for (const Member& m : members_) {
    tally_.left_hanging += m.active ? 1 : 0;
    settle_goals(m);
  }
  if (of_account_) {
    tally_.accounts_entered += members_.empty() ? 0 : 1;
  } else {
    tally_.leads_entered += members_.empty() ? 0 : 1;
    tally_.leads_sent += weeks_.empty() ? 0 : 1;
    tally_.with_sales_at_end += sales_.with_sales ? 1 : 0;
  }
  for (const Week& w : weeks_) {
    if (w.sends > tally_.busiest.sends) tally_.busiest = {w.sends, lead, w.of};
  }
}

}  // namespace nurture::outcome
