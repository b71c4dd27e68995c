#pragma once

#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/bytecode/test_plan.h"
#include "runtime/store/store.h"
#include "runtime/vm/vm.h"

/// A test as a log of its leads, and the instants its expectations ask about.
namespace nurture::testing {

/// An expectation in time. `from` to `to`, both inclusive, is what is asked of outcomes.
struct Question {
  const bytecode::TestLine* line = nullptr;
  Instant clock = 0;
  Instant from = 0;
  Instant to = 0;
  store::LeadIndex member = store::kNoLead;  ///< whose outcomes are asked; kNoLead: anybody's
};

struct World {
  store::Store store;
  vm::BoundModule bound;  ///< of the module and this store
  const calendar::Zone* zone =
      nullptr;  ///< of the first lead, or of the account that is the member, at the start: what the clock is read in
  std::vector<Question> questions;
  bool several = false;  ///< more than one lead, or an account as member: what happens is told with whom it happens to
  Instant horizon = kNever;  ///< the latest instant asked
};

/// Errors: a clock that goes back, a test without a clock line, a date outside the calendar.
Status build_world(const bytecode::Module& module, const bytecode::TestPlan& plan, World& world);

}  // namespace nurture::testing
