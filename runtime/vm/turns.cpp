#include "runtime/vm/turns.h"

#include "runtime/vm/time_ops.h"

namespace nurture::vm::turn {
namespace {

using bytecode::Pc;

std::uint16_t operand(const Activation& activation, Pc at, std::size_t n) {
  return read16(activation.code + at + 1 + 2 * n);
}

Pc ends(Activation& activation, const End& end) {
  activation.end = end;
  return kEnded;
}

/// Goes on at code that a site or state names, paying for what was passed.
Pc goes_on(Activation& activation, Pc at, Pc to) {
  return activation.fuel.spend(at, to) ? to : ends(activation, {End::Kind::OutOfFuel});
}

Pc repeats(Activation& activation, Pc at, const bytecode::RepeatSite& site, Instant anchor, Pc to) {
  if (anchor == activation.frame->now) return goes_on(activation, at, to);
  return ends(activation, {End::Kind::Suspended, site.state, anchor, site.place});
}

}  // namespace

Pc split(Activation& activation, Pc at, const Value* /*top*/) {
  const std::uint16_t index = operand(activation, at, 0);
  const bytecode::SplitSite& site = activation.campaign->splits[index];
  return goes_on(activation, at, site.branches[activation.effects->split(site, index)].body);
}

Pc send(Activation& activation, Pc at, const Value* /*top*/) {
  const std::uint16_t index = operand(activation, at, 0);
  const bytecode::SendSite& site = activation.campaign->sends[index];
  const SendOutcome outcome = activation.effects->send(site, index);
  if (outcome == SendOutcome::Deferred && !site.detached)
    return ends(activation, {End::Kind::Suspended, site.state, kNever, site.place});
  if (outcome == SendOutcome::Sent || outcome == SendOutcome::Deferred) return goes_on(activation, at, site.next);
  if (site.only_if_exhausted && outcome != SendOutcome::Exhausted) return goes_on(activation, at, site.next);
  if (site.detached && site.otherwise != site.next) {
    Returns& returns = activation.returns;
    if (returns.depth == returns.pc.size()) return ends(activation, {End::Kind::OutOfFuel});
    returns.pc[returns.depth++] = site.next;
  }
  return goes_on(activation, at, site.otherwise);
}

Pc wait_until(Activation& activation, Pc at, const Value* top) {
  const Value target = top[-1];
  const std::uint16_t index = operand(activation, at, 0);
  const bytecode::State& state = activation.campaign->states[index];
  if (target.known && target.bits > activation.frame->now)
    return ends(activation, {End::Kind::Suspended, index, target.bits, state.place});
  return goes_on(activation, at, state.on_timer);
}

Pc stay(Activation& activation, Pc at, const Value* /*top*/) {
  const std::uint16_t index = operand(activation, at, 0);
  return ends(activation, {End::Kind::Suspended, index, kNever, activation.campaign->states[index].place});
}

Pc repeat_begin(Activation& activation, Pc at, const Value* /*top*/) {
  const bytecode::RepeatSite& site = activation.campaign->repeats[operand(activation, at, 0)];
  return repeats(activation, at, site, repeat::begin(*activation.frame, site), site.body);
}

Pc repeat_next(Activation& activation, Pc at, const Value* /*top*/) {
  const bytecode::RepeatSite& site = activation.campaign->repeats[operand(activation, at, 0)];
  const Instant anchor = repeat::next(*activation.frame, site);
  return repeats(activation, at, site, anchor, repeat::finished(*activation.frame, site) ? site.after : site.body);
}

Pc go_to(Activation& activation, Pc at, const Value* /*top*/) {
  return ends(activation, {End::Kind::GoTo, operand(activation, at, 0), kNever, operand(activation, at, 1)});
}

Pc restart_stage(Activation& activation, Pc at, const Value* /*top*/) {
  return ends(activation, {End::Kind::RestartStage, bytecode::kNone, kNever, operand(activation, at, 0)});
}

Pc exit(Activation& activation, Pc at, const Value* /*top*/) {
  return ends(activation, {End::Kind::Exit, operand(activation, at, 0), kNever, operand(activation, at, 1)});
}

Pc move_on(Activation& activation, Pc at, const Value* /*top*/) {
  return ends(activation, {End::Kind::MoveOn, operand(activation, at, 0)});
}

Pc keep_waiting(Activation& activation, Pc /*at*/, const Value* /*top*/) {
  return ends(activation, {End::Kind::KeepWaiting});
}

Pc end_body(Activation& activation, Pc at, const Value* /*top*/) {
  Returns& returns = activation.returns;
  if (returns.depth == 0) return ends(activation, {End::Kind::EndBody});
  return goes_on(activation, at, returns.pc[--returns.depth]);
}

}  // namespace nurture::vm::turn
