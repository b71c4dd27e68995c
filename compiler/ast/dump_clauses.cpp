#include <fmt/format.h>

#include "compiler/ast/dump.h"

namespace nurture::ast {

namespace {

using Kind = Clause::Kind;

std::string_view key(Kind kind) {
  switch (kind) {
    case Kind::Audience:
      return "audience";
    case Kind::Exclude:
      return "exclude";
    case Kind::Enter:
      return "enter";
    case Kind::Reenter:
      return "reenter";
    case Kind::OneMembershipPer:
      return "one-membership-per";
    case Kind::LastsAtMost:
      return "lasts-at-most";
    case Kind::Holdout:
      return "holdout";
    case Kind::Goal:
      return "goal";
    case Kind::ExitOn:
      return "exit";
    case Kind::TriggerClause:
      return "trigger";
    case Kind::OnExit:
      return "on-exit";
    case Kind::SendOnlyIn:
      return "send-only-in";
    case Kind::Limit:
      return "limit";
    case Kind::Priority:
      return "priority";
    case Kind::ExclusiveIn:
      return "exclusive-in";
    case Kind::Active:
      return "active";
    case Kind::Owner:
      return "owner";
    case Kind::Version:
      return "version";
    case Kind::Overdue:
      return "overdue";
    case Kind::OnEdit:
      return "on-edit";
    case Kind::WhileWithSales:
      return "while-with-sales";
    case Kind::Status:
      return "status";
    case Kind::Follow:
      return "follow";
    case Kind::Never:
      return "never";
    case Kind::Quiet:
      return "quiet";
    case Kind::SalesHold:
      return "sales-hold";
    case Kind::Throttle:
      return "throttle";
    case Kind::Stage:
      return "stage";
  }
  return {};
}

std::string_view reenter(Clause::ReenterForm form) {
  switch (form) {
    case Clause::ReenterForm::Never:
      return "never";
    case Clause::ReenterForm::Always:
      return "always";
    case Clause::ReenterForm::After:
      return "after";
  }
  return {};
}

std::string_view with_sales(Clause::SalesForm form) {
  switch (form) {
    case Clause::SalesForm::Pause:
      return "pause";
    case Clause::SalesForm::Leave:
      return "leave";
    case Clause::SalesForm::Continue:
      return "continue";
  }
  return {};
}

std::string entry(const Clause& c) {
  switch (c.entry) {
    case Clause::EntryForm::On:
      return " on " + event_ref(c.event);
    case Clause::EntryForm::WhenTrue:
      return " when";
    case Clause::EntryForm::Every:
      return " every " + when(c.at);
    case Clause::EntryForm::Once:
      return " once " + when(c.at);
    case Clause::EntryForm::Dated:
      return fmt::format(" dated {} before {}{}", expr(c.duration), expr(c.target),
                         c.at.time ? " at " + expr(c.at.time) : "");
    case Clause::EntryForm::Silence:
      return " silence " + expr(c.trigger.silence);
  }
  return {};
}

/// What only some kinds have, in the order of the clause's fields.
std::string details(const Clause& c) {
  std::string out;
  auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) out += fmt::format(" {}{}{}", name, name.empty() ? "" : " ", value);
  };
  bool entering = c.kind == Kind::Enter;
  if (entering) out += entry(c);
  add("", c.kind == Kind::Enter ? "" : c.name.text);
  if (c.kind == Kind::Goal) add("", event_ref(c.event));
  if (c.of_sends) add("", "send");
  for (const EventRef& event : c.after) add("after", event_ref(event));
  for (const EventRef& event : c.until) add("until", event_ref(event));
  add("outside", c.outside.text);
  if (c.kind == Kind::Quiet) add("", fmt::format("{}..{}", c.from_time / kMinute, c.to_time / kMinute));
  if (c.kind == Kind::Reenter) add("", reenter(c.reenter));
  if (c.kind == Kind::WhileWithSales) add("", with_sales(c.with_sales));
  if (c.condition) add(entering && c.entry != Clause::EntryForm::WhenTrue ? "if" : "", expr(c.condition));
  if (c.condition2) add("if", expr(c.condition2));
  if (c.has_number)
    add("", c.kind == Kind::Holdout ? fmt::format("{}%", static_cast<double>(c.number) / kPercentScale)
                                    : std::to_string(c.number));
  if (c.duration && !entering) add("", expr(c.duration));
  if (c.of_send) add("", "of-send");
  if (c.target && !entering) add("", expr(c.target));
  if (c.target2) add("", expr(c.target2));
  if (c.or_at_once_if_late) add("", "or-at-once-if-late");
  if (c.also_already) add("also-already", expr(c.also_already));
  if (entering) add("at-stage", c.name.text);
  if (!c.text.empty()) add("", quoted(c.text));
  if (c.recompute_waits) add("", "recompute-waits");
  add("as", c.reason.text);
  return out;
}

}  // namespace

void dump(DumpWriter& out, const Clause& c) {
  if (c.kind == Kind::TriggerClause) return dump(out, c.trigger);
  std::string head(key(c.kind));
  if (c.kind == Kind::ExitOn) {
    std::string cause = c.trigger.condition ? "when " + expr(c.trigger.condition)
                        : c.trigger.silence ? "on silence " + expr(c.trigger.silence)
                                            : "on " + event_ref(c.trigger.event);
    return out.line(fmt::format("({} {} as {})", head, cause, c.reason.text));
  }
  out.open(head + details(c));
  if (!c.doc.empty()) out.part("doc", quoted(c.doc));
  for (const Trigger& trigger : c.triggers) dump(out, trigger);
  dump(out, c.body);
  out.close();
}

}  // namespace nurture::ast
