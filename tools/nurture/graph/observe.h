#pragma once

#include <vector>

#include "compiler/picture/traffic.h"
#include "runtime/base/result.h"
#include "runtime/engine/engine.h"
#include "runtime/outcome/passages.h"
#include "runtime/outcome/summary.h"

namespace nurture::tool {

/// Replays a log, and says what is to be seen of each campaign (as Model::campaigns), whatever the number of threads.
/// The totals are those of the summary of the same run.
Result<std::vector<picture::Observed>> observe(const sema::Unit& unit, const bytecode::Module& module,
                                               store::Store& store, const engine::RunOptions& run);

/// What the sinks of one run counted, all ranges together.
struct Counted {
  const outcome::Tally& tally;
  const std::vector<outcome::Passages>& passages;
  const outcome::Summary& summary;
};
/// The same of a run that was done already.
std::vector<picture::Observed> observed_in(const sema::Unit& unit, const bytecode::Module& module,
                                           const Counted& counted);

}  // namespace nurture::tool
