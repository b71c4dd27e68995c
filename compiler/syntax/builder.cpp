#include "compiler/syntax/builder.h"

#include <algorithm>
#include <limits>

#include "compiler/syntax/literals.h"

namespace nurture::syntax {

using namespace ast;

Span Builder::span(Context* context) const {
  if (!context || !context->start) return {source_.id(), 0, 0};
  auto begin = static_cast<std::uint32_t>(context->start->getStartIndex());
  auto end = context->stop ? static_cast<std::uint32_t>(context->stop->getStopIndex() + 1) : begin;
  return {source_.id(), begin, std::max(begin, end)};
}

Span Builder::span(Terminal* terminal) const {
  return terminal ? span_of(source_, *terminal->getSymbol()) : Span{source_.id(), 0, 0};
}

Name Builder::name(Context* context) const {
  if (!sound(context)) return {};
  Span at = span(context);
  return {written(at), at};
}

Name Builder::name(Terminal* terminal) const {
  if (!terminal) return {};
  Span at = span(terminal);
  return {written(at), at};
}

Path Builder::path(Parser::PathContext* context) const {
  Path out;
  if (!sound(context)) return out;
  for (auto* part : context->name()) out.parts.push_back(name(part));
  out.span = span(context);
  return out;
}

std::vector<Name> Builder::names(Parser::Name_listContext* context) const {
  std::vector<Name> out;
  if (!context) return out;
  for (auto* part : context->name()) out.push_back(name(part));
  return out;
}

std::string Builder::plain_text(Parser::TextContext* context) {
  if (!sound(context)) return {};
  text_literal(context);
  return unquote(text(span(context)));
}

std::int64_t Builder::integer(Terminal* terminal) {
  if (!terminal) return 0;
  Span at = span(terminal);
  auto value = whole_number(text(at));
  if (!value) number_too_large(at);
  return value.value_or(1);
}

void Builder::number_too_large(Span at) {
  diagnostics_.report(DiagnosticId::NumberTooLarge, at, text(at), "large").hint =
      fmt::format("A whole number is at most {}.", std::numeric_limits<std::int64_t>::max());
}

std::int64_t Builder::signed_number(Parser::Signed_numberContext* context) {
  if (!sound(context)) return 0;
  if (context->NUMBER()) {
    Span at = span(context->NUMBER());
    diagnostics_.report(DiagnosticId::ExpectedFound, at, "a whole number", "", '"' + written(at) + '"');
    return 0;
  }
  std::int64_t value = integer(context->INT());
  return context->MINUS() ? -value : value;
}

const Expr* Builder::signed_expression(Parser::Signed_numberContext* context) {
  if (!sound(context)) return context ? error(span(context)) : nullptr;
  Expr* out = nullptr;
  if (context->NUMBER()) {
    auto* number = tree_.make<NumberLit>(span(context->NUMBER()));
    number->written = written(number->span);
    number->value = std::stod(number->written);
    out = number;
  } else {
    auto* whole = tree_.make<IntegerLit>(span(context->INT()));
    whole->value = integer(context->INT());
    out = whole;
  }
  if (!context->MINUS()) return out;
  auto* negated = tree_.make<Unary>(span(context));
  negated->op = UnaryOp::Negate;
  negated->operand = out;
  return negated;
}

std::int64_t Builder::percent(Terminal* terminal) {
  if (!terminal) return 0;
  Span at = span(terminal);
  auto value = percentage(text(at));
  if (!value) {
    bool fine = text(at).find('.') != std::string_view::npos;
    diagnostics_.report(DiagnosticId::NumberTooLarge, at, text(at), fine ? "fine" : "large").hint =
        fine ? "A percentage has at most four figures after the point, a share at most two."
             : "A percentage is at most 1000000%.";
  }
  return value.value_or(100 * kPercentScale);
}

std::int64_t Builder::time_of_day(Terminal* terminal) {
  if (!terminal) return 0;
  Span at = span(terminal);
  auto value = time_of(text(at));
  if (!value) {
    auto& d = diagnostics_.report(DiagnosticId::NoSuchTime, at, text(at));
    d.hint = text(at).starts_with("24:00") ? "A day ends where the next begins, at 00:00."
                                           : "Times run from 00:00 to 23:59.";
  }
  return value.value_or(0);
}

std::int64_t Builder::date(Terminal* terminal) {
  if (!terminal) return 0;
  Span at = span(terminal);
  auto value = date_of(text(at));
  if (!value)
    diagnostics_.report(DiagnosticId::NoSuchDate, at, text(at)).hint = "A date is year-month-day, such as 2026-03-05.";
  return value.value_or(0);
}

std::uint8_t Builder::weekdays(Parser::WeekdaysContext* context) {
  if (!sound(context)) return 0;
  std::vector<int> days;
  for (auto* day : context->weekday()) days.push_back(weekday_of(text(span(day))).value_or(0));
  bool range = context->TO() || context->MINUS() || context->RANGE();
  unsigned mask = 0;
  for (int day : days) mask |= 1u << day;
  if (range && days.size() == 2) {
    for (int day = days[0]; day != days[1]; day = (day + 1) % 7) mask |= 1u << day;
  }
  return static_cast<std::uint8_t>(mask);
}

/// The `///` lines right before, without the slashes, one space, and what spaces end them.
std::string Builder::doc_before(Context* context) const {
  std::uint32_t begin = span(context).begin;
  auto after =
      std::partition_point(comments_.begin(), comments_.end(), [&](const Comment& c) { return c.span.end <= begin; });
  auto first = after;
  std::uint32_t next = begin;
  auto only_space = [&](Span gap) { return text(gap).find_first_not_of(" \t\r\n") == std::string_view::npos; };
  while (first != comments_.begin()) {
    const Span& comment = std::prev(first)->span;
    if (!text(comment).starts_with("///") || !only_space({comment.file, comment.end, next})) break;
    next = comment.begin;
    --first;
  }
  std::string doc;
  for (; first != after; ++first) {
    std::string_view line = text(first->span).substr(3);
    if (line.starts_with(' ')) line.remove_prefix(1);
    line = line.substr(0, line.find_last_not_of(" \t") + 1);
    if (!doc.empty()) doc += '\n';
    doc += line;
  }
  return doc;
}

/// For what has a right form: says it, and offers the change.
Diagnostic& Builder::report_written(DiagnosticId id, Span at, std::string_view instead) {
  auto& d = diagnostics_.report(id, at, text(at), instead);
  d.hint = fmt::format("Write \"{}\".", instead);
  d.edits.push_back({at, std::string(instead)});
  return d;
}

// Lengths of time -----------------------------------------------------------------------------------------------------

namespace {

std::string counted(std::int64_t n, std::string_view unit) {
  return fmt::format("{} {}{}", n, unit, n == 1 ? "" : "s");
}

}  // namespace

/// The number and the unit of one measure, with the answer to other ways of writing them; no unit: just a number.
template <typename C>
Builder::Measure Builder::measure(C* context) {
  Measure out;
  out.span = span(context);
  if (!sound(context)) return out;
  std::string_view unit;
  if (context->GLUED()) {
    std::string_view all = text(out.span);
    std::size_t letters = all.find_first_not_of("0123456789");
    out.number = whole_number(all.substr(0, letters));
    unit = all.substr(letters);
  } else {
    out.number =
        context->INT() ? whole_number(text(span(context->INT()))) : number_word(text(span(context->WORD_NUMBER())));
    if (!context->unit()) return out;
    unit = text(span(context->unit()));
    out.business = context->BUSINESS();
  }
  out.has_unit = true;
  auto known = unit_of(unit);
  if (!known) {
    unknown_unit(out.span, unit);
    out.reported = true;
    return out;
  }
  out.one = known->one;
  bool odd_unit = context->GLUED() || context->unit()->STRANGE_UNIT();
  if (odd_unit && out.number) report_written(DiagnosticId::UnitWritten, out.span, counted(*out.number, known->name));
  if (context->WORD_NUMBER()) {
    report_written(DiagnosticId::NumberWritten, out.span,
                   (out.business ? counted(*out.number, "business day") : counted(*out.number, known->name)));
  }
  return out;
}

void Builder::unknown_unit(Span measure, std::string_view unit) {
  static const std::vector<std::string_view> kUnits = {"seconds", "minutes", "hours", "days",
                                                       "weeks",   "months",  "years"};
  Span at{measure.file, static_cast<std::uint32_t>(unit.data() - source_.content().data()), measure.end};
  auto& d = diagnostics_.report(DiagnosticId::UnknownUnit, at, unit);
  std::string_view near = closest(unit, kUnits);
  d.hint = near.empty() ? "Units are seconds, minutes, hours, days, weeks, months and years."
                        : fmt::format("Did you mean \"{}\"?", near);
  if (!near.empty()) d.edits.push_back({at, std::string(near)});
}

void Builder::missing_unit(const Measure& measure) {
  diagnostics_.report(DiagnosticId::MissingUnit, measure.span, text(measure.span)).hint =
      fmt::format("Write \"{} days\", for example.", text(measure.span));
}

void Builder::length_too_large(Span at) {
  diagnostics_.report(DiagnosticId::NumberTooLarge, at, text(at), "large").hint =
      "A length of time has at most 32767 days, or 2730 years.";
}

Builder::Length Builder::quantity(Parser::QuantityContext* context, bool length_wanted) {
  Span at = span(context);
  Measure first = measure(context->measure());
  if (!first.has_unit && !length_wanted && context->more().empty()) return {whole_literal(first)};
  if (!first.has_unit) missing_unit(first);
  Length out{nullptr, first.business};
  bool reported = first.reported || !first.has_unit;
  auto total = length_of(first);
  for (auto* part : context->more()) {
    Measure next = measure(part);
    out.business |= next.business;
    reported |= next.reported;
    auto length = length_of(next);
    total = total && length ? plus(*total, *length) : std::nullopt;
  }
  if (!total && !reported) length_too_large(at);
  if (!total || reported) return {error(at), out.business};
  auto* literal = tree_.make<DurationLit>(at);
  literal->value = *total;
  out.expression = literal;
  return out;
}

const Expr* Builder::whole_literal(const Measure& measure) {
  if (!measure.number) {
    number_too_large(measure.span);
    return error(measure.span);
  }
  auto* literal = tree_.make<IntegerLit>(measure.span);
  literal->value = *measure.number;
  return literal;
}

std::optional<Duration> Builder::length_of(const Measure& measure) {
  return measure.number ? times(measure.one, *measure.number) : std::nullopt;
}

const Expr* Builder::duration(Parser::DurationContext* context, bool* business) {
  if (!context) return nullptr;
  if (context->quantity()) {
    Length length = quantity(context->quantity(), true);
    if (business) *business = length.business;
    return length.expression;
  }
  if (!sound(context)) return error(span(context));
  if (context->unit()) {  // `per hour`
    auto* one = tree_.make<DurationLit>(span(context));
    one->value = unit_of(text(one->span))->one;
    return one;
  }
  auto* ref = tree_.make<NameRef>(span(context));
  ref->path = path(context->path());
  return ref;
}

}  // namespace nurture::syntax
