#pragma once

#include "compiler/flow/graph.h"

namespace nurture::flow {

/// Sends that come when their windows are closed, by the clock of the wait before them (W0507, W0508).
void review_hours(const sema::Model& model, const CampaignGraph& graph, Diagnostics& diagnostics);

}  // namespace nurture::flow
