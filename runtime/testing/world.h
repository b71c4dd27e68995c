#pragma once

#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/bytecode/test_plan.h"
#include "runtime/store/store.h"
#include "runtime/vm/vm.h"

/// A test as a log with one lead, and the instants its expectations ask about.
namespace nurture::testing {

/// An expectation in time. `from` to `to`, both inclusive, is what is asked of outcomes.
struct Question {
  const bytecode::TestLine* line = nullptr;
  Instant clock = 0;
  Instant from = 0;
  Instant to = 0;
};

struct World {
  store::Store store;
  vm::BoundModule bound;                 ///< of the module and this store
  const calendar::Zone* zone = nullptr;  ///< the test lead's at the start: what the clock is read in
  std::vector<Question> questions;
  Instant horizon = kNever;  ///< the latest instant asked
};

/// Errors: a clock that goes back, a test without a clock line, a date outside the calendar.
Status build_world(const bytecode::Module& module, const bytecode::TestPlan& plan, World& world);

}  // namespace nurture::testing
