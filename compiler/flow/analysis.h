#pragma once

#include <string>
#include <vector>

#include "compiler/flow/builder.h"

namespace nurture::flow {

/// A step that a membership can take for certain questions: an edge of the graph, or a trigger that leads from a
/// suspension straight to a stage.
struct Step {
  NodeIndex to = 0;
  bool waits = false;  ///< may stand in a cycle (§5.9)
  Bound longest;
  const ast::Stmt* going = nullptr;  ///< the `go to` or `restart stage` taken, if any
};
using Steps = std::vector<std::vector<Step>>;  ///< per node

/// Where a trigger's body can lead.
struct Leaving {
  std::vector<std::pair<std::uint32_t, const ast::Stmt*>> stages;  ///< kNoIndex: restarts the stage it is in
  bool exits = false;
};
Leaving leaving(const CampaignGraph& graph, NodeIndex body);

/// All steps between the stages' statements. Triggers lead from each suspension to where their body goes; going to the
/// stage one is in changes nothing (§5.9). `repeats` tells whether a repeat's next run is a step, or all runs are one.
Steps steps_of(const Working& working, bool repeats);

/// A way round in the steps that `use` admits, from the first node back to it; empty if there is none. Only nodes of
/// `graph.reachable`.
struct Round {
  std::vector<NodeIndex> nodes;
  const ast::Stmt* closing = nullptr;  ///< the `go to` or `restart stage` that leads back
};
std::vector<Round> rounds(const CampaignGraph& graph, const Steps& steps, bool waiting_steps_too);

/// The longest way from the entry; none if it has no bound. There must be no way round.
Bound longest_way(const Steps& steps);

}  // namespace nurture::flow
