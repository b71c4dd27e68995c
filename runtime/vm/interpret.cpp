#include <array>
#include <new>

#include "runtime/bytecode/opcode.h"
#include "runtime/vm/arithmetic.h"
#include "runtime/vm/past_ops.h"
#include "runtime/vm/text_ops.h"
#include "runtime/vm/time_ops.h"
#include "runtime/vm/vm.h"

namespace nurture::vm {
namespace {

using bytecode::Pc;

/// Room for what an activation computes with. Left uninitialised: the verifier has seen that nothing is read before it
/// is written, and that no code is deeper.
struct Stack {
  alignas(Value) std::byte room[bytecode::kMaxStack * sizeof(Value)];
  Value* base() { return std::launder(reinterpret_cast<Value*>(room)); }
};

/// The `else` bodies of detached sends that are running, innermost last: where each goes on.
struct Returns {
  std::array<Pc, 16> pc;
  std::size_t depth = 0;
};

inline std::uint16_t read16(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] | at[1] << 8); }
inline std::uint32_t read32(const std::uint8_t* at) {
  return at[0] | at[1] << 8 | at[2] << 16 | static_cast<std::uint32_t>(at[3]) << 24;
}

inline bool same(Value a, Value b) { return a.known && b.known && a.bits == b.bits; }
inline bool less(Value a, Value b) { return a.known && b.known && a.bits < b.bits; }

/// Applies a predicate to two known numbers, texts or durations; false if one is unknown.
template <typename Compare>
bool on_numbers(Value a, Value b, Compare compare) {
  return a.known && b.known && compare(a.number(), b.number());
}
template <typename Compare>
bool on_durations(Value a, Value b, Compare compare) {
  return a.known && b.known && compare(arithmetic::nominal(a.duration()), arithmetic::nominal(b.duration()));
}
template <typename Compare, typename... Flag>
bool on_texts(const BoundModule& program, Value a, Value b, Compare compare, Flag... fold) {
  return a.known && b.known && compare(program.texts->at(a.text()), program.texts->at(b.text()), fold...);
}
template <typename Compare>
bool on_items(const BoundModule& program, Value a, Value list, Compare compare) {
  if (!a.known || !list.known) return false;
  for (Value item : program.lists->at(static_cast<ListId>(list.bits))) {
    if (item.known && compare(a, item)) return true;
  }
  return false;
}

Value cell(const BoundModule& program, Value key, std::uint16_t keys, std::uint16_t cells) {
  if (!key.known) return Value::unknown();
  const auto row = program.rows[keys].find(key.bits);
  if (row == program.rows[keys].end()) return Value::unknown();
  return program.lists->at(static_cast<ListId>(program.constants[cells].bits))[row->second];
}

inline Value property(const Record* record, std::uint16_t kind_at_hand, const std::uint8_t* operands) {
  if (record == nullptr || kind_at_hand != read16(operands)) return Value::unknown();
  return record->at(read16(operands + 2));
}

/// Fuel counts bytes of code passed, which bounds the instructions: within one run of code control only goes forward.
struct Fuel {
  std::int64_t left = kFuel;
  Pc from = 0;
  bool spend(Pc until, Pc next) {
    left -= std::int64_t{until} - from + 1;
    from = next;
    return left > 0;
  }
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
#define PUSH(op, value)    \
  do {                     \
    const Value v = value; \
    *top++ = v;            \
    NEXT(op);              \
  } while (false)
#define UNARY(op, value)     \
  OP(op) {                   \
    const Value a = top[-1]; \
    top[-1] = value;         \
    NEXT(op);                \
  }
#define BINARY(op, value)    \
  OP(op) {                   \
    const Value a = top[-2]; \
    const Value b = top[-1]; \
    --top;                   \
    top[-1] = value;         \
    NEXT(op);                \
  }
#define KNOWN_UNARY(op, value) UNARY(op, a.known ? (value) : Value::unknown())
#define KNOWN_BINARY(op, value) BINARY(op, a.known&& b.known ? (value) : Value::unknown())
#define TEST(op, condition) BINARY(op, Value::of_bool(condition))
// Takes the jump to code that a site or state names, paying for what was passed.
#define GO(target)                                                                  \
  do {                                                                              \
    const Pc to = (target);                                                         \
    if (!fuel.spend(static_cast<Pc>(pc - code), to)) return {End::Kind::OutOfFuel}; \
    pc = code + to;                                                                 \
    DISPATCH;                                                                       \
  } while (false)

/// Runs from `start` to the end of the expression (its value in `result`) or body. Followed: writes down
/// Frame::passage.
template <bool kFollowed>
End execute(const Frame& frame, const bytecode::Campaign* campaign, Pc start, Effects* effects, Value* result) {
  static const void* const kLabels[] = {
#define NURTURE_OP(name, mnemonic, operands, pops, pushes, meaning) &&op_##name,
#include "runtime/bytecode/opcodes.def"
#undef NURTURE_OP
  };
  const BoundModule& program = *frame.program;
  const std::uint8_t* const code = program.module->code.data();
  const std::uint8_t* pc = code + start;
  [[maybe_unused]] Pc last = start;
  const calendar::Zone* zone = frame.zone;  // of the next time operation
  Stack stack;
  Value* top = stack.base();
  Returns returns;
  Fuel fuel{kFuel, start};
  DISPATCH;

  // Loads
  OP(PushConst) { PUSH(PushConst, program.constants[ARG(0)]); }
  OP(PushTrue) { PUSH(PushTrue, Value::of_bool(true)); }
  OP(PushFalse) { PUSH(PushFalse, Value::of_bool(false)); }
  OP(PushUnknown) { PUSH(PushUnknown, Value::unknown()); }
  OP(LoadLead) { PUSH(LoadLead, frame.lead != nullptr ? frame.lead[ARG(0)] : Value::unknown()); }
  OP(LoadAccount) { PUSH(LoadAccount, frame.account != nullptr ? frame.account[ARG(0)] : Value::unknown()); }
  OP(LoadEvent) { PUSH(LoadEvent, property(frame.event, frame.event_kind, pc + 1)); }
  OP(LoadEntry) { PUSH(LoadEntry, property(frame.entry, frame.entry_kind, pc + 1)); }
  OP(LoadColumn) { PUSH(LoadColumn, frame.event != nullptr ? frame.event->at(ARG(0)) : Value::unknown()); }
  OP(LoadSlot) { PUSH(LoadSlot, frame.slots != nullptr ? frame.slots[ARG(0)] : Value::unknown()); }
  OP(LoadNow) { PUSH(LoadNow, Value::of(frame.now)); }
  OP(LoadToday) { PUSH(LoadToday, past::today(frame)); }
  OP(LoadWithSales) { PUSH(LoadWithSales, Value::of_bool(frame.with_sales)); }
  OP(LoadWaitStart) { PUSH(LoadWaitStart, Value::of(frame.wait_start)); }
  OP(LoadEnteredAt) { PUSH(LoadEnteredAt, Value::of(frame.entered_at)); }
  OP(LoadTouch) { PUSH(LoadTouch, frame.touch > 0 ? Value::of(frame.touch) : Value::unknown()); }

  // The past
  OP(History) { PUSH(History, frame.past != nullptr ? frame.past->history(frame, ARG(0)) : Value::unknown()); }
  OP(LoadSent) { PUSH(LoadSent, Value::of_bool(frame.past != nullptr && frame.past->was_sent(ARG(0)))); }
  OP(CountLeads) { PUSH(CountLeads, Value::of(frame.past != nullptr ? frame.past->count_leads(frame, ARG(0)) : 0)); }
  OP(LoadVisits) { PUSH(LoadVisits, Value::of(frame.past != nullptr ? frame.past->visits(ARG(0)) : 0)); }
  OP(WasIn) { PUSH(WasIn, Value::of_bool(past::was_in(frame, ARG(0), ARG(1)))); }
  UNARY(WasInLast, Value::of_bool(past::was_in_last(frame, ARG(0), ARG(1), a)))
  OP(LoadScore) { PUSH(LoadScore, past::score(frame, ARG(0))); }
  UNARY(ScoreCompare, Value::of_bool(past::score_compares(frame, ARG(0), ARG(1), a)))
  UNARY(DaysSince, past::days_since(frame, a))
  TEST(InLast, past::in_last(frame, a, b))
  TEST(WithinNext, past::within_next(frame, a, b))
  TEST(WithinNextDate, past::within_next_date(frame, a, b))

  // Tables
  UNARY(Lookup, cell(program, a, ARG(0), ARG(1)))

  // Stack
  OP(Pop) {
    --top;
    NEXT(Pop);
  }
  UNARY(Truth, Value::of_bool(a.truth()))

  // Arithmetic
  KNOWN_BINARY(AddInt, arithmetic::add(a.bits, b.bits))
  KNOWN_BINARY(SubInt, arithmetic::subtract(a.bits, b.bits))
  KNOWN_BINARY(MulInt, arithmetic::multiply(a.bits, b.bits))
  KNOWN_UNARY(NegInt, arithmetic::subtract(0, a.bits))
  KNOWN_BINARY(AddNumber, arithmetic::finite(a.number() + b.number()))
  KNOWN_BINARY(SubNumber, arithmetic::finite(a.number() - b.number()))
  KNOWN_BINARY(MulNumber, arithmetic::finite(a.number() * b.number()))
  KNOWN_BINARY(DivNumber, b.number() == 0 ? Value::unknown() : arithmetic::finite(a.number() / b.number()))
  KNOWN_UNARY(NegNumber, arithmetic::finite(-a.number()))
  KNOWN_BINARY(AddDecimal, arithmetic::add(a.bits, b.bits))
  KNOWN_BINARY(SubDecimal, arithmetic::subtract(a.bits, b.bits))
  KNOWN_BINARY(MulDecimal, arithmetic::multiply_scaled(a.bits, b.bits, kDecimalScale))
  KNOWN_BINARY(DivDecimal, arithmetic::divide_decimal(a.bits, b.bits))
  KNOWN_BINARY(MulPercent, arithmetic::multiply_scaled(a.bits, b.bits, 100 * kPercentScale))
  KNOWN_UNARY(IntToNumber, Value::of_number(static_cast<double>(a.bits)))
  KNOWN_UNARY(IntToDecimal, arithmetic::multiply(a.bits, kDecimalScale))
  KNOWN_BINARY(AddDuration, arithmetic::add_durations(a.duration(), b.duration()))
  KNOWN_UNARY(NegDuration, arithmetic::multiply_duration(a.duration(), -1))
  KNOWN_BINARY(MulDuration, arithmetic::multiply_duration(a.duration(), b.bits))
  OP(ShiftInstant) {
    --top;
    top[-1] = time::shift_instant(top[-1], top[0], zone);
    zone = frame.zone;
    NEXT(ShiftInstant);
  }
  BINARY(ShiftDate, time::shift_date(a, b))
  OP(DiffInstant) {
    const Value b = *--top;
    const Value a = top[-1];
    const Value micros = a.known && b.known ? arithmetic::subtract(a.bits, b.bits) : Value::unknown();
    top[-1] = arithmetic::duration(0, 0, micros);
    NEXT(DiffInstant);
  }
  OP(DiffDate) {
    const Value b = *--top;
    const Value a = top[-1];
    const Value days = a.known && b.known ? arithmetic::subtract(a.bits, b.bits) : Value::unknown();
    top[-1] = days.known ? arithmetic::duration(0, days.bits, Value::of(0)) : days;
    NEXT(DiffDate);
  }
  OP(DateStart) {
    top[-1] = time::date_start(top[-1], zone);
    zone = frame.zone;
    NEXT(DateStart);
  }
  OP(DateAtTime) {
    --top;
    top[-1] = time::date_at_time(top[-1], top[0], zone);
    zone = frame.zone;
    NEXT(DateAtTime);
  }
  UNARY(LocalDate, time::local_date(a, frame.zone))

  // Comparisons
  TEST(Equal, same(a, b))
  TEST(EqualNumber, on_numbers(a, b, [](double x, double y) { return x == y; }))
  TEST(LessInt, less(a, b))
  TEST(LessEqualInt, less(a, b) || same(a, b))
  TEST(LessNumber, on_numbers(a, b, [](double x, double y) { return x < y; }))
  TEST(LessEqualNumber, on_numbers(a, b, [](double x, double y) { return x <= y; }))
  TEST(LessText, on_texts(program, a, b, [](auto x, auto y) { return x < y; }))
  TEST(LessEqualText, on_texts(program, a, b, [](auto x, auto y) { return x <= y; }))
  TEST(EqualDuration, on_durations(a, b, [](auto x, auto y) { return x == y; }))
  TEST(LessDuration, on_durations(a, b, [](auto x, auto y) { return x < y; }))
  TEST(LessEqualDuration, on_durations(a, b, [](auto x, auto y) { return x <= y; }))
  TEST(EqualFold, on_texts(program, a, b, text::equal_fold))
  TEST(StartsWith, on_texts(program, a, b, text::starts_with, ARG(0) != 0))
  TEST(EndsWith, on_texts(program, a, b, text::ends_with, ARG(0) != 0))
  TEST(Contains, on_texts(program, a, b, text::contains, ARG(0) != 0))
  TEST(Matches, on_texts(program, a, b, text::matches, ARG(0) != 0))
  TEST(InList, on_items(program, a, b, [](Value x, Value item) { return x == item; }))
  TEST(InListNumber, on_items(program, a, b, [](Value x, Value item) { return x.number() == item.number(); }))
  TEST(InListFold,
       on_items(program, a, b, [&](Value x, Value item) { return on_texts(program, x, item, text::equal_fold); }))
  UNARY(IsKnown, Value::of_bool(a.known))
  UNARY(Not, Value::of_bool(!a.truth()))

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
    *result = top[-1];
    return {End::Kind::EndBody};
  }

  // Statements without a suspension
  OP(HandOff) {
    effects->hand_off(campaign->hand_offs[ARG(0)]);
    NEXT(HandOff);
  }
  OP(TakeBack) {
    effects->take_back(ARG(0));
    NEXT(TakeBack);
  }
  OP(Assign) {
    effects->assign(campaign->assigns[ARG(0)], *--top);
    NEXT(Assign);
  }
  OP(Notify) {
    effects->notify(campaign->notifies[ARG(0)], *--top);
    NEXT(Notify);
  }
  OP(SetLead) {
    effects->set_lead(ARG(0), *--top, ARG(1));
    zone = frame.zone;  // it may have been lead.timezone
    NEXT(SetLead);
  }
  OP(AddScore) {
    effects->add_score(ARG(0), *--top, ARG(1));
    NEXT(AddScore);
  }
  OP(ResetScore) {
    effects->reset_score(ARG(0), ARG(1));
    NEXT(ResetScore);
  }
  OP(StoreSlot) {
    frame.slots[ARG(0)] = *--top;
    NEXT(StoreSlot);
  }
  OP(Remember) {
    frame.slots[ARG(0)] = *--top;
    effects->remembered(ARG(1), *top, ARG(2));
    NEXT(Remember);
  }
  OP(EnrollIn) {
    effects->enroll_in(ARG(0), ARG(1));
    NEXT(EnrollIn);
  }
  OP(RemoveFrom) {
    effects->remove_from(ARG(0), ARG(1));
    NEXT(RemoveFrom);
  }
  OP(AddAudience) {
    effects->change_audience(ARG(0), true, ARG(1));
    NEXT(AddAudience);
  }
  OP(RemoveAudience) {
    effects->change_audience(ARG(0), false, ARG(1));
    NEXT(RemoveAudience);
  }
  OP(CallWebhook) {
    effects->call_webhook(ARG(0), ARG(1));
    NEXT(CallWebhook);
  }
  OP(Split) {
    const bytecode::SplitSite& site = campaign->splits[ARG(0)];
    GO(site.branches[effects->split(site, ARG(0))].body);
  }

  // Statements that may suspend
  OP(Send) {
    const bytecode::SendSite& site = campaign->sends[ARG(0)];
    const SendOutcome outcome = effects->send(site, ARG(0));
    if (outcome == SendOutcome::Deferred && !site.detached)
      return {End::Kind::Suspended, site.state, kNever, site.place};
    if (outcome == SendOutcome::Sent || outcome == SendOutcome::Deferred) GO(site.next);
    if (site.only_if_exhausted && outcome != SendOutcome::Exhausted) GO(site.next);
    if (site.detached && site.otherwise != site.next) {
      if (returns.depth == returns.pc.size()) return {End::Kind::OutOfFuel};
      returns.pc[returns.depth++] = site.next;
    }
    GO(site.otherwise);
  }
  OP(WaitUntil) {
    const Value target = *--top;
    const bytecode::State& state = campaign->states[ARG(0)];
    if (target.known && target.bits > frame.now) return {End::Kind::Suspended, ARG(0), target.bits, state.place};
    GO(state.on_timer);
  }
  OP(Stay) { return {End::Kind::Suspended, ARG(0), kNever, campaign->states[ARG(0)].place}; }
  OP(RepeatBegin) {
    const bytecode::RepeatSite& site = campaign->repeats[ARG(0)];
    const Instant anchor = repeat::begin(frame, site);
    if (anchor != frame.now) return {End::Kind::Suspended, site.state, anchor, site.place};
    GO(site.body);
  }
  OP(RepeatNext) {
    const bytecode::RepeatSite& site = campaign->repeats[ARG(0)];
    const Instant anchor = repeat::next(frame, site);
    if (anchor != frame.now) return {End::Kind::Suspended, site.state, anchor, site.place};
    GO(repeat::finished(frame, site) ? site.after : site.body);
  }
  OP(NextTime) {
    top[-1] = time::next_time(frame.now, top[-1], ARG(0) != 0, zone);
    zone = frame.zone;
    NEXT(NextTime);
  }
  OP(NextWeekday) {
    top[-1] = time::next_weekday(frame.now, static_cast<std::uint8_t>(ARG(0)), top[-1], ARG(1) != 0, zone);
    zone = frame.zone;
    NEXT(NextWeekday);
  }
  OP(InZone) {
    zone = program.zones[ARG(0)];
    NEXT(InZone);
  }
  BINARY(BusinessDays, time::business_days(a, b, frame.zone))
  BINARY(WindowTime, time::window_time(a, b, program.windows[ARG(0)], frame.zone))
  BINARY(WindowDays, time::window_days(a, b, program.windows[ARG(0)], frame.zone))
  BINARY(Later, time::later(a, b))
  BINARY(EarlierKnown, time::earlier_known(a, b))

  // Ends of an activation
  OP(GoTo) { return {End::Kind::GoTo, ARG(0), kNever, ARG(1)}; }
  OP(RestartStage) { return {End::Kind::RestartStage, bytecode::kNone, kNever, ARG(0)}; }
  OP(Exit) { return {End::Kind::Exit, ARG(0), kNever, ARG(1)}; }
  OP(MoveOn) { return {End::Kind::MoveOn, ARG(0)}; }
  OP(KeepWaiting) { return {End::Kind::KeepWaiting}; }
  OP(EndBody) {
    if (returns.depth == 0) return {End::Kind::EndBody};
    GO(returns.pc[--returns.depth]);
  }
}

}  // namespace

Value evaluate(const Frame& frame, const bytecode::Campaign* campaign, Pc expression) {
  Value result;
  execute<false>(frame, campaign, expression, nullptr, &result);
  return result;
}

End run(Frame& frame, const bytecode::Campaign& campaign, Pc body, Effects& effects) {
  if (frame.passage != nullptr) return execute<true>(frame, &campaign, body, &effects, nullptr);
  return execute<false>(frame, &campaign, body, &effects, nullptr);
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
