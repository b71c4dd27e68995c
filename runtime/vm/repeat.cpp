#include <bit>

#include "runtime/base/check.h"
#include "runtime/vm/arithmetic.h"
#include "runtime/vm/time_ops.h"

namespace nurture::vm::repeat {
namespace {

enum Slot { kFinished, kLastAnchor, kFirstAnchor, kZone };

Value* slots_of(const Frame& frame, const bytecode::RepeatSite& site) { return frame.slots + site.first_slot; }

Value of_zone(const calendar::Zone* zone) { return Value::of(std::bit_cast<std::intptr_t>(zone)); }

const calendar::Zone* zone_of(Value v) {
  return std::bit_cast<const calendar::Zone*>(static_cast<std::intptr_t>(v.bits));
}

/// first ⊕ k·every; unknown beyond the calendar.
Value anchor(Instant first, Duration every, std::int64_t k, const calendar::Zone* zone) {
  const Value whole = arithmetic::multiply_duration(every, k);
  if (whole.known) return time::shift_instant(Value::of(first), whole, zone);
  // More months or days than one duration holds: move the local date by as many, keeping the clock time.
  const Value exact = arithmetic::multiply(every.micros, k);
  const __int128 months = static_cast<__int128>(every.months) * k;
  const __int128 days = static_cast<__int128>(every.days) * k;
  if (!exact.known || months > INT32_MAX || days > INT32_MAX || zone == nullptr) return Value::unknown();
  const calendar::Local local = calendar::to_local(first, zone);
  const auto date =
      calendar::add_to_date(local.date, static_cast<std::int32_t>(months), static_cast<std::int32_t>(days));
  if (!date) return Value::unknown();
  const Value start = time::date_at_time(Value::of(*date), Value::of(local.time_of_day), zone);
  return start.known ? time::shift_instant(start, Value::of_duration({0, 0, exact.bits}), zone) : start;
}

/// The smallest k above `last` whose anchor is not before now. Anchors grow with k: the verifier accepts no negative
/// part.
std::int64_t next_index(const Frame& frame, Instant first, Duration every, std::int64_t last,
                        const calendar::Zone* zone) {
  const auto reached = [&](std::int64_t k) {
    const Value at = anchor(first, every, k, zone);
    return !at.known || at.bits >= frame.now;
  };
  std::int64_t step = 1;
  while (!reached(last + step)) step *= 2;
  std::int64_t low = last + step / 2;  // not reached, or `last` itself
  std::int64_t high = last + step;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (reached(middle) ? high : low) = middle;
  }
  return high;
}

Duration interval(const Frame& frame, const bytecode::RepeatSite& site) {
  return frame.program->constants[site.every].duration();
}

}  // namespace

Instant begin(const Frame& frame, const bytecode::RepeatSite& site) {
  Instant first = frame.now;
  Value last = Value::of(0);
  if (site.every == bytecode::kNone) {
    last = time::next_weekday(frame.now, site.weekdays, Value::of(site.at_time), false, frame.zone);
    first = last.known ? last.bits : kNever;
  }
  Value* slots = slots_of(frame, site);
  slots[kFinished] = Value::of(0);
  slots[kLastAnchor] = last;
  slots[kFirstAnchor] = Value::of(first);
  slots[kZone] = of_zone(frame.zone);
  return first;
}

Instant next(const Frame& frame, const bytecode::RepeatSite& site) {
  Value* slots = slots_of(frame, site);
  const calendar::Zone* zone = zone_of(slots[kZone]);
  slots[kFinished] = Value::of(slots[kFinished].bits + 1);
  if (site.every == bytecode::kNone) {
    const bool strictly = slots[kLastAnchor].bits >= frame.now;
    slots[kLastAnchor] = time::next_weekday(frame.now, site.weekdays, Value::of(site.at_time), strictly, zone);
    return slots[kLastAnchor].known ? slots[kLastAnchor].bits : kNever;
  }
  const Duration every = interval(frame, site);
  const Instant first = slots[kFirstAnchor].bits;
  const std::int64_t k = next_index(frame, first, every, slots[kLastAnchor].bits, zone);
  slots[kLastAnchor] = Value::of(k);
  const Value at = anchor(first, every, k, zone);
  return at.known ? at.bits : kNever;
}

bool finished(const Frame& frame, const bytecode::RepeatSite& site) {
  return slots_of(frame, site)[kFinished].bits >= static_cast<std::int64_t>(site.times);
}

}  // namespace nurture::vm::repeat
