#include "runtime/calendar/read.h"
#include "runtime/calendar/zone.h"

namespace nurture::calendar {
namespace {

std::optional<std::int64_t> read_date(DigitReader& reader) {
  std::int32_t year = reader.number(4, 4);
  reader.literal('-');
  std::int32_t month = reader.number(2, 2);
  reader.literal('-');
  std::int32_t day = reader.number(2, 2);
  if (!reader.ok() || !valid_date(year, month, day)) return std::nullopt;
  return days_from_civil(year, month, day);
}

/// hh:mm, with seconds required or not; second 60 only where a leap second may stand.
std::optional<std::int64_t> read_time(DigitReader& reader, int hour_digits, bool seconds_required, int last_second) {
  std::int32_t hour = reader.number(hour_digits, 2);
  reader.literal(':');
  std::int32_t minute = reader.number(2, 2);
  std::int32_t second = 0;
  std::int64_t micros = 0;
  if (seconds_required || reader.peek() == ':') {
    reader.literal(':');
    second = reader.number(2, 2);
    if (reader.peek() == '.') {
      reader.skip();
      micros = reader.fraction();
    }
  }
  if (!reader.ok() || hour > 23 || minute > 59 || second > last_second) return std::nullopt;
  if (second == 60) micros = 0;
  return hour * kHour + minute * kMinute + second * kSecond + micros;
}

/// Z or ±hh:mm as microseconds east of UTC.
std::optional<std::int64_t> read_offset(DigitReader& reader) {
  char sign = reader.peek();
  if (sign != 'Z' && sign != 'z' && sign != '+' && sign != '-') return std::nullopt;
  reader.skip();
  if (sign == 'Z' || sign == 'z') return 0;
  std::int32_t hour = reader.number(2, 2);
  reader.literal(':');
  std::int32_t minute = reader.number(2, 2);
  if (!reader.ok() || hour > 23 || minute > 59) return std::nullopt;
  std::int64_t offset = hour * kHour + minute * kMinute;
  return sign == '-' ? -offset : offset;
}

}  // namespace

std::optional<Instant> parse_rfc3339(std::string_view text) {
  DigitReader reader(text);
  std::optional<std::int64_t> date = read_date(reader);
  if (!date) return std::nullopt;
  char separator = reader.peek();
  if (separator != 'T' && separator != 't' && separator != ' ') return std::nullopt;
  reader.skip();
  std::optional<std::int64_t> time = read_time(reader, 2, true, 60);
  if (!time) return std::nullopt;
  std::optional<std::int64_t> offset = read_offset(reader);
  if (!offset || !reader.done()) return std::nullopt;
  return *date * kDay + *time - *offset;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  DigitReader reader(text);
  std::optional<std::int64_t> date = read_date(reader);
  return reader.done() ? date : std::nullopt;
}

std::optional<std::int64_t> parse_time_of_day(std::string_view text) {
  DigitReader reader(text);
  std::optional<std::int64_t> time = read_time(reader, 1, false, 59);
  return reader.done() ? time : std::nullopt;
}

}  // namespace nurture::calendar
