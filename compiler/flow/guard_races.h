#pragma once

#include <vector>

#include "compiler/flow/graph.h"

namespace nurture::flow {

/// What two campaigns do to one lead at once: both answer an event, set an attribute to different values, or one asks
/// what the other has just set (W0511 to W0513).
void review_races(const sema::Model& model, Diagnostics& diagnostics);

}  // namespace nurture::flow
