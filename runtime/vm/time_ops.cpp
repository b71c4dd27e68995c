#include "runtime/vm/time_ops.h"

#include <algorithm>

namespace nurture::vm::time {
namespace {

constexpr std::int64_t kFirstDay = -719'162;  // 0001-01-01
constexpr std::int64_t kLastDay = 2'932'896;  // 9999-12-31

bool usable_date(Value v) { return v.known && v.bits >= kFirstDay && v.bits <= kLastDay; }
bool usable_time(Value v) { return v.known && v.bits >= 0 && v.bits < kDay; }
// A day's margin: no offset from UTC leads out of the calendar.
bool usable_instant(Value v) { return v.known && v.bits > (kFirstDay + 1) * kDay && v.bits < kLastDay * kDay; }

}  // namespace

Value today(Instant now, const calendar::Zone* zone) { return local_date(Value::of(now), zone); }

Value shift_instant(Value at, Value by, const calendar::Zone* zone) {
  if (!usable_instant(at) || !by.known || zone == nullptr) return Value::unknown();
  const auto moved = calendar::add(at.bits, by.duration(), zone);
  return moved ? Value::of(*moved) : Value::unknown();
}

Value shift_date(Value date, Value by) {
  if (!usable_date(date) || !by.known || by.bits != 0) return Value::unknown();
  const Duration d = by.duration();
  const auto moved = calendar::add_to_date(date.bits, d.months, d.days);
  return moved ? Value::of(*moved) : Value::unknown();
}

Value date_start(Value date, const calendar::Zone* zone) { return date_at_time(date, Value::of(0), zone); }

Value date_at_time(Value date, Value time, const calendar::Zone* zone) {
  if (!usable_date(date) || !usable_time(time) || zone == nullptr) return Value::unknown();
  return Value::of(calendar::from_local(date.bits, time.bits, zone));
}

Value local_date(Value at, const calendar::Zone* zone) {
  if (!usable_instant(at) || zone == nullptr) return Value::unknown();
  return Value::of(calendar::to_local(at.bits, zone).date);
}

Value next_time(Instant now, Value time, bool strictly, const calendar::Zone* zone) {
  if (!usable_time(time) || !usable_instant(Value::of(now)) || zone == nullptr) return Value::unknown();
  return Value::of(calendar::next_time(now, time.bits, strictly, zone));
}

Value next_weekday(Instant now, std::uint8_t mask, Value time, bool strictly, const calendar::Zone* zone) {
  if (!usable_time(time) || !usable_instant(Value::of(now)) || zone == nullptr) return Value::unknown();
  return Value::of(calendar::next_weekday(now, mask, time.bits, strictly, zone));
}

namespace {

Value after_days(const calendar::Hours& hours, Value at, Value days, const calendar::Zone* zone) {
  constexpr std::int64_t kMostDays = 100'000;
  if (!usable_instant(at) || !days.known || days.bits < 0 || days.bits > kMostDays || zone == nullptr)
    return Value::unknown();
  const Instant due = hours.after_days(at.bits, days.bits, zone);
  return usable_instant(Value::of(due)) ? Value::of(due) : Value::unknown();
}

}  // namespace

Value business_days(Value at, Value days, const calendar::Zone* zone) {
  return after_days(calendar::business_days(), at, days, zone);
}

Value window_time(Value at, Value length, const BoundWindow& window, const calendar::Zone* of_lead) {
  const calendar::Zone* zone = window.zone(of_lead);
  if (!usable_instant(at) || !length.known || length.bits < 0 || zone == nullptr) return Value::unknown();
  const Instant due = window.hours.after_inside(at.bits, length.duration().micros, zone);
  return usable_instant(Value::of(due)) ? Value::of(due) : Value::unknown();
}

Value window_days(Value at, Value days, const BoundWindow& window, const calendar::Zone* of_lead) {
  return after_days(window.hours, at, days, window.zone(of_lead));
}

Value later(Value a, Value b) { return a.known && b.known ? Value::of(std::max(a.bits, b.bits)) : Value::unknown(); }

Value earlier_known(Value a, Value b) {
  if (!a.known || !b.known) return a.known ? a : b;
  return Value::of(std::min(a.bits, b.bits));
}

}  // namespace nurture::vm::time
