#include "runtime/outcome/format.h"

#include <array>
#include <fmt/format.h>

namespace nurture::outcome {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

std::int64_t rounded(std::int64_t micros, std::int64_t unit) {
  return micros / unit + (micros % unit >= unit / 2 + unit % 2);
}

/// `whole` units of `big`, and what is left over in units of `small`.
std::string two_units(std::int64_t total_small, std::int64_t small_per_big, std::string_view big,
                      std::string_view small) {
  std::int64_t whole = total_small / small_per_big;
  std::int64_t rest = total_small % small_per_big;
  std::string text = fmt::format("{} {}", count_text(static_cast<std::uint64_t>(whole)), big);
  if (rest != 0) text += fmt::format(" {} {}", rest, small);
  return text;
}

}  // namespace

std::string count_text(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "–";
  return fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string money_text(std::int64_t ten_thousandths) {
  const bool negative = ten_thousandths < 0;
  const std::uint64_t size =
      negative ? 0 - static_cast<std::uint64_t>(ten_thousandths) : static_cast<std::uint64_t>(ten_thousandths);
  const std::uint64_t hundredths = size / 100 + (size % 100 >= 50 ? 1 : 0);
  return fmt::format("{}{}.{:02}", negative ? "-" : "", count_text(hundredths / 100), hundredths % 100);
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count_text(n), n == 1 ? one : many);
}

std::string duration_text(std::int64_t micros) {
  if (micros < 0) return "-" + duration_text(-micros);
  if (micros == 0) return "0 s";
  if (micros < kSecond) return "under 1 s";
  std::int64_t seconds = rounded(micros, kSecond);
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return two_units(seconds, 60, "min", "s");
  std::int64_t minutes = rounded(micros, kMinute);
  if (minutes < 24 * 60) return two_units(minutes, 60, "h", "min");
  std::int64_t hours = rounded(micros, kHour);
  std::int64_t days = hours / 24;
  return two_units(hours, 24, days == 1 ? "day" : "days", "h");
}

std::string score_text(std::int64_t millionths) {
  constexpr std::uint64_t kScale = 1'000'000;
  const bool less = millionths < 0;
  const auto size = less ? 0 - static_cast<std::uint64_t>(millionths) : static_cast<std::uint64_t>(millionths);
  std::string text = fmt::format("{}{}", less ? "-" : "", size / kScale);
  if (size % kScale == 0) return text;
  text += fmt::format(".{:06}", size % kScale);
  while (text.back() == '0') text.pop_back();
  return text;
}

std::string day_text(std::int64_t date) {
  calendar::Civil c = calendar::civil_from_days(date);
  return fmt::format("{} {} {}", c.day, kMonths[static_cast<std::size_t>(c.month - 1)], c.year);
}

std::string weekday_text(std::int64_t date) {
  return fmt::format("{} {}", kDays[static_cast<std::size_t>(calendar::weekday(date))], day_text(date));
}

std::string clock_text(Instant at, const calendar::Zone* zone) {
  calendar::Local local = calendar::to_local(at, zone);
  return fmt::format("{} {}", weekday_text(local.date), calendar::format_time(local.time_of_day));
}

std::string local_with_offset(Instant at, const calendar::Zone* zone) {
  calendar::Local local = calendar::to_local(at, zone);
  std::int64_t seconds = local.time_of_day / kSecond;
  std::int64_t micros = local.time_of_day % kSecond;
  const auto two_digits = [](std::string& to, std::int64_t value) {
    to += static_cast<char>('0' + value / 10);
    to += static_cast<char>('0' + value % 10);
  };
  std::string text = calendar::format_date(local.date);
  text += 'T';
  two_digits(text, seconds / 3600);
  text += ':';
  two_digits(text, seconds / 60 % 60);
  text += ':';
  two_digits(text, seconds % 60);
  if (micros != 0) text += fmt::format(".{:06}", micros);
  std::int32_t offset = calendar::offset_seconds(at, zone);
  std::int32_t size = offset < 0 ? -offset : offset;
  text += offset < 0 ? '-' : '+';
  two_digits(text, size / 3600);
  text += ':';
  two_digits(text, size / 60 % 60);
  if (size % 60 != 0) text += fmt::format(":{:02}", size % 60);
  return text;
}

std::int64_t week_of(Instant at, const calendar::Zone* zone, std::uint8_t starts_on) {
  std::int64_t date = calendar::to_local(at, zone).date;
  return date - (calendar::weekday(date) - starts_on + 7) % 7;
}

std::string iso_week_text(std::int64_t monday) {
  std::int32_t year = calendar::civil_from_days(monday + 3).year;  // a week belongs to the year of its Thursday
  std::int64_t january_4 = calendar::days_from_civil(year, 1, 4);
  std::int64_t first = january_4 - calendar::weekday(january_4);
  return fmt::format("{}-W{:02}", year, (monday - first) / 7 + 1);
}

}  // namespace nurture::outcome
