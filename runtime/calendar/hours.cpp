#include "runtime/calendar/hours.h"

#include <algorithm>

#include "runtime/calendar/zone.h"

namespace nurture::calendar {
namespace {

/// Days off are finitely many and every span has a weekday, so hours that do not come within this never do.
constexpr std::int64_t kDaysAhead = 3660;

std::int64_t floor_days(std::int64_t local) { return local >= 0 ? local / kDay : -((-local + kDay - 1) / kDay); }

std::int64_t end_of(const HourSpan& span, std::int64_t date) {
  return date * kDay + span.to + (span.to > span.from ? 0 : kDay);
}

}  // namespace

bool Hours::begins_on(const HourSpan& span, std::int64_t date) const {
  return (span.weekdays >> weekday(date) & 1) != 0 && !std::binary_search(days_off_.begin(), days_off_.end(), date);
}

/// Of the spans that end after `local`, the one that begins first.
Hours::Stretch Hours::first_after(std::int64_t local) const {
  const std::int64_t today = floor_days(local);
  for (std::int64_t date = today - 1; date <= today + kDaysAhead; ++date) {
    Stretch best{kNever, kNever};
    for (const HourSpan& span : spans_) {
      if (!begins_on(span, date) || end_of(span, date) <= local) continue;
      const std::int64_t begin = date * kDay + span.from;
      if (begin < best.begin) best = {begin, end_of(span, date)};
    }
    if (best.begin != kNever) return best;
  }
  return {kNever, kNever};
}

/// The end of what goes on without a gap at `end`.
std::int64_t Hours::joined_end(std::int64_t end) const {
  for (std::int64_t limit = end + kDaysAhead * kDay; end < limit;) {
    const std::int64_t today = floor_days(end);
    std::int64_t further = end;
    for (std::int64_t date = today - 1; date <= today; ++date) {
      for (const HourSpan& span : spans_) {
        if (begins_on(span, date) && date * kDay + span.from <= end) further = std::max(further, end_of(span, date));
      }
    }
    if (further == end) return end;
    end = further;
  }
  return kNever;
}

Hours::Stretch Hours::stretch_at(std::int64_t local) const {
  Stretch found = first_after(local);
  if (found.begin != kNever) found.end = joined_end(found.end);
  return found;
}

bool Hours::contains(Instant at, const Zone* zone) const {
  const Local local = to_local(at, zone);
  const std::int64_t clock = local.date * kDay + local.time_of_day;
  const Stretch found = first_after(clock);
  return found.begin <= clock;
}

/// Within a period of one offset the clock runs evenly; where the offset changes it is read anew.
Instant Hours::next(Instant at, const Zone* zone, bool inside) const {
  const auto& periods = zone->periods();
  for (std::size_t i = zone->period_at(at); i < periods.size(); ++i) {
    const std::int64_t offset = periods[i].offset;
    const Instant begin = std::max(at, periods[i].begin);
    const Instant end = i + 1 < periods.size() ? periods[i + 1].begin : kNever;
    const Stretch found = stretch_at(begin + offset);
    const bool now = found.begin <= begin + offset;
    if (now == inside) return begin;
    const std::int64_t turn = inside ? found.begin : found.end;
    if (turn != kNever && turn - offset < end) return turn - offset;
    if (end - at > kDaysAhead * kDay) break;
  }
  return kNever;
}

Instant Hours::after_inside(Instant from, std::int64_t micros, const Zone* zone) const {
  for (Instant at = from;;) {
    const Instant open = next_inside(at, zone);
    if (open == kNever) return kNever;
    const Instant close = next_outside(open, zone);
    if (close == kNever || close - open >= micros) return open + micros;
    micros -= close - open;
    at = close;
  }
}

Instant Hours::after_days(Instant from, std::int64_t days, const Zone* zone) const {
  Local local = to_local(from, zone);
  std::int64_t last = local.date;
  while (days > 0) {
    const std::int64_t date = ++local.date;
    if (date - last > kDaysAhead) return kNever;
    if (std::none_of(spans_.begin(), spans_.end(), [&](const HourSpan& span) { return begins_on(span, date); }))
      continue;
    last = date;
    --days;
  }
  return from_local(local.date, local.time_of_day, zone);
}

const Hours& business_days() {
  static const Hours days({{0x1f, 0, 0}}, {});
  return days;
}

}  // namespace nurture::calendar
