#include <algorithm>

#include "runtime/calendar/zone.h"

namespace nurture::calendar {
namespace {

// No zone was ever further from UTC than this; the search for a local time begins that much before it.
constexpr std::int64_t kLargestOffset = 26 * kHour;

constexpr std::int64_t kFirstDate = -719'162;  // 0001-01-01
constexpr std::int64_t kLastDate = 2'932'896;  // 9999-12-31

bool date_in_range(std::int64_t date) { return date >= kFirstDate && date <= kLastDate; }

std::int64_t floor_day(std::int64_t micros) { return (micros >= 0 ? micros : micros - kDay + 1) / kDay; }

/// Keeps sums of an offset and an instant inside 64 bits.
Instant clamped(Instant at) { return std::clamp(at, INT64_MIN + 2 * kDay, INT64_MAX - 2 * kDay); }

}  // namespace

Local to_local(Instant at, const Zone* zone) {
  std::int64_t local = clamped(at) + zone->offset_at(at);
  std::int64_t date = floor_day(local);
  return {date, local - date * kDay};
}

Instant from_local(std::int64_t date, std::int64_t time_of_day, const Zone* zone) {
  // Beyond 64 bits of microseconds there is only "at the end of time".
  constexpr std::int64_t kWidest = INT64_MAX / kDay - 3;
  std::int64_t local = std::clamp(date, -kWidest, kWidest) * kDay + time_of_day;
  const auto& periods = zone->periods();
  for (std::size_t i = zone->period_at(local - kLargestOffset);; ++i) {
    Instant at = local - periods[i].offset;
    if (at < periods[i].begin) return local - periods[i - 1].offset;  // in the gap before this period
    if (i + 1 == periods.size() || at < periods[i + 1].begin) return at;
  }
}

std::optional<std::int64_t> add_to_date(std::int64_t date, std::int32_t months, std::int32_t days) {
  if (!date_in_range(date)) return std::nullopt;
  if (months != 0) {
    Civil civil = civil_from_days(date);
    std::int64_t month_count = std::int64_t{civil.year} * 12 + civil.month - 1 + months;
    if (month_count < 12 || month_count >= 10'000 * 12) return std::nullopt;
    auto year = static_cast<std::int32_t>(month_count / 12);
    auto month = static_cast<std::int32_t>(month_count % 12 + 1);
    std::int32_t day = civil.day;
    while (!valid_date(year, month, day)) --day;
    date = days_from_civil(year, month, day);
  }
  date += days;
  return date_in_range(date) ? std::optional(date) : std::nullopt;
}

namespace {

/// Days later where no clock changes on the way, nor did so near by: there the local time is the same.
std::optional<Instant> add_days(Instant at, std::int32_t days, const Zone* zone) {
  constexpr std::int64_t kFar = 3 * kDay;  // from the ends of the calendar too
  if (at < (kFirstDate + 1) * kDay + kFar || at > kLastDate * kDay - kFar) return std::nullopt;
  const Instant sum = at + days * kDay;
  if (sum < (kFirstDate + 1) * kDay + kFar || sum > kLastDate * kDay - kFar) return std::nullopt;
  const auto& periods = zone->periods();
  const std::size_t period = zone->period_at(at);
  if (period > 0 && sum - 2 * kLargestOffset < periods[period].begin) return std::nullopt;
  if (period + 1 < periods.size() && sum >= periods[period + 1].begin) return std::nullopt;
  return sum;
}

}  // namespace

std::optional<Instant> add(Instant at, Duration d, const Zone* zone) {
  const std::optional<Instant> plain = d.months == 0 ? add_days(at, d.days, zone) : std::nullopt;
  if (plain) {
    at = *plain;
  } else if (d.months != 0 || d.days != 0) {
    Local local = to_local(at, zone);
    std::optional<std::int64_t> date = add_to_date(local.date, d.months, d.days);
    if (!date) return std::nullopt;
    at = from_local(*date, local.time_of_day, zone);
  }
  Instant sum = 0;
  if (__builtin_add_overflow(at, d.micros, &sum) || !date_in_range(floor_day(sum))) return std::nullopt;
  return sum;
}

Instant next_time(Instant now, std::int64_t time_of_day, bool strictly, const Zone* zone) {
  return next_weekday(now, 0x7f, time_of_day, strictly, zone);
}

Instant next_weekday(Instant now, std::uint8_t mask, std::int64_t time_of_day, bool strictly, const Zone* zone) {
  // From the day before: a time in a gap that crosses midnight moves into the next day.
  std::int64_t date = to_local(now, zone).date - 1;
  for (std::int64_t last = date + 16; date <= last; ++date) {
    if (((mask >> weekday(date)) & 1) == 0) continue;
    Instant at = from_local(date, time_of_day, zone);
    if (at > now || (at == now && !strictly)) return at;
  }
  return kNever;  // an empty mask
}

}  // namespace nurture::calendar
