#include "compiler/practice/lints.h"

namespace nurture::practice {

/// Practice, rule 17: what a campaign is for is said before it runs, or nobody can say later whether it worked.
void goal_missing(const Review& review) {
  for (const sema::Campaign& campaign : review.model.campaigns) {
    if (!campaign.goals.empty()) continue;
    Diagnostic& said = review.diagnostics.report(DiagnosticId::NoGoal, campaign.decl->name.span, campaign.name);
    said.hint = "Say what counts as success: goal won: opportunity.won within 180 days";
  }
}

}  // namespace nurture::practice
