#pragma once

#include <vector>

#include "compiler/flow/graph.h"
#include "compiler/sema/model.h"
#include "runtime/base/result.h"
#include "runtime/bytecode/coverage.h"
#include "runtime/bytecode/module.h"
#include "runtime/bytecode/test_plan.h"

namespace nurture::codegen {

/// Lowers a model without errors. The result has passed the verifier. Errors: a programme larger than the format holds
/// (65,535 strings, 255 event kinds in use, 64 `when` per campaign), each with what to do.
/// `spots`: what coverage asks about besides the module.
Result<bytecode::Module> lower(const sema::Unit& unit, const std::vector<flow::CampaignGraph>& graphs,
                               std::vector<bytecode::Spot>* spots = nullptr);

/// The tests of the programme, against the module that `lower` made of it.
std::vector<bytecode::TestPlan> lower_tests(const sema::Unit& unit, const bytecode::Module& module);

}  // namespace nurture::codegen
