#include "compiler/sema/entries.h"

#include <fmt/format.h>

#include "compiler/sema/bodies.h"

namespace nurture::sema {

using Form = ast::Clause::EntryForm;

std::string_view words_for(Form form) {
  switch (form) {
    case Form::On:
      return "on an event";
    case Form::WhenTrue:
      return "when something turns true";
    case Form::Every:
      return "by the calendar";
    case Form::Once:
      return "at one time";
    case Form::Dated:
      return "before a date";
    case Form::Silence:
      return "on silence";
  }
  return "";
}

void Entries::check(const ast::Clause& clause, const Scope& scope) {
  if (campaign_.key && clause.entry != Form::On) {
    Diagnostic& diagnostic =
        context_.out.report(DiagnosticId::EntryWithoutKey, head_line(context_, clause.span), campaign_.name,
                            campaign_.key->name.text, fmt::format("an entry {}", words_for(clause.entry)));
    diagnostic.labels.push_back({head_line(context_, campaign_.key->span), "memberships are told apart here"});
    diagnostic.hint = "Enter on an event that carries it, or leave out `one membership per`.";
  }
  options(clause);
  switch (clause.entry) {
    case Form::On:
      check_event(context_, expressions_, clause.event, clause.id, scope);
      break;
    case Form::WhenTrue:
      expressions_.condition(clause.condition, scope);
      check_watched(context_, clause.condition);
      expressions_.condition(clause.condition2, scope);
      return;
    case Form::Every:
      every(clause);
      break;
    case Form::Once:
      once(clause);
      break;
    case Form::Dated:
      dated(clause, scope);
      break;
    case Form::Silence:
      check_silence(context_, expressions_, clause.trigger, scope);
      break;
  }
  expressions_.condition(clause.condition, scope);
}

/// What stands behind an entry that has no use for it.
void Entries::options(const ast::Clause& clause) {
  const auto refuse = [&](std::string_view option, std::string hint) {
    context_.out.report(DiagnosticId::EntryOption, head_line(context_, clause.span), option, words_for(clause.entry))
        .hint = std::move(hint);
  };
  if (clause.or_at_once_if_late && clause.entry != Form::Dated)
    refuse("or at once if late", "Only a date can be past already: `enter 90 days before lead.renewal_on`.");
  const bool scheduled = clause.entry == Form::Every || clause.entry == Form::Once;
  if (clause.at.time && clause.entry != Form::Dated && !scheduled)
    refuse("at", "A time of day goes with a date: `enter 90 days before lead.renewal_on at 09:00`.");
  if (clause.also_already && (clause.entry == Form::On || scheduled))
    refuse("also those already true",
           "It is for what can be true already: `enter when …`, before a date, or on silence.");
  expressions_.duration(clause.also_already, Scope{}, true);
}

void Entries::no_schedule(Span span, std::string_view what, std::string hint) {
  context_.out.report(DiagnosticId::NoSchedule, span, what).hint = std::move(hint);
}

bool Entries::zone(const ast::When& when) {
  if (!when.zone.empty()) check_zone(context_, when.zone, when.zone_span);
  if (when.time) expressions_.value(when.time, Scope{}, make(TypeKind::Time));
  return true;
}

void Entries::every(const ast::Clause& clause) {
  const ast::When& at = clause.at;
  if (at.next || at.target || (at.weekdays == 0 && !at.time)) {
    return no_schedule(at.span, "an entry by the calendar comes on days of the week, at a time of day",
                       "Write `enter every Monday 09:00`, or `enter once at 2026-06-09 09:00`.");
  }
  zone(at);
}

void Entries::once(const ast::Clause& clause) {
  const ast::When& at = clause.at;
  constexpr std::string_view kHint = "Write the day and the time: `enter once at 2026-06-09 09:00`.";
  constexpr std::string_view kWhat = "an entry at one time needs a date";
  if (!at.target) return no_schedule(at.span, kWhat, std::string(kHint));
  Scope scope;
  scope.constant = true;
  Type type = expressions_.infer(*at.target, scope);
  if (type.poison() || type.kind == TypeKind::Date || type.kind == TypeKind::DateTime) return;
  no_schedule(at.span, kWhat, std::string(kHint));
}

void Entries::dated(const ast::Clause& clause, const Scope& scope) {
  std::optional<Duration> length = expressions_.duration(clause.duration, Scope{}, true);
  if (!clause.target) return;
  Type type = expressions_.infer(*clause.target, scope);
  if (type.poison()) return;
  if (type.kind != TypeKind::Date && type.kind != TypeKind::DateTime) {
    context_.out.report(DiagnosticId::WrongType, clause.target->span, "a date, with a time or without",
                        describe(known(type)));
    return;
  }
  const bool by_day = type.kind == TypeKind::Date && (!length || length->micros == 0);
  if (clause.at.time && !by_day) {
    return no_schedule(clause.at.time->span, "this date has a time of its own, or is counted in hours",
                       "Leave out the time of day, or count in days towards a date.");
  }
  if (clause.at.target) expressions_.infer(*clause.at.target, scope);
  if (clause.at.target && !clause.at.time) expressions_.value(clause.at.target, scope, make(TypeKind::DateTime, true));
}

void check_silence(Context& context, Expressions& expressions, const ast::Trigger& silence, Scope scope) {
  expressions.duration(silence.silence, Scope{}, true);
  for (const ast::EventRef& each : silence.silence_of) resolve_event(context, each.kind);
  if (!silence.event.where) return;
  if (silence.silence_of.size() == 1) {
    scope.event = kind_at_hand(context, silence.silence_of.front());
    expressions.condition(silence.event.where, scope);
    return;
  }
  context.out
      .report(DiagnosticId::WhereOfMany, silence.event.where->span,
              silence.silence_of.empty() ? "many" : std::to_string(silence.silence_of.size()))
      .hint = "Name one event, or one event group: `on silence of 30 days of email.clicked where …`.";
}

}  // namespace nurture::sema
