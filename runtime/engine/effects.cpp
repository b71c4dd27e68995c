// Statements that neither send nor concern sales, what conditions see, and how outcomes are recorded.
#include <cmath>

#include "runtime/calendar/calendar.h"
#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::kNone;
using outcome::Outcome;

/// When so much time has passed, all of it or only that inside a window; of business days, those from Monday to Friday
/// or on which the window opens. kNever where the calendar ends before.
Instant Replay::due_after(std::uint16_t length, bool business, std::uint16_t window) const {
  const Duration d = program_.duration(length);
  if (business) {
    const calendar::Hours& days = window == kNone ? calendar::business_days() : hours_of(window);
    return days.after_days(step_.now, d.days, window == kNone ? lead_.zone : zone_of(window));
  }
  return window == kNone ? after(d) : hours_of(window).after_inside(step_.now, d.micros, zone_of(window));
}

/// `never assign …`: people's work is suppressed like a message. That of an account is about no lead.
bool Replay::forbids_work(const bytecode::AssignSite& site) {
  const Member& m = lead_.members[running_];
  const Value* const lead = frame_.lead;
  if (program_.of_accounts) frame_.lead = nobody_.data();
  const std::uint16_t rule = forbidden_by(plan_of(m), bytecode::Governs::Work, kNone);
  frame_.lead = lead;
  if (rule == kNone) return false;
  Outcome& out = outcome_of(Kind::NotAssigned, m, site.place);
  out.a = &site - plan_of(m).code->assigns.data();
  out.detail = outcome::Detail::Never;
  out.rule = rule;
  put();
  return true;
}

void Replay::assign(const bytecode::AssignSite& site, Value who) {
  if (forbids_work(site)) return;
  const Member& m = lead_.members[running_];
  const CampaignPlan& plan = plan_of(m);
  Outcome& out = outcome_of(Kind::Assigned, m, site.place);
  out.a = &site - plan.code->assigns.data();
  out.b = site.due_in == kNone ? kNever : due_after(site.due_in, site.due_business, site.due_window);
  out.value = who;
  if (options_.texts && who.known) out.text = program_.bound->texts->at(who.text());
  out.text2 = render(site.note, plan);
  put();
}

void Replay::notify(const bytecode::NotifySite& site, Value who) {
  const Member& m = lead_.members[running_];
  const CampaignPlan& plan = plan_of(m);
  Outcome& out = outcome_of(Kind::Notified, m, site.place);
  out.a = &site - plan.code->notifies.data();
  out.value = who;
  if (options_.texts && who.known) out.text = program_.bound->texts->at(who.text());
  out.text2 = render(site.note, plan);
  put();
}

void Replay::set_lead(std::uint16_t attribute, Value value, bytecode::PlaceIndex place) {
  change_attribute(attribute, value, lead_.cursor);
  Outcome& out = outcome_of(Kind::LeadSet, lead_.members[running_], place);
  out.a = attribute;
  out.value = value;
  put();
}

outcome::Outcome& Replay::score_changed(Outcome& out, std::uint16_t score, std::int64_t millionths) {
  out.a = score;
  out.b = millionths;
  step_.changed = true;
  return out;
}

/// To the nearest millionth; what is not known, or too much to count, adds nothing.
void Replay::add_score(std::uint16_t score, Value points, bytecode::PlaceIndex place) {
  const double millionths = points.known ? points.number() * static_cast<double>(bytecode::kScoreScale) : 0;
  if (!points.known || !(std::abs(millionths) < 9e18)) return;
  const auto rounded = static_cast<std::int64_t>(std::nearbyint(millionths));
  const std::int64_t value = past_.change_score(frame_, score, &rounded);
  score_changed(outcome_of(Kind::ScoreChanged, lead_.members[running_], place), score, value).value = points;
  put();
}

void Replay::reset_score(std::uint16_t score, bytecode::PlaceIndex place) {
  const std::int64_t value = past_.change_score(frame_, score, nullptr);
  score_changed(outcome_of(Kind::ScoreChanged, lead_.members[running_], place), score, value);
  put();
}

/// What the event that was just read does to scores, as records.
void Replay::count_scores(std::uint16_t kind) {
  for (std::uint16_t score = 0; score < module().scores.size(); ++score) {
    if (!program_.score_kinds[score].has(static_cast<std::uint8_t>(kind))) continue;
    past_.count(frame_, score, [&](std::int64_t points) {
      score_changed(outcome_of(Kind::ScoreChanged, module().scores[score].place), score,
                    lead_.scores[score].millionths);
      out_.value = Value::of_number(static_cast<double>(points) / static_cast<double>(bytecode::kScoreScale));
      put();
    });
  }
}

/// Questions about the past that looked at as much as they may, once each for a lead.
void Replay::report_cuts() {
  for (const std::uint16_t site : past_.take_cuts()) {
    outcome_of(Kind::HistoryCut, module().histories[site].place).a = site;
    put();
  }
}

void Replay::remembered(bytecode::StringIndex name, Value value, bytecode::PlaceIndex place) {
  Outcome& out = outcome_of(Kind::Remembered, lead_.members[running_], place);
  out.a = name;
  out.value = value;
  put();
}

/// The record's value is the account that the branch was drawn for, unknown where that is the lead itself.
std::uint16_t Replay::split(const bytecode::SplitSite& site, std::uint16_t site_index) {
  const Member& m = lead_.members[running_];
  const std::uint16_t branch = branch_of(plan_of(m), site, site_index);
  Outcome& out = outcome_of(Kind::Split, m, site.place);
  out.a = site_index;
  out.b = branch;
  if (site.by_account && lead_.account_index != store::kNoAccount) out.value = Value::of(lead_.account_index);
  put();
  return branch;
}

/// Passes of a split drawn anew are counted over all memberships of the lead, from 0: a re-entry is another pass.
std::uint16_t Replay::branch_of(const CampaignPlan& plan, const bytecode::SplitSite& site, std::uint16_t site_index) {
  for (const ForcedDraws::Split& forced : options_.draws.splits) {
    if (forced.campaign == plan.index && forced.split == site_index) return forced.branch;
  }
  std::optional<std::uint64_t> pass;
  if (site.drawn_anew) {
    pass = lead_.passes[plan.first_split + site_index]++;
    lead_.passes_used = true;
  }
  const auto& names = module().strings;
  const std::uint16_t drawn = draw(module().seed, names[plan.code->name], names[site.name], drawn_as(site), pass);
  std::uint32_t bound = 0;
  for (std::uint16_t branch = 0; branch < site.branches.size(); ++branch) {
    bound += site.branches[branch].share;
    if (drawn < bound) return branch;
  }
  return static_cast<std::uint16_t>(site.branches.size() - 1);
}

Instant Replay::later(Instant from, Duration d, const calendar::Zone* zone) {
  return calendar::add(from, d, zone).value_or(kNever);
}

/// Points conditions and bodies at a membership; the event at hand is set apart.
void Replay::focus(const Member& m) {
  frame_.slots = lead_.slots.data() + m.first_slot;
  frame_.entered_at = m.entered_at;
  frame_.wait_start = m.state == kNone ? step_.now : m.wait_start;
  frame_.entry_kind = m.entry.kind;
  entry_cells_.show(store_, *assumed_, m.entry);
  frame_.entry = &entry_cells_;
  past_.focus(&m);
}

void Replay::at_hand(EventRef event) {
  at_hand_ = event;
  frame_.event_kind = event.kind;
  frame_.event = nullptr;
  if (program_.of_accounts) frame_.lead = nobody_.data();
  if (event.kind == kNone) return;
  event_cells_.show(store_, *assumed_, event);
  frame_.event = &event_cells_;
  if (unit_ != nullptr && program_.of_accounts) see_actor(event);
}

/// A record that belongs to no membership. Call `put` when it is filled.
Outcome& Replay::outcome_of(Kind kind, bytecode::PlaceIndex place) {
  out_.kind = kind;
  out_.detail = outcome::Detail::None;
  out_.campaign = out_.stage = kNone;
  out_.place = place;
  out_.membership = 0;
  out_.a = out_.b = 0;
  out_.rule = kNone;
  out_.value = Value{};
  out_.text.clear();
  out_.text2.clear();
  return out_;
}

Outcome& Replay::outcome_of(Kind kind, const Member& m, bytecode::PlaceIndex place) {
  outcome_of(kind, place);
  out_.campaign = m.campaign;
  out_.stage = m.stage;
  out_.membership = m.ordinal;
  return out_;
}

void Replay::put() {
  out_.lead = lead_.index;
  out_.account = program_.of_accounts ? lead_.index : for_;
  out_.sequence = sequence_++;
  out_.at = step_.now;
  out_.zone = lead_.own_zone ? lead_.zone : nullptr;
  out_.cause = step_.cause;
  out_.assumed = step_.now > assumed_->since;
  if (outcome::has(wanted_, out_.kind)) sink_->on(out_);
  if (!module().properties.empty() && out_.campaign != kNone)
    claim_act({out_.kind, out_.campaign, out_.stage, out_.membership, out_.a});
}

void Replay::remark(outcome::Remark::Kind kind, const Member* m, bytecode::PlaceIndex place, std::int64_t a,
                    std::int64_t b) {
  if (options_.tracer == nullptr || !shown_) return;
  outcome::Remark remark{};
  remark.kind = kind;
  if (m != nullptr) {
    remark.campaign = m->campaign;
    remark.stage = m->stage;
  }
  remark.place = place;
  remark.at = step_.now;
  remark.a = a;
  remark.b = b;
  remark.cause = step_.cause;
  options_.tracer->remark(remark);
}

std::string Replay::render(const bytecode::Message& message, const CampaignPlan& plan) {
  return options_.texts ? vm::render(frame_, plan.code, message) : std::string();
}

void Replay::fail(const Member& m) {
  if (!ok()) return;
  const auto& names = module().strings;
  const bytecode::Campaign& code = *plan_of(m).code;
  error_ = "campaign " + names[code.name];
  if (m.stage != kNone) error_ += ", stage " + names[code.stages[m.stage].name];
  error_ += ": its statements do not come to an end for lead \"" +
            std::string(store_.texts.at(store_.leads[lead_.index])) + "\"";
}

}  // namespace nurture::engine
