#pragma once

#include <string>
#include <vector>

#include "runtime/outcome/outcome.h"
#include "runtime/testing/world.h"

/// Outcomes and expectations in words, for the reports of failing tests.
namespace nurture::testing {

std::string clock_text(Instant at, const World& world);
/// What happened, without when: "sends problem_guide". Empty for what a reader of a test does not ask about.
std::string outcome_text(const outcome::Outcome& outcome, const World& world);
/// A line per outcome that says something, and per event of the test, in order.
std::vector<std::string> timeline(const std::vector<outcome::Outcome>& outcomes, const World& world);
/// What a question asks for, with the time: "a send of x between … and …".
std::string question_text(const Question& question, const World& world);

}  // namespace nurture::testing
