#pragma once

#include "runtime/vm/activation.h"

/// The instructions that end a piece of a body: each decides where control goes on, or that the activation is over.
namespace nurture::vm::turn {

inline constexpr bytecode::Pc kEnded = bytecode::kNoCode;

// Each takes the instruction at `at`, whose operand, if it has one, is below `top`: the code to go on at, which is paid
// for, or kEnded with Activation::end set.
#define NURTURE_TURN(opcode, function) bytecode::Pc function(Activation& activation, bytecode::Pc at, const Value* top);
#include "runtime/vm/turns.def"
#undef NURTURE_TURN

}  // namespace nurture::vm::turn
