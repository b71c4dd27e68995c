#include "compiler/sema/expressions.h"

#include <algorithm>

#include "runtime/calendar/calendar.h"

namespace nurture::sema {

Expressions::Expressions(Context& context)
    : context_(context),
      model_(context.model),
      out_(context.out),
      lets_(context.model.lets.size()),
      segments_(context.model.segments.size()) {
  const std::size_t nodes = context.unit.tree.size();
  model_.types.reserve(nodes);
  seen_.reserve(nodes);
  effective_.reserve(nodes);
}

Type Expressions::infer(const ast::Expr& expr, const Scope& scope, const Type* expected) {
  if (seen_[expr.id] != 0) return effective_[expr.id];
  seen_[expr.id] = 1;
  Type type = dispatch(expr, scope, expected);
  if (auto converted = model_.converted.find(expr.id); converted == model_.converted.end())
    model_.types[expr.id] = type;
  effective_[expr.id] = type;
  return type;
}

Type Expressions::dispatch(const ast::Expr& expr, const Scope& scope, const Type* expected) {
  switch (expr.kind) {
    case ast::NodeKind::TextLit:
      return text(ast::as<ast::TextLit>(expr), expected);
    case ast::NodeKind::IntegerLit:
      return make(TypeKind::Integer);
    case ast::NodeKind::NumberLit:
      return make(TypeKind::Number);
    case ast::NodeKind::PercentLit:
      return make(TypeKind::Percent);
    case ast::NodeKind::BooleanLit:
      return make(TypeKind::Boolean);
    case ast::NodeKind::DateLit:
      return make(TypeKind::Date);
    case ast::NodeKind::TimeLit:
      return make(TypeKind::Time);
    case ast::NodeKind::DateTimeLit:
      return datetime(ast::as<ast::DateTimeLit>(expr));
    case ast::NodeKind::DurationLit:
      return make(TypeKind::Duration);
    case ast::NodeKind::ListLit:
      return list(ast::as<ast::ListLit>(expr), scope, expected);
    case ast::NodeKind::NameRef:
      return name(ast::as<ast::NameRef>(expr), scope, expected);
    case ast::NodeKind::Unary:
      return unary(ast::as<ast::Unary>(expr), scope, expected);
    case ast::NodeKind::Binary:
      return binary(ast::as<ast::Binary>(expr), scope, expected);
    case ast::NodeKind::InTest:
      return in_test(ast::as<ast::InTest>(expr), scope);
    case ast::NodeKind::Between:
      return between(ast::as<ast::Between>(expr), scope);
    case ast::NodeKind::KnownTest:
      infer(*ast::as<ast::KnownTest>(expr).value, scope);
      return make(TypeKind::Boolean);
    case ast::NodeKind::DateShift:
      return date_shift(ast::as<ast::DateShift>(expr), scope);
    case ast::NodeKind::Now:
      return clock(expr, scope, TypeKind::DateTime);
    case ast::NodeKind::Today:
      return clock(expr, scope, TypeKind::Date);
    case ast::NodeKind::WithSales:
      return with_sales(ast::as<ast::WithSales>(expr), scope);
    case ast::NodeKind::LeadsQuery:
      return leads_query(ast::as<ast::LeadsQuery>(expr), scope);
    case ast::NodeKind::Aggregate:
      return aggregate(ast::as<ast::Aggregate>(expr), scope);
    case ast::NodeKind::DaysSince:
      return days_since(ast::as<ast::DaysSince>(expr), scope);
    case ast::NodeKind::Lookup:
      return lookup(ast::as<ast::Lookup>(expr), scope);
    case ast::NodeKind::ContentPast:
      return content_past(ast::as<ast::ContentPast>(expr), scope);
    case ast::NodeKind::InLast:
      return in_last(ast::as<ast::InLast>(expr), scope);
    case ast::NodeKind::WithinNext:
      return within_next(ast::as<ast::WithinNext>(expr), scope);
    case ast::NodeKind::VisitsOf:
      return visits_of(ast::as<ast::VisitsOf>(expr), scope);
    case ast::NodeKind::WasInCampaign:
      return was_in(ast::as<ast::WasInCampaign>(expr), scope);
    case ast::NodeKind::ErrorExpr:
      for (const ast::Expr* part : ast::as<ast::ErrorExpr>(expr).partial) {
        if (part) seen_[part->id] = 1;
      }
      return poison();
#define NURTURE_EXPR(name)
#define NURTURE_STMT(name) case ast::NodeKind::name:
#define NURTURE_DECL(name) case ast::NodeKind::name:
#include "compiler/ast/nodes.def"
#undef NURTURE_EXPR
#undef NURTURE_STMT
#undef NURTURE_DECL
      return poison();
  }
  return poison();
}

Type Expressions::text(const ast::TextLit& expr, const Type* expected) {
  Type own = make(TypeKind::Text);
  if (!expected || expected->poison()) return own;
  model_.types[expr.id] = own;
  return convert(expr, own, *expected) ? (model_.converted.contains(expr.id) ? known(*expected) : own) : own;
}

Type Expressions::datetime(const ast::DateTimeLit& expr) {
  if (!expr.zone.empty()) check_zone(context_, expr.zone, expr.zone_span);
  return make(TypeKind::DateTime);
}

Type Expressions::clock(const ast::Expr& expr, const Scope& scope, TypeKind kind) {
  bool of_lead = kind == TypeKind::Boolean;
  if (scope.constant || (scope.source && of_lead)) {
    Diagnostic& diagnostic = out_.report(DiagnosticId::NotAConstant, expr.span, context_.written(expr.span));
    diagnostic.hint = "Ask for it where it is needed instead.";
    return poison();
  }
  if (scope.in_history) {
    only_the_event(expr);
    return poison();
  }
  return make(kind);
}

Type Expressions::list(const ast::ListLit& expr, const Scope& scope, const Type* expected) {
  std::optional<Type> wanted;
  if (expected && expected->kind == TypeKind::List) wanted = item_of(*expected);
  if (expr.items.empty()) return list_of(wanted.value_or(make(TypeKind::Text)));
  std::optional<Type> common;
  bool broken = false;
  for (const ast::Expr* item : expr.items) {
    Type type = infer(*item, scope, wanted ? &*wanted : nullptr);
    if (type.poison()) broken = true;
    if (type.poison() || broken) continue;
    if (!constant(*item)) {
      Diagnostic& diagnostic = out_.report(DiagnosticId::NotAConstant, item->span, context_.written(item->span));
      diagnostic.hint = "A list holds fixed values. Compare one by one instead: `x is a or x is b`.";
      return poison();
    }
    if (wanted && !alike(type, *wanted) && convert(*item, type, *wanted)) type = *wanted;
    if (!common) common = type;
    if (alike(*common, type) || (common->kind == TypeKind::Choice && type.kind == TypeKind::Choice)) continue;
    if (convert(*item, type, *common)) continue;
    if (type.kind == TypeKind::Number && common->kind == TypeKind::Integer) {
      for (const ast::Expr* before : expr.items) {
        if (before == item) break;
        convert(*before, *common, type);
      }
      common = type;
      continue;
    }
    Diagnostic& diagnostic = out_.report(DiagnosticId::MixedList, item->span, describe(*common), describe(type));
    diagnostic.labels.push_back({expr.items.front()->span, fmt::format("this is {}", describe(*common))});
    diagnostic.hint = "Write texts in quotes and numbers without, all alike.";
    return poison();
  }
  return broken || !common ? poison() : list_of(wanted && alike(*common, *wanted) ? *wanted : *common);
}

Type Expressions::unary(const ast::Unary& expr, const Scope& scope, const Type* expected) {
  if (expr.op == ast::UnaryOp::Not) {
    Type type = infer(*expr.operand, scope);
    not_a_condition(*expr.operand, type);
    return make(TypeKind::Boolean);
  }
  Type type = infer(*expr.operand, scope, expected);
  bool fits = is_number(type.kind) || type.kind == TypeKind::Percent || type.kind == TypeKind::Duration;
  if (type.poison() || fits) return type;
  out_.report(DiagnosticId::BadOperands, expr.span, "-", describe(type));
  return poison();
}

Type Expressions::in_test(const ast::InTest& expr, const Scope& scope) {
  Type result = make(TypeKind::Boolean);
  Type value, list;
  if (!speaks_for_itself(*expr.value, scope) && expr.list->kind != ast::NodeKind::ListLit) {
    list = infer(*expr.list, scope);
    Type item = list.kind == TypeKind::List ? item_of(list) : poison();
    value = infer(*expr.value, scope, &item);
  } else {
    value = infer(*expr.value, scope);
    Type wanted = value.poison() ? poison() : list_of(known(value));
    list = infer(*expr.list, scope, &wanted);
  }
  if (value.poison() || list.poison()) return result;
  if (list.kind != TypeKind::List) {
    Diagnostic& diagnostic = out_.report(DiagnosticId::NotAList, expr.list->span, describe(list));
    diagnostic.hint = "Write the values between brackets: `in [\"US\", \"CA\"]`.";
    return result;
  }
  Type item = item_of(list);
  bool fits =
      alike(value, item) || convert(*expr.list, list, list_of(known(value))) || convert(*expr.value, value, item);
  if (!fits) {
    Diagnostic& diagnostic =
        out_.report(DiagnosticId::UnlikeTypes, expr.list->span, describe(known(value)), describe(item));
    diagnostic.labels.push_back({expr.value->span, fmt::format("this is {}", describe(value))});
  }
  fold_case(expr.ignoring_case, *expr.value, value, expr.span);
  return result;
}

Type Expressions::between(const ast::Between& expr, const Scope& scope) {
  Type value = infer(*expr.value, scope);
  for (const ast::Expr* bound : {expr.low, expr.high}) {
    Type type = infer(*bound, scope, &value);
    if (!unify(*expr.value, value, *bound, type)) return make(TypeKind::Boolean);
  }
  if (!value.poison() && !has_order(value.kind))
    out_.report(DiagnosticId::NoOrder, expr.span, describe(value), "between").hint =
        "Name the values that are meant: `in [a, b]`.";
  return make(TypeKind::Boolean);
}

Type Expressions::date_shift(const ast::DateShift& expr, const Scope& scope) {
  Type amount = infer(*expr.amount, scope);
  Type target = infer(*expr.target, scope);
  if (amount.poison() || target.poison()) return poison();
  if (amount.kind != TypeKind::Duration) {
    wrong_type(*expr.amount, amount, make(TypeKind::Duration));
    return poison();
  }
  if (target.kind != TypeKind::Date && target.kind != TypeKind::DateTime) {
    wrong_type(*expr.target, target, make(TypeKind::Date));
    return poison();
  }
  return maybe(shifted(*expr.target, target, *expr.amount), amount.optional || target.optional);
}

void Expressions::condition(const ast::Expr* expr, const Scope& scope) {
  if (!expr) return;
  Type type = infer(*expr, scope);
  not_a_condition(*expr, type);
  if (type.poison() || context_.embedded(expr->span)) return;
  std::vector<std::string> facts;
  warn_negations(*expr, false, facts);
}

bool Expressions::value(const ast::Expr* expr, const Scope& scope, const Type& type) {
  if (!expr) return false;
  Type own = infer(*expr, scope, &type);
  if (own.poison() || type.poison()) return false;
  bool narrower = own.kind == TypeKind::Choice && type.kind == TypeKind::Choice &&
                  std::all_of(own.choices.begin(), own.choices.end(), [&](const std::string& each) {
                    return std::find(type.choices.begin(), type.choices.end(), each) != type.choices.end();
                  });
  bool fits = own.kind == TypeKind::Choice && type.kind == TypeKind::Choice ? narrower : alike(own, type);
  if (!fits && !convert(*expr, own, type)) {
    wrong_type(*expr, own, type);
    return false;
  }
  if (!own.optional || type.optional) return true;
  Diagnostic& diagnostic = out_.report(DiagnosticId::MayBeUnknown, expr->span);
  diagnostic.hint = fmt::format("Say what to take when it is unknown: `{} else …`.", written(*expr));
  return false;
}

namespace {

/// What to write in a message where a value of this type may be unknown: a default is of the type of the value.
std::string when_unknown(TypeKind kind, const std::string& written) {
  switch (kind) {
    case TypeKind::Text:
      return fmt::format("Say what to write when it is unknown: `{{{} else 'there'}}`.", written);
    case TypeKind::Integer:
    case TypeKind::Number:
    case TypeKind::Decimal:
      return fmt::format(
          "Say what to write when it is unknown: `{{{} else 0}}`; or write it only in a `variant when {} is known`.",
          written, written);
    default:
      return fmt::format("Write it only in a `variant when {} is known`, and leave it out of the rest.", written);
  }
}

}  // namespace

void Expressions::message(const ast::Message& message, const Scope& scope) {
  for (const ast::MessagePart& part : message.parts) {
    if (!part.expression) continue;
    Type type = infer(*part.expression, scope);
    if (type.poison()) continue;
    if (type.kind == TypeKind::List) {
      out_.report(DiagnosticId::NotPrintable, part.expression->span, describe(type)).hint =
          "A message can hold one value. Leave the list out.";
    } else if (type.optional) {
      out_.report(DiagnosticId::MayBeUnknown, part.expression->span).hint =
          when_unknown(type.kind, written(*part.expression));
    }
  }
}

std::optional<Duration> Expressions::duration(const ast::Expr* expr, const Scope& scope, bool must_be_constant) {
  if (!expr) return std::nullopt;
  Scope here = scope;
  here.constant |= must_be_constant;
  if (!value(expr, here, make(TypeKind::Duration, true))) return std::nullopt;
  std::optional<ConstantValue> folded = constant(*expr);
  if (!folded) return std::nullopt;
  Duration length = folded->value.duration();
  if (length.nominal() > 0) return length;
  Diagnostic& diagnostic = out_.report(DiagnosticId::NotPositive, expr->span);
  diagnostic.hint = "Write how long: `5 days`, `2 hours`.";
  return std::nullopt;
}

bool Expressions::names_attribute(const ast::Expr& expr) const {
  if (const auto* name = ast::try_as<ast::NameRef>(&expr)) {
    auto symbol = model_.symbols.find(name->id);
    return symbol != model_.symbols.end() && (symbol->second.kind == Symbol::Kind::LeadAttribute ||
                                              symbol->second.kind == Symbol::Kind::AccountAttribute);
  }
  if (const auto* shift = ast::try_as<ast::DateShift>(&expr))
    return names_attribute(*shift->target) || names_attribute(*shift->amount);
  if (const auto* binary = ast::try_as<ast::Binary>(&expr))
    return names_attribute(*binary->left) || names_attribute(*binary->right);
  return false;
}

}  // namespace nurture::sema
