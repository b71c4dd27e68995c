#include <algorithm>
#include <cmath>

#include "compiler/sema/expressions.h"
#include "compiler/sema/walk.h"

namespace nurture::sema {

namespace {

std::string_view sign(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::Or:
      return "or";
    case ast::BinaryOp::And:
      return "and";
    case ast::BinaryOp::Is:
      return "is";
    case ast::BinaryOp::IsNot:
      return "is not";
    case ast::BinaryOp::Less:
      return "<";
    case ast::BinaryOp::LessEqual:
      return "<=";
    case ast::BinaryOp::Greater:
      return ">";
    case ast::BinaryOp::GreaterEqual:
      return ">=";
    case ast::BinaryOp::StartsWith:
      return "starts with";
    case ast::BinaryOp::EndsWith:
      return "ends with";
    case ast::BinaryOp::Contains:
      return "contains";
    case ast::BinaryOp::Matches:
      return "matches";
    case ast::BinaryOp::Add:
      return "+";
    case ast::BinaryOp::Subtract:
      return "-";
    case ast::BinaryOp::Multiply:
      return "*";
    case ast::BinaryOp::Divide:
      return "/";
    case ast::BinaryOp::Else:
      return "else";
  }
  return "";
}

bool is_date(const Type& type) { return type.kind == TypeKind::Date || type.kind == TypeKind::DateTime; }

/// Whether figures are all it is made of, so that it is the same for every lead.
bool only_numbers(const ast::Expr& expr) {
  if (expr.kind == ast::NodeKind::IntegerLit || expr.kind == ast::NodeKind::NumberLit) return true;
  if (expr.kind != ast::NodeKind::Unary && expr.kind != ast::NodeKind::Binary) return false;
  bool all = true;
  for_each_child(expr, [&](const ast::Expr& child) { all = all && only_numbers(child); });
  return all;
}

/// The last comparison of a condition, for "`or` joins whole conditions".
const ast::Expr* last_comparison(const ast::Expr& expr) {
  const auto* binary = ast::try_as<ast::Binary>(&expr);
  if (!binary) return nullptr;
  if (binary->op == ast::BinaryOp::Or || binary->op == ast::BinaryOp::And) return last_comparison(*binary->right);
  return binary->op == ast::BinaryOp::Is || binary->op == ast::BinaryOp::IsNot ? binary : nullptr;
}

}  // namespace

Type Expressions::binary(const ast::Binary& expr, const Scope& scope, const Type* expected) {
  switch (expr.op) {
    case ast::BinaryOp::Or:
    case ast::BinaryOp::And:
      return logic(expr, scope);
    case ast::BinaryOp::Is:
    case ast::BinaryOp::IsNot:
    case ast::BinaryOp::Less:
    case ast::BinaryOp::LessEqual:
    case ast::BinaryOp::Greater:
    case ast::BinaryOp::GreaterEqual:
      return comparison(expr, scope);
    case ast::BinaryOp::StartsWith:
    case ast::BinaryOp::EndsWith:
    case ast::BinaryOp::Contains:
    case ast::BinaryOp::Matches:
      return text_test(expr, scope);
    case ast::BinaryOp::Add:
    case ast::BinaryOp::Subtract:
    case ast::BinaryOp::Multiply:
    case ast::BinaryOp::Divide:
      return arithmetic(expr, scope, expected);
    case ast::BinaryOp::Else:
      return otherwise(expr, scope, expected);
  }
  return poison();
}

bool Expressions::speaks_for_itself(const ast::Expr& expr, const Scope& scope) const {
  if (expr.kind == ast::NodeKind::TextLit || expr.kind == ast::NodeKind::ListLit) return false;
  const auto* name = ast::try_as<ast::NameRef>(&expr);
  if (!name || name->path.parts.size() != 1 || scope.source) return true;
  const std::string& word = name->path.parts.front().text;
  bool property = scope.event < model_.kinds.size() && find_field(properties(model_, scope.event), word) != kNoIndex;
  return property || own_name(word, scope).has_value();
}

std::pair<Type, Type> Expressions::both(const ast::Expr& left, const ast::Expr& right, const Scope& scope) {
  if (!speaks_for_itself(left, scope) && speaks_for_itself(right, scope)) {
    Type b = infer(right, scope);
    Type a = infer(left, scope, &b);
    return {a, b};
  }
  Type a = infer(left, scope);
  Type b = infer(right, scope, &a);
  return {a, b};
}

bool Expressions::unify(const ast::Expr& left, Type& a, const ast::Expr& right, Type& b) {
  if (a.poison() || b.poison() || alike(a, b)) return true;
  if (convert(right, b, a)) {
    b = maybe(a, b.optional);
    return true;
  }
  if (convert(left, a, b)) {
    a = maybe(b, a.optional);
    return true;
  }
  Diagnostic& diagnostic = out_.report(DiagnosticId::UnlikeTypes, right.span, describe(known(a)), describe(known(b)));
  diagnostic.labels.push_back({left.span, fmt::format("this is {}", describe(a))});
  if (right.kind == ast::NodeKind::TextLit && !is_textual(a.kind)) {
    diagnostic.hint = "Quotes make a text. Without them this may be what you mean.";
  } else if (a.kind == TypeKind::Choice && b.kind == TypeKind::Choice) {
    diagnostic.hint = "These two choices have no value in common.";
  }
  quote_truth(diagnostic, right, a);
  quote_truth(diagnostic, left, b);
  return false;
}

Type Expressions::logic(const ast::Binary& expr, const Scope& scope) {
  operand_of_logic(expr, *expr.left, scope);
  operand_of_logic(expr, *expr.right, scope);
  return make(TypeKind::Boolean);
}

void Expressions::operand_of_logic(const ast::Binary& expr, const ast::Expr& operand, const Scope& scope) {
  const ast::Expr* comparison = &operand == expr.right ? last_comparison(*expr.left) : nullptr;
  if (comparison && !speaks_for_itself(operand, scope) && operand.kind != ast::NodeKind::ListLit) {
    const auto& before = ast::as<ast::Binary>(*comparison);
    seen_[operand.id] = 1;
    Diagnostic& diagnostic = out_.report(DiagnosticId::NotACondition, operand.span, "a value");
    diagnostic.hint =
        fmt::format("`{}` joins whole conditions; did you mean `{} {} [{}, {}]`?", sign(expr.op), written(*before.left),
                    before.op == ast::BinaryOp::IsNot ? "not in" : "in", written(*before.right), written(operand));
    return;
  }
  not_a_condition(operand, infer(operand, scope));
}

Type Expressions::comparison(const ast::Binary& expr, const Scope& scope) {
  Type result = make(TypeKind::Boolean);
  auto [a, b] = both(*expr.left, *expr.right, scope);
  if (!unify(*expr.left, a, *expr.right, b) || a.poison() || b.poison()) return result;
  bool equality = expr.op == ast::BinaryOp::Is || expr.op == ast::BinaryOp::IsNot;
  if (!equality && !has_order(a.kind)) {
    out_.report(DiagnosticId::NoOrder, expr.span, describe(known(a)), sign(expr.op)).hint =
        a.kind == TypeKind::Choice ? "Name the values that are meant: `in [a, b]`." : "Ask with `is` or `is not`.";
  }
  fold_case(expr.ignoring_case, *expr.left, a, expr.span);
  return result;
}

bool Expressions::fold_case(bool ignoring, const ast::Expr& expr, const Type& type, Span span) {
  if (!ignoring || type.poison() || is_textual(type.kind)) return true;
  Diagnostic& diagnostic = out_.report(DiagnosticId::BadOperands, span, "ignoring case", describe(known(type)));
  diagnostic.labels.push_back({expr.span, "only text has upper and lower case"});
  return false;
}

Type Expressions::text_test(const ast::Binary& expr, const Scope& scope) {
  Type result = make(TypeKind::Boolean);
  Type wanted = make(TypeKind::Text);
  Type left = infer(*expr.left, scope);
  if (left.kind == TypeKind::List && !left.poison()) wanted = item_of(left);
  Type right = infer(*expr.right, scope, &wanted);
  if (left.poison() || right.poison()) return result;
  if (is_textual(left.kind) && is_textual(right.kind)) return result;
  const ast::Expr& wrong = is_textual(left.kind) ? *expr.right : *expr.left;
  const Type& type = is_textual(left.kind) ? right : left;
  Diagnostic& diagnostic = out_.report(DiagnosticId::BadOperands, wrong.span, sign(expr.op), describe(known(type)));
  diagnostic.hint = type.kind == TypeKind::List
                        ? fmt::format("Write `{} in {}`.", written(*expr.right), written(*expr.left))
                        : "It asks about the letters of a text.";
  return result;
}

Type Expressions::arithmetic(const ast::Binary& expr, const Scope& scope, const Type*) {
  auto [a, b] = both(*expr.left, *expr.right, scope);
  if (a.poison() || b.poison()) return poison();
  bool additive = expr.op == ast::BinaryOp::Add || expr.op == ast::BinaryOp::Subtract;
  std::optional<Type> type = additive ? sum(expr, a, b) : product(expr, a, b);
  if (!type) {
    Diagnostic& diagnostic = out_.report(DiagnosticId::BadOperands, expr.span, sign(expr.op),
                                         fmt::format("{} and {}", describe(known(a)), describe(known(b))));
    if (is_textual(a.kind) || is_textual(b.kind))
      diagnostic.hint = "Messages put texts together with braces: `\"Hello {lead.first_name else 'there'}\"`.";
    return poison();
  }
  bool optional = a.optional || b.optional;
  if (expr.op == ast::BinaryOp::Divide) {
    // Dividing by zero gives unknown (§3.1), so only a divisor known not to be zero keeps the result known.
    std::optional<ConstantValue> by = constant(*expr.right);
    double divisor = !by                                 ? 0
                     : by->type.kind == TypeKind::Number ? by->value.number()
                                                         : static_cast<double>(by->value.bits);
    optional |= divisor == 0;
  }
  return maybe(*type, optional);
}

std::optional<Type> Expressions::numbers(const ast::Binary& expr, const Type& left, const Type& right) {
  if (!is_number(left.kind) || !is_number(right.kind)) return std::nullopt;
  if (left.kind == right.kind) return known(left);
  if (convert(*expr.left, left, right)) return known(right);
  if (convert(*expr.right, right, left)) return known(left);
  return std::nullopt;
}

std::optional<Type> Expressions::sum(const ast::Binary& expr, const Type& left, const Type& right) {
  if (auto type = numbers(expr, left, right)) return type;
  if (left.kind == right.kind && (left.kind == TypeKind::Percent || left.kind == TypeKind::Duration))
    return known(left);
  if (is_date(left) && right.kind == TypeKind::Duration) return shifted(*expr.left, left, *expr.right);
  if (left.kind == TypeKind::Duration && is_date(right) && expr.op == ast::BinaryOp::Add)
    return shifted(*expr.right, right, *expr.left);
  if (!is_date(left) || !is_date(right) || expr.op == ast::BinaryOp::Add) return std::nullopt;
  if (left.kind != right.kind && !convert(*expr.left, left, right)) convert(*expr.right, right, left);
  return make(TypeKind::Duration);
}

std::optional<Type> Expressions::product(const ast::Binary& expr, const Type& left, const Type& right) {
  Type number = make(TypeKind::Number), decimal = make(TypeKind::Decimal);
  bool multiply = expr.op == ast::BinaryOp::Multiply;
  if (!multiply && left.kind == TypeKind::Integer && right.kind == TypeKind::Integer) {
    convert(*expr.left, left, number);
    convert(*expr.right, right, number);
    return number;
  }
  if (auto type = numbers(expr, left, right)) return type;
  if (!multiply) return std::nullopt;
  bool lengths = (left.kind == TypeKind::Duration && right.kind == TypeKind::Integer) ||
                 (left.kind == TypeKind::Integer && right.kind == TypeKind::Duration);
  if (lengths) return make(TypeKind::Duration);
  bool left_percent = left.kind == TypeKind::Percent;
  if (left_percent == (right.kind == TypeKind::Percent)) return std::nullopt;
  const ast::Expr& amount = left_percent ? *expr.right : *expr.left;
  const Type& type = left_percent ? right : left;
  if (type.kind == TypeKind::Decimal || convert(amount, type, decimal)) return decimal;
  return std::nullopt;
}

Type Expressions::shifted(const ast::Expr& date, const Type& type, const ast::Expr& by) {
  std::optional<ConstantValue> length = constant(by);
  bool exact = length && length->value.duration().micros != 0;
  if (type.kind == TypeKind::Date && exact) convert(date, type, make(TypeKind::DateTime));
  return make(type.kind == TypeKind::DateTime || exact ? TypeKind::DateTime : TypeKind::Date);
}

Type Expressions::otherwise(const ast::Binary& expr, const Scope& scope, const Type* expected) {
  Type left = infer(*expr.left, scope, expected);
  bool free_text = left.kind == TypeKind::Choice && !left.poison() && expr.right->kind == ast::NodeKind::TextLit &&
                   !(expected && expected->kind == TypeKind::Choice);
  if (free_text) {
    // `{lead.role else 'friend'}`: any text will do where no choice is asked for.
    const std::string& word = ast::as<ast::TextLit>(*expr.right).value;
    bool value = std::find(left.choices.begin(), left.choices.end(), word) != left.choices.end();
    infer(*expr.right, scope, value ? &left : nullptr);
    return value ? known(left) : make(TypeKind::Text);
  }
  Type wanted = left.poison() && expected ? *expected : left;
  Type right = infer(*expr.right, scope, &wanted);
  if (left.poison() || right.poison()) return poison();
  if (!unify(*expr.left, left, *expr.right, right)) return poison();
  bool constant_left = constant(*expr.left).has_value();
  const Symbol* symbol = nullptr;
  if (auto found = model_.symbols.find(expr.left->id); found != model_.symbols.end()) symbol = &found->second;
  bool has_default = symbol && symbol->kind == Symbol::Kind::LeadAttribute && model_.lead[symbol->index].default_value;
  if (!left.optional && (constant_left || has_default) && !context_.embedded(expr.span)) {
    Diagnostic& diagnostic = out_.report(DiagnosticId::ElseNeverUsed, expr.right->span, written(*expr.left));
    diagnostic.hint = "Leave out `else` and what follows it.";
  }
  return maybe(left, right.optional);
}

bool Expressions::convert(const ast::Expr& expr, const Type& from, const Type& to) {
  if (from.poison() || to.poison()) return true;
  bool by_itself = (from.kind == TypeKind::Integer && (to.kind == TypeKind::Number || to.kind == TypeKind::Decimal)) ||
                   (from.kind == TypeKind::Date && to.kind == TypeKind::DateTime);
  const auto* list = ast::try_as<ast::ListLit>(&expr);
  if (list && from.kind == TypeKind::List && to.kind == TypeKind::List) {
    for (const ast::Expr* item : list->items) {
      Type own = effective_[item->id];
      if (!alike(own, item_of(to)) && !convert(*item, own, item_of(to))) return false;
    }
    model_.types[expr.id] = effective_[expr.id] = to;
    return true;
  }
  if (!by_itself && !convert_constant(expr, from, to)) return false;
  model_.types[expr.id] = from;
  model_.converted[expr.id] = effective_[expr.id] = maybe(to, from.optional);
  return true;
}

bool Expressions::convert_constant(const ast::Expr& expr, const Type& from, const Type& to) {
  bool text_to_choice = from.kind == TypeKind::Text && to.kind == TypeKind::Choice;
  bool text_to_content = from.kind == TypeKind::Text && to.kind == TypeKind::Content;
  bool content_to_text = from.kind == TypeKind::Content && to.kind == TypeKind::Text;
  bool number_to_decimal = from.kind == TypeKind::Number && to.kind == TypeKind::Decimal;
  bool lists = from.kind == TypeKind::List && to.kind == TypeKind::List && from.element == TypeKind::Text &&
               to.element == TypeKind::Choice;
  if (!text_to_choice && !text_to_content && !content_to_text && !number_to_decimal && !lists) return false;
  std::optional<ConstantValue> value = constant(expr);
  if (!value && number_to_decimal && only_numbers(expr)) return without_value(expr);
  if (!value) return false;
  if (text_to_content && model_.find_content(value->text) == kNoIndex)
    resolve_content(context_, {value->text, expr.span});
  std::vector<ConstantValue> words = lists ? value->items : std::vector<ConstantValue>{*value};
  for (const ConstantValue& word : words) {
    if (!text_to_choice && !lists) break;
    if (std::find(to.choices.begin(), to.choices.end(), word.text) == to.choices.end())
      not_a_value(expr, word.text, to);
  }
  return true;
}

bool Expressions::without_value(const ast::Expr& expr) {
  out_.report(DiagnosticId::NoSuchConstant, expr.span, "it divides by zero, or is too large to hold").hint =
      "Write the number that is meant.";
  return true;
}

void Expressions::not_a_value(const ast::Expr& expr, std::string_view word, const Type& choice) {
  Diagnostic& diagnostic = out_.report(DiagnosticId::NotAValue, expr.span, word, alternatives(choice.choices));
  std::string_view near = closest(word, std::vector<std::string_view>(choice.choices.begin(), choice.choices.end()));
  if (near.empty()) return;
  diagnostic.hint = fmt::format("Did you mean \"{}\"?", near);
  bool quoted = expr.kind == ast::NodeKind::TextLit;
  if (quoted || expr.kind == ast::NodeKind::NameRef)
    diagnostic.edits.push_back({expr.span, quoted ? fmt::format("\"{}\"", near) : std::string(near)});
}

/// `yes` without quotes is true, even where a choice has a value of that name.
void Expressions::quote_truth(Diagnostic& diagnostic, const ast::Expr& expr, const Type& choice) const {
  const std::string word = written(expr);
  const bool value = std::find(choice.choices.begin(), choice.choices.end(), word) != choice.choices.end();
  if (expr.kind != ast::NodeKind::BooleanLit || choice.kind != TypeKind::Choice || !value) return;
  diagnostic.hint =
      fmt::format("`{}` alone is true or false; the value of the choice stands in quotes: `\"{}\"`.", word, word);
  diagnostic.edits.push_back({expr.span, '"' + word + '"'});
}

void Expressions::wrong_type(const ast::Expr& expr, const Type& type, const Type& wanted) {
  Diagnostic& diagnostic =
      out_.report(DiagnosticId::WrongType, expr.span, describe(known(wanted)), describe(known(type)));
  const auto* text = ast::try_as<ast::TextLit>(&expr);
  if (text && wanted.kind != TypeKind::List) {
    bool truth = text->value == "yes" || text->value == "no" || text->value == "true" || text->value == "false";
    bool yes = wanted.kind == TypeKind::Boolean;
    diagnostic.hint = yes && truth ? fmt::format("Write {} without quotes.", text->value)
                      : yes        ? "Write `yes` or `no`."
                                   : "Quotes make a text. Without them this may be what you mean.";
  }
  quote_truth(diagnostic, expr, wanted);
}

void Expressions::not_a_condition(const ast::Expr& expr, const Type& type) {
  if (type.poison() || type.kind == TypeKind::Boolean) return;
  Diagnostic& diagnostic = out_.report(DiagnosticId::NotACondition, expr.span, describe(known(type)));
  diagnostic.hint = has_order(type.kind) && !is_textual(type.kind)
                        ? fmt::format("Compare it with something: `{} >= …`.", written(expr))
                        : fmt::format("Compare it with something: `{} is …`.", written(expr));
}

}  // namespace nurture::sema
