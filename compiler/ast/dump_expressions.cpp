#include <fmt/format.h>

#include "compiler/ast/dump.h"

namespace nurture::ast {

namespace {

std::string_view op_text(BinaryOp op) {
  switch (op) {
    case BinaryOp::Or:
      return "or";
    case BinaryOp::And:
      return "and";
    case BinaryOp::Is:
      return "is";
    case BinaryOp::IsNot:
      return "is-not";
    case BinaryOp::Less:
      return "<";
    case BinaryOp::LessEqual:
      return "<=";
    case BinaryOp::Greater:
      return ">";
    case BinaryOp::GreaterEqual:
      return ">=";
    case BinaryOp::StartsWith:
      return "starts-with";
    case BinaryOp::EndsWith:
      return "ends-with";
    case BinaryOp::Contains:
      return "contains";
    case BinaryOp::Matches:
      return "matches";
    case BinaryOp::Add:
      return "+";
    case BinaryOp::Subtract:
      return "-";
    case BinaryOp::Multiply:
      return "*";
    case BinaryOp::Divide:
      return "/";
    case BinaryOp::Else:
      return "else";
  }
  return {};
}

std::string items(const std::vector<const Expr*>& all) {
  std::string out;
  for (const Expr* e : all) out += ' ' + expr(e);
  return out;
}

std::string binary(const Binary& b) {
  return fmt::format("({}{} {} {})", op_text(b.op), b.ignoring_case ? "/i" : "", expr(b.left), expr(b.right));
}

std::string in_test(const InTest& t) {
  return fmt::format("({}{} {} {})", t.negated ? "not-in" : "in", t.ignoring_case ? "/i" : "", expr(t.value),
                     expr(t.list));
}

std::string aggregate(const Aggregate& a) {
  std::string out = fmt::format("({} {}", a.function.text, event_ref(a.event));
  switch (a.since) {
    case Since::Ever:
      break;
    case Since::Last:
      out += " last " + expr(a.last);
      break;
    case Since::Entry:
      out += " since entry";
      break;
    case Since::Stage:
      out += " since stage";
      break;
  }
  return out + ')';
}

std::string was_in(const WasInCampaign& w) {
  std::string last = w.last ? " last " + expr(w.last) : "";
  return fmt::format("(was-in {} as {}{})", w.campaign.text(), w.reason.text, last);
}

std::string date_time(const DateTimeLit& d) {
  std::string zone = d.zone.empty() ? "" : " in " + quoted(d.zone);
  return fmt::format("{}T{}{}", written_date(d.days), written_time(d.time_of_day), zone);
}

std::string literal(const Expr& e) {
  if (const auto* t = try_as<TextLit>(&e)) return quoted(t->value);
  if (const auto* i = try_as<IntegerLit>(&e)) return std::to_string(i->value);
  if (const auto* n = try_as<NumberLit>(&e)) return n->written;
  if (const auto* p = try_as<PercentLit>(&e)) return fmt::format("{}%", static_cast<double>(p->value) / kPercentScale);
  if (const auto* b = try_as<BooleanLit>(&e)) return b->value ? "true" : "false";
  if (const auto* d = try_as<DateLit>(&e)) return written_date(d->days);
  if (const auto* t = try_as<TimeLit>(&e)) return written_time(t->time_of_day);
  if (const auto* d = try_as<DateTimeLit>(&e)) return date_time(*d);
  if (const auto* d = try_as<DurationLit>(&e)) return '<' + written(d->value) + '>';
  return {};
}

std::string shift(const DateShift& s) {
  return fmt::format("({} {} {})", s.before ? "before" : "after", expr(s.amount), expr(s.target));
}

std::string with_sales(const WithSales& e) {
  return fmt::format("({}{}with-sales)", e.of_account ? "account-" : "", e.negated ? "not-" : "");
}

std::string leads(const LeadsQuery& e) {
  using Form = LeadsQuery::Form;
  std::string_view asked = e.form == Form::Count ? "count" : e.form == Form::Any ? "any" : "no";
  return fmt::format("({}-leads{}{})", asked, e.where ? " where " : "", e.where ? expr(e.where) : "");
}

}  // namespace

std::string event_ref(const EventRef& event) {
  std::string out = event.kind.text();
  if (event.of_content) out += " of " + event.of_content.text;
  if (event.including_machine) out += " including-machine";
  if (event.where) out += " where " + expr(event.where);
  return out;
}

std::string expr(const Expr* e) {
  if (!e) return "none";
  switch (e->kind) {
    case NodeKind::NameRef:
      return as<NameRef>(*e).path.text();
    case NodeKind::ListLit:
      return '[' + (as<ListLit>(*e).items.empty() ? "" : items(as<ListLit>(*e).items).substr(1)) + ']';
    case NodeKind::Unary:
      return fmt::format("({} {})", as<Unary>(*e).op == UnaryOp::Not ? "not" : "neg", expr(as<Unary>(*e).operand));
    case NodeKind::Binary:
      return binary(as<Binary>(*e));
    case NodeKind::InTest:
      return in_test(as<InTest>(*e));
    case NodeKind::Between: {
      const auto& b = as<Between>(*e);
      return fmt::format("(between {} {} {})", expr(b.value), expr(b.low), expr(b.high));
    }
    case NodeKind::KnownTest:
      return fmt::format("({} {})", as<KnownTest>(*e).unknown ? "unknown" : "known", expr(as<KnownTest>(*e).value));
    case NodeKind::DateShift:
      return shift(as<DateShift>(*e));
    case NodeKind::Now:
      return "(now)";
    case NodeKind::Today:
      return "(today)";
    case NodeKind::WithSales:
      return with_sales(as<WithSales>(*e));
    case NodeKind::LeadsQuery:
      return leads(as<LeadsQuery>(*e));
    case NodeKind::Aggregate:
      return aggregate(as<Aggregate>(*e));
    case NodeKind::DaysSince:
      return fmt::format("(days-since {})", expr(as<DaysSince>(*e).target));
    case NodeKind::Lookup:
      return fmt::format("(lookup {} {})", as<Lookup>(*e).column.text(), expr(as<Lookup>(*e).key));
    case NodeKind::ContentPast:
      return fmt::format("({} {})", as<ContentPast>(*e).verb.text, as<ContentPast>(*e).content.text);
    case NodeKind::InLast: {
      const auto& i = as<InLast>(*e);
      return fmt::format("({} {} {})", i.negated ? "not-in-last" : "in-last", expr(i.value), expr(i.length));
    }
    case NodeKind::WithinNext:
      return fmt::format("(within-next {} {})", expr(as<WithinNext>(*e).value), expr(as<WithinNext>(*e).length));
    case NodeKind::VisitsOf:
      return fmt::format("(visits-of {})", as<VisitsOf>(*e).stage.text);
    case NodeKind::WasInCampaign:
      return was_in(as<WasInCampaign>(*e));
    case NodeKind::ErrorExpr:
      return fmt::format("(error{})", items(as<ErrorExpr>(*e).partial));
    default:
      return literal(*e);
  }
}

}  // namespace nurture::ast
