#include <charconv>
#include <cstdlib>

#include "runtime/calendar/zone.h"

namespace nurture::calendar {
namespace {

/// With zeros in front, after the sign, up to that width.
std::string padded(std::int64_t value, std::size_t width) {
  if (width == 2 && value >= 0 && value < 100) {  // as a rule
    return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  }
  char buffer[24];
  const char* end = std::to_chars(std::begin(buffer), std::end(buffer), value).ptr;
  std::string text(static_cast<const char*>(buffer), end);
  if (text.size() < width) text.insert(value < 0 ? 1 : 0, width - text.size(), '0');
  return text;
}

/// ".5" for half a second; nothing for none.
std::string fraction(std::int64_t micros) {
  if (micros == 0) return "";
  std::string digits = padded(micros, 6);
  digits.erase(digits.find_last_not_of('0') + 1);
  return "." + digits;
}

std::string hours_minutes(std::int64_t time_of_day) {
  return padded(time_of_day / kHour, 2) + ":" + padded(time_of_day / kMinute % 60, 2);
}

std::string seconds(std::int64_t time_of_day) {
  return padded(time_of_day / kSecond % 60, 2) + fraction(time_of_day % kSecond);
}

std::string counted(const std::string& number, const char* unit) {
  return number + " " + unit + (number == "1" ? "" : "s");
}

void append(std::string& text, std::int64_t count, const char* unit) {
  if (count == 0) return;
  if (!text.empty()) text += ' ';
  text += counted(std::to_string(count), unit);
}

/// Exact time: one unit where that is exact and the number small ("90 minutes"), else hours, minutes and seconds.
std::string exact_time(std::int64_t micros) {
  struct Unit {
    std::int64_t size;
    const char* name;
  };
  constexpr std::int64_t kSmall = 100;
  for (Unit unit : {Unit{kHour, "hour"}, Unit{kMinute, "minute"}, Unit{kSecond, "second"}}) {
    bool plain = unit.size == kHour || micros / unit.size < kSmall;
    if (micros % unit.size == 0 && plain) return counted(std::to_string(micros / unit.size), unit.name);
  }
  std::string text;
  append(text, micros / kHour, "hour");
  append(text, micros / kMinute % 60, "minute");
  std::int64_t rest = micros % kMinute;
  if (rest == 0) return text;
  if (!text.empty()) text += ' ';
  return text + counted(std::to_string(rest / kSecond) + fraction(rest % kSecond), "second");
}

/// An absolute value that INT64_MIN survives.
std::int64_t magnitude(std::int64_t value) { return value == INT64_MIN ? INT64_MAX : std::abs(value); }

}  // namespace

std::string format_date(std::int64_t date) {
  Civil civil = civil_from_days(date);
  return padded(civil.year, 4) + "-" + padded(civil.month, 2) + "-" + padded(civil.day, 2);
}

std::string format_time(std::int64_t time_of_day) {
  std::string text = hours_minutes(time_of_day);
  return time_of_day % kMinute == 0 ? text : text + ":" + seconds(time_of_day);
}

std::string format_utc(Instant at) {
  Local local = to_local(at, utc());
  std::string text = format_date(local.date);
  text += 'T';
  text += hours_minutes(local.time_of_day);
  text += ':';
  text += seconds(local.time_of_day);
  text += 'Z';
  return text;
}

std::string format_local(Instant at, const Zone* zone) {
  Local local = to_local(at, zone);
  return format_date(local.date) + " " + format_time(local.time_of_day);
}

std::string format_duration(Duration d) {
  std::int64_t months = std::abs(std::int64_t{d.months});
  std::int64_t days = std::abs(std::int64_t{d.days});
  bool negative = d.nominal() < 0;
  std::string text;
  append(text, months % 12 == 0 ? months / 12 : months, months % 12 == 0 ? "year" : "month");
  append(text, days % 7 == 0 ? days / 7 : days, days % 7 == 0 ? "week" : "day");
  if (d.micros != 0) text += (text.empty() ? "" : " ") + exact_time(magnitude(d.micros));
  if (text.empty()) return "0 seconds";
  return negative ? "minus " + text : text;
}

}  // namespace nurture::calendar
