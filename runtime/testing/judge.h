#pragma once

#include <string>
#include <vector>

#include "runtime/outcome/outcome.h"
#include "runtime/testing/world.h"

namespace nurture::testing {

/// Those that a question asks, in order.
std::vector<outcome::Outcome> asked_outcomes(const Question& question, const std::vector<outcome::Outcome>& outcomes);
/// Asks the outcomes of one run (§9). `campaign` is the one the test is for.
bool holds(const Question& question, const std::vector<outcome::Outcome>& outcomes, std::uint16_t campaign,
           const World& world);

/// Why it does not hold: the nearest thing that did happen. `outcomes` are those it asks of the same run, and on from
/// there as if nothing else ever came to the lead, up to `until`.
std::string nearest(const Question& question, const std::vector<outcome::Outcome>& outcomes, std::uint16_t campaign,
                    const World& world, Instant until);

}  // namespace nurture::testing
