#include <random>

#include "runtime/calendar/calendar.h"
#include "tests/catch.h"

namespace nurture::calendar {
namespace {

std::string utc_of(std::string_view text) {
  auto at = parse_rfc3339(text);
  return at ? format_utc(*at) : "none";
}

std::string parsed(std::string_view pattern, std::string_view text) {
  auto compiled = Pattern::compile(pattern);
  if (!compiled) return "no pattern";
  auto local = compiled->parse(text);
  return local ? format_date(local->date) + " " + format_time(local->time_of_day) : "none";
}

}  // namespace

TEST_CASE("RFC 3339") {
  CHECK(utc_of("2026-03-05T10:00:00Z") == "2026-03-05T10:00:00Z");
  CHECK(utc_of("2026-03-05 10:00:00+02:30") == "2026-03-05T07:30:00Z");
  CHECK(utc_of("2026-03-05t10:00:00z") == "2026-03-05T10:00:00Z");
  CHECK(utc_of("2026-03-05T10:00:00.1234569Z") == "2026-03-05T10:00:00.123456Z");
  CHECK(utc_of("2016-12-31T23:59:60Z") == "2017-01-01T00:00:00Z");
  CHECK(utc_of("2016-12-31T23:59:60.7Z") == "2017-01-01T00:00:00Z");
  CHECK(utc_of("1969-12-31T23:59:59.5Z") == "1969-12-31T23:59:59.5Z");
  for (const char* wrong :
       {"", "2026-03-05", "2026-03-05T10:00:00", "2026-03-05T10:00Z", "2026-3-5T10:00:00Z", "2026-02-29T10:00:00Z",
        "2026-03-05T24:00:00Z", "2026-03-05T10:00:61Z", "2026-03-05T10:00:00.Z", "2026-03-05T10:00:00+0230",
        "2026-03-05T10:00:00Z ", "0000-03-05T10:00:00Z"}) {
    CHECK(utc_of(wrong) == "none");
  }
}

TEST_CASE("the common form of an instant reads as every other does") {
  std::mt19937_64 random(3);
  const std::vector<std::string> tails = {"Z", "z",  "+01:30", "-23:59", ".5Z", ".123456789+00:00",
                                          "",  ".Z", "+0100",  "ZZ",     "Q"};
  const std::string characters = "0123456789:-T./;\x01\xb0";
  for (int round = 0; round < 200'000; ++round) {
    const auto two = [&](unsigned least, unsigned most) {
      const std::string digits = std::to_string(100 + least + random() % (most - least + 1));
      return digits.substr(1);
    };
    std::string text = two(0, 99) + two(0, 99) + "-" + two(0, 13) + "-" + two(0, 32) + "T" + two(0, 24) + ":" +
                       two(0, 60) + ":" + two(0, 61) + tails[random() % tails.size()];
    if (random() % 2 == 0) text[random() % text.size()] = characters[random() % characters.size()];
    if (text[10] != 'T') continue;
    std::string otherwise = text;
    otherwise[10] = 't';
    INFO(text);
    REQUIRE(parse_rfc3339(text) == parse_rfc3339(otherwise));
  }
}

TEST_CASE("patterns of foreign logs") {
  CHECK(parsed("yyyy-mm-dd hh:mm:ss", "2010-12-01 08:26:00") == "2010-12-01 08:26");
  CHECK(parsed("d/m/yyyy h:mm", "29/2/2016 01:16") == "2016-02-29 01:16");
  CHECK(parsed("d/m/yyyy h:mm", "1/12/2016 9:16") == "2016-12-01 09:16");
  CHECK(parsed("dd.MM.yyyy", "05.03.2026") == "2026-03-05 00:00");
  CHECK(parsed("yyyyMMddTHHmmss", "20260305T101112") == "2026-03-05 10:11:12");
  CHECK(parsed("yyyy-mm-dd hh:mm:ss", "2010-12-01 08:26:00.250") == "2010-12-01 08:26:00.25");
  CHECK(parsed("yyyy-mm-dd hh:mm:ss", "2010-12-31 23:59:60") == "2011-01-01 00:00");
  CHECK(parsed("yyyy-mm-dd hh:mm", "2010-12-01 8:26") == "none");
  CHECK(parsed("yyyy-mm-dd hh:mm", "2010-12-01 08:26 ") == "none");
  CHECK(parsed("yyyy-mm-dd", "2010-13-01") == "none");
  CHECK(parsed("m/d/yyyy", "2/30/2010") == "none");
  for (const char* wrong : {"", "yyyy-mm", "yy-mm-dd", "yyyy-mm-dd dd", "yyyy-mmm-dd", "hh:mm", "yyyy-mm-dd a"}) {
    CHECK(parsed(wrong, "") == "no pattern");
  }
}

TEST_CASE("durations are said in the largest units that say them exactly") {
  CHECK(format_duration({}) == "0 seconds");
  CHECK(format_duration({0, 14, 0}) == "2 weeks");
  CHECK(format_duration({0, 5, 0}) == "5 days");
  CHECK(format_duration({0, 1, 3 * kHour}) == "1 day 3 hours");
  CHECK(format_duration({12, 0, 0}) == "1 year");
  CHECK(format_duration({18, 1, 0}) == "18 months 1 day");
  CHECK(format_duration({0, 0, 90 * kMinute}) == "90 minutes");
  CHECK(format_duration({0, 0, 48 * kHour}) == "48 hours");
  CHECK(format_duration({0, 0, 10 * kHour + 5 * kMinute + kSecond / 2}) == "10 hours 5 minutes 0.5 seconds");
  CHECK(format_duration({0, -3, 0}) == "minus 3 days");
}

TEST_CASE("dates and times of day") {
  CHECK(parse_date("2026-03-05") == days_from_civil(2026, 3, 5));
  CHECK(!parse_date("2026-3-5"));
  CHECK(parse_time_of_day("09:30") == 9 * kHour + 30 * kMinute);
  CHECK(parse_time_of_day("9:30:15.5") == 9 * kHour + 30 * kMinute + 15 * kSecond + kSecond / 2);
  CHECK(!parse_time_of_day("24:00"));
  CHECK(!parse_time_of_day("9"));
  CHECK(format_time(9 * kHour) == "09:00");
  CHECK(format_local(*parse_rfc3339("2026-07-05T10:00:30Z"), find_zone("Europe/London")) == "2026-07-05 11:00:30");
}

}  // namespace nurture::calendar
