#include <algorithm>

#include "compiler/practice/lints.h"

namespace nurture::practice {

namespace {

/// Whether anything of it reaches the lead or a colleague. What only keeps the books has nothing to bring about.
bool speaks(const flow::CampaignGraph& graph) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const flow::Node& node) {
    if (!node.statement) return false;
    const ast::NodeKind kind = node.statement->kind;
    return kind == ast::NodeKind::Send || kind == ast::NodeKind::HandOff || kind == ast::NodeKind::Assign;
  });
}

}  // namespace

/// Practice, rule 17: what a campaign is for is said before it runs, or nobody can say later whether it worked.
void goal_missing(const Review& review) {
  for (const flow::CampaignGraph& graph : review.graphs) {
    const sema::Campaign& campaign = review.model.campaigns[graph.campaign];
    if (!campaign.goals.empty() || !speaks(graph)) continue;
    Diagnostic& said = review.diagnostics.report(DiagnosticId::NoGoal, campaign.decl->name.span, campaign.name);
    said.hint = "Say what counts as success: goal won: opportunity.won within 180 days";
  }
}

}  // namespace nurture::practice
