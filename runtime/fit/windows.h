#pragma once

#include <map>
#include <vector>

#include "runtime/fit/plan.h"

namespace nurture::fit {

/// How long each reaction to each cause is waited for, and which segments are told apart: what the second look at the
/// log goes by.
struct Windows {
  struct OfCause {
    Count causes = 0, foreign = 0;
    Instant longest = 0;
    std::vector<Instant> of_reaction;
  };
  std::vector<OfCause> causes;  ///< as Plan::causes
  std::vector<Value> segments;  ///< of Options::by, those with enough sends: most of them first, then by name
};

/// First look. The longest window of a cause is the longest of a fixed ladder (Options::window at most) that has
/// passed, at the end of the log, for at least half of the causes: which windows have passed does not depend on whether
/// anybody reacted. A reaction's window is the shortest in which at least 99 % of those within the longest came.
Windows choose_windows(const Plan& plan, const Options& options);

}  // namespace nurture::fit
