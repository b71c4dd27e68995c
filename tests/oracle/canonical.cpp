#include "tests/oracle/canonical.h"

#include <fmt/format.h>

#include "runtime/calendar/calendar.h"
#include "runtime/outcome/names.h"
#include "tests/oracle/datum.h"

namespace nurture::oracle {

using outcome::Kind;

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::Began:
      return "Began";
    case Kind::Entered:
      return "Entered";
    case Kind::HeldOut:
      return "HeldOut";
    case Kind::Refused:
      return "Refused";
    case Kind::StageEntered:
      return "StageEntered";
    case Kind::StageLeft:
      return "StageLeft";
    case Kind::TriggerFired:
      return "TriggerFired";
    case Kind::WaitBegan:
      return "WaitBegan";
    case Kind::WaitEnded:
      return "WaitEnded";
    case Kind::Split:
      return "Split";
    case Kind::Sent:
      return "Sent";
    case Kind::Deferred:
      return "Deferred";
    case Kind::Suppressed:
      return "Suppressed";
    case Kind::Skipped:
      return "Skipped";
    case Kind::Exhausted:
      return "Exhausted";
    case Kind::GaveUp:
      return "GaveUp";
    case Kind::Cancelled:
      return "Cancelled";
    case Kind::Pending:
      return "Pending";
    case Kind::HandedOff:
      return "HandedOff";
    case Kind::AlreadyWithSales:
      return "AlreadyWithSales";
    case Kind::TakenBack:
      return "TakenBack";
    case Kind::HoldBegan:
      return "HoldBegan";
    case Kind::HoldEnded:
      return "HoldEnded";
    case Kind::Answered:
      return "Answered";
    case Kind::PromiseMissed:
      return "PromiseMissed";
    case Kind::Assigned:
      return "Assigned";
    case Kind::NotAssigned:
      return "NotAssigned";
    case Kind::Notified:
      return "Notified";
    case Kind::LeadSet:
      return "LeadSet";
    case Kind::Remembered:
      return "Remembered";
    case Kind::ScoreChanged:
      return "ScoreChanged";
    case Kind::HistoryCut:
      return "HistoryCut";
    case Kind::AskedToEnroll:
      return "AskedToEnroll";
    case Kind::AskedToRemove:
      return "AskedToRemove";
    case Kind::AudienceJoined:
      return "AudienceJoined";
    case Kind::AudienceLeft:
      return "AudienceLeft";
    case Kind::WebhookCalled:
      return "WebhookCalled";
    case Kind::GoalCredited:
      return "GoalCredited";
    case Kind::Exited:
      return "Exited";
    case Kind::InFlight:
      return "InFlight";
    case Kind::GoalCensored:
      return "GoalCensored";
    case Kind::PropertyViolated:
      return "PropertyViolated";
    case Kind::PropertyOpen:
      return "PropertyOpen";
    case Kind::OrphanReaction:
      return "OrphanReaction";
    case Kind::SentToLeads:
      return "SentToLeads";
    case Kind::MergedInto:
      return "MergedInto";
    case Kind::Merged:
      return "Merged";
    case Kind::MovedHere:
      return "MovedHere";
    case Kind::Reacted:
      return "Reacted";
  }
  return "";
}

namespace {

/// Where the record's stage is part of what happened.
bool in_stage(Kind kind) {
  switch (kind) {
    case Kind::StageEntered:
    case Kind::StageLeft:
    case Kind::WaitBegan:
    case Kind::WaitEnded:
    case Kind::Split:
    case Kind::Sent:
    case Kind::Deferred:
    case Kind::Suppressed:
    case Kind::Skipped:
    case Kind::GaveUp:
    case Kind::HandedOff:
    case Kind::AlreadyWithSales:
    case Kind::TakenBack:
    case Kind::Assigned:
    case Kind::NotAssigned:
    case Kind::Notified:
    case Kind::LeadSet:
    case Kind::Remembered:
    case Kind::ScoreChanged:
    case Kind::AskedToEnroll:
    case Kind::AskedToRemove:
    case Kind::AudienceJoined:
    case Kind::AudienceLeft:
    case Kind::WebhookCalled:
    case Kind::SentToLeads:
    case Kind::InFlight:
      return true;
    case Kind::Began:
    case Kind::Entered:
    case Kind::HeldOut:
    case Kind::Refused:
    case Kind::TriggerFired:
    case Kind::Exhausted:
    case Kind::Cancelled:
    case Kind::Pending:
    case Kind::HoldBegan:
    case Kind::HoldEnded:
    case Kind::Answered:
    case Kind::PromiseMissed:
    case Kind::GoalCredited:
    case Kind::Exited:
    case Kind::GoalCensored:
    case Kind::PropertyViolated:
    case Kind::PropertyOpen:
    case Kind::OrphanReaction:
    case Kind::HistoryCut:
    case Kind::MergedInto:
    case Kind::Merged:
    case Kind::MovedHere:
    case Kind::Reacted:
      return false;
  }
  return false;
}

/// Where the source line names the statement.
bool has_line(Kind kind) {
  return in_stage(kind) ? kind != Kind::StageEntered && kind != Kind::StageLeft
                        : kind == Kind::Cancelled || kind == Kind::Pending;
}

bool belongs_to_lead(Kind kind) {
  return kind == Kind::Began || kind == Kind::HoldBegan || kind == Kind::HoldEnded || kind == Kind::OrphanReaction ||
         kind == Kind::MergedInto || kind == Kind::Merged || kind == Kind::Reacted;
}

}  // namespace

std::string line_of(const Told& told) {
  std::string out = told.lead + (told.account.empty() ? "" : " for " + told.account);
  out += fmt::format(" {} {}", calendar::format_utc(told.at), kind_name(told.kind));
  if (!belongs_to_lead(told.kind)) {
    out += " " + told.campaign;
    if (told.kind != Kind::Refused) out += "#" + std::to_string(told.membership);
  }
  if (in_stage(told.kind) && !told.stage.empty()) out += " in " + told.stage;
  if (has_line(told.kind)) out += " :" + std::to_string(told.line);
  if (told.detail != outcome::Detail::None) out += fmt::format(" ({})", static_cast<int>(told.detail));
  if (!told.what.empty()) out += " | " + told.what;
  if (!told.text.empty()) out += " | " + told.text;
  if (!told.text2.empty()) out += " | " + told.text2;
  if (told.assumed) out += " ~";
  return out;
}

std::string show_value(Value value, const bytecode::Type& type, const store::Store& store) {
  if (!value.known) return show(Datum::unknown());
  switch (type.kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      return show(Datum::of_text(std::string(store.texts.at(value.text()))));
    case TypeKind::Number:
      return show(Datum::of_number(value.number()));
    case TypeKind::Duration:
      return show(Datum::of_duration(value.duration()));
    case TypeKind::List: {
      std::string out = "[";
      bytecode::Type element{.kind = type.element, .optional = false, .element = type.element, .choices = type.choices};
      for (Value item : store.lists.at(static_cast<ListId>(value.bits))) out += show_value(item, element, store) + " ";
      return out + "]";
    }
    case TypeKind::Integer:
    case TypeKind::Decimal:
    case TypeKind::Boolean:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Percent:
      return std::to_string(value.bits);
  }
  return "";
}

/// The rule that decided, by its line.
std::string Canonical::by_rule(const outcome::Outcome& o) const {
  if (o.rule == bytecode::kNone) return "";
  return fmt::format(" by :{}", module_.places[module_.rules[o.rule].place].line);
}

std::string Canonical::site(const outcome::Outcome& o) const {
  return string(module_.contents[static_cast<std::size_t>(o.a)].name);
}

namespace {

std::string ended(std::int64_t b) {
  switch (static_cast<outcome::WaitEnd>(std::min<std::int64_t>(b, 3))) {
    case outcome::WaitEnd::Timer:
      return "timer";
    case outcome::WaitEnd::Left:
      return "left";
    case outcome::WaitEnd::Horizon:
      return "horizon";
    case outcome::WaitEnd::Handler:
      return "handler " + std::to_string(b - 3);
  }
  return "";
}

/// The number of the entry; an enrolment has none.
std::string entry_name(std::int64_t entry) { return entry == bytecode::kNone ? "enrolled" : std::to_string(entry); }

std::string hold_end(std::int64_t a) {
  switch (static_cast<outcome::HoldEnd>(a)) {
    case outcome::HoldEnd::Event:
      return "event";
    case outcome::HoldEnd::TakenBack:
      return "taken back";
    case outcome::HoldEnd::Expired:
      return "expired";
  }
  return "";
}

std::string reaction(std::int64_t a) {
  static const char* const kNames[] = {"exit", "handler", "stage", "campaign", "goal exit"};
  return kNames[a];
}

}  // namespace

std::string Canonical::what(const outcome::Outcome& o) const {
  auto stage_name = [&](std::int64_t index) {
    return index == bytecode::kNone ? std::string() : string(campaign(o).stages[static_cast<std::size_t>(index)].name);
  };
  auto at = [](const auto& table, std::int64_t index) -> const auto& { return table[static_cast<std::size_t>(index)]; };
  std::string b = std::to_string(o.b);
  switch (o.kind) {
    case Kind::Entered:
    case Kind::HeldOut:
      return entry_name(o.a);
    case Kind::Refused:
      return std::to_string(o.a) + " " + entry_name(o.b);
    case Kind::AskedToEnroll:
    case Kind::AskedToRemove:
      return string(at(module_.campaigns, o.a).name);
    case Kind::AudienceJoined:
    case Kind::AudienceLeft:
    case Kind::WebhookCalled:
      return string(static_cast<std::uint16_t>(o.a));
    case Kind::StageEntered:
      return stage_name(o.a);
    case Kind::StageLeft:
      return stage_name(o.a) + " " + b;
    case Kind::TriggerFired:
      return reaction(o.a) + " " + b;
    case Kind::WaitBegan:
      return o.b == kNever ? "never" : calendar::format_utc(o.b);
    case Kind::WaitEnded:
      return ended(o.b);
    case Kind::Split: {
      const bytecode::SplitSite& split = at(campaign(o).splits, o.a);
      return string(split.name) + " " + string(at(split.branches, o.b).name);
    }
    case Kind::Sent:
    case Kind::Deferred:
    case Kind::Suppressed:
    case Kind::Skipped:
    case Kind::Exhausted:
    case Kind::GaveUp:
    case Kind::Cancelled:
    case Kind::Pending:
      return site(o) + by_rule(o);
    case Kind::NotAssigned:
      return by_rule(o).substr(1);
    case Kind::Assigned:
      return o.b == kNever ? "" : calendar::format_utc(o.b);
    case Kind::HoldEnded:
      return hold_end(o.a) + " " + b;
    case Kind::PropertyViolated:
    case Kind::PropertyOpen:
      return string(at(module_.properties, o.a).name) + " " + calendar::format_utc(o.b);
    case Kind::HoldBegan:
      if (o.account != store::kNoLead) return "";
      return string(at(module_.schema.kinds, o.a).name);
    case Kind::OrphanReaction:
      return string(at(module_.schema.kinds, o.a).name);
    case Kind::Answered:
      return string(at(module_.schema.kinds, o.a).name) + " " + b;
    case Kind::LeadSet:
    case Kind::Remembered:
      return what_of_value(o);
    case Kind::ScoreChanged:
      return string(at(module_.scores, o.a).name) + " " + b;
    case Kind::HistoryCut:
      return string(at(module_.histories, o.a).label);
    case Kind::GoalCredited:
      return string(at(campaign(o).goals, o.a).name) + " " + b +
             (o.value.known ? " worth " + std::to_string(o.value.bits) : "");
    case Kind::GoalCensored:
      return string(at(campaign(o).goals, o.a).name);
    case Kind::SentToLeads:
      return b;
    case Kind::MergedInto:
    case Kind::Merged:
      return std::string(store_.texts.at(at(store_.leads, o.a)));
    case Kind::MovedHere:
      return fmt::format("{}#{}{}", store_.texts.at(at(store_.leads, o.a)), b, o.value.truth() ? "" : " ended");
    case Kind::Reacted:
      return outcome::assumed_text(module_, *o.cause.reaction) +
             (o.cause.content == bytecode::kNone ? "" : " about " + string(module_.contents[o.cause.content].name));
    case Kind::Exited:
      return string(at(campaign(o).reasons, o.a)) + " " + b;
    case Kind::Began:
    case Kind::HandedOff:
    case Kind::AlreadyWithSales:
    case Kind::TakenBack:
    case Kind::PromiseMissed:
    case Kind::Notified:
    case Kind::InFlight:
      return "";
  }
  return "";
}

/// A remembered name has no type in the module; what the generator calls `tally` is an integer, everything else a text.
std::string Canonical::what_of_value(const outcome::Outcome& o) const {
  if (o.kind == Kind::Remembered) {
    bytecode::Type type;
    if (string(static_cast<std::uint16_t>(o.a)) == "tally") type.kind = TypeKind::Integer;
    return string(static_cast<std::uint16_t>(o.a)) + " " + show_value(o.value, type, store_);
  }
  const bytecode::Field& field = module_.schema.lead[static_cast<std::size_t>(o.a)];
  return string(field.name) + " " + show_value(o.value, field.type, store_);
}

std::string Canonical::asks(const outcome::Outcome& o) const {
  std::string out;
  const bytecode::Content& content = module_.contents[static_cast<std::size_t>(o.a)];
  for (std::size_t i = 0; i < content.asks.size(); ++i) {
    if (!o.value.known || (o.value.bits >> i & 1) == 0) continue;
    out += (out.empty() ? "asks " : ", ") + string(module_.schema.lead[content.asks[i]].name);
  }
  return out;
}

void Canonical::on(const outcome::Outcome& o) {
  Told told{.kind = o.kind,
            .detail = o.detail,
            .at = o.at,
            .lead = std::string(store_.texts.at(store_.leads[o.lead])),
            .membership = o.membership,
            .what = what(o),
            .text = o.text,
            .text2 = o.kind == outcome::Kind::Sent ? asks(o) : o.text2,
            .assumed = o.assumed};
  if (o.account != store::kNoLead && !o.of_account())
    told.account = std::string(store_.texts.at(store_.leads[o.account]));
  if (o.campaign != bytecode::kNone) told.campaign = string(campaign(o).name);
  if (o.campaign != bytecode::kNone && o.stage != bytecode::kNone)
    told.stage = string(campaign(o).stages[o.stage].name);
  if (o.place < module_.places.size()) told.line = module_.places[o.place].line;
  bool of_state = o.kind == Kind::WaitBegan || o.kind == Kind::WaitEnded || o.kind == Kind::InFlight;
  if (of_state) {
    told.line =
        o.a == bytecode::kNone ? 0 : module_.places[campaign(o).states[static_cast<std::size_t>(o.a)].place].line;
  }
  lines.push_back(line_of(told));
}

}  // namespace nurture::oracle
