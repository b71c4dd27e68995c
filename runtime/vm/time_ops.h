#pragma once

#include "runtime/base/value.h"
#include "runtime/bytecode/module.h"
#include "runtime/calendar/calendar.h"
#include "runtime/vm/vm.h"

/// Calendar operations on values. Unknown operands, a missing zone and years outside 1..9999 give unknown.
namespace nurture::vm::time {

Value today(Instant now, const calendar::Zone* zone);
Value shift_instant(Value at, Value by, const calendar::Zone* zone);
Value shift_date(Value date, Value by);
Value date_start(Value date, const calendar::Zone* zone);
Value date_at_time(Value date, Value time, const calendar::Zone* zone);
Value local_date(Value at, const calendar::Zone* zone);
Value next_time(Instant now, Value time, bool strictly, const calendar::Zone* zone);
Value next_weekday(Instant now, std::uint8_t mask, Value time, bool strictly, const calendar::Zone* zone);
/// `days` days from Monday to Friday later, the clock time kept; a day that is none of them counts for nothing.
Value business_days(Value at, Value days, const calendar::Zone* zone);
/// So much time later, of that which passes while the window is open; of a length with days only its exact part.
Value window_time(Value at, Value length, const BoundWindow& window, const calendar::Zone* of_lead);
/// So many days later on which the window opens, the clock time kept.
Value window_days(Value at, Value days, const BoundWindow& window, const calendar::Zone* of_lead);
Value later(Value a, Value b);
Value earlier_known(Value a, Value b);

}  // namespace nurture::vm::time

/// The anchors of a `repeat` (§5.9), kept in the site's four slots.
namespace nurture::vm::repeat {

/// Sets the slots; the first anchor, which may be now.
Instant begin(const Frame& frame, const bytecode::RepeatSite& site);
/// Counts the finished run; the next anchor at or after now, kNever if the calendar ends before it.
Instant next(const Frame& frame, const bytecode::RepeatSite& site);
/// Whether every run has finished.
bool finished(const Frame& frame, const bytecode::RepeatSite& site);

}  // namespace nurture::vm::repeat
