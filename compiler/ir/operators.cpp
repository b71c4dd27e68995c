#include <algorithm>

#include "compiler/ir/expressions.h"

namespace nurture::ir {

using ast::as;
using ast::BinaryOp;
using ast::NodeKind;

/// The type in which two values meet: an integer follows a number or decimal, a date an instant.
TypeKind Expressions::common(const ast::Expr& left, const ast::Expr& right) const {
  TypeKind a = used_kind(left), b = used_kind(right);
  for (TypeKind wider : {TypeKind::Number, TypeKind::Decimal, TypeKind::DateTime}) {
    if (a == wider || b == wider) return wider;
  }
  return a;
}

void Expressions::operands(const ast::Expr& first, const ast::Expr& second, TypeKind kind) {
  value_as(first, kind);
  value_as(second, kind);
}

void Expressions::arithmetic(const ast::Binary& expr) {
  expr.op == BinaryOp::Add || expr.op == BinaryOp::Subtract ? sum(expr) : product(expr);
}

namespace {

bool is_point(TypeKind kind) { return kind == TypeKind::Date || kind == TypeKind::DateTime; }

Opcode sum_of(TypeKind kind, bool add) {
  if (kind == TypeKind::Number) return add ? Opcode::AddNumber : Opcode::SubNumber;
  if (kind == TypeKind::Decimal) return add ? Opcode::AddDecimal : Opcode::SubDecimal;
  return add ? Opcode::AddInt : Opcode::SubInt;
}

}  // namespace

void Expressions::sum(const ast::Binary& expr) {
  bool add = expr.op == BinaryOp::Add;
  TypeKind a = used_kind(*expr.left), b = used_kind(*expr.right);
  if (is_point(a) && is_point(b)) {
    TypeKind kind = common(*expr.left, *expr.right);
    operands(*expr.left, *expr.right, kind);
    return code_.emit(kind == TypeKind::Date ? Opcode::DiffDate : Opcode::DiffInstant);
  }
  if (is_point(a) || is_point(b)) {
    TypeKind kind = model_.types[expr.id].kind;
    value_as(is_point(a) ? *expr.left : *expr.right, kind);
    value(is_point(a) ? *expr.right : *expr.left);
    if (!add) code_.emit(Opcode::NegDuration);
    return code_.emit(kind == TypeKind::Date ? Opcode::ShiftDate : Opcode::ShiftInstant);
  }
  TypeKind kind = common(*expr.left, *expr.right);
  operands(*expr.left, *expr.right, kind);
  if (kind != TypeKind::Duration) return code_.emit(sum_of(kind, add));
  if (!add) code_.emit(Opcode::NegDuration);
  code_.emit(Opcode::AddDuration);
}

void Expressions::product(const ast::Binary& expr) {
  TypeKind a = used_kind(*expr.left), b = used_kind(*expr.right);
  bool swapped = b == TypeKind::Duration || (b == TypeKind::Decimal && a == TypeKind::Percent);
  const ast::Expr& first = swapped ? *expr.right : *expr.left;
  const ast::Expr& second = swapped ? *expr.left : *expr.right;
  if (expr.op == BinaryOp::Multiply) {
    TypeKind lead = used_kind(first), other = used_kind(second);
    if (lead == TypeKind::Duration || other == TypeKind::Percent) {
      lead == TypeKind::Duration ? value(first) : value_as(first, TypeKind::Decimal);
      value(second);
      return code_.emit(lead == TypeKind::Duration ? Opcode::MulDuration : Opcode::MulPercent);
    }
    TypeKind kind = common(first, second);
    operands(first, second, kind);
    return code_.emit(kind == TypeKind::Number    ? Opcode::MulNumber
                      : kind == TypeKind::Decimal ? Opcode::MulDecimal
                                                  : Opcode::MulInt);
  }
  TypeKind kind = common(*expr.left, *expr.right);
  if (kind == TypeKind::Integer) kind = TypeKind::Number;
  operands(*expr.left, *expr.right, kind);
  code_.emit(kind == TypeKind::Decimal ? Opcode::DivDecimal : Opcode::DivNumber);
}

void Expressions::compare(const ast::Binary& expr) {
  switch (expr.op) {
    case BinaryOp::Less:
      return order(*expr.left, *expr.right, false);
    case BinaryOp::LessEqual:
      return order(*expr.left, *expr.right, true);
    case BinaryOp::Greater:
      return order(*expr.right, *expr.left, false);
    case BinaryOp::GreaterEqual:
      return order(*expr.right, *expr.left, true);
    default:
      break;  // `is` and `is not` below
  }
  if (score_compare(*expr.left, *expr.right, ScoreTest::kSame)) {
    if (expr.op == BinaryOp::IsNot) code_.emit(Opcode::Not);
    return;
  }
  TypeKind kind = common(*expr.left, *expr.right);
  compared(*expr.left, *expr.right, kind, true);
  compared(*expr.right, *expr.left, kind, true);
  code_.emit(expr.ignoring_case           ? Opcode::EqualFold
             : kind == TypeKind::Number   ? Opcode::EqualNumber
             : kind == TypeKind::Duration ? Opcode::EqualDuration
                                          : Opcode::Equal);
  if (expr.op == BinaryOp::IsNot) code_.emit(Opcode::Not);
}

void Expressions::order(const ast::Expr& left, const ast::Expr& right, bool or_equal) {
  if (score_compare(left, right, or_equal ? ScoreTest::kLessEqual : ScoreTest::kLess)) return;
  TypeKind kind = common(left, right);
  // n <= count needs n of them to be true, count < n needs n to be false.
  compared(left, right, kind, or_equal);
  compared(right, left, kind, !or_equal);
  switch (kind) {
    case TypeKind::Number:
      return code_.emit(or_equal ? Opcode::LessEqualNumber : Opcode::LessNumber);
    case TypeKind::Duration:
      return code_.emit(or_equal ? Opcode::LessEqualDuration : Opcode::LessDuration);
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      return code_.emit(or_equal ? Opcode::LessEqualText : Opcode::LessText);
    case TypeKind::Integer:
    case TypeKind::Decimal:
    case TypeKind::Boolean:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Percent:
    case TypeKind::List:
      return code_.emit(or_equal ? Opcode::LessEqualInt : Opcode::LessInt);
  }
}

void Expressions::between(const ast::Between& expr) {
  Label no = code_.fresh(), done = code_.fresh();
  order(*expr.low, *expr.value, true);
  code_.emit(Opcode::JumpIfFalse, {no});
  order(*expr.value, *expr.high, true);
  code_.emit(Opcode::Jump, {done});
  code_.bind(no);
  code_.emit(Opcode::PushFalse);
  code_.bind(done);
}

void Expressions::text_test(const ast::Binary& expr) {
  const std::uint32_t fold = expr.ignoring_case ? 1 : 0;
  if (expr.op == BinaryOp::Contains && used_kind(*expr.left) == TypeKind::List) {
    bool number = used_type(*expr.left).element == TypeKind::Number;
    value_as(*expr.right, used_type(*expr.left).element);
    value(*expr.left);
    return code_.emit(fold ? Opcode::InListFold : number ? Opcode::InListNumber : Opcode::InList);
  }
  value(*expr.left);
  value(*expr.right);
  switch (expr.op) {
    case BinaryOp::StartsWith:
      return code_.emit(Opcode::StartsWith, {fold});
    case BinaryOp::EndsWith:
      return code_.emit(Opcode::EndsWith, {fold});
    case BinaryOp::Contains:
      return code_.emit(Opcode::Contains, {fold});
    default:
      return code_.emit(Opcode::Matches, {fold});
  }
}

void Expressions::in_test(const ast::InTest& expr) {
  TypeKind item = used_type(*expr.list).element;
  value_as(*expr.value, item);
  value(*expr.list);
  code_.emit(expr.ignoring_case         ? Opcode::InListFold
             : item == TypeKind::Number ? Opcode::InListNumber
                                        : Opcode::InList);
  if (expr.negated) code_.emit(Opcode::Not);
}

bool names_attribute(const sema::Model& model, const ast::Expr& expr) {
  const auto inner = [&](const ast::Expr* child) { return child && names_attribute(model, *child); };
  switch (expr.kind) {
    case NodeKind::NameRef: {
      auto found = model.symbols.find(expr.id);
      return found != model.symbols.end() && (found->second.kind == sema::Symbol::Kind::LeadAttribute ||
                                              found->second.kind == sema::Symbol::Kind::AccountAttribute);
    }
    case NodeKind::DateShift:
      return inner(as<ast::DateShift>(expr).target) || inner(as<ast::DateShift>(expr).amount);
    case NodeKind::Binary:
      return inner(as<ast::Binary>(expr).left) || inner(as<ast::Binary>(expr).right);
    case NodeKind::Unary:
      return inner(as<ast::Unary>(expr).operand);
    case NodeKind::Lookup:
      return inner(as<ast::Lookup>(expr).key);
    default:
      return false;  // nothing else yields a point in time out of an attribute
  }
}

}  // namespace nurture::ir
