#pragma once

#include "compiler/flow/graph.h"

namespace nurture::flow {

/// Sends that a limit holds back on the way of a lead who does nothing (W0510).
void review_limits(const sema::Model& model, const CampaignGraph& graph, Diagnostics& diagnostics);

}  // namespace nurture::flow
