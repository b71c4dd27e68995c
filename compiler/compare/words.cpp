#include "compiler/compare/words.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/calendar/calendar.h"

namespace nurture::compare {

namespace {

using ast::as;
using ast::BinaryOp;
using ast::NodeKind;

/// How tightly an operator binds.
enum Level : int { kLoose, kAnd, kNot, kComparison, kSum, kProduct, kFallback, kPrimary };

struct Operator {
  std::string_view text;
  Level level;
};

Operator operator_of(BinaryOp op) {
  switch (op) {
    case BinaryOp::Or:
      return {"or", kLoose};
    case BinaryOp::And:
      return {"and", kAnd};
    case BinaryOp::Is:
      return {"is", kComparison};
    case BinaryOp::IsNot:
      return {"is not", kComparison};
    case BinaryOp::Less:
      return {"<", kComparison};
    case BinaryOp::LessEqual:
      return {"<=", kComparison};
    case BinaryOp::Greater:
      return {">", kComparison};
    case BinaryOp::GreaterEqual:
      return {">=", kComparison};
    case BinaryOp::StartsWith:
      return {"starts with", kComparison};
    case BinaryOp::EndsWith:
      return {"ends with", kComparison};
    case BinaryOp::Contains:
      return {"contains", kComparison};
    case BinaryOp::Matches:
      return {"matches", kComparison};
    case BinaryOp::Add:
      return {"+", kSum};
    case BinaryOp::Subtract:
      return {"-", kSum};
    case BinaryOp::Multiply:
      return {"*", kProduct};
    case BinaryOp::Divide:
      return {"/", kProduct};
    case BinaryOp::Else:
      return {"else", kFallback};
  }
  return {"", kLoose};
}

std::string in_brackets(std::string text, bool brackets) { return brackets ? '(' + std::move(text) + ')' : text; }

std::string decimal_words(std::int64_t units) {
  const bool negative = units < 0;
  const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(units) : static_cast<std::uint64_t>(units);
  std::string out = fmt::format("{}{}.{:04}", negative ? "-" : "", size / kDecimalScale, size % kDecimalScale);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

bool plain_word(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.'; });
}

/// What a constant of these kinds is written as does not depend on who asks.
std::string simple_constant(const sema::ConstantValue& value, const std::string& timezone) {
  switch (value.type.kind) {
    case TypeKind::Text:
      return quoted(value.text);
    case TypeKind::Choice:
    case TypeKind::Content:
      return plain_word(value.text) ? value.text : quoted(value.text);
    case TypeKind::Integer:
      return std::to_string(value.value.bits);
    case TypeKind::Number:
      return fmt::format("{}", value.value.number());
    case TypeKind::Decimal:
      return decimal_words(value.value.bits);
    case TypeKind::Boolean:
      return value.value.truth() ? "true" : "false";
    case TypeKind::Date:
      return calendar::format_date(value.value.bits);
    case TypeKind::Time:
      return calendar::format_time(value.value.bits);
    case TypeKind::DateTime: {
      const calendar::Zone* zone = calendar::find_zone(timezone);
      return zone ? calendar::format_local(value.value.bits, zone) : calendar::format_utc(value.value.bits);
    }
    case TypeKind::Duration:
      return length_words(value.value.duration());
    case TypeKind::Percent:
      return percent_words(value.value.bits);
    case TypeKind::List:
      break;
  }
  return {};
}

}  // namespace

/// Days stay days: most people write them so where it is about a limit or a wait.
std::string length_words(const Duration& length, bool business) {
  if (business) return fmt::format("{} business {}", length.days, length.days == 1 ? "day" : "days");
  if (length.days == 0 || length.nominal() < 0) return calendar::format_duration(length);
  std::string text = length.months != 0 ? calendar::format_duration({length.months, 0, 0}) + " " : "";
  text += fmt::format("{} {}", length.days, length.days == 1 ? "day" : "days");
  return length.micros != 0 ? text + " " + calendar::format_duration({0, 0, length.micros}) : text;
}

std::string percent_words(std::int64_t units) { return fmt::format("{}%", static_cast<double>(units) / kPercentScale); }

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

std::string weekdays_words(std::uint8_t weekdays) {
  constexpr std::array<std::string_view, 7> kNames{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
  std::vector<std::string_view> days;
  bool in_a_row = true;
  for (unsigned i = 0, last = 7; i < 7; ++i) {
    if ((weekdays >> i & 1) == 0) continue;
    in_a_row &= days.empty() || last + 1 == i;
    last = i;
    days.push_back(kNames[i]);
  }
  if (in_a_row && days.size() > 2) return fmt::format("{} to {}", days.front(), days.back());
  return fmt::format("{}", fmt::join(days, ", "));
}

std::string Words::name(Thing thing, const std::string& name) {
  const auto renamed = renames_.find({thing, name});
  const std::string& now = renamed == renames_.end() ? name : renamed->second;
  named_.insert({thing, now});
  return now;
}

std::string Words::stage(const std::string& name) {
  const auto renamed = renames_.find({Thing::Stage, campaign_ + "/" + name});
  return renamed == renames_.end() ? name : renamed->second;
}

std::string Words::constant(const sema::ConstantValue& value) {
  if (value.type.kind == TypeKind::Content) return name(Thing::Content, value.text);
  if (value.type.kind != TypeKind::List) return simple_constant(value, model_.program.timezone);
  std::vector<std::string> items;
  for (const sema::ConstantValue& item : value.items) items.push_back(constant(item));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

std::string Words::type(const sema::Type& type) {
  std::string text = sema::describe(type);
  if (!type.choices.empty()) text += fmt::format(" [{}]", fmt::join(type.choices, ", "));
  return text;
}

// Events and times ----------------------------------------------------------------------------------------------------

std::string Words::event(const ast::EventRef& event) {
  std::string out = name(Thing::Event, event.kind.text());
  if (event.of_content) out += " of " + name(Thing::Content, event.of_content.text);
  if (event.including_machine) out += " including machine";
  if (event.where) out += " where " + expression(event.where);
  return out;
}

std::string Words::when(const ast::When& when) {
  std::vector<std::string> parts;
  if (when.next) parts.emplace_back("next");
  if (when.weekdays != 0) parts.push_back(weekdays_words(when.weekdays));
  if (when.time) parts.push_back(expression(when.time));
  if (when.target) parts.push_back(expression(when.target));
  if (!when.zone.empty()) parts.push_back("in " + quoted(when.zone));
  return fmt::format("{}", fmt::join(parts, " "));
}

std::string Words::raw(const ast::Message& message) {
  std::string out;
  for (const ast::MessagePart& part : message.parts)
    out += part.expression ? fmt::format("{{{}}}", expression(part.expression)) : part.literal;
  return out;
}

std::string Words::silence(const ast::Trigger& trigger) {
  std::string out = "silence of " + length(trigger.silence);
  std::vector<std::string> kinds;
  for (const ast::EventRef& each : trigger.silence_of) kinds.push_back(name(Thing::Event, each.kind.text()));
  std::sort(kinds.begin(), kinds.end());
  if (!kinds.empty()) out += fmt::format(" of {}", fmt::join(kinds, ", "));
  return trigger.event.where ? fmt::format("{} where {}", out, expression(trigger.event.where)) : out;
}

std::string Words::head(const ast::Trigger& trigger) {
  if (trigger.silence) return "on " + silence(trigger);
  if (!trigger.condition) return "on " + event(trigger.event);
  return fmt::format("when {}{}", expression(trigger.condition), trigger.becomes_true ? " becomes true" : "");
}

std::string Words::length(const ast::Expr* expr, bool business, const ast::Name& window) {
  if (!expr) return {};
  const auto value = sema::constant_of(model_, *expr);
  std::string out = value && value->type.kind == TypeKind::Duration ? length_words(value->value.duration(), business)
                                                                    : expression(expr);
  return window ? fmt::format("{} of {}", out, name(Thing::Window, window.text)) : out;
}

// Expressions ---------------------------------------------------------------------------------------------------------

std::string Words::reference(const ast::NameRef& ref) {
  std::string text = ref.path.text();
  const auto found = model_.symbols.find(ref.id);
  if (found == model_.symbols.end()) return text;
  const sema::Symbol& symbol = found->second;
  using Kind = sema::Symbol::Kind;
  switch (symbol.kind) {
    case Kind::Let:
      return constant(model_.lets[symbol.index].value);
    case Kind::Segment:
      return name(Thing::Segment, model_.segments[symbol.index].name);
    case Kind::Content:
      return name(Thing::Content, model_.contents[symbol.index].name);
    case Kind::Score:
      return "score." + name(Thing::Score, model_.scores[symbol.index].name);
    case Kind::LeadAttribute:
      return "lead." + name(Thing::LeadAttribute, model_.lead[symbol.index].name);
    case Kind::AccountAttribute:
      return "account." + name(Thing::AccountAttribute, model_.account[symbol.index].name);
    case Kind::EventProperty:
      return ref.path.parts.back().text;
    case Kind::ChoiceValue:
      return plain_word(symbol.text) ? symbol.text : quoted(symbol.text);
    case Kind::EntryProperty:
    case Kind::Remembered:
    case Kind::Column:
    case Kind::Touch:
    case Kind::EventKindName:
    case Kind::CampaignName:
    case Kind::ErrorSymbol:
      return text;
  }
  return text;
}

std::string Words::unary(const ast::Unary& expr, int around) {
  if (expr.op == ast::UnaryOp::Negate) return "-" + written(*expr.operand, kPrimary);
  return in_brackets("not " + written(*expr.operand, kNot), around > kNot);
}

/// `and` and `or` mean the same however they are nested.
std::string Words::binary(const ast::Binary& expr, int around) {
  const Operator op = operator_of(expr.op);
  const bool flat = op.level <= kAnd;
  std::string out = written(*expr.left, op.level == kComparison ? kSum : op.level);
  out += fmt::format(" {} {}", op.text, written(*expr.right, flat ? op.level : op.level + 1));
  if (expr.ignoring_case) out += " ignoring case";
  return in_brackets(std::move(out), around > op.level);
}

std::string Words::aggregate(const ast::Aggregate& expr) {
  std::string out = event(expr.event);
  if (expr.property) out.insert(expr.event.kind.text().size(), "." + expr.property.text);
  switch (expr.since) {
    case ast::Since::Ever:
      break;
    case ast::Since::Last:
      out += " in last " + length(expr.last);
      break;
    case ast::Since::Entry:
      out += " since entry";
      break;
    case ast::Since::Stage:
      out += " since stage";
      break;
  }
  return fmt::format("{}({})", expr.function.text, out);
}

std::string Words::leads(const ast::LeadsQuery& expr) {
  using Form = ast::LeadsQuery::Form;
  std::string out = expr.form == Form::Count ? "count of leads" : expr.form == Form::Any ? "any lead" : "no lead";
  return expr.where ? fmt::format("{} where {}", out, written(*expr.where, kComparison)) : out;
}

std::string Words::was_in(const ast::WasInCampaign& expr) {
  std::string out = fmt::format("was in {} as {}", name(Thing::Campaign, expr.campaign.text()), expr.reason.text);
  return expr.last ? fmt::format("{} in last {}", out, length(expr.last)) : out;
}

std::string Words::written(const ast::Expr& e, int around) {
  if (auto value = sema::constant_of(model_, e)) return constant(*value);
  const auto comparison = [&](std::string text) { return in_brackets(std::move(text), around > kComparison); };
  switch (e.kind) {
    case NodeKind::NameRef:
      return reference(as<ast::NameRef>(e));
    case NodeKind::Unary:
      return unary(as<ast::Unary>(e), around);
    case NodeKind::Binary:
      return binary(as<ast::Binary>(e), around);
    case NodeKind::InTest: {
      const auto& t = as<ast::InTest>(e);
      return comparison(fmt::format("{} {} {}{}", written(*t.value, kSum), t.negated ? "not in" : "in",
                                    written(*t.list, kSum), t.ignoring_case ? " ignoring case" : ""));
    }
    case NodeKind::Between: {
      const auto& b = as<ast::Between>(e);
      return comparison(
          fmt::format("{} between {} and {}", written(*b.value, kSum), written(*b.low, kSum), written(*b.high, kSum)));
    }
    case NodeKind::KnownTest: {
      const auto& k = as<ast::KnownTest>(e);
      return comparison(fmt::format("{} is {}", written(*k.value, kSum), k.unknown ? "unknown" : "known"));
    }
    case NodeKind::InLast: {
      const auto& i = as<ast::InLast>(e);
      return comparison(
          fmt::format("{} {} {}", written(*i.value, kSum), i.negated ? "not in last" : "in last", length(i.length)));
    }
    case NodeKind::WithinNext: {
      const auto& w = as<ast::WithinNext>(e);
      return comparison(fmt::format("{} within next {}", written(*w.value, kSum), length(w.length)));
    }
    case NodeKind::WithSales: {
      const auto& w = as<ast::WithSales>(e);
      return comparison(fmt::format("{} is {}with sales", w.of_account ? "account" : "lead", w.negated ? "not " : ""));
    }
    case NodeKind::ListLit: {
      std::vector<std::string> items;
      for (const ast::Expr* item : as<ast::ListLit>(e).items) items.push_back(expression(item));
      return fmt::format("[{}]", fmt::join(items, ", "));
    }
    case NodeKind::DateShift: {
      const auto& s = as<ast::DateShift>(e);
      return fmt::format("{} {} {}", length(s.amount), s.before ? "before" : "after", written(*s.target, kPrimary));
    }
    case NodeKind::Now:
      return "now";
    case NodeKind::Today:
      return "today";
    case NodeKind::LeadsQuery:
      return leads(as<ast::LeadsQuery>(e));
    case NodeKind::Aggregate:
      return aggregate(as<ast::Aggregate>(e));
    case NodeKind::DaysSince:
      return "days since " + written(*as<ast::DaysSince>(e).target, kPrimary);
    case NodeKind::Lookup: {
      const auto& l = as<ast::Lookup>(e);
      const auto& parts = l.column.parts;
      const std::string table = name(Thing::Table, parts.empty() ? std::string() : parts.front().text);
      return fmt::format("{}.{} of {}", table, parts.empty() ? "" : parts.back().text, written(*l.key, kPrimary));
    }
    case NodeKind::ContentPast: {
      const auto& c = as<ast::ContentPast>(e);
      return fmt::format("{}({})", c.verb.text, name(Thing::Content, c.content.text));
    }
    case NodeKind::VisitsOf:
      return "visits of " + stage(as<ast::VisitsOf>(e).stage.text);
    case NodeKind::WasInCampaign:
      return was_in(as<ast::WasInCampaign>(e));
    case NodeKind::TextLit:
      return quoted(as<ast::TextLit>(e).value);
    case NodeKind::DateTimeLit: {
      const auto& d = as<ast::DateTimeLit>(e);
      std::string out = calendar::format_date(d.days) + " " + calendar::format_time(d.time_of_day);
      return d.zone.empty() ? out : fmt::format("{} in {}", out, quoted(d.zone));
    }
    case NodeKind::IntegerLit:
      return std::to_string(as<ast::IntegerLit>(e).value);
    case NodeKind::NumberLit:
      return fmt::format("{}", as<ast::NumberLit>(e).value);
    case NodeKind::PercentLit:
      return percent_words(as<ast::PercentLit>(e).value);
    case NodeKind::BooleanLit:
      return as<ast::BooleanLit>(e).value ? "true" : "false";
    case NodeKind::DateLit:
      return calendar::format_date(as<ast::DateLit>(e).days);
    case NodeKind::TimeLit:
      return calendar::format_time(as<ast::TimeLit>(e).time_of_day);
    case NodeKind::DurationLit:
      return length_words(as<ast::DurationLit>(e).value);
    case NodeKind::ErrorExpr:
      return {};
#define NURTURE_EXPR(name)
#define NURTURE_STMT(name) case NodeKind::name:
#define NURTURE_DECL(name) case NodeKind::name:
#include "compiler/ast/nodes.def"
#undef NURTURE_EXPR
#undef NURTURE_STMT
#undef NURTURE_DECL
      break;
  }
  return {};
}

}  // namespace nurture::compare
