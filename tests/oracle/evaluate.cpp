#include "tests/oracle/evaluate.h"

#include <cmath>
#include <cstdlib>
#include <functional>

#include "tests/oracle/arithmetic.h"

namespace nurture::oracle {

using ast::NodeKind;

namespace {

Datum property_of(const LogEvent* event, const sema::Model& model, std::uint32_t kind, std::uint32_t property) {
  if (event == nullptr || event->kind != model.kinds[kind].name) return Datum::unknown();
  auto found = event->properties.find(model.kinds[kind].properties[property].name);
  return found == event->properties.end() ? Datum::unknown() : found->second;
}

Datum property_of(const LogEvent* event, const sema::Symbol& symbol, const Scene& scene) {
  if (symbol.event_kind != sema::kNoIndex) {
    return property_of(event, *scene.model, symbol.event_kind, symbol.index);
  }
  for (const auto& [kind, property] : symbol.alternatives) {
    Datum value = property_of(event, *scene.model, kind, property);
    if (value.known) return value;
  }
  return Datum::unknown();
}

Datum named(const ast::NameRef& ref, const Scene& scene) {
  using Kind = sema::Symbol::Kind;
  const sema::Symbol& symbol = scene.model->symbols.at(ref.id);
  switch (symbol.kind) {
    case Kind::LeadAttribute:
      return (*scene.lead)[symbol.index];
    case Kind::AccountAttribute:
      return scene.account ? (*scene.account)[symbol.index] : Datum::unknown();
    case Kind::EventProperty:
      return property_of(scene.event, symbol, scene);
    case Kind::EntryProperty:
      return property_of(scene.entry, symbol, scene);
    case Kind::ChoiceValue:
      return Datum::of_text(symbol.text, TypeKind::Choice);
    case Kind::Let:
      return evaluate(*scene.model->lets[symbol.index].decl->value, scene);
    case Kind::Segment:
      return Datum::of_bool(holds(scene.model->segments[symbol.index].decl->condition, scene));
    case Kind::Content:
      return Datum::of_text(scene.model->contents[symbol.index].name, TypeKind::Content);
    case Kind::Remembered:
      return scene.remembered ? (*scene.remembered)[symbol.index] : Datum::unknown();
    case Kind::Score:
      return Datum::of_number(static_cast<double>(score_now(scene.model->scores[symbol.index].name, scene)) / 1e6);
    case Kind::Touch:
      return scene.touch == 0 ? Datum::unknown() : Datum::of(TypeKind::Integer, scene.touch);
    case Kind::Column:
    case Kind::EventKindName:
    case Kind::CampaignName:
    case Kind::ErrorSymbol:
      break;
  }
  return Datum::unknown();
}

Datum unary(const ast::Unary& node, const Scene& scene) {
  Datum value = evaluate(*node.operand, scene);
  if (node.op == ast::UnaryOp::Not) return Datum::of_bool(!value.truth());
  return negate(value);
}

bool text_test(const ast::Binary& node, const Datum& left, const Datum& right) {
  if (!left.known || !right.known) return false;
  if (left.kind == TypeKind::List) {
    for (const Datum& item : left.items) {
      if (equal(item, right, node.ignoring_case)) return true;
    }
    return false;
  }
  std::string a = node.ignoring_case ? fold(left.text) : left.text;
  std::string b = node.ignoring_case ? fold(right.text) : right.text;
  if (node.op == ast::BinaryOp::StartsWith) return a.starts_with(b);
  if (node.op == ast::BinaryOp::EndsWith) return a.ends_with(b);
  if (node.op == ast::BinaryOp::Contains) return a.find(b) != std::string::npos;
  return glob(a, b);
}

/// Dates and datetimes meet as datetimes.
void meet(Datum& a, Datum& b, const Scene& scene) {
  if (a.kind == TypeKind::DateTime && b.kind == TypeKind::Date) b = convert(b, TypeKind::DateTime, scene);
  if (b.kind == TypeKind::DateTime && a.kind == TypeKind::Date) a = convert(a, TypeKind::DateTime, scene);
}

Datum binary(const ast::Binary& node, const Scene& scene) {
  using Op = ast::BinaryOp;
  if (node.op == Op::Or) return Datum::of_bool(holds(node.left, scene) || holds(node.right, scene));
  if (node.op == Op::And) return Datum::of_bool(holds(node.left, scene) && holds(node.right, scene));
  Datum a = evaluate(*node.left, scene);
  if (node.op == Op::Else) return a.known ? a : evaluate(*node.right, scene);
  Datum b = evaluate(*node.right, scene);
  switch (node.op) {
    case Op::Is:
    case Op::IsNot:
      meet(a, b, scene);
      return Datum::of_bool(equal(a, b, node.ignoring_case) == (node.op == Op::Is));
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual: {
      meet(a, b, scene);
      if (!a.known || !b.known) return Datum::of_bool(false);
      int order = node.op == Op::Less || node.op == Op::LessEqual ? compare(a, b) : compare(b, a);
      return Datum::of_bool(order < 0 || (order == 0 && (node.op == Op::LessEqual || node.op == Op::GreaterEqual)));
    }
    case Op::StartsWith:
    case Op::EndsWith:
    case Op::Contains:
    case Op::Matches:
      return Datum::of_bool(text_test(node, a, b));
    case Op::Add:
    case Op::Subtract:
      return add(a, node.op == Op::Add ? b : negate(b), node.op == Op::Subtract, scene);
    case Op::Multiply:
      return multiply(a, b);
    case Op::Divide:
      return divide(a, b);
    case Op::Or:
    case Op::And:
    case Op::Else:
      break;
  }
  return Datum::unknown();
}

Datum in_test(const ast::InTest& node, const Scene& scene) {
  Datum value = evaluate(*node.value, scene);
  Datum list = evaluate(*node.list, scene);
  bool found = false;
  if (value.known && list.known) {
    for (const Datum& item : list.items) found = found || equal(value, item, node.ignoring_case);
  }
  return Datum::of_bool(found != node.negated);
}

Datum between(const ast::Between& node, const Scene& scene) {
  Datum value = evaluate(*node.value, scene);
  Datum low = evaluate(*node.low, scene);
  Datum high = evaluate(*node.high, scene);
  if (!value.known || !low.known || !high.known) return Datum::of_bool(false);
  meet(value, low, scene);
  meet(value, high, scene);
  return Datum::of_bool(compare(low, value) <= 0 && compare(value, high) <= 0);
}

Datum shift(const ast::DateShift& node, const Scene& scene) {
  Datum amount = evaluate(*node.amount, scene);
  Datum target = evaluate(*node.target, scene);
  if (!amount.known || !target.known) return Datum::unknown();
  if (target.kind == TypeKind::Date && scene.model->type_of(node).kind == TypeKind::DateTime) {
    target = convert(target, TypeKind::DateTime, scene);
  }
  return add(target, node.before ? negate(amount) : amount, false, scene);
}

Datum local_instant(const ast::DateTimeLit& node, const Scene& scene) {
  const std::string& name = node.zone.empty() ? scene.model->program.timezone : node.zone;
  return Datum::of(TypeKind::DateTime, calendar::from_local(node.days, node.time_of_day, calendar::find_zone(name)));
}

Datum lookup(const ast::Lookup& node, const Scene& scene) {
  Datum key = evaluate(*node.key, scene);
  const sema::Table& table = scene.model->tables[scene.model->cells.at(node.id).table];
  for (const auto& row : table.rows) {
    if (!key.known || !equal(key, datum_of(*row[table.key]), false)) continue;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (table.columns[i].name == node.column.parts.back().text && row[i]) return datum_of(*row[i]);
    }
  }
  return Datum::unknown();
}

Datum list_of(const ast::ListLit& node, const Scene& scene) {
  std::vector<Datum> items;
  for (const ast::Expr* item : node.items) items.push_back(evaluate(*item, scene));
  return Datum::of_list(std::move(items));
}

Datum leads_query(const ast::LeadsQuery& node, const Scene& scene) {
  std::int64_t found = 0;
  for (const Scene& lead : scene.leads ? (*scene.leads)() : std::vector<Scene>{}) found += holds(node.where, lead);
  if (node.form == ast::LeadsQuery::Form::Count) return Datum::of(TypeKind::Integer, found);
  return Datum::of_bool((found > 0) == (node.form == ast::LeadsQuery::Form::Any));
}

Datum raw(const ast::Expr& expr, const Scene& scene) {
  switch (expr.kind) {
    case NodeKind::TextLit:
      return Datum::of_text(ast::as<ast::TextLit>(expr).value);
    case NodeKind::IntegerLit:
      return Datum::of(TypeKind::Integer, ast::as<ast::IntegerLit>(expr).value);
    case NodeKind::NumberLit:
      return Datum::of_number(ast::as<ast::NumberLit>(expr).value);
    case NodeKind::PercentLit:
      return Datum::of(TypeKind::Percent, ast::as<ast::PercentLit>(expr).value);
    case NodeKind::BooleanLit:
      return Datum::of_bool(ast::as<ast::BooleanLit>(expr).value);
    case NodeKind::DateLit:
      return Datum::of(TypeKind::Date, ast::as<ast::DateLit>(expr).days);
    case NodeKind::TimeLit:
      return Datum::of(TypeKind::Time, ast::as<ast::TimeLit>(expr).time_of_day);
    case NodeKind::DateTimeLit:
      return local_instant(ast::as<ast::DateTimeLit>(expr), scene);
    case NodeKind::DurationLit:
      return Datum::of_duration(ast::as<ast::DurationLit>(expr).value);
    case NodeKind::ListLit:
      return list_of(ast::as<ast::ListLit>(expr), scene);
    case NodeKind::NameRef:
      return named(ast::as<ast::NameRef>(expr), scene);
    case NodeKind::Unary:
      return unary(ast::as<ast::Unary>(expr), scene);
    case NodeKind::Binary:
      return binary(ast::as<ast::Binary>(expr), scene);
    case NodeKind::InTest:
      return in_test(ast::as<ast::InTest>(expr), scene);
    case NodeKind::Between:
      return between(ast::as<ast::Between>(expr), scene);
    case NodeKind::KnownTest: {
      const auto& test = ast::as<ast::KnownTest>(expr);
      return Datum::of_bool(evaluate(*test.value, scene).known != test.unknown);
    }
    case NodeKind::DateShift:
      return shift(ast::as<ast::DateShift>(expr), scene);
    case NodeKind::Now:
      return Datum::of(TypeKind::DateTime, scene.now);
    case NodeKind::Today:
      return Datum::of(TypeKind::Date, calendar::to_local(scene.now, scene.zone).date);
    case NodeKind::WithSales:
      return Datum::of_bool(scene.with_sales != ast::as<ast::WithSales>(expr).negated);
    case NodeKind::LeadsQuery:
      return leads_query(ast::as<ast::LeadsQuery>(expr), scene);
    case NodeKind::Aggregate:
      return look_back(ast::as<ast::Aggregate>(expr), scene);
    case NodeKind::Lookup:
      return lookup(ast::as<ast::Lookup>(expr), scene);
    case NodeKind::ContentPast:
      return content_past(ast::as<ast::ContentPast>(expr), scene);
    case NodeKind::DaysSince:
      return days_since(evaluate(*ast::as<ast::DaysSince>(expr).target, scene), scene);
    case NodeKind::InLast: {
      const auto& node = ast::as<ast::InLast>(expr);
      bool in = in_last(evaluate(*node.value, scene), evaluate(*node.length, scene).duration, scene);
      return Datum::of_bool(in != node.negated);
    }
    case NodeKind::WithinNext: {
      const auto& node = ast::as<ast::WithinNext>(expr);
      return Datum::of_bool(within_next(evaluate(*node.value, scene), evaluate(*node.length, scene).duration, scene));
    }
    case NodeKind::VisitsOf: {
      const auto* visits = scene.looking.visits;
      const std::string& stage = ast::as<ast::VisitsOf>(expr).stage.text;
      return Datum::of(TypeKind::Integer, visits && visits->contains(stage) ? visits->at(stage) : 0);
    }
    case NodeKind::WasInCampaign:
      return Datum::of_bool(was_in(ast::as<ast::WasInCampaign>(expr), scene));
    default:
      std::abort();  // not an expression of the language
  }
}

/// Walks an expression and tells each name to `see`.
void each_name(const ast::Expr* expr, const std::function<void(const ast::NameRef&)>& see) {
  if (expr == nullptr) return;
  if (const auto* n = ast::try_as<ast::NameRef>(expr)) see(*n);
  if (const auto* n = ast::try_as<ast::Unary>(expr)) each_name(n->operand, see);
  if (const auto* n = ast::try_as<ast::Lookup>(expr)) each_name(n->key, see);
  if (const auto* n = ast::try_as<ast::Binary>(expr)) {
    each_name(n->left, see);
    each_name(n->right, see);
  }
  if (const auto* n = ast::try_as<ast::DateShift>(expr)) {
    each_name(n->amount, see);
    each_name(n->target, see);
  }
}

}  // namespace

Datum datum_of(const sema::ConstantValue& cell) {
  const TypeKind kind = cell.type.kind;
  if (kind == TypeKind::Text || kind == TypeKind::Choice) return Datum::of_text(cell.text, kind);
  if (kind == TypeKind::List) {
    std::vector<Datum> items;
    for (const sema::ConstantValue& item : cell.items) items.push_back(datum_of(item));
    return Datum::of_list(std::move(items));
  }
  if (kind == TypeKind::Number) return Datum::of_number(cell.value.number());
  return Datum::of(kind, cell.value.bits);
}

Datum convert(Datum value, TypeKind to, const Scene& scene) {
  if (!value.known) return value;
  if (value.kind == TypeKind::Integer && to == TypeKind::Number)
    return Datum::of_number(static_cast<double>(value.whole));
  if (value.kind == TypeKind::Integer && to == TypeKind::Decimal) {
    std::int64_t scaled = 0;
    if (__builtin_mul_overflow(value.whole, kDecimalScale, &scaled)) return Datum::unknown();
    return Datum::of(TypeKind::Decimal, scaled);
  }
  if (value.kind == TypeKind::Number && to == TypeKind::Decimal) {
    return Datum::of(TypeKind::Decimal, std::llround(value.number * static_cast<double>(kDecimalScale)));
  }
  if (value.kind == TypeKind::Date && to == TypeKind::DateTime) {
    return Datum::of(TypeKind::DateTime, calendar::from_local(value.whole, 0, scene.zone));
  }
  if (value.kind == TypeKind::Text && (to == TypeKind::Choice || to == TypeKind::Content)) value.kind = to;
  return value;
}

Datum evaluate(const ast::Expr& expr, const Scene& scene) {
  Datum value = raw(expr, scene);
  auto converted = scene.model->converted.find(expr.id);
  if (converted == scene.model->converted.end()) return value;
  if (value.kind == TypeKind::List) {
    for (Datum& item : value.items) item = convert(item, converted->second.element, scene);
    return value;
  }
  return convert(std::move(value), converted->second.kind, scene);
}

std::set<std::uint32_t> attributes_of(const ast::Expr* expr, const sema::Model& model) {
  std::set<std::uint32_t> found;
  each_name(expr, [&](const ast::NameRef& ref) {
    const sema::Symbol& symbol = model.symbols.at(ref.id);
    if (symbol.kind == sema::Symbol::Kind::LeadAttribute) found.insert(symbol.index);
    for (std::uint32_t i = 0; symbol.kind == sema::Symbol::Kind::AccountAttribute && i < model.lead.size(); ++i) {
      if (model.lead[i].name == "account") found.insert(i);  // of another account they are others
    }
  });
  return found;
}

}  // namespace nurture::oracle
