#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "compiler/syntax/builder.h"
#include "compiler/syntax/literals.h"

namespace nurture::syntax {

using namespace ast;

const Expr* Builder::atom(Parser::AtomContext* context) {
  if (!sound(context)) return error(span(context));
  Span at = span(context);
  if (context->path() && !context->WAS_IN()) return reference(context);
  if (context->COLUMN()) {
    auto* ref = tree_.make<NameRef>(at);
    ref->path.parts.push_back({unquote(text(span(context->text()))), span(context->text())});
    ref->path.span = at;
    return ref;
  }
  if (context->text()) return text_literal(context->text());
  if (context->quantity()) return shift(context);
  if (context->LPAREN()) return expression(context->expression());
  if (context->list()) return list(context->list());
  if (context->DAYS_SINCE()) {
    auto* since = tree_.make<DaysSince>(at);
    since->target = atom(context->atom());
    return checked(since, {since->target});
  }
  if (context->VISITS_OF()) {
    auto* visits = tree_.make<VisitsOf>(at);
    visits->stage = name(context->name());
    return visits;
  }
  if (context->COUNT_OF_LEADS() || context->ANY_LEAD() || context->NO_LEAD()) {
    auto* leads = tree_.make<LeadsQuery>(at);
    using Form = LeadsQuery::Form;
    leads->form = context->COUNT_OF_LEADS() ? Form::Count : context->ANY_LEAD() ? Form::Any : Form::None;
    if (context->atom()) leads->where = atom(context->atom());
    if (context->expression()) leads->where = expression(context->expression());
    return checked(leads, {leads->where});
  }
  if (context->WAS_IN()) {
    auto* was = tree_.make<WasInCampaign>(at);
    was->campaign = path(context->path());
    was->reason = name(context->reason_name());
    return was;
  }
  return number_or_moment(context);
}

/// A quantity, or `1 day before lead.renewal_on`.
const Expr* Builder::shift(Parser::AtomContext* context) {
  const Expr* amount = quantity(context->quantity(), context->atom() != nullptr).expression;
  if (!context->atom()) return amount;
  auto* out = tree_.make<DateShift>(span(context));
  out->amount = amount;
  out->before = context->BEFORE();
  out->target = atom(context->atom());
  return checked(out, {out->target});
}

const Expr* Builder::number_or_moment(Parser::AtomContext* context) {
  Span at = span(context);
  if (context->NUMBER()) {
    auto* number = tree_.make<NumberLit>(at);
    number->written = written(at);
    number->value = std::stod(number->written);
    return number;
  }
  if (context->PERCENT()) {
    auto* share = tree_.make<PercentLit>(at);
    share->value = percent(context->PERCENT());
    return share;
  }
  if (context->SLASH_DATE()) return slash_date(context->SLASH_DATE());
  if (context->DATE()) return date_time(context->DATE(), context->TIME(), context->zone());
  auto* time = tree_.make<TimeLit>(span(context->TIME()));
  time->time_of_day = time_of_day(context->TIME());
  if (context->zone()) {
    diagnostics_.report(DiagnosticId::ZoneMisplaced, span(context->zone())).hint =
        "Leave it out: the time is that of the lead's zone. A date with a time can have a zone.";
  }
  return time;
}

/// A date; with a time, or with a zone, the instant.
const Expr* Builder::date_time(Terminal* date_token, Terminal* time, Parser::ZoneContext* zone_context) {
  Span at = span(date_token);
  if (time) at = join(at, span(time));
  if (zone_context) at = join(at, span(zone_context));
  if (!time && !zone_context) {
    auto* out = tree_.make<DateLit>(at);
    out->days = date(date_token);
    return out;
  }
  auto* out = tree_.make<DateTimeLit>(at);
  out->days = date(date_token);
  if (time) out->time_of_day = time_of_day(time);
  zone(zone_context, out->zone, out->zone_span);
  return out;
}

void Builder::zone(Parser::ZoneContext* context, std::string& out, Span& at) {
  if (!sound(context)) return;
  at = span(context->text());
  out = plain_text(context->text());
}

/// `3/5/2026` is March or May; both ways of writing it are offered. Read on as month first unless that is no date.
const Expr* Builder::slash_date(Terminal* terminal) {
  Span at = span(terminal);
  std::string_view all = text(at);
  std::size_t first_slash = all.find('/');
  std::size_t second_slash = all.rfind('/');
  std::int64_t a = whole_number(all.substr(0, first_slash)).value_or(0);
  std::int64_t b = whole_number(all.substr(first_slash + 1, second_slash - first_slash - 1)).value_or(0);
  std::int64_t year = whole_number(all.substr(second_slash + 1)).value_or(0);
  if (year < 100) year += 2000;
  auto month_first = date_of(year, a, b);
  auto day_first = date_of(year, b, a);
  auto& d = diagnostics_.report(DiagnosticId::SlashDate, at, all);
  auto iso = [&](std::int64_t month, std::int64_t day) { return fmt::format("{:04}-{:02}-{:02}", year, month, day); };
  if (month_first && day_first && a != b) {
    d.hint = fmt::format("Write {} or {}: year, month, day.", iso(a, b), iso(b, a));
  } else if (month_first || day_first) {
    std::string only = month_first ? iso(a, b) : iso(b, a);
    d.hint = fmt::format("Write {}: year, month, day.", only);
    d.edits.push_back({at, only});
  } else {
    d.hint = "A date is year-month-day, such as 2026-03-05.";
  }
  auto* out = tree_.make<DateLit>(at);
  out->days = month_first ? *month_first : day_first.value_or(0);
  return out;
}

const Expr* Builder::text_literal(Parser::TextContext* context) {
  Span at = span(context);
  if (context->SINGLE_QUOTED() && !in_message_) {
    std::string_view inner = text(at);
    Quotes quotes = quotes_of(inner);
    inner = inner.substr(quotes.open, inner.size() - quotes.open - quotes.close);
    auto& d = diagnostics_.report(DiagnosticId::SingleQuotes, at);
    if (inner.find('"') == std::string_view::npos) {
      d.hint = fmt::format("Write \"{}\".", inner);
      d.edits.push_back({at, fmt::format("\"{}\"", inner)});
    }
  }
  auto* out = tree_.make<TextLit>(at);
  out->value = unquote(text(at));
  return out;
}

const Expr* Builder::list(Parser::ListContext* context) {
  auto* out = tree_.make<ListLit>(span(context));
  for (auto* item : context->expression()) out->items.push_back(expression(item));
  const Expr* made = out;
  for (const Expr* item : out->items) {
    made = checked(out, {item});
    if (made != out) break;
  }
  return made;
}

ast::Name Builder::bare_name(Context* context) {
  Name out = name(context);
  constexpr std::array<std::string_view, 6> kValues = {"true", "yes", "false", "no", "now", "today"};
  if (std::find(kValues.begin(), kValues.end(), out.text) == kValues.end()) return out;
  diagnostics_.report(DiagnosticId::ReservedWord, out.span, out.text, "a name here").hint =
      fmt::format("Where it is read, `{}` is a value. Choose another name, such as \"my_{}\".", out.text, out.text);
  return out;
}

/// A name, a word that stands for a value, or a call.
const Expr* Builder::reference(Parser::AtomContext* context) {
  Path named = path(context->path());
  if (context->call()) return call(named, context);
  if (context->OF()) return lookup(std::move(named), context);
  if (named.parts.size() == 1) {
    const std::string& word = named.parts[0].text;
    bool yes = word == "true" || word == "yes";
    if (yes || word == "false" || word == "no") {
      auto* truth = tree_.make<BooleanLit>(named.span);
      truth->value = yes;
      return truth;
    }
    if (word == "now") return tree_.make<Now>(named.span);
    if (word == "today") return tree_.make<Today>(named.span);
  }
  auto* ref = tree_.make<NameRef>(named.span);
  ref->path = std::move(named);
  return ref;
}

/// `reps.manager of lead.country`
const Expr* Builder::lookup(Path column, Parser::AtomContext* context) {
  auto* out = tree_.make<Lookup>(span(context));
  out->column = std::move(column);
  out->key = atom(context->atom());
  return checked(out, {out->key});
}

/// `sent(welcome)`, or an aggregate over the lead's log.
const Expr* Builder::call(const Path& function, Parser::AtomContext* context) {
  auto* inner = context->call();
  Path about = path(inner->path());
  std::string name_called = function.text();
  bool past = name_called == "sent" || name_called == "opened" || name_called == "clicked";
  if (past && about.parts.size() == 1) {
    auto* out = tree_.make<ContentPast>(span(context));
    out->verb = {name_called, function.span};
    out->content = about.parts[0];
    return out;
  }
  auto* out = tree_.make<Aggregate>(span(context));
  out->function = {name_called, function.span};
  out->event.kind = std::move(about);
  out->event.of_content = name(inner->content_name());
  out->event.including_machine = inner->INCLUDING();
  out->event.span = span(inner->path());
  if (inner->duration()) out->last = duration(inner->duration());
  if (inner->expression()) out->event.where = history_where(inner->expression(), &out->last);
  out->since = out->last ? Since::Last : inner->ENTRY() ? Since::Entry : inner->STAGE() ? Since::Stage : Since::Ever;
  return checked(out, {out->event.where});
}

/// In `count(e where c in last 30 days)` the length belongs to the count: events have no instants to ask for.
const Expr* Builder::history_where(Parser::ExpressionContext* context, const Expr** last) {
  bool outer = std::exchange(in_call_, true);
  const Expr* condition = expression(context);
  in_call_ = outer;
  const auto* in_last = try_as<InLast>(condition);
  if (!in_last || in_last->negated) return lift_last(condition, last);
  *last = in_last->length;
  return in_last->value;
}

/// The same where the condition is joined of several, the last of which was taken for `x in last D`.
const Expr* Builder::lift_last(const Expr* condition, const Expr** last) {
  const auto* joined = try_as<Binary>(condition);
  if (!joined || (joined->op != BinaryOp::And && joined->op != BinaryOp::Or)) return condition;
  const Expr* right = joined->right;
  const auto* in_last = try_as<InLast>(right);
  const Expr* lifted = in_last && !in_last->negated ? in_last->value : lift_last(right, last);
  if (in_last && !in_last->negated) *last = in_last->length;
  return lifted == right ? condition : binary(joined->op, joined->op_span, joined->left, lifted);
}

}  // namespace nurture::syntax
