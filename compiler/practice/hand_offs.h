#pragma once

#include "compiler/practice/lints.h"

namespace nurture::practice {

/// A campaign that hands off, under review.
struct Case {
  const Review& review;
  const flow::CampaignGraph& graph;
  const sema::Campaign& campaign;
  const Doings& doings;

  const Facts& facts() const { return review.facts; }
  const flow::Node& node(NodeIndex index) const { return graph.nodes[index]; }
};

/// Looks at each of them; what is reported meanwhile is about that campaign.
void for_each_case(const Review& review, const std::function<void(const Case&)>& look);

/// Where the lead waits in earnest: not in a send that is held back.
bool is_wait(const flow::Node& node);
bool is(const flow::Node& node, ast::NodeKind kind);

/// What comes at once after a point; a send that is held back is passed over.
Reached straight(const Case& at, NodeIndex from);
/// Whether a campaign takes the lead in when one of these happens.
bool entered_by_one_of(const Case& at, const Kinds& kinds);
bool holds_any(const Kinds& kinds);

}  // namespace nurture::practice
