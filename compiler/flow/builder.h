#pragma once

#include <vector>

#include "compiler/flow/graph.h"
#include "compiler/flow/length.h"

namespace nurture::flow {

/// What the analyses need beside the graph itself.
struct Working {
  CampaignGraph graph;
  std::vector<Bound> dwell;                          ///< per node: how long a Suspension can hold; none: without bound
  std::vector<bool> waits;                           ///< per edge: enough of a wait to stand in a cycle (§5.9)
  std::vector<Bound> whole_repeat;                   ///< per node: of a RepeatStart, all its runs
  std::vector<NodeIndex> campaign_bodies;            ///< per campaign trigger
  std::vector<std::vector<NodeIndex>> stage_bodies;  ///< per stage, per trigger
  bool broken = false;  ///< parts could not be read: nothing is concluded from what is missing
};

/// Builds the graph of one campaign and reports what is wrong inside single bodies (§5.8, §5.9).
Working build_campaign(const sema::Model& model, std::uint32_t campaign, bool broken, Diagnostics& diagnostics);

/// Reachability, cycles, `stay`, `lasts at most`: what concerns the campaign as a whole. Fills reachable and
/// longest_stay.
void analyze_campaign(const sema::Model& model, Working& working, Diagnostics& diagnostics);

}  // namespace nurture::flow
