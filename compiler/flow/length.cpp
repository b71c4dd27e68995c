#include "compiler/flow/length.h"

#include <algorithm>
#include <limits>

#include "compiler/flow/blocks.h"

namespace nurture::flow {

namespace {

constexpr std::int64_t kMostCalendar = std::numeric_limits<std::int16_t>::max();
constexpr std::int64_t kMostExact = 100LL * 366 * kDay;
constexpr std::int16_t kDefaultGiveUpDays = 7;
constexpr std::int16_t kDefaultHoldDays = 30;

Bound checked(std::int64_t months, std::int64_t days, std::int64_t micros) {
  if (months > kMostCalendar || days > kMostCalendar || micros > kMostExact) return std::nullopt;
  return Duration{static_cast<std::int16_t>(months), static_cast<std::int16_t>(days), micros};
}

Delay exactly(const std::optional<Duration>& length) {
  if (!length) return {0, std::nullopt, false};
  return {length->nominal(), length, length->nominal() >= kMinute};
}

/// Five of them are a week; a weekend at either end comes on top.
Delay in_business_days(const std::optional<Duration>& length) {
  if (!length) return {0, std::nullopt, false};
  const std::int64_t days = length->days;
  return {days * kDay - kHour, checked(0, days / 5 * 7 + days % 5 + 4, 0), days > 0};
}

/// How many weeks hold one opening more than is needed, at worst: an opening a week, and none in a week with a day off.
std::int64_t weeks_of(const sema::Model& model, const sema::Window& window, std::int64_t openings) {
  std::size_t days_off = 0;
  for (std::uint32_t calendar : window.except) days_off += model.calendars[calendar].dates.size();
  return openings + 1 + static_cast<std::int64_t>(days_off);
}

/// Only time inside a window counts, or the days on which it opens. A change of the clock takes an hour at most.
Delay inside_window(const sema::Model& model, const ast::Wait& wait) {
  const std::optional<Duration> length = constant_duration(model, wait.duration);
  const std::uint32_t found = model.find_window(wait.window.text);
  if (!length || found == sema::kNoIndex) return {0, std::nullopt, false};
  const sema::Window& window = model.windows[found];
  std::int64_t longest = 0;
  for (const ast::WindowSpan& span : window.decl->spans) {
    longest = std::max(longest, span.to > span.from ? span.to - span.from : span.to - span.from + kDay);
  }
  if (wait.business_days) {
    const std::int64_t days = length->days;
    return {days * kDay - kHour, checked(0, 7 * weeks_of(model, window, days), 0), days > 0};
  }
  Bound most;
  if (longest > kHour) most = checked(0, 7 * weeks_of(model, window, length->micros / (longest - kHour) + 1), 0);
  return {length->nominal(), most, length->nominal() >= kMinute};
}

/// Up to the next such clock time or weekday.
Delay delay_until_clock(const ast::When& when) {
  std::int16_t most = when.weekdays != 0 ? 7 : 1;
  return {when.next ? 1 : 0, Duration{0, most, 0}, when.next};
}

}  // namespace

Bound add(const Bound& a, const Bound& b) {
  if (!a || !b) return std::nullopt;
  return checked(a->months + b->months, a->days + b->days, a->micros + b->micros);
}

Bound times(const Bound& a, std::int64_t n) {
  if (!a || n > kMostCalendar) return std::nullopt;
  return a->micros > kMostExact / std::max<std::int64_t>(n, 1) ? std::nullopt
                                                               : checked(a->months * n, a->days * n, a->micros * n);
}

Bound longer(const Bound& a, const Bound& b) {
  if (!a || !b) return std::nullopt;
  return a->nominal() >= b->nominal() ? a : b;
}

Delay delay_of_wait(const sema::Model& model, const ast::Wait& wait) {
  if (wait.window) return inside_window(model, wait);
  if (wait.business_days) return in_business_days(constant_duration(model, wait.duration));
  if (wait.form != ast::Wait::Form::Until) return exactly(constant_duration(model, wait.duration));
  Delay delay;
  if (wait.until.target == nullptr) delay = delay_until_clock(wait.until);
  if (wait.at_most) delay.longest = constant_duration(model, wait.at_most);
  // A condition's time-out is the whole length, a date's may be any part of it.
  if (wait.at_most && sema::waits_for_condition(model, wait)) delay.waits = exactly(delay.longest).waits;
  if (wait.at_least) {
    Delay least = exactly(constant_duration(model, wait.at_least));
    delay.shortest = std::max(delay.shortest, least.shortest);
    delay.longest = longer(delay.longest, least.longest);
    delay.waits = delay.waits || least.waits;
  }
  return delay;
}

Delay delay_of_repeat(const sema::Model& model, const ast::Repeat& repeat) {
  if (repeat.every) return exactly(constant_duration(model, repeat.every));
  return {1, Duration{0, 7, 0}, true};
}

Delay delay_of_send(const sema::Model& model, const ast::Send& send) {
  Bound own = send.for_up_to ? constant_duration(model, send.for_up_to) : Bound(Duration{0, kDefaultGiveUpDays, 0});
  Duration hold = model.program.sales_hold_max.value_or(Duration{0, kDefaultHoldDays, 0});
  return {0, longer(own, hold), false};
}

}  // namespace nurture::flow
