#include <algorithm>

#include "compiler/practice/watches.h"

// Scores on their way down. Practice, rule 23.

namespace nurture::practice {

namespace {

using ast::BinaryOp;
using ast::NodeKind;
using flow::Edge;
using flow::Node;

/// The parts of a condition that must all hold.
void conjuncts(const sema::Model& model, const ast::Expr& expr, std::vector<const ast::Expr*>& out) {
  const auto* both = ast::try_as<ast::Binary>(&expr);
  if (both && both->op == BinaryOp::And) {
    conjuncts(model, *both->left, out);
    return conjuncts(model, *both->right, out);
  }
  auto found = expr.kind == NodeKind::NameRef ? model.symbols.find(expr.id) : model.symbols.end();
  if (found != model.symbols.end() && found->second.kind == sema::Symbol::Kind::Segment)
    return conjuncts(model, *model.segments[found->second.index].decl->condition, out);
  out.push_back(&expr);
}

bool is_comparison(const ast::Expr& expr) {
  const auto* binary = ast::try_as<ast::Binary>(&expr);
  return expr.kind == NodeKind::Between || (binary && binary->op >= BinaryOp::Is && binary->op <= BinaryOp::Matches);
}

/// Asks for something that happened of late: then it is not the passing of time that makes it true.
bool asks_lately(const sema::Model& model, const ast::Expr& expr) {
  bool found = false;
  for_each_part(model, expr, [&](const ast::Expr& part, bool) {
    const auto* past = ast::try_as<ast::Aggregate>(&part);
    found = found || (past && past->since == ast::Since::Last && past->function.text != "none");
  });
  return found;
}

/// The upper ends that a condition sets to a score that decays; `lower` tells whether it sets a lower one as well.
struct Ceiling {
  Threshold threshold;
  bool lower = false;
};
void ceilings(const sema::Model& model, const ast::Expr& expr, std::vector<Ceiling>& out) {
  const auto* either = ast::try_as<ast::Binary>(&expr);
  if (either && either->op == BinaryOp::Or) {
    ceilings(model, *either->left, out);
    return ceilings(model, *either->right, out);
  }
  std::vector<const ast::Expr*> parts;
  conjuncts(model, expr, parts);
  std::vector<Threshold> all;
  for (const ast::Expr* part : parts) {
    if (asks_lately(model, *part)) return;
    if (!is_comparison(*part)) continue;
    for (const Threshold& each : thresholds(model, *part)) all.push_back(each);
  }
  for (const Threshold& each : all) {
    if (each.from_below || !model.scores[each.score].decays) continue;
    const bool lower = std::any_of(
        all.begin(), all.end(), [&](const Threshold& other) { return other.from_below && other.score == each.score; });
    out.push_back({each, lower});
  }
}

/// Whether it only takes the lead out.
bool only_leaves(const Watch& watch) {
  if (watch.entry) return false;
  const Reached reached = reach(watch.graph, {watch.to}, [&](const Edge& edge) { return at_once(watch.graph, edge); });
  for (NodeIndex i = 0; i < watch.graph.nodes.size(); ++i) {
    const Node::Kind kind = watch.graph.nodes[i].kind;
    if (reached.has(i) && kind != Node::Kind::TriggerBody && kind != Node::Kind::Exit && kind != Node::Kind::Work)
      return false;
  }
  return true;
}

void look_for_cooling(const Review& review, const Watch& watch) {
  std::vector<Ceiling> found;
  ceilings(review.model, *watch.condition, found);
  if (found.empty()) return;
  const bool to_sales = hand_off_after(watch.graph, watch.doings, watch.to) != flow::kNoIndex;
  for (const Ceiling& each : found) {
    if (!to_sales && (!each.lower || only_leaves(watch))) continue;
    const sema::Score& score = review.model.scores[each.threshold.score];
    Diagnostic& said = review.diagnostics.report(DiagnosticId::CoolingCounts, each.threshold.at->span);
    said.labels.push_back({score.decl->halves_every->span, "it cools down by itself"});
    said.hint = fmt::format(
        "Ask for the lower end only, `score.{} >= …`, and let a higher one lead away before; or ask for something that "
        "just happened as well: `and any(… in last 7 days)`.",
        score.name);
    return;
  }
}

}  // namespace

/// Practice, rule 23: cooling down through a band is not warming up into it.
void cooling_counts(const Review& review) { for_each_watch(review, look_for_cooling); }

}  // namespace nurture::practice
