#pragma once

#include <vector>

#include "compiler/flow/graph.h"

namespace nurture::flow {

/// Reports what conditions, windows, limits and the other campaigns leave of a programme without errors: what never or
/// always holds, what something above takes, what always waits, what two campaigns do at once (W0503 to W0514).
void review_guards(const sema::Model& model, const std::vector<CampaignGraph>& graphs, Diagnostics& diagnostics);

}  // namespace nurture::flow
