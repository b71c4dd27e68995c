#pragma once

#include "compiler/practice/lints.h"
#include "compiler/practice/readiness.h"

namespace nurture::practice {

/// A condition that moves leads when it turns true: a `when`, or an entry by one.
struct Watch {
  const flow::CampaignGraph& graph;
  const Doings& doings;
  const ast::Expr* condition;
  const ast::Trigger* trigger;  ///< or
  const ast::Clause* entry;
  NodeIndex to;  ///< its body, or the stage entered
};

std::vector<Watch> watches(const Review& review, const flow::CampaignGraph& graph);
/// Looks at all of them; what is reported meanwhile is about their campaign.
void for_each_watch(const Review& review, void (*look)(const Review&, const Watch&));

/// "60 points of "interest""
std::string points_of(const sema::Model& model, const Threshold& threshold);

}  // namespace nurture::practice
