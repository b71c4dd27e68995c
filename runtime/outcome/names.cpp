#include "runtime/outcome/names.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/base/check.h"
#include "runtime/calendar/calendar.h"
#include "runtime/outcome/format.h"
#include "runtime/vm/vm.h"

namespace nurture::outcome {

const calendar::Zone* programme_zone(const bytecode::Module& module) {
  const calendar::Zone* zone = calendar::find_zone(name_of(module, module.timezone));
  return zone != nullptr ? zone : calendar::utc();
}

const calendar::Zone* zone_of(const bytecode::Module& module, const Outcome& outcome) {
  return outcome.zone != nullptr ? outcome.zone : programme_zone(module);
}

std::string_view name_of(const bytecode::Module& module, bytecode::StringIndex index) {
  if (index == bytecode::kNone) return {};
  NURTURE_CHECK(index < module.strings.size());
  return module.strings[index];
}

std::string_view content_name(const bytecode::Module& module, std::int64_t content) {
  NURTURE_CHECK(content >= 0 && static_cast<std::size_t>(content) < module.contents.size());
  return name_of(module, module.contents[static_cast<std::size_t>(content)].name);
}

std::string asked_for(const bytecode::Module& module, const Outcome& sent) {
  std::string out;
  if (!sent.value.known) return out;
  const std::vector<std::uint16_t>& wishes = module.contents[static_cast<std::size_t>(sent.a)].asks;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    if ((sent.value.bits >> i & 1) == 0) continue;
    if (!out.empty()) out += ", ";
    out += name_of(module, module.schema.lead[wishes[i]].name);
  }
  return out;
}

std::string_view channel_of(const bytecode::Module& module, std::int64_t content) {
  NURTURE_CHECK(content >= 0 && static_cast<std::size_t>(content) < module.contents.size());
  return name_of(module, module.contents[static_cast<std::size_t>(content)].channel);
}

std::string place_text(const bytecode::Module& module, bytecode::PlaceIndex place) {
  if (place >= module.places.size()) return {};  // a module made by hand may have none
  const bytecode::Place& p = module.places[place];
  return fmt::format("{}:{}", name_of(module, p.file), p.line);
}

std::string_view kind_word(Kind kind) {
  switch (kind) {
    case Kind::Began:
      return "began";
    case Kind::Entered:
      return "entered";
    case Kind::HeldOut:
      return "held_out";
    case Kind::Refused:
      return "refused";
    case Kind::StageEntered:
      return "stage_entered";
    case Kind::StageLeft:
      return "stage_left";
    case Kind::TriggerFired:
      return "reacted";
    case Kind::WaitBegan:
      return "wait_began";
    case Kind::WaitEnded:
      return "wait_ended";
    case Kind::Split:
      return "split";
    case Kind::Sent:
      return "sent";
    case Kind::Deferred:
      return "deferred";
    case Kind::Suppressed:
      return "suppressed";
    case Kind::Skipped:
      return "skipped";
    case Kind::Exhausted:
      return "exhausted";
    case Kind::GaveUp:
      return "gave_up";
    case Kind::Cancelled:
      return "cancelled";
    case Kind::Pending:
      return "pending";
    case Kind::HandedOff:
      return "handed_off";
    case Kind::AlreadyWithSales:
      return "already_with_sales";
    case Kind::TakenBack:
      return "taken_back";
    case Kind::HoldBegan:
      return "sales_hold_began";
    case Kind::HoldEnded:
      return "sales_hold_ended";
    case Kind::Answered:
      return "answered";
    case Kind::PromiseMissed:
      return "promise_missed";
    case Kind::Assigned:
      return "assigned";
    case Kind::NotAssigned:
      return "not_assigned";
    case Kind::Notified:
      return "notified";
    case Kind::LeadSet:
      return "set";
    case Kind::Remembered:
      return "remembered";
    case Kind::ScoreChanged:
      return "score";
    case Kind::HistoryCut:
      return "history_cut";
    case Kind::AskedToEnroll:
      return "enroll";
    case Kind::AskedToRemove:
      return "remove";
    case Kind::AudienceJoined:
      return "audience_add";
    case Kind::AudienceLeft:
      return "audience_remove";
    case Kind::WebhookCalled:
      return "webhook";
    case Kind::GoalCredited:
      return "goal";
    case Kind::Exited:
      return "exited";
    case Kind::InFlight:
      return "in_flight";
    case Kind::GoalCensored:
      return "goal_open";
    case Kind::PropertyViolated:
      return "property_violated";
    case Kind::PropertyOpen:
      return "property_open";
    case Kind::OrphanReaction:
      return "orphan_reaction";
    case Kind::SentToLeads:
      return "sent_to_leads";
    case Kind::MergedInto:
      return "merged_into";
    case Kind::Merged:
      return "merged";
    case Kind::MovedHere:
      return "moved_here";
    case Kind::Reacted:
      return "reacted";
  }
  return {};
}

std::string_view kind_rule(Kind kind) {
  switch (kind) {
    case Kind::Began:
      return "§5.13";
    case Kind::Entered:
    case Kind::Refused:
      return "§5.1";
    case Kind::HeldOut:
    case Kind::Split:
      return "§5.6";
    case Kind::StageEntered:
    case Kind::StageLeft:
    case Kind::Exited:
      return "§5.9";
    case Kind::TriggerFired:
      return "§5.3";
    case Kind::WaitBegan:
    case Kind::WaitEnded:
      return "§5.8";
    case Kind::Sent:
    case Kind::Deferred:
    case Kind::Suppressed:
    case Kind::Skipped:
    case Kind::Exhausted:
    case Kind::GaveUp:
    case Kind::Cancelled:
    case Kind::Pending:
    case Kind::NotAssigned:
      return "§5.5";
    case Kind::HandedOff:
    case Kind::AlreadyWithSales:
    case Kind::TakenBack:
    case Kind::HoldBegan:
    case Kind::HoldEnded:
    case Kind::Answered:
    case Kind::PromiseMissed:
      return "§5.7";
    case Kind::Assigned:
    case Kind::Notified:
    case Kind::LeadSet:
    case Kind::Remembered:
    case Kind::AudienceJoined:
    case Kind::AudienceLeft:
    case Kind::WebhookCalled:
      return "§5.3";
    case Kind::ScoreChanged:
      return "§5.10";
    case Kind::HistoryCut:
      return "§3.2";
    case Kind::AskedToEnroll:
    case Kind::AskedToRemove:
      return "§5.2";
    case Kind::GoalCredited:
    case Kind::GoalCensored:
      return "§5.12";
    case Kind::InFlight:
      return "§6.4";
    case Kind::PropertyViolated:
    case Kind::PropertyOpen:
      return "§10";
    case Kind::OrphanReaction:
      return "§7.3";
    case Kind::SentToLeads:
      return "§5.14";
    case Kind::MergedInto:
    case Kind::Merged:
    case Kind::MovedHere:
      return "§7.4";
    case Kind::Reacted:
      return "§7.5";
  }
  return {};
}

std::string_view refusal_word(RefusalCause cause) {
  switch (cause) {
    case RefusalCause::Guard:
      return "guard";
    case RefusalCause::NotActive:
      return "not_active";
    case RefusalCause::Audience:
      return "audience";
    case RefusalCause::Exclude:
      return "exclude";
    case RefusalCause::ExitCondition:
      return "exit_condition";
    case RefusalCause::Reentry:
      return "reentry";
    case RefusalCause::Exclusive:
      return "exclusive";
    case RefusalCause::Key:
      return "key";
    case RefusalCause::KeyLimit:
      return "key_limit";
    case RefusalCause::Inside:
      return "inside";
    case RefusalCause::OncePerStep:
      return "once_per_step";
  }
  return {};
}

std::string_view refusal_text(RefusalCause cause) {
  switch (cause) {
    case RefusalCause::Guard:
      return "the `if` of the entry did not hold";
    case RefusalCause::NotActive:
      return "the campaign was not active then";
    case RefusalCause::Audience:
      return "not in the audience";
    case RefusalCause::Exclude:
      return "excluded";
    case RefusalCause::ExitCondition:
      return "a condition to exit already held";
    case RefusalCause::Reentry:
      return "was here before, and may not come back (yet)";
    case RefusalCause::Exclusive:
      return "in another campaign of the same group";
    case RefusalCause::Key:
      return "the key of the membership is unknown";
    case RefusalCause::KeyLimit:
      return "as many memberships at once as allowed";
    case RefusalCause::Inside:
      return "enrolled while inside already";
    case RefusalCause::OncePerStep:
      return "entered at that very moment already";
  }
  return {};
}

std::string_view detail_word(Detail detail) {
  switch (detail) {
    case Detail::None:
      return {};
    case Detail::WithSales:
      return "with_sales";
    case Detail::AlreadyPending:
      return "already_pending";
    case Detail::NotAvailable:
      return "not_available";
    case Detail::Never:
      return "never";
    case Detail::Window:
      return "window";
    case Detail::Quiet:
      return "quiet_hours";
    case Detail::Limit:
      return "limit";
    case Detail::Holdout:
      return "holdout";
  }
  return {};
}

std::string_view detail_text(Detail detail) {
  switch (detail) {
    case Detail::None:
      return {};
    case Detail::WithSales:
      return "with sales";
    case Detail::AlreadyPending:
      return "the same message was still held back";
    case Detail::NotAvailable:
      return "not available that day";
    case Detail::Never:
      return "a rule forbids it";
    case Detail::Window:
      return "outside the hours for it";
    case Detail::Quiet:
      return "quiet hours";
    case Detail::Limit:
      return "the limit is reached";
    case Detail::Holdout:
      return "held out by a policy";
  }
  return {};
}

std::string why_text(const bytecode::Module& module, Detail detail, std::uint16_t rule) {
  if (rule == bytecode::kNone) return std::string(detail_text(detail));
  NURTURE_CHECK(rule < module.rules.size());
  const bytecode::Rule& row = module.rules[rule];
  if (detail == Detail::None)
    return fmt::format("“{}” ({})", name_of(module, row.label), place_text(module, row.place));
  return fmt::format("{}: “{}” ({})", detail_text(detail), name_of(module, row.label), place_text(module, row.place));
}

std::string sends_text(const bytecode::Module& module, const bytecode::SendSite& site) {
  if (site.stream != bytecode::kNone)
    return fmt::format("next of {}", name_of(module, module.streams[site.stream].name));
  if (site.choices.empty()) return std::string(content_name(module, site.content));
  std::string text = "first of ";
  for (std::size_t i = 0; i < site.choices.size(); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", content_name(module, site.choices[i]));
  }
  return text;
}

std::string_view wait_end_word(WaitEnd end) {
  switch (end) {
    case WaitEnd::Timer:
      return "timer";
    case WaitEnd::Left:
      return "left";
    case WaitEnd::Horizon:
      return "horizon";
    case WaitEnd::Handler:
      return "handler";
  }
  return {};
}

std::string_view hold_end_word(HoldEnd end) {
  switch (end) {
    case HoldEnd::Event:
      return "event";
    case HoldEnd::TakenBack:
      return "taken_back";
    case HoldEnd::Expired:
      return "expired";
  }
  return {};
}

std::string_view cause_word(Cause::Kind kind) {
  switch (kind) {
    case Cause::Kind::Beginning:
      return "beginning";
    case Cause::Kind::Event:
      return "event";
    case Cause::Kind::Timer:
      return "timer";
    case Cause::Kind::Settled:
      return "settled";
    case Cause::Kind::Assumed:
      return "assumed";
  }
  return {};
}

namespace {

/// Of a constant that is no list.
std::string constant_text(const bytecode::Module& module, std::uint16_t index) {
  const bytecode::Constant& constant = module.constants[index];
  if (constant.type.kind == TypeKind::Text || constant.type.kind == TypeKind::Choice)
    return std::string(name_of(module, static_cast<bytecode::StringIndex>(constant.value.bits)));
  return vm::format_value(constant.value, constant.type, TextPool(), ListPool(), calendar::utc());
}

}  // namespace

std::vector<std::pair<std::string, std::string>> assumed_record(const bytecode::Module& module,
                                                                const bytecode::AssumedReaction& reaction) {
  const bytecode::EventKind& kind = module.schema.kinds[reaction.kind];
  std::vector<std::pair<std::string, std::string>> given;
  for (const auto& [property, constant] : reaction.record) {
    given.emplace_back(name_of(module, kind.properties[property].name), constant_text(module, constant));
  }
  std::sort(given.begin(), given.end());
  return given;
}

std::string assumed_text(const bytecode::Module& module, const bytecode::AssumedReaction& reaction) {
  std::string text(name_of(module, module.schema.kinds[reaction.kind].name));
  std::string_view before = " { ";
  for (const auto& [name, value] : assumed_record(module, reaction)) {
    text += fmt::format("{}{}: {}", before, name, value);
    before = ", ";
  }
  if (before == ", ") text += " }";
  return text + (reaction.by_machine ? " by machine" : "");
}

std::string_view work_word(bytecode::WorkKind kind) {
  switch (kind) {
    case bytecode::WorkKind::Call:
      return "call";
    case bytecode::WorkKind::Task:
      return "task";
  }
  return {};
}

namespace {

const bytecode::Trigger* at_place(const std::vector<bytecode::Trigger>& triggers, bytecode::PlaceIndex place) {
  auto found = std::find_if(triggers.begin(), triggers.end(), [&](const auto& t) { return t.place == place; });
  return found == triggers.end() ? nullptr : &*found;
}

/// Any of the campaign's triggers; a place belongs to one.
const bytecode::Trigger* trigger_at(const bytecode::Campaign& campaign, bytecode::PlaceIndex place) {
  if (const auto* t = at_place(campaign.exits, place)) return t;
  if (const auto* t = at_place(campaign.triggers, place)) return t;
  for (const bytecode::State& state : campaign.states) {
    if (const auto* t = at_place(state.handlers, place)) return t;
  }
  for (const bytecode::Stage& stage : campaign.stages) {
    if (const auto* t = at_place(stage.triggers, place)) return t;
  }
  return nullptr;
}

}  // namespace

std::string reaction_text(const bytecode::Module& module, const bytecode::Campaign& campaign,
                          bytecode::PlaceIndex place) {
  if (const bytecode::Trigger* trigger = trigger_at(campaign, place))
    return std::string(name_of(module, trigger->label));
  for (const bytecode::Goal& goal : campaign.goals) {
    if (goal.place == place) return fmt::format("goal {}", name_of(module, goal.name));
  }
  return place_text(module, place);
}

std::string_view entry_label(const bytecode::Module& module, const bytecode::Campaign& campaign, std::int64_t entry) {
  if (entry == bytecode::kNone) return "enroll in";
  NURTURE_CHECK(entry >= 0 && static_cast<std::size_t>(entry) < campaign.entries.size());
  return name_of(module, campaign.entries[static_cast<std::size_t>(entry)].label);
}

std::string action_target(const bytecode::Module& module, Kind kind, std::int64_t what) {
  const bool campaign = kind == Kind::AskedToEnroll || kind == Kind::AskedToRemove;
  if (!campaign) return std::string(name_of(module, static_cast<bytecode::StringIndex>(what)));
  NURTURE_CHECK(what >= 0 && static_cast<std::size_t>(what) < module.campaigns.size());
  return std::string(name_of(module, module.campaigns[static_cast<std::size_t>(what)].name));
}

std::string_view action_word(Kind kind) {
  if (kind == Kind::AskedToEnroll) return "enroll in";
  if (kind == Kind::AskedToRemove) return "remove from";
  if (kind == Kind::AudienceJoined) return "add to audience";
  return kind == Kind::AudienceLeft ? "remove from audience" : "call webhook";
}

std::string_view state_label(const bytecode::Module& module, const bytecode::Campaign& campaign, std::int64_t state) {
  NURTURE_CHECK(state >= 0 && static_cast<std::size_t>(state) < campaign.states.size());
  return name_of(module, campaign.states[static_cast<std::size_t>(state)].label);
}

std::string violation_text(const bytecode::Module& module, const bytecode::Property& property, Instant at, Instant from,
                           const calendar::Zone* zone) {
  const auto within = [&] { return calendar::format_duration(module.constants[property.within].value.duration()); };
  switch (property.form) {
    case bytecode::PropertyForm::Never:
      return property.after.empty() ? "it happened all the same"
                                    : fmt::format("it happened after {}", clock_text(from, zone));
    case bytecode::PropertyForm::AtMost:
      return fmt::format("one more than {} within {}, the first of them {}", property.most, within(),
                         clock_text(from, zone));
    case bytecode::PropertyForm::LeadsTo:
      return fmt::format("what happened {} had led to nothing by {}", clock_text(from, zone), clock_text(at, zone));
    case bytecode::PropertyForm::Ends:
      return fmt::format("still inside {} after {}", within(), clock_text(from, zone));
  }
  return {};
}

}  // namespace nurture::outcome
