#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/base/value.h"

namespace nurture {

enum class Rounding : std::uint8_t { HalfToEven, Truncate };

/// A decimal number times 10^places, exactly: "12.345" with 2 places is 1234 (half to even). An exponent is understood.
/// No value if it is no number or does not fit 64 bits.
std::optional<std::int64_t> parse_scaled(std::string_view text, int places, Rounding rounding);
/// Without a fraction, or with one of zeros only ("17850.0").
std::optional<std::int64_t> parse_integer(std::string_view text);
/// Finite.
std::optional<double> parse_number(std::string_view text);
/// In millionths: "12.5%", with the sign or without.
std::optional<std::int64_t> parse_percent(std::string_view text);
/// true/false, yes/no, 1/0, in any case.
std::optional<bool> parse_boolean(std::string_view text);
/// "90 minutes", "1 hour 30 minutes", "2 days" (24 hours each), or a number of seconds.
std::optional<std::int64_t> parse_exact_duration(std::string_view text);

enum class EpochUnit : std::uint8_t { Seconds, Millis, Micros, ByMagnitude };
/// Time since 1970 as an instant between the years 1 and 9999; below a microsecond truncated.
std::optional<Instant> parse_epoch(std::string_view text, EpochUnit unit);

}  // namespace nurture
