#include "compiler/practice/practice.h"

#include "compiler/practice/lints.h"

namespace nurture::practice {

void review(const sema::Model& model, const std::vector<flow::CampaignGraph>& graphs, Diagnostics& diagnostics) {
  const Facts facts(model, graphs);
  const Review all{model, graphs, facts, diagnostics};
#define NURTURE_LINT(name) name(all);
#include "compiler/practice/lints.def"
#undef NURTURE_LINT
}

}  // namespace nurture::practice
