#pragma once

#include <array>

#include "runtime/vm/vm.h"

/// What the interpreter and native code share while they run one piece of code.
namespace nurture::vm {

/// The `else` bodies of detached sends that are running, innermost last: where each goes on.
struct Returns {
  std::array<bytecode::Pc, 16> pc;
  std::size_t depth;
};

/// Fuel counts bytes of code passed, which bounds the instructions: within one run of code control only goes forward.
struct Fuel {
  std::int64_t left = kFuel;
  bytecode::Pc from = 0;
  bool spend(bytecode::Pc until, bytecode::Pc next) {
    left -= std::int64_t{until} - from + 1;
    from = next;
    return left > 0;
  }
};

/// One run of an expression or of a body. Native code reads its members by their places.
struct Activation {
  const Frame* frame;
  const bytecode::Campaign* campaign;
  Effects* effects;  ///< null: an expression
  const BoundModule* program;
  const std::uint8_t* code;     ///< of the module
  const Value* constants;       ///< of the program
  const calendar::Zone* zone;   ///< of the next time operation
  Value result;                 ///< of an expression that has ended
  End end{End::Kind::EndBody};  ///< of a body that has ended
  Fuel fuel;
  Returns returns;

  Activation(const Frame& of, const bytecode::Campaign* in, Effects* on, bytecode::Pc start)
      : frame(&of),
        campaign(in),
        effects(on),
        program(of.program),
        code(program->module->code.data()),
        constants(program->constants.data()),
        zone(of.zone),
        fuel{kFuel, start} {
    returns.depth = 0;
  }
};

inline std::uint16_t read16(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] | at[1] << 8); }
inline std::uint32_t read32(const std::uint8_t* at) {
  return at[0] | at[1] << 8 | at[2] << 16 | static_cast<std::uint32_t>(at[3]) << 24;
}

}  // namespace nurture::vm
