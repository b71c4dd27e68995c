#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/bytecode/module.h"
#include "runtime/bytecode/test_plan.h"
#include "runtime/engine/engine.h"
#include "runtime/outcome/outcome.h"
#include "runtime/vm/vm.h"

/// Runs the `test`s of a programme (§9): builds each one's log, replays it with the engine, asks the outcomes.
namespace nurture::testing {

/// Why an expectation did not hold.
struct Failure {
  bytecode::WrittenAt place;
  std::string written;                ///< the line as written
  std::string expected;               ///< "a send of problem_guide between 2026-03-05 10:00 and 2026-03-05 11:00"
  std::string nearest;                ///< "sent at 2026-03-05 12:00, 1 hour too late", or what is the case instead
  std::string draws;                  ///< "split offer is story": the draws that this run assumed; empty if none
  std::vector<std::string> timeline;  ///< what happened to the test lead, a line each
};

struct TestResult {
  std::string name;
  bytecode::WrittenAt place;
  bool passed = false;
  std::uint32_t runs = 0;  ///< combinations of draws that were run
  std::vector<Failure> failures;
  std::string error;  ///< why the test could not be judged, and the way forward; empty if it was
};

/// What coverage and explanations want to know of each run, besides the verdicts.
struct TestHooks {
  std::function<void(const bytecode::TestPlan& plan, const outcome::Outcome& outcome)> outcome;
  vm::Passage* passage = nullptr;
  engine::MakeNative native;  ///< RunOptions::native
};

/// Unforced splits that a run reaches are all run, at most this many combinations.
inline constexpr std::uint32_t kMaxCombinations = 64;

TestResult run_test(const bytecode::Module& module, const bytecode::TestPlan& plan, const TestHooks& hooks = {});
/// In the order given.
std::vector<TestResult> run_tests(const bytecode::Module& module, const std::vector<bytecode::TestPlan>& plans,
                                  const TestHooks& hooks = {});

}  // namespace nurture::testing
