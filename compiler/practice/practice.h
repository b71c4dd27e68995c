#pragma once

#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/flow/graph.h"
#include "compiler/sema/model.h"

/// What people who have run many campaigns would say about this one: every rule of docs/practice.md that a programme
/// can break, codes W1100 to W1499. Nothing here is wrong as far as the language goes.
namespace nurture::practice {

/// Reports what speaks against a programme without errors, as `flow::build` left its graphs.
void review(const sema::Model& model, const std::vector<flow::CampaignGraph>& graphs, Diagnostics& diagnostics);

}  // namespace nurture::practice
