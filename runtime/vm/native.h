#pragma once

#include <array>
#include <memory>
#include <vector>

#include "runtime/bytecode/opcode.h"
#include "runtime/vm/activation.h"

/// The seam between the VM and whoever makes native code of a module (runtime/jit). The VM runs it and knows nothing of
/// how it came to be; what it does is what the interpreter does, operation by operation.
namespace nurture::vm {

/// The code from one place on: where to go on, or kNoCode with Activation::result or Activation::end set.
using Piece = bytecode::Pc (*)(Activation*);

/// Immutable, for any number of threads and of bindings of the module.
struct NativeCode {
  std::vector<Piece> pieces;           ///< per byte of the module's code; null: interpreted
  std::shared_ptr<const void> memory;  ///< what the pieces stand in
};

/// An operation of straight.def: operands of the instruction at `at` below `top`; the result, if any, takes the place
/// of the lowest of them.
using Straight = void (*)(Activation* activation, bytecode::Pc at, Value* top);
/// One of turns.def.
using Turn = bytecode::Pc (*)(Activation* activation, bytecode::Pc at, const Value* top);

/// The interpreter's operations as functions. Per opcode; null where it is none of them.
struct Operations {
  std::array<Straight, 256> straight{};
  std::array<Turn, 256> turn{};
};
const Operations& operations();

}  // namespace nurture::vm
