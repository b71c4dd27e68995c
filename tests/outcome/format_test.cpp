#include "runtime/outcome/format.h"

#include "runtime/base/json.h"
#include "tests/catch.h"

namespace nurture::outcome {
namespace {

TEST_CASE("figures") {
  CHECK(count_text(0) == "0");
  CHECK(count_text(999) == "999");
  CHECK(count_text(1234567) == "1,234,567");
  CHECK(share_text(1, 3) == "33.3 %");
  CHECK(share_text(0, 0) == "–");
  CHECK(counted(1, "lead", "leads") == "1 lead");
  CHECK(counted(2000, "lead", "leads") == "2,000 leads");
}

TEST_CASE("durations as people say them") {
  CHECK(duration_text(0) == "0 s");
  CHECK(duration_text(5) == "under 1 s");
  CHECK(duration_text(59 * kSecond + 499'999) == "59 s");
  CHECK(duration_text(59 * kSecond + 500'000) == "1 min");
  CHECK(duration_text(90 * kMinute) == "1 h 30 min");
  CHECK(duration_text(24 * kHour - kSecond) == "1 day");
  CHECK(duration_text(2 * kDay + 3 * kHour + 20 * kMinute) == "2 days 3 h");
  CHECK(duration_text(1000 * kDay) == "1,000 days");
}

TEST_CASE("instants in a zone") {
  Instant at = *calendar::parse_rfc3339("2026-03-05T10:00:00.25Z");
  CHECK(local_with_offset(at, calendar::find_zone("America/New_York")) == "2026-03-05T05:00:00.250000-05:00");
  CHECK(local_with_offset(0, calendar::utc()) == "1970-01-01T00:00:00+00:00");
  CHECK(iso_week_text(week_of(at, calendar::utc(), 0)) == "2026-W10");
  CHECK(week_of(at, calendar::utc(), 6) == calendar::days_from_civil(2026, 3, 1));  // Sunday
  CHECK(week_of(at, calendar::utc(), 3) == calendar::days_from_civil(2026, 3, 5));  // Thursday, the day itself
  CHECK(iso_week_text(calendar::days_from_civil(2024, 12, 30)) == "2025-W01");
  CHECK(iso_week_text(calendar::days_from_civil(2020, 12, 28)) == "2020-W53");
}

TEST_CASE("tables align by code points and wrap") {
  Table t(30);
  t.column("name", Table::Align::Left).column("n").column("why", Table::Align::Wrap);
  t.row({"Zoë", "12", "a sentence that is longer than that"}).row({"b", "1", ""});
  CHECK(t.text() ==
        "  name   n  why\n"
        "  Zoë   12  a sentence that is\n"
        "            longer than that\n"
        "  b      1\n");
  CHECK(wrap("within 95 % of", 10) == std::vector<std::string>{"within", "95 % of"});
  CHECK(wrap("abcdefghij", 4) == std::vector<std::string>{"abcd", "efgh", "ij"});
}

TEST_CASE("JSON") {
  JsonWriter w;
  w.begin_object().member("a", 1).key("b").begin_array().value("x\"\n\x01").value(true).value(0.5).null().end_array();
  w.key("c").begin_object().end_object().end_object();
  CHECK(w.text() == R"({"a":1,"b":["x\"\n\u0001",true,0.5,null],"c":{}})");
  JsonWriter indented(JsonWriter::Layout::Indented);
  indented.begin_object().member("a", 1).key("b").begin_array().end_array().end_object();
  CHECK(indented.text() == "{\n  \"a\": 1,\n  \"b\": []\n}");
  std::string out;
  append_json_string(out, "Zo\xC3\xAB \xFF \xED\xA0\x80 \xF0\x9F\x98\x80");
  CHECK(out == "\"Zo\xC3\xAB \xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD \xF0\x9F\x98\x80\"");
}

}  // namespace
}  // namespace nurture::outcome
