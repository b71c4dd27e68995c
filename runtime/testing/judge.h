#pragma once

#include <string>
#include <vector>

#include "runtime/outcome/outcome.h"
#include "runtime/testing/world.h"

namespace nurture::testing {

struct Verdict {
  bool holds = false;
  std::string nearest;  ///< where it does not: the nearest thing that did happen
};

/// Asks the outcomes of one run (§9). `campaign` is the one the test is for.
Verdict judge(const Question& question, const std::vector<outcome::Outcome>& outcomes, std::uint16_t campaign,
              const World& world);

}  // namespace nurture::testing
