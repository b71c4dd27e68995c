#include <algorithm>

#include "compiler/sema/bodies.h"
#include "compiler/sema/walk.h"

// What a `when` watches changes at events, and at instants that can be computed (§5.4, §5.10): so what moves by itself
// is compared only with what stays the same between events.

namespace nurture::sema {

namespace {

/// How a value changes when nothing happens. Ordered: the strongest part of an expression decides.
enum class Motion : std::uint8_t { Still, Steps, Decays };

class WatchChecker {
 public:
  explicit WatchChecker(Context& context) : context_(context), model_(context.model) {}

  void condition(const ast::Expr& expr) {
    if (const auto* binary = ast::try_as<ast::Binary>(&expr); binary && is_comparison(binary->op)) {
      return compare(expr, *binary->left, *binary->right);
    }
    if (const auto* between = ast::try_as<ast::Between>(&expr)) {
      compare(expr, *between->value, *between->low);
      return compare(expr, *between->value, *between->high);
    }
    if (const ast::Expr* segment = segment_condition(expr)) return of_segment(*segment);
    const auto* leads = ast::try_as<ast::LeadsQuery>(&expr);
    if (leads && leads->where) return condition(*leads->where);
    if (expr.kind == ast::NodeKind::Now) return now(expr);
    if (motion_of_itself(expr) == Motion::Decays) return decays_inside(expr);
    for_each_child(expr, [&](const ast::Expr& child) { condition(child); });
  }

 private:
  static bool is_comparison(ast::BinaryOp op) { return op >= ast::BinaryOp::Is && op <= ast::BinaryOp::Matches; }

  const ast::Expr* segment_condition(const ast::Expr& expr) const {
    auto found = model_.symbols.find(expr.id);
    if (expr.kind != ast::NodeKind::NameRef || found == model_.symbols.end()) return nullptr;
    if (found->second.kind != Symbol::Kind::Segment) return nullptr;
    return model_.segments[found->second.index].decl->condition;
  }

  /// What is wrong in a segment is said once, however many watch it.
  void of_segment(const ast::Expr& condition_of) {
    if (!context_.watched_segments.insert(&condition_of).second) return;
    condition(condition_of);
  }

  Motion motion_of_itself(const ast::Expr& expr) const {
    switch (expr.kind) {
      case ast::NodeKind::Today:
      case ast::NodeKind::DaysSince:
      case ast::NodeKind::InLast:
      case ast::NodeKind::WithinNext:
        return Motion::Steps;
      case ast::NodeKind::Aggregate:
        return ast::as<ast::Aggregate>(expr).since == ast::Since::Last ? Motion::Steps : Motion::Still;
      case ast::NodeKind::LeadsQuery: {
        const ast::Expr* where = ast::as<ast::LeadsQuery>(expr).where;
        return where && motion(*where) != Motion::Still ? Motion::Steps : Motion::Still;
      }
      case ast::NodeKind::WasInCampaign:
        return ast::as<ast::WasInCampaign>(expr).last ? Motion::Steps : Motion::Still;
      case ast::NodeKind::NameRef: {
        auto found = model_.symbols.find(expr.id);
        bool score = found != model_.symbols.end() && found->second.kind == Symbol::Kind::Score;
        return score && model_.scores[found->second.index].decays ? Motion::Decays : Motion::Still;
      }
      default:
        return Motion::Still;  // as still as its parts
    }
  }

  Motion motion(const ast::Expr& expr) const {
    Motion most = motion_of_itself(expr);
    for_each_child(expr, [&](const ast::Expr& child) { most = std::max(most, motion(child)); });
    return most;
  }

  void compare(const ast::Expr& whole, const ast::Expr& left, const ast::Expr& right) {
    Motion a = motion(left), b = motion(right);
    if (a != Motion::Still && b != Motion::Still) {
      Diagnostic& diagnostic = context_.out.report(DiagnosticId::MovesByItself, whole.span);
      diagnostic.hint =
          "In a `when`, compare a window, `days since`, `today` or a score that halves only with what stays the same "
          "from one event to the next: a number, an attribute.";
      return;
    }
    side(left);
    side(right);
  }

  /// A decaying score stands alone on its side; inside anything else no one can say when the whole turns.
  void side(const ast::Expr& expr) {
    if (motion_of_itself(expr) == Motion::Decays) return;
    condition(expr);
  }

  void decays_inside(const ast::Expr& expr) {
    context_.out.report(DiagnosticId::DecaysInside, expr.span, context_.written(expr.span)).hint =
        fmt::format("Compare it with a number: `{} >= 60`.", context_.written(expr.span));
  }

  void now(const ast::Expr& expr) {
    context_.out.report(DiagnosticId::NowInWhen, expr.span).hint =
        "For a point in time use `wait until`; for a while before or after a date, `x within next 30 days` or "
        "`x in last 30 days`.";
  }

  Context& context_;
  Model& model_;
};

}  // namespace

void check_watched(Context& context, const ast::Expr* condition) {
  if (condition) WatchChecker(context).condition(*condition);
}

}  // namespace nurture::sema
