#pragma once

#include "compiler/ir/expressions.h"

namespace nurture::ir {

/// What is claimed of every lead (§10). After the campaigns, whose rows it names.
std::vector<bytecode::Property> properties(const sema::Model& model, Pools& pools, Expressions& expressions);

}  // namespace nurture::ir
