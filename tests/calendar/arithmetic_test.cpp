#include "runtime/calendar/calendar.h"
#include "tests/catch.h"

namespace nurture::calendar {
namespace {

Instant at(std::string_view text) {
  auto instant = parse_rfc3339(text);
  REQUIRE(instant);
  return *instant;
}

const Zone* london() { return find_zone("Europe/London"); }

std::string local_sum(std::string_view start, Duration d, const Zone* zone) {
  auto sum = add(at(start), d, zone);
  return sum ? format_local(*sum, zone) : "none";
}

}  // namespace

TEST_CASE("civil dates go to days and back") {
  CHECK(days_from_civil(1970, 1, 1) == 0);
  CHECK(days_from_civil(2000, 3, 1) == 11'017);
  for (std::int64_t days = days_from_civil(1, 1, 1); days <= days_from_civil(9999, 12, 31); days += 13) {
    Civil civil = civil_from_days(days);
    REQUIRE(valid_date(civil.year, civil.month, civil.day));
    REQUIRE(days_from_civil(civil.year, civil.month, civil.day) == days);
  }
  CHECK(weekday(0) == 3);
  CHECK(weekday(-1) == 2);
  CHECK(!valid_date(2100, 2, 29));
  CHECK(valid_date(2000, 2, 29));
  CHECK(!valid_date(2026, 4, 31));
}

TEST_CASE("zones are found by name, links included, and unknown ones are not") {
  CHECK(find_zone("") == nullptr);
  CHECK(find_zone("Mars/Olympus") == nullptr);
  CHECK(find_zone("../Europe/London") == nullptr);
  REQUIRE(find_zone("GB"));
  CHECK(zone_name(find_zone("GB")) == "GB");
  CHECK(find_zone("UTC") == utc());
  CHECK(zone_names().size() > 400);
  CHECK(tzdata_version() != "");
  CHECK(tzdata_version() != "unknown");
}

TEST_CASE("days keep the clock time, hours are exact") {
  CHECK(local_sum("2026-03-28T09:00:00Z", {0, 1, 0}, london()) == "2026-03-29 09:00");
  CHECK(local_sum("2026-03-28T09:00:00Z", {0, 0, kDay}, london()) == "2026-03-29 10:00");
  CHECK(local_sum("2026-03-28T01:30:00Z", {0, 1, 0}, london()) == "2026-03-29 02:30");  // in the gap: later by it
  CHECK(local_sum("2026-10-24T00:30:00Z", {0, 1, 0}, london()) == "2026-10-25 01:30");  // twice: the earlier
  CHECK(*add(at("2026-10-24T00:30:00Z"), {0, 1, 0}, london()) == at("2026-10-25T00:30:00Z"));
}

TEST_CASE("month ends clamp; months come before days before exact time") {
  CHECK(local_sum("2026-01-31T12:00:00Z", {1, 0, 0}, utc()) == "2026-02-28 12:00");
  CHECK(local_sum("2024-01-31T12:00:00Z", {1, 1, kHour}, utc()) == "2024-03-01 13:00");
  CHECK(local_sum("2024-02-29T12:00:00Z", {12, 0, 0}, utc()) == "2025-02-28 12:00");
  CHECK(local_sum("2026-03-31T12:00:00Z", {-1, 0, 0}, utc()) == "2026-02-28 12:00");
}

TEST_CASE("years outside 1 to 9999 are no value") {
  CHECK(local_sum("9999-12-31T00:00:00Z", {0, 1, 0}, utc()) == "none");
  CHECK(local_sum("9999-12-31T23:59:59Z", {0, 0, kSecond}, utc()) == "none");
  CHECK(local_sum("0001-01-01T00:00:00Z", {0, -1, 0}, utc()) == "none");
  CHECK(local_sum("0001-01-31T00:00:00Z", {-1, 0, 0}, utc()) == "none");
  CHECK(!add(INT64_MAX - 5, {0, 0, 10}, utc()));
  CHECK(!add(INT64_MIN + 5, {0, 1, 0}, london()));
  CHECK(!add_to_date(days_from_civil(9999, 12, 1), 1, 0));
}

TEST_CASE("the next time of day") {
  Instant now = at("2026-03-05T09:00:00Z");
  CHECK(next_time(now, 9 * kHour, false, utc()) == now);
  CHECK(next_time(now, 9 * kHour, true, utc()) == now + kDay);
  CHECK(next_time(now, 10 * kHour, true, utc()) == now + kHour);
  // 01:30 does not exist on 29 March in London and moves to 02:30; on 25 October the first of two counts.
  CHECK(next_time(at("2026-03-29T00:00:00Z"), 90 * kMinute, true, london()) == at("2026-03-29T01:30:00Z"));
  CHECK(next_time(at("2026-10-25T00:30:00Z"), 90 * kMinute, true, london()) == at("2026-10-26T01:30:00Z"));
}

TEST_CASE("the next weekday") {
  Instant thursday = at("2026-03-05T09:00:00Z");
  CHECK(next_weekday(thursday, 1 << 1, 9 * kHour, true, utc()) == at("2026-03-10T09:00:00Z"));
  CHECK(next_weekday(thursday, 1 << 3, 9 * kHour, false, utc()) == thursday);
  CHECK(next_weekday(thursday, 1 << 3, 9 * kHour, true, utc()) == at("2026-03-12T09:00:00Z"));
  CHECK(next_weekday(thursday, 0, 9 * kHour, true, utc()) == kNever);
  // Samoa had no 30 December 2011, a Friday: its 10:00 is Saturday's.
  const Zone* apia = find_zone("Pacific/Apia");
  CHECK(format_local(next_weekday(at("2011-12-29T12:00:00Z"), 1 << 4, 10 * kHour, true, apia), apia) ==
        "2011-12-31 10:00");
}

}  // namespace nurture::calendar
