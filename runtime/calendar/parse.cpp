#include <array>
#include <bit>
#include <cstring>

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

/// Eight characters at once: digits where the form has a 0, itself elsewhere.
struct EightForm {
  consteval explicit EightForm(const char (&form)[9]) {
    for (std::size_t i = 0; i < 8; ++i) {
      expected[i] = form[i];
      limit[i] = form[i] == '0' ? 0x76 : 0x7f;  // added to more than 9, or to more than 0, it reaches the highest bit
    }
  }

  std::array<char, 8> expected{}, limit{};
};

/// The digits; no value where something else stands there.
inline std::optional<std::array<std::uint8_t, 8>> read_eight(std::string_view text, const EightForm& form) {
  std::uint64_t found = 0;
  std::memcpy(&found, text.data(), 8);
  found ^= std::bit_cast<std::uint64_t>(form.expected);
  const bool as_expected = (((found + std::bit_cast<std::uint64_t>(form.limit)) | found) & 0x8080808080808080) == 0;
  if (!as_expected) return std::nullopt;
  return std::bit_cast<std::array<std::uint8_t, 8>>(found);
}

/// The common form "2026-03-05T10:00:00", without what follows it, in a few steps. No value for anything else: what is
/// wrong, and what is written in another way, is for the reader of digits.
std::optional<Instant> read_common(std::string_view text) {
  if (text.size() < 19 || text[10] != 'T') return std::nullopt;
  static constexpr EightForm kDateForm("0000-00-"), kDayForm("00-00-00"), kClockForm("00:00:00");
  const auto date = read_eight(text, kDateForm), day = read_eight(text.substr(2), kDayForm),
             clock = read_eight(text.substr(11), kClockForm);
  if (!date || !day || !clock) return std::nullopt;
  const auto two = [](const std::array<std::uint8_t, 8>& digits, std::size_t at) {
    return digits[at] * 10 + digits[at + 1];
  };
  const std::int32_t year = two(*date, 0) * 100 + two(*date, 2), month = two(*date, 5), of_month = two(*day, 6);
  const std::int32_t hour = two(*clock, 0), minute = two(*clock, 3), second = two(*clock, 6);
  if (hour > 23 || minute > 59 || second > 59 || !valid_date(year, month, of_month)) return std::nullopt;
  return days_from_civil(year, month, of_month) * kDay + hour * kHour + minute * kMinute + second * kSecond;
}

}  // namespace

std::optional<Instant> parse_rfc3339(std::string_view text) {
  if (auto common = read_common(text)) {
    DigitReader rest(text.substr(19));
    if (rest.peek() == '.') {
      rest.skip();
      *common += rest.fraction();
    }
    const auto offset = read_offset(rest);
    return offset && rest.done() ? std::optional(*common - *offset) : std::nullopt;
  }
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
