#include <algorithm>
#include <cmath>

#include "compiler/sema/bodies.h"
#include "compiler/sema/passes.h"
#include "runtime/bytecode/module.h"

// Scores (§5.10).

namespace nurture::sema {

namespace {

constexpr std::int64_t kMostPoints = 1'000'000'000;
constexpr std::int64_t kMostTimes = 10'000;

std::optional<std::int64_t> points(Context& context, Expressions& expressions, const ast::Expr* expr,
                                   std::string_view what) {
  Scope scope;
  scope.constant = true;
  if (!expr || !expressions.value(expr, scope, make(TypeKind::Number))) return std::nullopt;
  std::optional<std::int64_t> millionths = score_points(context.model, *expr);
  if (!millionths) context.out.report(DiagnosticId::ScoreValue, expr->span, what);
  return millionths;
}

void check_row(Context& context, Expressions& expressions, const ast::ScoreRow& row) {
  std::uint32_t index = resolve_event(context, row.event.kind);
  if (index != kBrokenIndex) check_of_and_machine(context, row.event, index);
  Scope scope;
  scope.in_history = true;
  scope.event = index;
  expressions.condition(row.event.where, scope);
  points(context, expressions, row.points, "what an event gives");
  if (!row.per) return;
  expressions.duration(row.per, Scope{}, true);
  if (row.at_most < 1 || row.at_most > kMostTimes)
    context.out.report(DiagnosticId::BadCount, row.event.span, "the number of times", 1, kMostTimes);
}

void check_half_life(Context& context, Expressions& expressions, Score& score) {
  const ast::Expr* expr = score.decl->halves_every;
  std::optional<Duration> length = expressions.duration(expr, Scope{}, true);
  score.decays = expr != nullptr;
  if (!length || length->months == 0) return;
  Diagnostic& diagnostic =
      context.out.report(DiagnosticId::NotExact, expr->span, "a half-life", context.written(expr->span));
  diagnostic.hint = fmt::format("Write it in days: `halves every {} days`.", length->months * 30 + length->days);
}

}  // namespace

std::optional<std::int64_t> score_points(const Model& model, const ast::Expr& expr) {
  std::optional<ConstantValue> value = constant_of(model, expr);
  if (!value || value->type.kind != TypeKind::Number) return std::nullopt;
  double millionths = value->value.number() * static_cast<double>(bytecode::kScoreScale);
  double whole = std::nearbyint(millionths);
  if (!(std::abs(whole) <= static_cast<double>(kMostPoints * bytecode::kScoreScale))) return std::nullopt;
  if (whole / static_cast<double>(bytecode::kScoreScale) != value->value.number()) return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

void check_scores(Context& context, Expressions& expressions) {
  for (Score& score : context.model.scores) {
    for (const ast::ScoreRow& row : score.decl->rows) check_row(context, expressions, row);
    check_half_life(context, expressions, score);
    std::optional<std::int64_t> cap = points(context, expressions, score.decl->cap, "a cap");
    std::optional<std::int64_t> floor = points(context, expressions, score.decl->floor, "a floor");
    if (!cap || !floor || *floor <= *cap) continue;
    Diagnostic& diagnostic = context.out.report(DiagnosticId::CapBelowFloor, score.decl->cap->span);
    diagnostic.labels.push_back({score.decl->floor->span, "the floor"});
  }
}

/// The score that a statement changes; reports what is none.
void check_score_target(Context& context, const ast::Path& target, std::string_view changed) {
  if (!target) return;
  const std::vector<ast::Name>& parts = target.parts;
  if (parts.size() != 2 || parts.front().text != "score") {
    Diagnostic& diagnostic = context.out.report(DiagnosticId::OnlyScores, target.span, target.text(), changed);
    if (parts.size() == 1 && context.model.find_score(parts.front().text) != kNoIndex) {
      diagnostic.hint = fmt::format("Did you mean \"score.{}\"?", parts.front().text);
      diagnostic.edits.push_back({target.span, "score." + parts.front().text});
    } else {
      diagnostic.hint = "Write `score.` and its name.";
    }
    return;
  }
  resolve_score(context, parts[1]);
}

std::uint32_t resolve_score(Context& context, const ast::Name& name) {
  std::uint32_t index = context.model.find_score(name.text);
  if (index != kNoIndex) return index;
  if (context.later.contains(name.text) || context.lost(name.text)) return kBrokenIndex;
  std::vector<std::string_view> names;
  for (const Score& each : context.model.scores) names.push_back(each.name);
  suggest(context.out.report(DiagnosticId::UnknownScore, name.span, name.text), name.text, name.span, names,
          fmt::format("Declare it: `score {} {{ page.viewed gives 5 }}`.", name.text));
  return kBrokenIndex;
}

}  // namespace nurture::sema
