#pragma once

#include "compiler/ir/ir.h"

namespace nurture::codegen {

/// Writes the code of a programme as bytes and turns the labels in the module's tables into offsets. Every jump goes
/// forward, and one to the next instruction is left out.
void lay_out(ir::Program& program);

}  // namespace nurture::codegen
