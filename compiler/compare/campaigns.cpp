#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "compiler/compare/portrait.h"
#include "runtime/calendar/calendar.h"

namespace nurture::compare {

namespace {

using ast::Clause;
using Kind = Clause::Kind;

bool inside(Span inner, Span outer) {
  return inner.file == outer.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

/// What a clause is taken for: of most a campaign has one.
std::string_view noun_of(Kind kind) {
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
      return "one membership";
    case Kind::LastsAtMost:
      return "lasts";
    case Kind::Holdout:
      return "holdout";
    case Kind::Goal:
      return "goal";
    case Kind::ExitOn:
      return "exit";
    case Kind::TriggerClause:
      return "trigger";
    case Kind::OnExit:
      return "on exit";
    case Kind::SendOnlyIn:
      return "send only in";
    case Kind::Limit:
      return "limit";
    case Kind::Priority:
      return "priority";
    case Kind::ExclusiveIn:
      return "exclusive in";
    case Kind::Active:
      return "active";
    case Kind::Owner:
      return "owner";
    case Kind::Version:
      return "version";
    case Kind::Overdue:
      return "overdue";
    case Kind::OnEdit:
      return "on edit";
    case Kind::WhileWithSales:
      return "while with sales";
    case Kind::Status:
      return "status";
    case Kind::Follow:
      return "follow";
    case Kind::Never:
      return "never";
    case Kind::Quiet:
      return "quiet";
    case Kind::SalesHold:
      return "sales hold";
    case Kind::Throttle:
      return "throttle";
    case Kind::Stage:
      return "stage";
  }
  return "";
}

/// Among those of its noun: whether it makes a difference which comes first.
bool has_place(Kind kind) { return kind == Kind::Enter || kind == Kind::ExitOn || kind == Kind::TriggerClause; }

/// What holds where nothing is said means the same as when it is said.
void add_defaults(Item& campaign) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kDefaults{
      {{"reenter", "reenter never"},
       {"priority", "priority 0"},
       {"status", "status live"},
       {"on edit", "on edit continue"},
       {"while with sales", "while with sales pause"}}};
  for (const auto& [noun, head] : kDefaults) {
    if (std::any_of(campaign.items.begin(), campaign.items.end(), [&](const Item& each) { return each.noun == noun; }))
      continue;
    Item item;
    item.noun = noun;
    item.head = head;
    item.unordered = true;
    seal(item);
    campaign.items.push_back(std::move(item));
  }
}

std::string on_edit(const Clause& c) {
  std::string out = c.text == "finish"    ? "on edit finish old version"
                    : c.text == "restart" ? "on edit restart stage"
                    : c.text == "exit"    ? "on edit exit as " + c.reason.text
                                          : "on edit continue";
  return c.recompute_waits ? out + " recompute waits" : out;
}

std::string with_sales(const Clause& c) {
  switch (c.with_sales) {
    case Clause::SalesForm::Pause:
      return "pause";
    case Clause::SalesForm::Leave:
      return "leave as " + c.reason.text;
    case Clause::SalesForm::Continue:
      return "continue";
  }
  return {};
}

}  // namespace

std::string CampaignPortrayer::entry(const Clause& c) {
  std::string out = "enter ";
  const ast::Expr* guard = c.condition;
  switch (c.entry) {
    case Clause::EntryForm::On:
      out += "on " + words_.event(c.event);
      break;
    case Clause::EntryForm::Silence:
      out += words_.head(c.trigger);
      break;
    case Clause::EntryForm::WhenTrue:
      out += "when " + words_.expression(c.condition);
      guard = c.condition2;
      break;
    case Clause::EntryForm::Every:
      out += "every " + words_.when(c.at);
      break;
    case Clause::EntryForm::Once:
      out += "once at " + words_.when(c.at);
      break;
    case Clause::EntryForm::Dated:
      out += fmt::format("{} before {}", words_.length(c.duration), words_.expression(c.target));
      if (c.at.time) out += " at " + words_.expression(c.at.time);
      break;
  }
  if (guard) out += " if " + words_.expression(guard);
  if (c.name) out += " at stage " + words_.stage(c.name.text);
  if (c.or_at_once_if_late) out += " or at once if late";
  if (c.also_already) out += " also those already true, spread over " + words_.length(c.also_already);
  return out;
}

std::string CampaignPortrayer::goal(const Clause& c) {
  std::string out = fmt::format("goal {}: ", c.name.text);
  out += c.condition ? "when " + words_.expression(c.condition) : words_.event(c.event);
  if (c.duration) out += " within " + words_.length(c.duration);
  if (c.of_send) out += " of send";
  if (c.target) out += " worth " + words_.expression(c.target);
  if (c.reason) out += " then exit as " + c.reason.text;
  return out;
}

std::string CampaignPortrayer::never(const Clause& c) {
  std::string out = "never";
  if (c.of_sends) out += " send";
  if (c.name) out += " " + c.name.text;
  const auto events = [&](std::string_view word, const std::vector<ast::EventRef>& all) {
    std::vector<std::string> texts;
    for (const ast::EventRef& each : all) texts.push_back(words_.event(each));
    if (!texts.empty()) out += fmt::format(" {} {}", word, fmt::join(texts, ", "));
  };
  events("after", c.after);
  events("until", c.until);
  if (c.condition) out += " when " + words_.expression(c.condition);
  if (c.outside) out += " outside " + words_.name(Thing::Window, c.outside.text);
  return out;
}

Item CampaignPortrayer::reaction(const ast::Trigger& trigger, std::string_view noun) {
  Item item;
  item.head = words_.head(trigger);
  item.noun = fmt::format("{} {}", noun,
                          trigger.silence     ? "silence"
                          : trigger.condition ? "when"
                                              : trigger.event.kind.text());
  item.items = portray(trigger.body, words_);
  item.span = trigger.span;
  seal(item);
  return item;
}

Item CampaignPortrayer::stage(const Clause& clause) {
  Item item;
  item.noun = "stage";
  item.key = words_.stage(clause.name.text);
  item.label = fmt::format("stage {}", item.key);
  item.head = item.label;
  for (const ast::Trigger& each : clause.triggers) item.items.push_back(reaction(each, "on"));
  for (Item& each : portray(clause.body, words_)) item.items.push_back(std::move(each));
  item.span = clause.name.span;
  return item;
}

Item CampaignPortrayer::clause(const Clause& c) {
  if (c.kind == Kind::Stage) return stage(c);
  if (c.kind == Kind::TriggerClause) return reaction(c.trigger, "anywhere, on");
  Item item;
  item.noun = noun_of(c.kind);
  item.span = c.span;
  item.unordered = !has_place(c.kind);
  switch (c.kind) {
    case Kind::Audience:
    case Kind::Exclude:
      item.head = fmt::format("{} {}", item.noun, words_.expression(c.condition));
      break;
    case Kind::Enter:
      item.head = entry(c);
      break;
    case Kind::Reenter:
      item.head = c.reenter == Clause::ReenterForm::Never    ? "reenter never"
                  : c.reenter == Clause::ReenterForm::Always ? "reenter always"
                                                             : "reenter after " + words_.length(c.duration);
      break;
    case Kind::OneMembershipPer:
      item.head = "one membership per " + c.name.text;
      if (c.has_number) item.head += fmt::format(" up to {} at once", c.number);
      break;
    case Kind::LastsAtMost:
      item.head = fmt::format("lasts at most {} as {}", words_.length(c.duration), c.reason.text);
      break;
    case Kind::Holdout:
      item.head = "holdout " + percent_words(c.number);
      break;
    case Kind::Goal:
      item.key = c.name.text;
      item.head = goal(c);
      break;
    case Kind::ExitOn:
      item.head = fmt::format("exit {} as {}", words_.head(c.trigger), c.reason.text);
      break;
    case Kind::OnExit:
      item.head = "on exit";
      item.items = portray(c.body, words_);
      break;
    case Kind::SendOnlyIn:
      item.head = "send only in " + words_.name(Thing::Window, c.name.text);
      break;
    case Kind::Limit:
    case Kind::Throttle:
      item.head = fmt::format("{}{}{} to {} per {}", item.noun, c.name ? " " : "", c.name.text, c.number,
                              words_.length(c.duration));
      break;
    case Kind::Priority:
      item.head = fmt::format("priority {}", c.number);
      break;
    case Kind::ExclusiveIn:
      item.head = "exclusive in " + c.name.text;
      break;
    case Kind::Active:
      item.head = "active";
      if (c.target) item.head += " from " + words_.expression(c.target);
      if (c.target2) item.head += " until " + words_.expression(c.target2);
      break;
    case Kind::Owner:
    case Kind::Version:
      item.head = fmt::format("{} {}", item.noun, quoted(c.text));
      break;
    case Kind::Overdue:
      item.head = "overdue " + c.text + (c.duration ? " over " + words_.length(c.duration) : "");
      break;
    case Kind::OnEdit:
      item.head = on_edit(c);
      break;
    case Kind::WhileWithSales:
      item.head = "while with sales " + with_sales(c);
      break;
    case Kind::Status:
      item.head = "status " + c.text;
      break;
    case Kind::Never:
      item.head = never(c);
      break;
    case Kind::Quiet:
      item.head = fmt::format("quiet hours {} to {}{}", calendar::format_time(c.from_time),
                              calendar::format_time(c.to_time), c.target ? " in " + words_.expression(c.target) : "");
      break;
    case Kind::SalesHold:
      item.head = "sales hold at most " + words_.length(c.duration);
      break;
    case Kind::Follow:
    case Kind::TriggerClause:
    case Kind::Stage:
      break;
  }
  seal(item);
  return item;
}

/// Where a clause stands that is not the campaign's own text.
std::string CampaignPortrayer::origin(const Clause& clause, const sema::Campaign& campaign) const {
  if (!campaign.made_from && inside(clause.span, campaign.decl->span)) return {};
  for (const ast::File& file : unit_.files) {
    for (const ast::Decl* decl : file.declarations) {
      if (!inside(clause.span, decl->span)) continue;
      if (const auto* rules = ast::try_as<ast::RulesDecl>(decl)) return fmt::format("rules {}", rules->name.text);
      if (const auto* made = ast::try_as<ast::TemplateDecl>(decl)) return fmt::format("template {}", made->name.text);
    }
  }
  return {};
}

Item CampaignPortrayer::campaign(const sema::Campaign& campaign) {
  words_.take_named();
  words_.inside(campaign.name);
  Item item;
  item.noun = "campaign";
  item.key = words_.name(Thing::Campaign, campaign.name);
  item.label = fmt::format("campaign {}", item.key);
  item.span = campaign.made_from ? campaign.made_from->name.span : campaign.decl->name.span;
  item.parts.push_back({"what it is for", campaign.decl->for_account ? "accounts" : "leads"});
  for (const Clause& each : campaign.decl->clauses) {
    // A lead starts in the first stage; where the others stand makes no difference.
    if (each.kind == Kind::Stage && item.parts.size() == 1)
      item.parts.push_back({"first stage", words_.stage(each.name.text)});
    Item made = clause(each);
    made.origin = origin(each, campaign);
    seal(made);
    item.items.push_back(std::move(made));
  }
  add_defaults(item);
  seal(item);
  item.names = words_.take_named();
  return item;
}

}  // namespace nurture::compare
