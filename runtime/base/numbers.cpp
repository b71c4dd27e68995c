#include "runtime/base/numbers.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string>

namespace nurture {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A number taken apart: value = ±digits · 10^-fraction_digits, where `digits` are the text's digits without the point.
struct Parts {
  bool negative = false;
  std::string_view whole, fraction;
  std::int32_t exponent = 0;
};

std::optional<Parts> take_apart(std::string_view text) {
  Parts parts;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    parts.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  std::size_t at = 0;
  while (at < text.size() && is_digit(text[at])) ++at;
  parts.whole = text.substr(0, at);
  if (at < text.size() && text[at] == '.') {
    std::size_t begin = ++at;
    while (at < text.size() && is_digit(text[at])) ++at;
    parts.fraction = text.substr(begin, at - begin);
    if (parts.fraction.empty()) return std::nullopt;
  }
  if (parts.whole.empty()) return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && text[at] == '+') ++at;
    auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), parts.exponent);
    if (error != std::errc() || parts.exponent > 100 || parts.exponent < -100) return std::nullopt;
    at = static_cast<std::size_t>(end - text.data());
  }
  return at == text.size() ? std::optional(parts) : std::nullopt;
}

char digit_at(const Parts& parts, std::int64_t index) {
  if (index < 0) return '0';
  auto i = static_cast<std::size_t>(index);
  if (i < parts.whole.size()) return parts.whole[i];
  i -= parts.whole.size();
  return i < parts.fraction.size() ? parts.fraction[i] : '0';
}

/// Whether the digits from `index` on call for one more in the last place kept.
bool rounds_up(const Parts& parts, std::int64_t index, bool last_kept_is_odd) {
  char first = digit_at(parts, index);
  if (first != '5') return first > '5';
  auto count = static_cast<std::int64_t>(parts.whole.size() + parts.fraction.size());
  for (std::int64_t i = std::max<std::int64_t>(index + 1, 0); i < count; ++i) {
    if (digit_at(parts, i) != '0') return true;
  }
  return last_kept_is_odd;
}

struct Unit {
  std::string_view name;
  std::int64_t micros;
};

std::optional<std::int64_t> unit_micros(std::string_view name) {
  if (name.ends_with('s') && name.size() > 1) name.remove_suffix(1);
  for (Unit unit : {Unit{"second", kSecond}, Unit{"minute", kMinute}, Unit{"hour", kHour}, Unit{"day", kDay},
                    Unit{"week", 7 * kDay}}) {
    if (name == unit.name) return unit.micros;
  }
  return std::nullopt;
}

std::string_view next_word(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

std::optional<std::int64_t> parse_scaled(std::string_view text, int places, Rounding rounding) {
  std::optional<Parts> parts = take_apart(text);
  if (!parts) return std::nullopt;
  // Digits up to this index are kept; what lies beyond is rounded.
  std::int64_t end = static_cast<std::int64_t>(parts->whole.size()) + parts->exponent + places;
  std::int64_t magnitude = 0;
  for (std::int64_t i = 0; i < end; ++i) {
    if (__builtin_mul_overflow(magnitude, 10, &magnitude) ||
        __builtin_add_overflow(magnitude, digit_at(*parts, i) - '0', &magnitude)) {
      return std::nullopt;
    }
  }
  if (rounding == Rounding::HalfToEven && rounds_up(*parts, end, magnitude % 2 != 0) &&
      __builtin_add_overflow(magnitude, 1, &magnitude)) {
    return std::nullopt;
  }
  return parts->negative ? -magnitude : magnitude;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::size_t point = text.find('.');
  if (point != std::string_view::npos) {
    std::string_view fraction = text.substr(point + 1);
    if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos) return std::nullopt;
    text = text.substr(0, point);
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> parse_percent(std::string_view text) {
  while (text.ends_with('%') || text.ends_with(' ')) text.remove_suffix(1);
  return parse_scaled(text, 4, Rounding::HalfToEven);
}

std::optional<bool> parse_boolean(std::string_view text) {
  if (text.size() > 5) return std::nullopt;
  std::string lower;
  for (char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower == "true" || lower == "yes" || lower == "1") return true;
  if (lower == "false" || lower == "no" || lower == "0") return false;
  return std::nullopt;
}

std::optional<std::int64_t> parse_exact_duration(std::string_view text) {
  if (auto seconds = parse_scaled(text, 6, Rounding::Truncate)) return seconds;
  std::int64_t sum = 0;
  bool any = false;
  while (true) {
    std::string_view number = next_word(text);
    if (number.empty()) return any ? std::optional(sum) : std::nullopt;
    std::optional<std::int64_t> count = parse_integer(number);
    std::optional<std::int64_t> unit = unit_micros(next_word(text));
    std::int64_t part = 0;
    if (!count || !unit || __builtin_mul_overflow(*count, *unit, &part) || __builtin_add_overflow(sum, part, &sum)) {
      return std::nullopt;
    }
    any = true;
  }
}

namespace {

/// Eight digits as a number; below zero if there is something else among them.
std::int64_t read_eight_digits(const char* text) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, text, 8);
  if constexpr (std::endian::native == std::endian::big) eight = __builtin_bswap64(eight);
  constexpr std::uint64_t kHigh = 0xf0f0f0f0f0f0f0f0, kSix = 0x0606060606060606, kThree = 0x3333333333333333;
  if (((eight & kHigh) | (((eight + kSix) & kHigh) >> 4)) != kThree) return -1;
  // Neighbours become one number of twice as many digits, three times.
  eight = ((eight & 0x0f0f0f0f0f0f0f0f) * (10 * 256 + 1)) >> 8;
  eight = ((eight & 0x00ff00ff00ff00ff) * (100 * 65536 + 1)) >> 16;
  return static_cast<std::int64_t>(((eight & 0x0000ffff0000ffff) * (10000 * (std::uint64_t{1} << 32) + 1)) >> 32);
}

/// The common form: nothing but digits, and few enough of them.
std::optional<std::int64_t> read_digits(std::string_view text) {
  constexpr std::size_t kMost = 18;
  if (text.empty() || text.size() > kMost) return std::nullopt;
  std::int64_t value = 0;
  std::size_t at = 0;
  for (; at < text.size() % 8; ++at) {
    if (!is_digit(text[at])) return std::nullopt;
    value = value * 10 + (text[at] - '0');
  }
  for (; at < text.size(); at += 8) {
    const std::int64_t eight = read_eight_digits(text.data() + at);
    if (eight < 0) return std::nullopt;
    value = value * 100'000'000 + eight;
  }
  return value;
}

}  // namespace

std::optional<Instant> parse_epoch(std::string_view text, EpochUnit unit) {
  constexpr Instant kFirst = -62'135'596'800 * kSecond;     // 0001-01-01
  constexpr Instant kLast = 253'402'300'800 * kSecond - 1;  // the end of 9999
  const std::optional<std::int64_t> digits = read_digits(text);
  if (unit == EpochUnit::ByMagnitude) {
    // Seconds, milliseconds and microseconds of the years 1973 to 5138 have 9 to 11, 12 to 14 and 15 to 17 digits.
    std::optional<std::int64_t> whole = digits ? digits : parse_scaled(text, 0, Rounding::Truncate);
    if (!whole) return std::nullopt;
    std::int64_t size = *whole < 0 ? -*whole : *whole;
    unit = size < 100'000'000'000       ? EpochUnit::Seconds
           : size < 100'000'000'000'000 ? EpochUnit::Millis
                                        : EpochUnit::Micros;
  }
  int places = unit == EpochUnit::Seconds ? 6 : unit == EpochUnit::Millis ? 3 : 0;
  const std::int64_t scale = unit == EpochUnit::Seconds ? kSecond : unit == EpochUnit::Millis ? kSecond / 1000 : 1;
  std::int64_t scaled = 0;
  const bool fits = digits && !__builtin_mul_overflow(*digits, scale, &scaled);
  std::optional<Instant> at = fits ? std::optional<Instant>(scaled) : parse_scaled(text, places, Rounding::Truncate);
  return at && *at >= kFirst && *at <= kLast ? at : std::nullopt;
}

}  // namespace nurture
