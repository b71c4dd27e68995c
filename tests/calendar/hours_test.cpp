#include "runtime/calendar/hours.h"

#include "tests/catch.h"

namespace nurture::calendar {
namespace {

constexpr std::uint8_t kWorkdays = 0x1f, kFriday = 1 << 4, kSunday = 1 << 6, kEveryDay = 0x7f;

const Zone* london() { return find_zone("Europe/London"); }

Instant at(std::string_view text) { return parse_rfc3339(text).value(); }

std::string opens(const Hours& hours, std::string_view from) {
  return format_local(hours.next_inside(at(from), london()), london());
}

std::string closes(const Hours& hours, std::string_view from) {
  return format_local(hours.next_outside(at(from), london()), london());
}

}  // namespace

TEST_CASE("a window is open from its start to before its end, on its days") {
  const Hours office({{kWorkdays, 9 * kHour, 17 * kHour}}, {days_from_civil(2026, 3, 9)});
  CHECK(office.contains(at("2026-03-05T09:00:00Z"), london()));
  CHECK(!office.contains(at("2026-03-05T17:00:00Z"), london()));
  CHECK(!office.contains(at("2026-03-07T12:00:00Z"), london()));
  CHECK(opens(office, "2026-03-05T08:59:59Z") == "2026-03-05 09:00");
  CHECK(opens(office, "2026-03-05T12:34:00Z") == "2026-03-05 12:34");
  CHECK(opens(office, "2026-03-06T17:00:00Z") == "2026-03-10 09:00");  // Friday evening; Monday is off
  CHECK(closes(office, "2026-03-05T12:34:00Z") == "2026-03-05 17:00");
}

TEST_CASE("a range past midnight belongs to the day it began") {
  const Hours night({{kFriday, 20 * kHour, 4 * kHour}}, {});
  CHECK(night.contains(at("2026-03-07T03:59:00Z"), london()));
  CHECK(!night.contains(at("2026-03-06T03:59:00Z"), london()));
  CHECK(closes(night, "2026-03-06T21:00:00Z") == "2026-03-07 04:00");
  const Hours without({{kFriday, 20 * kHour, 4 * kHour}}, {days_from_civil(2026, 3, 7)});
  CHECK(without.contains(at("2026-03-07T03:59:00Z"), london()));  // Saturday is off, but it began on Friday
}

TEST_CASE("spans that touch are one") {
  const Hours days({{kEveryDay, 0, kDay}}, {});
  CHECK(days.next_outside(at("2026-03-05T12:00:00Z"), london()) == kNever);
  const Hours two({{kEveryDay, 9 * kHour, 12 * kHour}, {kEveryDay, 12 * kHour, 13 * kHour}}, {});
  CHECK(closes(two, "2026-03-05T10:00:00Z") == "2026-03-05 13:00");
}

TEST_CASE("hours that the clock skips never come, and those it repeats come twice") {
  const Hours early({{kSunday, 90 * kMinute, 105 * kMinute}}, {});
  CHECK(opens(early, "2026-03-28T12:00:00Z") == "2026-04-05 01:30");  // 29 March: 01:00 is followed by 02:00
  CHECK(early.next_inside(at("2026-10-24T12:00:00Z"), london()) == at("2026-10-25T00:30:00Z"));
  CHECK(early.next_inside(at("2026-10-25T00:45:00Z"), london()) == at("2026-10-25T01:30:00Z"));
  const Hours later({{kSunday, 90 * kMinute, 3 * kHour}}, {});
  CHECK(later.next_inside(at("2026-03-28T12:00:00Z"), london()) == at("2026-03-29T01:00:00Z"));
}

TEST_CASE("time inside a window adds up over its days") {
  const Hours office({{kWorkdays, 9 * kHour, 17 * kHour}}, {});
  const Instant friday = at("2026-03-06T16:00:00Z");
  CHECK(office.after_inside(friday, kHour, london()) == at("2026-03-06T17:00:00Z"));
  CHECK(office.after_inside(friday, 2 * kHour, london()) == at("2026-03-09T10:00:00Z"));
  CHECK(office.after_inside(at("2026-03-07T12:00:00Z"), 5 * kMinute, london()) == at("2026-03-09T09:05:00Z"));
}

TEST_CASE("what is off every day never opens") {
  std::vector<std::int64_t> off;
  for (std::int64_t day = days_from_civil(2026, 1, 1); day < days_from_civil(2040, 1, 1); ++day) off.push_back(day);
  const Hours never({{kEveryDay, 9 * kHour, 17 * kHour}}, off);
  CHECK(never.next_inside(at("2026-03-05T12:00:00Z"), london()) == kNever);
}

}  // namespace nurture::calendar
