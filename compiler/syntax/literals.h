#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/value.h"

/// The values of literals, from their text as written. Nothing here reports; no value means that there is none.
namespace nurture::syntax {

/// Without its quotes, straight or curly, and without the backslashes that hide a quote or a backslash.
std::string unquote(std::string_view written);
/// How many bytes the opening and the closing quote take.
struct Quotes {
  std::size_t open = 0, close = 0;
};
Quotes quotes_of(std::string_view written);

std::optional<std::int64_t> whole_number(std::string_view digits);
/// "10%", "33.34 %" → millionths of one; more than four digits after the point are no percentage of ours.
std::optional<std::int64_t> percentage(std::string_view written);
/// "2026-03-05" → days since 1970-01-01.
std::optional<std::int64_t> date_of(std::string_view written);
std::optional<std::int64_t> date_of(std::int64_t year, std::int64_t month, std::int64_t day);
/// "09:00", "9:00:30", "9am", "9:30 pm" → microseconds since midnight.
std::optional<std::int64_t> time_of(std::string_view written);
/// "Monday", "Mon", "monday" → 0 … 6.
std::optional<int> weekday_of(std::string_view written);

/// A unit as written, also in the short forms that people type; canonical in the singular ("hour").
struct UnitInfo {
  std::string_view name;
  Duration one;
};
std::optional<UnitInfo> unit_of(std::string_view written);
/// n of a unit, if it can be held.
std::optional<Duration> times(const Duration& one, std::int64_t n);
std::optional<Duration> plus(const Duration& a, const Duration& b);
/// "two" → 2, "an" → 1.
std::optional<std::int64_t> number_word(std::string_view written);

}  // namespace nurture::syntax
