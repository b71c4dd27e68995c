#include "runtime/vm/past_ops.h"

#include "runtime/vm/arithmetic.h"
#include "runtime/vm/time_ops.h"

namespace nurture::vm::past {
namespace {

/// Whether now is in [from, until), and when that changes.
bool between(const Frame& frame, Value from, Value until) {
  if (!from.known || !until.known) return false;
  if (frame.now < from.bits) {
    if (from.bits < until.bits) frame.turns_at(from.bits);
    return false;
  }
  frame.turns_at(until.bits);
  return frame.now < until.bits;
}

Value back(Value length) { return length.known ? arithmetic::multiply_duration(length.duration(), -1) : length; }

Value day_start(const Frame& frame, Value date) { return time::date_start(date, frame.zone); }

Value one_later(Value at) { return at.known && at.bits != kNever ? Value::of(at.bits + 1) : at; }

}  // namespace

Value today(const Frame& frame) {
  const Value date = time::today(frame.now, frame.zone);
  if (frame.turns == nullptr || !date.known) return date;
  const Value midnight = day_start(frame, Value::of(date.bits + 1));
  if (midnight.known) frame.turns_at(midnight.bits);
  return date;
}

Value days_since(const Frame& frame, Value at) {
  const Value now = time::today(frame.now, frame.zone);
  if (!time::local_date(at, frame.zone).known || !now.known) return Value::unknown();
  const calendar::Local then = calendar::to_local(at.bits, frame.zone);
  // at + days, with the clock time kept (§6.1).
  const auto moved = [&](std::int64_t days) {
    if (days == 0) return at.bits;
    const Value to = time::date_at_time(Value::of(then.date + days), Value::of(then.time_of_day), frame.zone);
    return to.known ? to.bits : days < 0 ? INT64_MIN : kNever;
  };
  // The dates tell it to within a day; the clock times, and changes of the clocks, the rest.
  std::int64_t days = now.bits - then.date;
  while (moved(days) > frame.now) --days;
  while (moved(days + 1) <= frame.now) ++days;
  frame.turns_at(moved(days + 1));
  return Value::of(days);
}

bool in_last(const Frame& frame, Value at, Value length) {
  return between(frame, at, time::shift_instant(at, length, frame.zone));
}

bool within_next(const Frame& frame, Value at, Value length) {
  return between(frame, time::shift_instant(at, back(length), frame.zone), one_later(at));
}

/// The whole of the last day counts; a length with hours counts back from the beginning of the date.
bool within_next_date(const Frame& frame, Value date, Value length) {
  if (!date.known) return false;
  const Value from = time::shift_instant(day_start(frame, date), back(length), frame.zone);
  return between(frame, from, day_start(frame, Value::of(date.bits + 1)));
}

bool was_in(const Frame& frame, std::uint16_t campaign, std::uint16_t reason) {
  return frame.past != nullptr && frame.past->was_in(frame, campaign, reason, nullptr);
}

bool was_in_last(const Frame& frame, std::uint16_t campaign, std::uint16_t reason, Value within) {
  if (frame.past == nullptr || !within.known) return false;
  const Duration length = within.duration();
  return frame.past->was_in(frame, campaign, reason, &length);
}

Value score(const Frame& frame, std::uint16_t score) {
  const std::int64_t millionths = frame.past == nullptr ? 0 : frame.past->score(frame, score);
  return Value::of_number(static_cast<double>(millionths) / static_cast<double>(bytecode::kScoreScale));
}

bool score_compares(const Frame& frame, std::uint16_t score, std::uint16_t test, Value bound) {
  if (frame.past == nullptr || !bound.known) return false;
  return frame.past->score_compares(frame, score, static_cast<ScoreTest>(test), bound.number());
}

}  // namespace nurture::vm::past
