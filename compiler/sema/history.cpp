#include <algorithm>
#include <array>

#include "compiler/sema/bodies.h"
#include "compiler/sema/expressions.h"
#include "compiler/sema/passes.h"

// Questions about the past (§3.2).

namespace nurture::sema {

namespace {

constexpr std::array<std::string_view, 7> kFunctions = {"any", "none", "count", "sum", "first", "last", "latest"};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

/// Whether the past can be asked for here at all.
bool Expressions::asks_past(const ast::Expr& expr, const Scope& scope) {
  if (scope.in_history) {
    only_the_event(expr);
    return false;
  }
  if (!scope.constant && !scope.source) return true;
  Diagnostic& diagnostic = out_.report(DiagnosticId::NotAConstant, expr.span, context_.written(expr.span));
  diagnostic.hint = "Ask for it where it is needed instead.";
  return false;
}

void Expressions::only_the_event(const ast::Expr& expr) {
  Diagnostic& diagnostic = out_.report(DiagnosticId::OnlyEventItself, expr.span, written(expr));
  diagnostic.hint =
      "Such a `where` reads the event's own properties, fixed values and `entry.`; what is true of the lead now is "
      "asked beside it: `any(…) and …`.";
}

bool Expressions::in_campaign(const ast::Expr& expr, std::string_view what, const Scope& scope) {
  if (scope.campaign) return true;
  Diagnostic& diagnostic = out_.report(DiagnosticId::NothingSince, expr.span, what);
  diagnostic.hint = "It can be asked in the stages, triggers and exits of a campaign.";
  return false;
}

/// The event, and where the last word is one of its properties that too: `latest(sales.rejected.reason)`.
AskedEvents Expressions::asked_events(const ast::Aggregate& expr) {
  const ast::Path& path = expr.event.kind;
  if (path.parts.size() > 1 && find_event(model_, path.text()) == kNoIndex) {
    ast::Path of = path;
    of.parts.pop_back();
    const std::uint32_t owner = find_event(model_, of.text());
    if (owner != kNoIndex) return asked_property(owner, path.parts.back());
  }
  const std::uint32_t event = resolve_event(context_, path);
  return {event, kinds_of(model_, event), {}};
}

AskedEvents Expressions::asked_property(std::uint32_t event, const ast::Name& name) {
  AskedEvents asked{event, kinds_of(model_, event), {}};
  for (std::uint32_t kind : asked.kinds) asked.properties.push_back(find_field(properties(model_, kind), name.text));
  if (find_field(properties(model_, event), name.text) != kNoIndex) return asked;
  if (!context_.lost(name.text)) {
    suggest(out_.report(DiagnosticId::UnknownProperty, name.span, event_name(model_, event), name.text), name.text,
            name.span, names_of(properties(model_, event)), not_in_all(event, name.text));
  }
  return {kBrokenIndex, {}, {}};
}

Type Expressions::aggregate(const ast::Aggregate& expr, const Scope& scope) {
  const std::string& function = expr.function.text;
  if (std::find(kFunctions.begin(), kFunctions.end(), function) == kFunctions.end()) {
    suggest(out_.report(DiagnosticId::UnknownWord, expr.function.span, function, "a question about the past"), function,
            expr.function.span, {kFunctions.begin(), kFunctions.end()},
            "The questions are any, none, count, sum, first, last and latest of events, and sent, opened and clicked "
            "of a content.");
    return poison();
  }
  if (!asks_past(expr, scope)) return poison();
  AskedEvents asked = asked_events(expr);
  Scope inner;
  inner.in_history = true;
  inner.event = asked.event;
  inner.entry = scope.entry;
  condition(expr.event.where, inner);
  duration(expr.last, Scope{}, true);
  if (expr.since == ast::Since::Entry && !in_campaign(expr, "since entry", scope)) return poison();
  if (expr.since == ast::Since::Stage && !in_campaign(expr, "since stage", scope)) return poison();
  if (asked.kinds.empty()) return poison();
  check_of_and_machine(context_, expr.event, asked.event);
  Type type = answer(expr, asked);
  model_.asked[expr.id] = std::move(asked);
  return type;
}

Type Expressions::answer(const ast::Aggregate& expr, const AskedEvents& asked) {
  const std::string& function = expr.function.text;
  const bool of_events = is_one_of(function, {"any", "none", "count"});
  const std::string& name = event_name(model_, asked.event);
  if (asked.properties.empty()) {
    if (of_events) return make(function == "count" ? TypeKind::Integer : TypeKind::Boolean);
    if (function != "sum") return make(TypeKind::DateTime, true);
    Diagnostic& diagnostic =
        out_.report(DiagnosticId::AggregateProperty, expr.span, function, "adds up a property, and none is named");
    diagnostic.hint = fmt::format("Name one: `sum({}.…)`; how many there are is `count({})`.", name, name);
    return poison();
  }
  const std::vector<Field>& fields = properties(model_, asked.event);
  const Field& field = fields[find_field(fields, expr.event.kind.parts.back().text)];
  if (of_events) {
    Diagnostic& diagnostic = out_.report(DiagnosticId::AggregateProperty, expr.event.kind.span, function,
                                         "asks about events, and this is a property of them");
    diagnostic.hint = fmt::format("Write `{}({} where {} is known)`.", function, name, field.name);
    return poison();
  }
  if (field.type.poison()) return poison();
  if (function != "sum") return maybe(field.type, true);
  if (is_number(field.type.kind) || field.type.kind == TypeKind::Percent) return known(field.type);
  out_.report(DiagnosticId::AggregateProperty, expr.event.kind.span, function,
              fmt::format("adds up numbers, and this is {}", describe(known(field.type))));
  return poison();
}

Type Expressions::content_past(const ast::ContentPast& expr, const Scope& scope) {
  if (!asks_past(expr, scope)) return poison();
  std::uint32_t content = model_.find_content(expr.content.text);
  if (content == kNoIndex) {
    resolve_content(context_, expr.content);
    return make(TypeKind::Boolean);
  }
  if (expr.verb.text == "sent") {
    const std::string what = written(expr);
    const bool of_lead = about_one_lead(expr.span, what, scope, "Ask it of the leads: `any lead where " + what + "`.");
    return of_lead ? poison() : make(TypeKind::Boolean);
  }
  const std::string& channel = model_.contents[content].channel;
  std::string name = channel + "." + expr.verb.text;
  std::uint32_t kind = model_.find_kind(name);
  if (kind == kNoIndex || model_.kinds[kind].content_property == kNoIndex) {
    if (context_.lost(name)) return poison();
    out_.report(DiagnosticId::UnknownEvent, expr.span, name).hint = fmt::format(
        "\"{}\" goes by {}; declare `event {} by lead {{ content: text }}`.", expr.content.text, channel, name);
    return poison();
  }
  model_.asked[expr.id] = {kind, {kind}, {}};
  return make(TypeKind::Boolean);
}

Type Expressions::days_since(const ast::DaysSince& expr, const Scope& scope) {
  if (!asks_past(expr, scope) || !expr.target) return poison();
  if (!value(expr.target, scope, make(TypeKind::DateTime, true))) return poison();
  return make(TypeKind::Integer, effective_[expr.target->id].optional);
}

Type Expressions::in_last(const ast::InLast& expr, const Scope& scope) {
  if (!asks_past(expr, scope)) return poison();
  value(expr.value, scope, make(TypeKind::DateTime, true));
  duration(expr.length, Scope{}, true);
  return make(TypeKind::Boolean);
}

Type Expressions::within_next(const ast::WithinNext& expr, const Scope& scope) {
  if (!asks_past(expr, scope)) return poison();
  Type type = infer(*expr.value, scope);
  if (!type.poison() && type.kind != TypeKind::Date && type.kind != TypeKind::DateTime)
    wrong_type(*expr.value, type, make(TypeKind::Date));
  duration(expr.length, Scope{}, true);
  return make(TypeKind::Boolean);
}

Type Expressions::visits_of(const ast::VisitsOf& expr, const Scope& scope) {
  if (!asks_past(expr, scope) || !in_campaign(expr, "visits of", scope)) return poison();
  const Campaign& campaign = *scope.campaign->campaign;
  std::vector<std::string_view> names;
  for (std::uint32_t i = 0; i < campaign.stages.size(); ++i) {
    if (campaign.stages[i].name == expr.stage.text) {
      model_.stage_of[expr.id] = {static_cast<std::uint32_t>(&campaign - model_.campaigns.data()), i};
      return make(TypeKind::Integer);
    }
    names.push_back(campaign.stages[i].name);
  }
  if (!expr.stage || context_.lost(expr.stage.text)) return poison();
  suggest(out_.report(DiagnosticId::UnknownStage, expr.stage.span, campaign.name, expr.stage.text), expr.stage.text,
          expr.stage.span, names);
  return poison();
}

Type Expressions::was_in(const ast::WasInCampaign& expr, const Scope& scope) {
  if (!asks_past(expr, scope) || !expr.campaign) return poison();
  duration(expr.last, Scope{}, true);
  std::string name = expr.campaign.text();
  const std::uint32_t index = resolve_campaign(context_, name, expr.campaign.span);
  if (index == kNoIndex) return poison();
  const Campaign& campaign = model_.campaigns[index];
  if (!members_alike(campaign, expr.campaign.span, scope)) return poison();
  std::vector<std::string_view> reasons(campaign.reasons.begin(), campaign.reasons.end());
  bool found = std::find(reasons.begin(), reasons.end(), expr.reason.text) != reasons.end();
  if (found || !expr.reason || context_.lost(expr.reason.text)) return make(TypeKind::Boolean);
  suggest(out_.report(DiagnosticId::UnknownReason, expr.reason.span, name, expr.reason.text), expr.reason.text,
          expr.reason.span, reasons);
  return poison();
}

}  // namespace nurture::sema
