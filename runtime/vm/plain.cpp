// Bodies that do nothing but end, stay, or wait a constant length of time are the most frequent ones; what they come to
// is read off once, when the module is bound.
#include "runtime/bytecode/opcode.h"
#include "runtime/vm/time_ops.h"
#include "runtime/vm/vm.h"

namespace nurture::vm {
namespace {

using bytecode::Opcode;
using bytecode::Pc;

constexpr Opcode kWait[] = {Opcode::LoadNow, Opcode::PushConst, Opcode::ShiftInstant, Opcode::WaitUntil};

/// An operand of two bytes.
std::uint16_t operand(const bytecode::Module& module, Pc at) {
  return static_cast<std::uint16_t>(module.code[at] | module.code[at + 1] << 8);
}

/// `load.now`, `push.const`, `shift.instant`, `wait.until`, one after the other.
bool is_wait(const bytecode::Module& module, Pc at) {
  for (const Opcode op : kWait) {
    const std::size_t size = bytecode::info(op).size;
    if (at + size > module.code.size() || static_cast<Opcode>(module.code[at]) != op) return false;
    at += static_cast<Pc>(size);
  }
  return true;
}

PlainBody wait_at(const bytecode::Module& module, Pc at) {
  const std::uint16_t length = operand(module, at + 2);
  if (length >= module.constants.size() || module.constants[length].type.kind != TypeKind::Duration) return {};
  return {PlainBody::Form::Wait, End::Kind::Suspended, operand(module, at + 6), 0,
          module.constants[length].value.duration()};
}

PlainBody plain_body(const bytecode::Module& module, Pc at) {
  switch (static_cast<Opcode>(module.code[at])) {
    case Opcode::LoadNow:
      return is_wait(module, at) ? wait_at(module, at) : PlainBody{};
    case Opcode::Stay:
      return {PlainBody::Form::Stay, End::Kind::Suspended, operand(module, at + 1), 0, {}};
    case Opcode::GoTo:
      return {PlainBody::Form::Ends, End::Kind::GoTo, operand(module, at + 1), operand(module, at + 3), {}};
    case Opcode::RestartStage:
      return {PlainBody::Form::Ends, End::Kind::RestartStage, bytecode::kNone, operand(module, at + 1), {}};
    case Opcode::Exit:
      return {PlainBody::Form::Ends, End::Kind::Exit, operand(module, at + 1), operand(module, at + 3), {}};
    case Opcode::MoveOn:
      return {PlainBody::Form::Ends, End::Kind::MoveOn, operand(module, at + 1), 0, {}};
    case Opcode::KeepWaiting:
      return {PlainBody::Form::Ends, End::Kind::KeepWaiting, bytecode::kNone, 0, {}};
    case Opcode::EndBody:
      return {PlainBody::Form::Ends, End::Kind::EndBody, bytecode::kNone, 0, {}};
    default:
      return {};
  }
}

}  // namespace

void find_plain(BoundModule& bound) {
  const bytecode::Module& module = *bound.module;
  bound.plain.resize(1);
  bound.plain_at.resize(module.code.size());
  for (std::size_t pc = 0; pc < module.code.size();) {
    const std::size_t size = bytecode::info(static_cast<Opcode>(module.code[pc])).size;
    if (pc + size > module.code.size()) return;
    const PlainBody plain = plain_body(module, static_cast<Pc>(pc));
    if (plain.form != PlainBody::Form::None) {
      bound.plain_at[pc] = static_cast<std::uint32_t>(bound.plain.size());
      bound.plain.push_back(plain);
    }
    pc += size;
  }
}

bool run_plain(const Frame& frame, const bytecode::Campaign& campaign, Pc& body, End& end) {
  if (frame.passage != nullptr) return false;
  const PlainBody& plain = frame.program->plain[frame.program->plain_at[body]];
  switch (plain.form) {
    case PlainBody::Form::None:
      return false;
    case PlainBody::Form::Ends:
      end = {plain.end, plain.target, kNever, plain.place};
      return true;
    case PlainBody::Form::Stay:
      end = {plain.end, plain.target, kNever, campaign.states[plain.target].place};
      return true;
    case PlainBody::Form::Wait:
      break;
  }
  const Value until = time::shift_instant(Value::of(frame.now), Value::of_duration(plain.length), frame.zone);
  const bytecode::State& state = campaign.states[plain.target];
  if (!until.known || until.bits <= frame.now) {
    body = state.on_timer;
    return false;
  }
  end = {plain.end, plain.target, until.bits, state.place};
  return true;
}

}  // namespace nurture::vm
