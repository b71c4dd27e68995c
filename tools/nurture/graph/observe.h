#pragma once

#include <vector>

#include "compiler/picture/traffic.h"
#include "runtime/base/result.h"
#include "runtime/engine/engine.h"

namespace nurture::tool {

/// Replays a log, and says what is to be seen of each campaign (as Model::campaigns), whatever the number of threads.
/// The totals are those of the summary of the same run.
Result<std::vector<picture::Observed>> observe(const sema::Unit& unit, const bytecode::Module& module,
                                               store::Store& store, const engine::RunOptions& run);

}  // namespace nurture::tool
