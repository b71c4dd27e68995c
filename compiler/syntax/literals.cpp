#include "compiler/syntax/literals.h"

#include <array>
#include <charconv>
#include <limits>

namespace nurture::syntax {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Takes a number off the front.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && digit(text[n])) ++n;
  auto value = whole_number(text.substr(0, n));
  text.remove_prefix(n);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

bool leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

struct UnitRow {
  std::string_view name;
  Duration one;
  std::array<std::string_view, 6> also;
};
constexpr UnitRow kUnits[] = {
    {"second", {0, 0, kSecond}, {"sec", "secs", "s"}}, {"minute", {0, 0, kMinute}, {"min", "mins", "m"}},
    {"hour", {0, 0, kHour}, {"hr", "hrs", "h"}},       {"day", {0, 1, 0}, {"d", "dy", "dys"}},
    {"week", {0, 7, 0}, {"w", "wk", "wks"}},           {"month", {1, 0, 0}, {"mo", "mos", "mth", "mths"}},
    {"year", {12, 0, 0}, {"y", "yr", "yrs"}},
};

bool is_unit(const UnitRow& row, std::string_view written) {
  if (written == row.name) return true;
  if (written.size() == row.name.size() + 1 && written.starts_with(row.name) && written.back() == 's') return true;
  for (std::string_view other : row.also) {
    if (!other.empty() && written == other) return true;
  }
  return false;
}

}  // namespace

Quotes quotes_of(std::string_view written) {
  constexpr std::string_view kOpen[] = {"\"", "'", "“", "‘"};
  constexpr std::string_view kClose[] = {"\"", "'", "”", "“", "’"};
  Quotes quotes;
  for (std::string_view mark : kOpen) {
    if (written.starts_with(mark)) quotes.open = mark.size();
  }
  for (std::string_view mark : kClose) {
    if (written.size() >= quotes.open + mark.size() && written.ends_with(mark)) quotes.close = mark.size();
  }
  return quotes;
}

std::string unquote(std::string_view written) {
  Quotes quotes = quotes_of(written);
  std::string_view inner = written.substr(quotes.open, written.size() - quotes.open - quotes.close);
  std::string out;
  out.reserve(inner.size());
  for (std::size_t i = 0; i < inner.size(); ++i) {
    bool hides = inner[i] == '\\' && i + 1 < inner.size() &&
                 (inner[i + 1] == '"' || inner[i + 1] == '\\' || inner[i + 1] == '\'');
    out += inner[hides ? ++i : i];
  }
  return out;
}

std::optional<std::int64_t> whole_number(std::string_view digits) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> percentage(std::string_view written) {
  while (!written.empty() && (written.back() == '%' || written.back() == ' ')) written.remove_suffix(1);
  auto whole = take_number(written);
  constexpr std::int64_t kMost = 1'000'000;  // per cent; far beyond any sense, far from overflow
  if (!whole || *whole > kMost) return std::nullopt;
  std::int64_t value = *whole * kPercentScale;
  if (!take(written, '.')) return value;
  std::int64_t unit = kPercentScale;
  for (char c : written) {
    unit /= 10;
    if (unit == 0 && c != '0') return std::nullopt;
    value += (c - '0') * unit;
  }
  return value;
}

std::optional<std::int64_t> date_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return std::nullopt;
  if (day > kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap(year))) return std::nullopt;
  // Days since 0000-03-01: with March as the first month the leap day is the last of the year.
  std::int64_t y = month > 2 ? year : year - 1;
  std::int64_t m = month > 2 ? month - 3 : month + 9;
  std::int64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
  constexpr std::int64_t kEpoch = 719'468;
  return days - kEpoch;
}

std::optional<std::int64_t> date_of(std::string_view written) {
  auto year = take_number(written);
  take(written, '-');
  auto month = take_number(written);
  take(written, '-');
  auto day = take_number(written);
  if (!year || !month || !day) return std::nullopt;
  return date_of(*year, *month, *day);
}

std::optional<std::int64_t> time_of(std::string_view written) {
  auto hour = take_number(written);
  std::optional<std::int64_t> minute = 0, second = 0;
  if (take(written, ':')) minute = take_number(written);
  if (take(written, ':')) second = take_number(written);
  while (take(written, ' ') || take(written, '\t')) continue;
  if (!hour || !minute || !second || *minute > 59 || *second > 59) return std::nullopt;
  std::int64_t h = *hour;
  if (!written.empty()) {
    if (h < 1 || h > 12) return std::nullopt;
    h = h % 12 + (lower(written[0]) == 'p' ? 12 : 0);
  }
  if (h > 23) return std::nullopt;
  return h * kHour + *minute * kMinute + *second * kSecond;
}

std::optional<int> weekday_of(std::string_view written) {
  constexpr std::array<std::string_view, 7> kNames = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  if (written.size() < 3) return std::nullopt;
  for (int i = 0; i < 7; ++i) {
    std::string_view name = kNames[static_cast<std::size_t>(i)];
    if (lower(written[0]) == name[0] && written.substr(1, 2) == name.substr(1)) return i;
  }
  return std::nullopt;
}

std::optional<UnitInfo> unit_of(std::string_view written) {
  for (const UnitRow& row : kUnits) {
    if (is_unit(row, written)) return UnitInfo{row.name, row.one};
  }
  return std::nullopt;
}

std::optional<Duration> plus(const Duration& a, const Duration& b) {
  constexpr int kMost = std::numeric_limits<std::int16_t>::max();
  Duration out;
  if (a.months + b.months > kMost || a.days + b.days > kMost) return std::nullopt;
  if (__builtin_add_overflow(a.micros, b.micros, &out.micros)) return std::nullopt;
  out.months = static_cast<std::int16_t>(a.months + b.months);
  out.days = static_cast<std::int16_t>(a.days + b.days);
  return out;
}

std::optional<Duration> times(const Duration& one, std::int64_t n) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int16_t>::max();
  // Two thousand years of exact time: what is longer is a slip.
  constexpr std::int64_t kLongest = std::int64_t{2000} * 366 * kDay;
  if (n < 0 || (one.months && n > kMost / one.months) || (one.days && n > kMost / one.days)) return std::nullopt;
  if (one.micros && n > kLongest / one.micros) return std::nullopt;
  return Duration{static_cast<std::int16_t>(one.months * n), static_cast<std::int16_t>(one.days * n), one.micros * n};
}

std::optional<std::int64_t> number_word(std::string_view written) {
  constexpr std::array<std::string_view, 13> kWords = {"",      "one",   "two",  "three", "four",   "five",  "six",
                                                       "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  if (written == "a" || written == "an") return 1;
  for (std::size_t i = 1; i < kWords.size(); ++i) {
    if (written == kWords[i]) return static_cast<std::int64_t>(i);
  }
  return std::nullopt;
}

}  // namespace nurture::syntax
