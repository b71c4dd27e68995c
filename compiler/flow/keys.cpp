#include <fmt/format.h>

#include "compiler/flow/conditions.h"

// How an expression is asked, in one way: two that read alike mean the same at one instant.

namespace nurture::flow {

using ast::as;
using ast::NodeKind;

/// With its length, so that no text reads like more than one part.
static std::string quoted(const std::string& text) { return fmt::format("{}'{}'", text.size(), text); }

std::string Conditions::key_of_name(const ast::NameRef& expr, bool in_past) const {
  auto found = model_.symbols.find(expr.id);
  if (found == model_.symbols.end()) return fmt::format("@{}", expr.id);
  const sema::Symbol& symbol = found->second;
  const std::string& last = expr.path.parts.back().text;
  switch (symbol.kind) {
    case sema::Symbol::Kind::LeadAttribute:
      return "lead." + model_.lead[symbol.index].name;
    case sema::Symbol::Kind::AccountAttribute:
      return "account." + model_.account[symbol.index].name;
    case sema::Symbol::Kind::EventProperty:
      return (entering_ && !in_past ? "entry." : "event.") + last;
    case sema::Symbol::Kind::EntryProperty:
      return "entry." + last;
    case sema::Symbol::Kind::ChoiceValue:
      return quoted(symbol.text);
    case sema::Symbol::Kind::Let:
      return fmt::format("let {}", symbol.index);
    case sema::Symbol::Kind::Segment:
      return "segment " + model_.segments[symbol.index].name;
    case sema::Symbol::Kind::Content:
      return "content " + model_.contents[symbol.index].name;
    case sema::Symbol::Kind::Remembered:
      return "remembered." + owner_ + "." + last;
    case sema::Symbol::Kind::Score:
      return "score." + model_.scores[symbol.index].name;
    case sema::Symbol::Kind::Column:
      return "column " + last;  // of the one source that is looked at
    case sema::Symbol::Kind::Touch:
      return "touch";
    case sema::Symbol::Kind::EventKindName:
    case sema::Symbol::Kind::CampaignName:
    case sema::Symbol::Kind::ErrorSymbol:
      return fmt::format("@{}", expr.id);
  }
  return fmt::format("@{}", expr.id);
}

std::string Conditions::key(const ast::EventRef& event) const {
  return event.kind.text() + (event.of_content ? " of " + event.of_content.text : "") +
         (event.including_machine ? " including machine" : "") +
         (event.where ? " where " + key(*event.where, true) : "");
}

std::string Conditions::key(const ast::Expr& expr, bool in_past) const {
  const auto sub = [&](const ast::Expr* part) { return part ? key(*part, in_past) : std::string("-"); };
  switch (expr.kind) {
    case NodeKind::NameRef:
      return key_of_name(as<ast::NameRef>(expr), in_past);
    case NodeKind::TextLit:
      return quoted(as<ast::TextLit>(expr).value);
    case NodeKind::IntegerLit:
      return fmt::format("{}", as<ast::IntegerLit>(expr).value);
    case NodeKind::NumberLit:
      return fmt::format("{}n", as<ast::NumberLit>(expr).value);
    case NodeKind::PercentLit:
      return fmt::format("{}%", as<ast::PercentLit>(expr).value);
    case NodeKind::BooleanLit:
      return as<ast::BooleanLit>(expr).value ? "true" : "false";
    case NodeKind::DateLit:
      return fmt::format("date {}", as<ast::DateLit>(expr).days);
    case NodeKind::TimeLit:
      return fmt::format("time {}", as<ast::TimeLit>(expr).time_of_day);
    case NodeKind::DateTimeLit: {
      const auto& at = as<ast::DateTimeLit>(expr);
      return fmt::format("at {} {} {}", at.days, at.time_of_day, at.zone);
    }
    case NodeKind::DurationLit: {
      const Duration& length = as<ast::DurationLit>(expr).value;
      return fmt::format("{}m{}d{}", length.months, length.days, length.micros);
    }
    case NodeKind::ListLit: {
      std::string made = "[";
      for (const ast::Expr* item : as<ast::ListLit>(expr).items) made += sub(item) + ",";
      return made + "]";
    }
    case NodeKind::Unary: {
      const auto& one = as<ast::Unary>(expr);
      return fmt::format("({} {})", one.op == ast::UnaryOp::Not ? "not" : "minus", sub(one.operand));
    }
    case NodeKind::Binary: {
      const auto& two = as<ast::Binary>(expr);
      return fmt::format("({} op{}{} {})", sub(two.left), static_cast<int>(two.op), two.ignoring_case ? " alike" : "",
                         sub(two.right));
    }
    case NodeKind::InTest: {
      const auto& in = as<ast::InTest>(expr);
      return fmt::format("({} {}in{} {})", sub(in.value), in.negated ? "not " : "", in.ignoring_case ? " alike" : "",
                         sub(in.list));
    }
    case NodeKind::Between: {
      const auto& between = as<ast::Between>(expr);
      return fmt::format("({} between {} and {})", sub(between.value), sub(between.low), sub(between.high));
    }
    case NodeKind::KnownTest: {
      const auto& known = as<ast::KnownTest>(expr);
      return fmt::format("({} {})", sub(known.value), known.unknown ? "unknown" : "known");
    }
    case NodeKind::DateShift: {
      const auto& shift = as<ast::DateShift>(expr);
      return fmt::format("({} {} {})", sub(shift.amount), shift.before ? "before" : "after", sub(shift.target));
    }
    case NodeKind::Now:
      return "now";
    case NodeKind::Today:
      return "today";
    case NodeKind::LeadsQuery: {
      const auto& leads = as<ast::LeadsQuery>(expr);
      const bool count = leads.form == ast::LeadsQuery::Form::Count;
      return fmt::format("({} leads where {})", count ? "count" : "any", sub(leads.where));
    }
    case NodeKind::Aggregate: {
      const auto& asked = as<ast::Aggregate>(expr);
      const bool own = asked.since == ast::Since::Entry || asked.since == ast::Since::Stage;
      return fmt::format("({} {} {} since {}{} {})", asked.function.text == "none" ? "any" : asked.function.text,
                         key(asked.event), asked.property.text, static_cast<int>(asked.since), own ? owner_ : "",
                         sub(asked.last));
    }
    case NodeKind::Lookup: {
      const auto& lookup = as<ast::Lookup>(expr);
      return fmt::format("({} of {})", lookup.column.text(), sub(lookup.key));
    }
    case NodeKind::DaysSince:
      return fmt::format("(days since {})", sub(as<ast::DaysSince>(expr).target));
    case NodeKind::ContentPast: {
      const auto& past = as<ast::ContentPast>(expr);
      return fmt::format("({} {})", past.verb.text, past.content.text);
    }
    case NodeKind::WithinNext: {
      const auto& next = as<ast::WithinNext>(expr);
      return fmt::format("({} within next {})", sub(next.value), sub(next.length));
    }
    case NodeKind::VisitsOf:
      return fmt::format("(visits {} {})", owner_, as<ast::VisitsOf>(expr).stage.text);
    case NodeKind::WasInCampaign: {
      const auto& was = as<ast::WasInCampaign>(expr);
      return fmt::format("(campaign {} as {} in last {})", was.campaign.text(), was.reason.text, sub(was.last));
    }
    default:
      return fmt::format("@{}", expr.id);  // a place of its own, that is like no other
  }
}

}  // namespace nurture::flow
