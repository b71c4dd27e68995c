#pragma once

#include <cstdint>
#include <vector>

#include "runtime/calendar/calendar.h"

/// Hours of the week as the local clock reads them (§6.2): sending windows and quiet hours.
namespace nurture::calendar {

/// From one time of day to another on some weekdays; the end is excluded. An end that is not later than the start is
/// on the next day, and the whole span belongs to the day on which it begins.
struct HourSpan {
  std::uint8_t weekdays = 0;  ///< mask, bit 0 Monday
  std::int64_t from = 0;      ///< microseconds since midnight
  std::int64_t to = 0;
};

/// Spans may overlap. Where the clock is put forward the hours it skips never come; where it is put back they come
/// twice.
class Hours {
 public:
  Hours() = default;
  /// `days_off`: dates, ascending, on which no span begins.
  Hours(std::vector<HourSpan> spans, std::vector<std::int64_t> days_off)
      : spans_(std::move(spans)), days_off_(std::move(days_off)) {}

  bool contains(Instant at, const Zone* zone) const;
  /// The earliest instant at or after `at` inside these hours, or outside them; kNever where there is none for years.
  Instant next_inside(Instant at, const Zone* zone) const { return next(at, zone, true); }
  Instant next_outside(Instant at, const Zone* zone) const { return next(at, zone, false); }
  /// When so much time inside these hours has passed since `from`.
  Instant after_inside(Instant from, std::int64_t micros, const Zone* zone) const;
  /// So many local days later on which some span begins, the clock time kept; the day of `from` does not count. kNever
  /// where there are none for years.
  Instant after_days(Instant from, std::int64_t days, const Zone* zone) const;

 private:
  /// A stretch of the local clock: microseconds since 1970-01-01 00:00 by that clock.
  struct Stretch {
    std::int64_t begin, end;
  };
  bool begins_on(const HourSpan& span, std::int64_t date) const;
  /// The stretch that `local` lies in, spans that touch joined; or the next one. Empty where there is none for years.
  Stretch stretch_at(std::int64_t local) const;
  Stretch first_after(std::int64_t local) const;
  std::int64_t joined_end(std::int64_t end) const;
  Instant next(Instant at, const Zone* zone, bool inside) const;

  std::vector<HourSpan> spans_;
  std::vector<std::int64_t> days_off_;
};

/// Monday to Friday.
const Hours& business_days();

}  // namespace nurture::calendar
