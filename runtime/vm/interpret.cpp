#include <new>

#include "runtime/bytecode/opcode.h"
#include "runtime/vm/native.h"
#include "runtime/vm/straight.h"
#include "runtime/vm/turns.h"

namespace nurture::vm {
namespace {

using bytecode::Pc;

/// Room for what an activation computes with. Left uninitialised: the verifier has seen that nothing is read before it
/// is written, and that no code is deeper.
struct Stack {
  alignas(Value) std::byte room[bytecode::kMaxStack * sizeof(Value)];
  Value* base() { return std::launder(reinterpret_cast<Value*>(room)); }
};

// One function, one jump per instruction: each handler ends by jumping to the next one's label.
#define OP(name) op_##name:
#define DISPATCH                                                \
  do {                                                          \
    if constexpr (kFollowed) {                                  \
      frame.passage->emplace(last, static_cast<Pc>(pc - code)); \
      last = static_cast<Pc>(pc - code);                        \
    }                                                           \
    goto* kLabels[*pc];                                         \
  } while (false)
#define NEXT(op)                                       \
  do {                                                 \
    pc += bytecode::kOpcodeSize<bytecode::Opcode::op>; \
    DISPATCH;                                          \
  } while (false)
#define ARG(n) read16(pc + 1 + 2 * (n))
#define POP() (*--top)

/// Runs from `start` to the end of the expression or body. Followed: writes down Frame::passage.
template <bool kFollowed>
void interpret(Activation& activation, Pc start) {
  static const void* const kLabels[] = {
#define NURTURE_OP(name, mnemonic, operands, pops, pushes, meaning) &&op_##name,
#include "runtime/bytecode/opcodes.def"
#undef NURTURE_OP
  };
  const Frame& frame = *activation.frame;
  const BoundModule& program = *activation.program;
  const bytecode::Campaign* const campaign = activation.campaign;
  Effects* const effects = activation.effects;
  const std::uint8_t* const code = activation.code;
  const std::uint8_t* pc = code + start;
  [[maybe_unused]] Pc last = start;
  Stack stack;
  Value* top = stack.base();
  DISPATCH;

#define NURTURE_PUSH(op, ...)    \
  OP(op) {                       \
    const Value v = __VA_ARGS__; \
    *top++ = v;                  \
    NEXT(op);                    \
  }
#define NURTURE_UNARY(op, ...) \
  OP(op) {                     \
    const Value a = top[-1];   \
    top[-1] = __VA_ARGS__;     \
    NEXT(op);                  \
  }
#define NURTURE_BINARY(op, ...) \
  OP(op) {                      \
    const Value a = top[-2];    \
    const Value b = top[-1];    \
    --top;                      \
    top[-1] = __VA_ARGS__;      \
    NEXT(op);                   \
  }
#define NURTURE_DO(op, ...) \
  OP(op) {                  \
    __VA_ARGS__;            \
    NEXT(op);               \
  }
#include "runtime/vm/straight.def"
#undef NURTURE_PUSH
#undef NURTURE_UNARY
#undef NURTURE_BINARY
#undef NURTURE_DO

  // Control
  OP(Jump) {
    pc = code + read32(pc + 1);
    DISPATCH;
  }
  OP(JumpIfFalse) {
    --top;
    pc = top->truth() ? pc + bytecode::kOpcodeSize<bytecode::Opcode::JumpIfFalse> : code + read32(pc + 1);
    DISPATCH;
  }
  OP(JumpIfTrue) {
    --top;
    pc = top->truth() ? code + read32(pc + 1) : pc + bytecode::kOpcodeSize<bytecode::Opcode::JumpIfTrue>;
    DISPATCH;
  }
  OP(JumpIfKnown) {
    pc = top[-1].known ? code + read32(pc + 1) : pc + bytecode::kOpcodeSize<bytecode::Opcode::JumpIfKnown>;
    DISPATCH;
  }
  OP(Return) {
    activation.result = top[-1];
    return;
  }

#define NURTURE_TURN(op, function)                                             \
  OP(op) {                                                                     \
    const Pc to = turn::function(activation, static_cast<Pc>(pc - code), top); \
    if (to == turn::kEnded) return;                                            \
    pc = code + to;                                                            \
    DISPATCH;                                                                  \
  }
#include "runtime/vm/turns.def"
#undef NURTURE_TURN
}

/// From `start` to the end, in native code where there is some.
void execute(Activation& activation, Pc start) {
  const NativeCode* const native = activation.program->native.get();
  if (native == nullptr) return interpret<false>(activation, start);
  for (Pc at = start; at != turn::kEnded;) {
    const Piece piece = native->pieces[at];
    if (piece == nullptr) return interpret<false>(activation, at);
    at = piece(&activation);
  }
}

}  // namespace

Value evaluate(const Frame& frame, const bytecode::Campaign* campaign, Pc expression) {
  Activation activation(frame, campaign, nullptr, expression);
  execute(activation, expression);
  return activation.result;
}

End run(Frame& frame, const bytecode::Campaign& campaign, Pc body, Effects& effects) {
  Activation activation(frame, &campaign, &effects, body);
  if (frame.passage != nullptr) {
    interpret<true>(activation, body);
  } else {
    execute(activation, body);
  }
  return activation.end;
}

Pc resume_repeat(const Frame& frame, const bytecode::Campaign& campaign, std::uint16_t state) {
  const bytecode::State& at = campaign.states[state];
  if (at.kind != bytecode::StateKind::Repeat) return at.on_timer;
  for (const bytecode::RepeatSite& site : campaign.repeats) {
    if (site.state == state) return repeat::finished(frame, site) ? site.after : site.body;
  }
  return at.on_timer;
}

}  // namespace nurture::vm
