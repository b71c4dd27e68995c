#include <algorithm>

#include "compiler/sema/expressions.h"

// §3.1: `x is not y` holds for an unknown x too. That is seldom what the author had in mind, so it is said where it
// happens, unless the same `and` asks whether x is known, or compares it with something.

namespace nurture::sema {

/// What the author has thought of: everything whose being known is asked for, and, where all parts of an `and` hold
/// (`all`), everything compared in another of them.
void Expressions::collect_facts(const ast::Expr& expr, bool all, std::vector<std::string>& facts) const {
  if (const auto* known = ast::try_as<ast::KnownTest>(&expr)) {
    facts.push_back(written(*known->value));
  } else if (const auto* in = ast::try_as<ast::InTest>(&expr)) {
    if (all && !in->negated) facts.push_back(written(*in->value));
  } else if (const auto* binary = ast::try_as<ast::Binary>(&expr)) {
    if (binary->op == ast::BinaryOp::And || binary->op == ast::BinaryOp::Or) {
      bool both = all && binary->op == ast::BinaryOp::And;
      collect_facts(*binary->left, both, facts);
      collect_facts(*binary->right, both, facts);
    } else if (all && binary->op >= ast::BinaryOp::Is && binary->op <= ast::BinaryOp::Matches &&
               binary->op != ast::BinaryOp::IsNot) {
      facts.push_back(written(*binary->left));
      facts.push_back(written(*binary->right));
    }
  }
}

void Expressions::warn_unknown(const ast::Expr& at, const ast::Expr& operand, const std::vector<std::string>& facts) {
  if (!effective_[operand.id].optional || effective_[operand.id].poison()) return;
  std::string name = written(operand);
  if (std::find(facts.begin(), facts.end(), name) != facts.end()) return;
  Diagnostic& diagnostic = out_.report(DiagnosticId::TrueWhenUnknown, at.span, name);
  diagnostic.hint = fmt::format("Say so with `{} is known and …`, or give it a value with `{} else …`.", name, name);
}

void Expressions::warn_negations(const ast::Expr& expr, bool negated, std::vector<std::string>& facts) {
  if (const auto* unary = ast::try_as<ast::Unary>(&expr)) {
    if (unary->op == ast::UnaryOp::Not) warn_negations(*unary->operand, !negated, facts);
  } else if (const auto* in = ast::try_as<ast::InTest>(&expr)) {
    if (in->negated != negated) warn_unknown(expr, *in->value, facts);
  } else if (const auto* between = ast::try_as<ast::Between>(&expr)) {
    if (!negated) return;
    for (const ast::Expr* each : {between->value, between->low, between->high}) warn_unknown(expr, *each, facts);
  } else if (const auto* last = ast::try_as<ast::InLast>(&expr)) {
    if (last->negated != negated) warn_unknown(expr, *last->value, facts);
  } else if (const auto* next = ast::try_as<ast::WithinNext>(&expr)) {
    if (negated) warn_unknown(expr, *next->value, facts);
  } else if (expr.kind == ast::NodeKind::NameRef) {
    if (negated) warn_unknown(expr, expr, facts);
  } else if (const auto* binary = ast::try_as<ast::Binary>(&expr)) {
    std::size_t before = facts.size();
    if (binary->op == ast::BinaryOp::And || binary->op == ast::BinaryOp::Or) {
      collect_facts(expr, !negated, facts);
      warn_negations(*binary->left, negated, facts);
      warn_negations(*binary->right, negated, facts);
    } else if (binary->op >= ast::BinaryOp::Is && binary->op <= ast::BinaryOp::Matches &&
               (binary->op == ast::BinaryOp::IsNot) != negated) {
      std::size_t warned = out_.warnings();
      warn_unknown(expr, *binary->left, facts);
      if (out_.warnings() == warned) warn_unknown(expr, *binary->right, facts);
    }
    facts.resize(before);
  }
}

}  // namespace nurture::sema
