#pragma once

#include "compiler/practice/facts.h"
#include "compiler/practice/practice.h"

namespace nurture::practice {

/// A programme without errors, and where to report. `graphs` are in the order of Model::campaigns.
struct Review {
  const sema::Model& model;
  const std::vector<flow::CampaignGraph>& graphs;
  const Facts& facts;
  Diagnostics& diagnostics;
};

// One row for each lint, by topic; `review` runs them in this order.
#define NURTURE_LINT(name) void name(const Review& review);
#include "compiler/practice/lints.def"
#undef NURTURE_LINT

}  // namespace nurture::practice
