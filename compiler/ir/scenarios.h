#pragma once

#include "compiler/ir/expressions.h"

namespace nurture::ir {

/// What may be assumed of leads (§7.5).
std::vector<bytecode::Scenario> scenarios(const sema::Model& model, Pools& pools, Expressions& expressions);

}  // namespace nurture::ir
