#include <cmath>
#include <limits>

#include "compiler/sema/tables.h"
#include "compiler/sema/types.h"
#include "runtime/calendar/calendar.h"

// What an expression is worth when that is the same for every lead. Anything that depends on a lead, an event or the
// time has no such value; nor has what would be unknown (§3.1): overflow, a division by zero.

namespace nurture::sema {

namespace {

using Folded = std::optional<ConstantValue>;

ConstantValue of(Type type, Value value) { return {std::move(type), value, {}, {}}; }
ConstantValue of_text(Type type, std::string text) { return {std::move(type), Value{0, 0, true}, std::move(text), {}}; }

std::optional<std::int64_t> to_decimal(double number) {
  double scaled = std::nearbyint(number * static_cast<double>(kDecimalScale));
  if (!(std::abs(scaled) < 9.2e18)) return std::nullopt;
  return static_cast<std::int64_t>(scaled);
}

/// a / b to the nearest, half to even.
std::int64_t divide_half_even(__int128 a, __int128 b) {
  __int128 quotient = a / b, rest = a % b;
  __int128 twice = (rest < 0 ? -rest : rest) * 2, size = b < 0 ? -b : b;
  if (twice > size || (twice == size && quotient % 2 != 0)) quotient += (a < 0) == (b < 0) ? 1 : -1;
  return static_cast<std::int64_t>(quotient);
}

bool fits(__int128 value) {
  return value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max();
}

Folded exact(const Type& type, __int128 value) {
  if (!fits(value)) return std::nullopt;
  return of(type, Value::of(static_cast<std::int64_t>(value)));
}

class Folder {
 public:
  explicit Folder(const Model& model) : model_(model) {}

  Folded fold(const ast::Expr& expr) const {
    Folded value = own(expr);
    auto converted = model_.converted.find(expr.id);
    if (!value || converted == model_.converted.end()) return value;
    return convert(std::move(*value), converted->second);
  }

 private:
  Folded own(const ast::Expr& expr) const;
  Folded convert(ConstantValue value, const Type& to) const;
  Folded name(const ast::NameRef& expr) const;
  Folded list(const ast::ListLit& expr) const;
  Folded cell(const ast::Lookup& expr) const;
  Folded unary(const ast::Unary& expr) const;
  Folded binary(const ast::Binary& expr) const;
  Folded moment(const ast::DateTimeLit& expr) const;
  Folded whole(ast::BinaryOp op, const Type& type, const ConstantValue& a, const ConstantValue& b) const;
  Folded number(ast::BinaryOp op, double a, double b) const;
  Folded duration(ast::BinaryOp op, const ConstantValue& a, const ConstantValue& b) const;
  Folded shift(const ConstantValue& date, const ConstantValue& by, bool back) const;

  const Model& model_;
};

Folded Folder::own(const ast::Expr& expr) const {
  if (model_.types.empty()) return std::nullopt;  // nothing is typed yet
  if (const auto* text = ast::try_as<ast::TextLit>(&expr)) return of_text(make(TypeKind::Text), text->value);
  if (const auto* integer = ast::try_as<ast::IntegerLit>(&expr))
    return of(make(TypeKind::Integer), Value::of(integer->value));
  if (const auto* real = ast::try_as<ast::NumberLit>(&expr))
    return of(make(TypeKind::Number), Value::of_number(real->value));
  if (const auto* percent = ast::try_as<ast::PercentLit>(&expr))
    return of(make(TypeKind::Percent), Value::of(percent->value));
  if (const auto* flag = ast::try_as<ast::BooleanLit>(&expr))
    return of(make(TypeKind::Boolean), Value::of_bool(flag->value));
  if (const auto* date = ast::try_as<ast::DateLit>(&expr)) return of(make(TypeKind::Date), Value::of(date->days));
  if (const auto* time = ast::try_as<ast::TimeLit>(&expr))
    return of(make(TypeKind::Time), Value::of(time->time_of_day));
  if (const auto* length = ast::try_as<ast::DurationLit>(&expr))
    return of(make(TypeKind::Duration), Value::of_duration(length->value));
  if (const auto* at = ast::try_as<ast::DateTimeLit>(&expr)) return moment(*at);
  if (const auto* items = ast::try_as<ast::ListLit>(&expr)) return list(*items);
  if (const auto* ref = ast::try_as<ast::NameRef>(&expr)) return name(*ref);
  if (const auto* one = ast::try_as<ast::Unary>(&expr)) return unary(*one);
  if (const auto* two = ast::try_as<ast::Binary>(&expr)) return binary(*two);
  if (const auto* lookup = ast::try_as<ast::Lookup>(&expr)) return cell(*lookup);
  if (const auto* moved = ast::try_as<ast::DateShift>(&expr)) {
    Folded date = fold(*moved->target), by = fold(*moved->amount);
    if (date && by) return shift(*date, *by, moved->before);
  }
  return std::nullopt;
}

Folded Folder::moment(const ast::DateTimeLit& expr) const {
  const calendar::Zone* zone = calendar::find_zone(expr.zone.empty() ? model_.program.timezone : expr.zone);
  if (!zone) return std::nullopt;
  return of(make(TypeKind::DateTime), Value::of(calendar::from_local(expr.days, expr.time_of_day, zone)));
}

Folded Folder::name(const ast::NameRef& expr) const {
  auto found = model_.symbols.find(expr.id);
  if (found == model_.symbols.end()) return std::nullopt;
  const Symbol& symbol = found->second;
  if (symbol.kind == Symbol::Kind::ChoiceValue) return of_text(known(model_.types[expr.id]), symbol.text);
  if (symbol.kind == Symbol::Kind::Content) return of_text(make(TypeKind::Content), model_.contents[symbol.index].name);
  if (symbol.kind != Symbol::Kind::Let || model_.lets[symbol.index].value.type.poison()) return std::nullopt;
  return model_.lets[symbol.index].value;
}

Folded Folder::list(const ast::ListLit& expr) const {
  ConstantValue value{model_.types[expr.id], Value{0, 0, true}, {}, {}};
  for (const ast::Expr* item : expr.items) {
    Folded each = fold(*item);
    if (!each) return std::nullopt;
    value.items.push_back(std::move(*each));
  }
  return value;
}

Folded Folder::cell(const ast::Lookup& expr) const {
  auto found = model_.cells.find(expr.id);
  Folded key = fold(*expr.key);
  if (!key || found == model_.cells.end()) return std::nullopt;
  const auto* row = row_of(model_.tables[found->second.table], *key);
  return row ? (*row)[found->second.column] : std::nullopt;
}

Folded Folder::unary(const ast::Unary& expr) const {
  Folded value = fold(*expr.operand);
  if (!value) return std::nullopt;
  if (expr.op == ast::UnaryOp::Not) return of(make(TypeKind::Boolean), Value::of_bool(!value->value.truth()));
  if (value->type.kind == TypeKind::Number) return of(value->type, Value::of_number(-value->value.number()));
  if (value->type.kind == TypeKind::Duration)
    return duration(ast::BinaryOp::Subtract, of(value->type, Value::of_duration({})), *value);
  return exact(value->type, -static_cast<__int128>(value->value.bits));
}

Folded Folder::whole(ast::BinaryOp op, const Type& type, const ConstantValue& a, const ConstantValue& b) const {
  __int128 x = a.value.bits, y = b.value.bits;
  bool decimal = type.kind == TypeKind::Decimal;
  bool percent = a.type.kind != b.type.kind;  // decimal times percent
  if (op == ast::BinaryOp::Add) return exact(type, x + y);
  if (op == ast::BinaryOp::Subtract) return exact(type, x - y);
  if (op == ast::BinaryOp::Multiply && percent) return exact(type, divide_half_even(x * y, kPercentScale * 100));
  if (op == ast::BinaryOp::Multiply && !decimal) return exact(type, x * y);
  if (op == ast::BinaryOp::Multiply) {
    __int128 product = x * y;
    return fits(product / kDecimalScale) ? exact(type, divide_half_even(product, kDecimalScale)) : std::nullopt;
  }
  if (y == 0) return std::nullopt;
  __int128 scaled = x * kDecimalScale;
  return fits(scaled / y) ? exact(type, divide_half_even(scaled, y)) : std::nullopt;
}

Folded Folder::number(ast::BinaryOp op, double a, double b) const {
  double result = op == ast::BinaryOp::Add        ? a + b
                  : op == ast::BinaryOp::Subtract ? a - b
                  : op == ast::BinaryOp::Multiply ? a * b
                                                  : a / b;
  if (!std::isfinite(result)) return std::nullopt;
  return of(make(TypeKind::Number), Value::of_number(result));
}

Folded Folder::duration(ast::BinaryOp op, const ConstantValue& a, const ConstantValue& b) const {
  __int128 months, days, micros;
  Duration x = a.value.duration(), y = b.value.duration();
  if (op == ast::BinaryOp::Multiply) {
    bool first = a.type.kind == TypeKind::Duration;
    Duration one = first ? x : y;
    __int128 times = first ? b.value.bits : a.value.bits;
    months = one.months * times, days = one.days * times, micros = one.micros * times;
  } else {
    int factor = op == ast::BinaryOp::Add ? 1 : -1;
    months = x.months + factor * y.months, days = x.days + factor * y.days;
    micros = static_cast<__int128>(x.micros) + factor * static_cast<__int128>(y.micros);
  }
  auto small = [](__int128 value) { return value >= INT16_MIN && value <= INT16_MAX; };
  if (!small(months) || !small(days) || !fits(micros)) return std::nullopt;
  return of(make(TypeKind::Duration),
            Value::of_duration({static_cast<std::int16_t>(months), static_cast<std::int16_t>(days),
                                static_cast<std::int64_t>(micros)}));
}

Folded Folder::shift(const ConstantValue& date, const ConstantValue& by, bool back) const {
  Duration length = by.value.duration();
  if (date.type.kind != TypeKind::Date || length.micros != 0) return std::nullopt;
  int factor = back ? -1 : 1;
  std::optional<std::int64_t> days =
      calendar::add_to_date(date.value.bits, factor * length.months, factor * length.days);
  if (!days) return std::nullopt;
  return of(make(TypeKind::Date), Value::of(*days));
}

Folded Folder::binary(const ast::Binary& expr) const {
  Folded a = fold(*expr.left);
  if (!a) return std::nullopt;
  if (expr.op == ast::BinaryOp::Else) return a;
  Folded b = fold(*expr.right);
  if (!b) return std::nullopt;
  switch (expr.op) {
    case ast::BinaryOp::Or:
      return of(make(TypeKind::Boolean), Value::of_bool(a->value.truth() || b->value.truth()));
    case ast::BinaryOp::And:
      return of(make(TypeKind::Boolean), Value::of_bool(a->value.truth() && b->value.truth()));
    case ast::BinaryOp::Add:
    case ast::BinaryOp::Subtract:
    case ast::BinaryOp::Multiply:
    case ast::BinaryOp::Divide:
      break;
    case ast::BinaryOp::Is:
    case ast::BinaryOp::IsNot:
    case ast::BinaryOp::Less:
    case ast::BinaryOp::LessEqual:
    case ast::BinaryOp::Greater:
    case ast::BinaryOp::GreaterEqual:
    case ast::BinaryOp::StartsWith:
    case ast::BinaryOp::EndsWith:
    case ast::BinaryOp::Contains:
    case ast::BinaryOp::Matches:
    case ast::BinaryOp::Else:
      return std::nullopt;
  }
  const Type& type = model_.types[expr.id];
  if (type.poison()) return std::nullopt;
  if (type.kind == TypeKind::Number) return number(expr.op, a->value.number(), b->value.number());
  if (type.kind == TypeKind::Duration && a->type.kind == TypeKind::Date) {
    __int128 days = static_cast<__int128>(a->value.bits) - b->value.bits;
    if (days < INT16_MIN || days > INT16_MAX) return std::nullopt;
    return of(type, Value::of_duration({0, static_cast<std::int16_t>(days), 0}));
  }
  if (type.kind == TypeKind::Duration && a->type.kind == TypeKind::DateTime) {
    return of(type, Value::of_duration({0, 0, a->value.bits - b->value.bits}));
  }
  if (type.kind == TypeKind::Duration) return duration(expr.op, *a, *b);
  bool date_first = a->type.kind == TypeKind::Date;
  if (type.kind == TypeKind::Date)
    return shift(date_first ? *a : *b, date_first ? *b : *a, expr.op == ast::BinaryOp::Subtract);
  if (type.kind == TypeKind::DateTime) return std::nullopt;
  return whole(expr.op, type, *a, *b);
}

Folded Folder::convert(ConstantValue value, const Type& to) const {
  if (value.type.kind == to.kind && to.kind != TypeKind::List) return value;
  Type type = known(to);
  if (is_textual(to.kind)) return of_text(type, std::move(value.text));
  if (to.kind == TypeKind::Number) return of(type, Value::of_number(static_cast<double>(value.value.bits)));
  if (to.kind == TypeKind::Decimal && value.type.kind == TypeKind::Integer)
    return exact(type, static_cast<__int128>(value.value.bits) * kDecimalScale);
  if (to.kind == TypeKind::Decimal) {
    std::optional<std::int64_t> decimal = to_decimal(value.value.number());
    if (!decimal) return std::nullopt;
    return of(type, Value::of(*decimal));
  }
  if (to.kind == TypeKind::List) {
    for (ConstantValue& item : value.items) {
      Folded each = convert(std::move(item), item_of(to));
      if (!each) return std::nullopt;
      item = std::move(*each);
    }
    value.type = type;
    return value;
  }
  return std::nullopt;  // a date becomes an instant in the lead's zone
}

}  // namespace

std::optional<ConstantValue> constant_of(const Model& model, const ast::Expr& expr) { return Folder(model).fold(expr); }

}  // namespace nurture::sema
