#include "compiler/flow/judge.h"

#include <vector>

#include "compiler/sema/walk.h"

namespace nurture::flow {

using ast::BinaryOp;
using ast::try_as;

namespace {

void flatten(const ast::Expr& expr, BinaryOp op, std::vector<const ast::Expr*>& parts) {
  const auto* two = try_as<ast::Binary>(&expr);
  if (!two || two->op != op) return parts.push_back(&expr);
  flatten(*two->left, op, parts);
  flatten(*two->right, op, parts);
}

bool joins(const ast::Expr& expr, BinaryOp op) {
  const auto* two = try_as<ast::Binary>(&expr);
  return two && two->op == op;
}

std::string hint_for(const ast::Expr& expr, bool never) {
  if (joins(expr, BinaryOp::And) && never)
    return "No lead can be both. Join the parts with `or`, or leave one of them out.";
  if (joins(expr, BinaryOp::Or) && !never)
    return "Whoever is not the one is the other. Join the parts with `and`, or write `not in [...]`.";
  if (const auto* known = try_as<ast::KnownTest>(&expr)) {
    return never == known->unknown ? "What is asked about always has a value: leave the question out."
                                   : "What is asked about never has a value: leave the question out.";
  }
  return never ? "Ask for a value that it can have, or leave out what stands under the condition."
               : "Leave the condition out, or ask what was meant.";
}

}  // namespace

Judge::Verdict Judge::condition(const ast::Expr* expr, Conditions& conditions) const {
  if (!expr) return Verdict::Depends;
  questions(*expr);
  return look(*expr, conditions);
}

/// What is asked of events of the past and of an account's leads has a subject of its own.
void Judge::questions(const ast::Expr& expr) const {
  Places places;
  Conditions own(model_, places);
  if (const auto* asked = try_as<ast::Aggregate>(&expr)) condition(asked->event.where, own);
  if (const auto* leads = try_as<ast::LeadsQuery>(&expr)) condition(leads->where, own);
  sema::for_each_child(expr, [&](const ast::Expr& child) { questions(child); });
}

Judge::Verdict Judge::look(const ast::Expr& expr, Conditions& conditions) const {
  if (elsewhere(expr) || has_switch(expr)) return Verdict::Depends;
  const bool never = conditions.when(expr, true).never();
  if (never || conditions.when(expr, false).never()) {
    const ast::Expr* at = cause(expr, never, conditions);
    if (at) report(*at, never, conditions);
    return never ? Verdict::Never : Verdict::Always;
  }
  if (const auto* unary = try_as<ast::Unary>(&expr)) look(*unary->operand, conditions);
  if (joins(expr, BinaryOp::And) || joins(expr, BinaryOp::Or)) {
    look(*static_cast<const ast::Binary&>(expr).left, conditions);
    look(*static_cast<const ast::Binary&>(expr).right, conditions);
  }
  return Verdict::Depends;
}

/// The smallest part that is to blame; none where it is said at another place.
const ast::Expr* Judge::cause(const ast::Expr& expr, bool never, Conditions& conditions) const {
  if (elsewhere(expr)) return nullptr;
  if (!joins(expr, never ? BinaryOp::And : BinaryOp::Or)) return &expr;
  const auto& two = static_cast<const ast::Binary&>(expr);
  for (const ast::Expr* part : {two.left, two.right}) {
    if (conditions.when(*part, never).never()) return cause(*part, never, conditions);
  }
  return &expr;
}

void Judge::report(const ast::Expr& expr, bool never, Conditions& conditions) const {
  Diagnostic& said = diagnostics_.report(never ? DiagnosticId::NeverHolds : DiagnosticId::AlwaysHolds, expr.span);
  said.hint = hint_for(expr, never);
  std::vector<const ast::Expr*> parts;
  flatten(expr, never ? BinaryOp::And : BinaryOp::Or, parts);
  for (std::size_t i = 0; i < parts.size() && parts.size() > 2; ++i) {
    for (std::size_t j = i + 1; j < parts.size(); ++j) {
      Facts together = conditions.both(conditions.when(*parts[i], never), conditions.when(*parts[j], never));
      if (!together.never()) continue;
      said.labels.push_back({parts[i]->span, never ? "this excludes" : "this, or"});
      said.labels.push_back({parts[j]->span, never ? "this" : "this, is always so"});
      return;
    }
  }
}

/// A segment is judged where it is declared.
bool Judge::elsewhere(const ast::Expr& expr) const {
  if (expr.kind != ast::NodeKind::NameRef) return false;
  auto found = model_.symbols.find(expr.id);
  return found != model_.symbols.end() && found->second.kind == sema::Symbol::Kind::Segment;
}

bool Judge::has_switch(const ast::Expr& expr) const {
  if (expr.kind == ast::NodeKind::NameRef) {
    auto found = model_.symbols.find(expr.id);
    if (found == model_.symbols.end()) return false;
    const sema::Symbol& symbol = found->second;
    if (symbol.kind == sema::Symbol::Kind::Segment) {
      const auto known = switches_.find(symbol.index);
      if (known != switches_.end()) return known->second;
      return switches_[symbol.index] = has_switch(*model_.segments[symbol.index].decl->condition);
    }
    if (symbol.kind != sema::Symbol::Kind::Let) return false;
    const sema::Let& let = model_.lets[symbol.index];
    return let.type.has_value() || let.value.type.kind == TypeKind::Boolean;
  }
  // What stands in a table changes with the table.
  bool any = expr.kind == ast::NodeKind::Lookup && sema::constant_of(model_, expr).has_value();
  sema::for_each_child(expr, [&](const ast::Expr& child) { any = any || has_switch(child); });
  return any;
}

}  // namespace nurture::flow
