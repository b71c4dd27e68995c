// The operations as functions, for native code.
#include "runtime/vm/native.h"

#include "runtime/vm/straight.h"
#include "runtime/vm/turns.h"

namespace nurture::vm {
namespace {

using bytecode::Opcode;
using bytecode::Pc;

constexpr std::size_t row(Opcode op) { return static_cast<std::size_t>(op); }

void fill_straight(Operations& table) {
#define ARG(n) read16(activation.code + at + 1 + 2 * (n))
#define POP() (*--top)
#define NURTURE_DO(op, ...)                                                   \
  table.straight[row(Opcode::op)] = [](Activation* of, Pc at, Value* top) {   \
    [[maybe_unused]] Activation& activation = *of;                            \
    [[maybe_unused]] const Frame& frame = *of->frame;                         \
    [[maybe_unused]] const BoundModule& program = *of->program;               \
    [[maybe_unused]] const bytecode::Campaign* const campaign = of->campaign; \
    [[maybe_unused]] Effects* const effects = of->effects;                    \
    static_cast<void>(at), static_cast<void>(top);                            \
    __VA_ARGS__;                                                              \
  };
#define NURTURE_PUSH(op, ...) NURTURE_DO(op, *top = __VA_ARGS__)
#define NURTURE_UNARY(op, ...) NURTURE_DO(op, const Value a = top[-1]; top[-1] = __VA_ARGS__)
#define NURTURE_BINARY(op, ...) NURTURE_DO(op, const Value a = top[-2]; const Value b = top[-1]; top[-2] = __VA_ARGS__)
#include "runtime/vm/straight.def"
#undef NURTURE_PUSH
#undef NURTURE_UNARY
#undef NURTURE_BINARY
#undef NURTURE_DO
#undef POP
#undef ARG
}

void fill_turns(Operations& table) {
#define NURTURE_TURN(op, function) \
  table.turn[row(Opcode::op)] = [](Activation* of, Pc at, const Value* top) { return turn::function(*of, at, top); };
#include "runtime/vm/turns.def"
#undef NURTURE_TURN
}

}  // namespace

const Operations& operations() {
  static const Operations kAll = [] {
    Operations table;
    fill_straight(table);
    fill_turns(table);
    return table;
  }();
  return kAll;
}

}  // namespace nurture::vm
