#pragma once

#include <bit>
#include <cstdint>

namespace nurture {

/// Microseconds since 1970-01-01T00:00:00Z. Every instant in the product is one of these.
using Instant = std::int64_t;
inline constexpr Instant kNever = INT64_MAX;
inline constexpr Instant kSecond = 1'000'000;
inline constexpr Instant kMinute = 60 * kSecond;
inline constexpr Instant kHour = 60 * kMinute;
inline constexpr Instant kDay = 24 * kHour;

/// The types of the language. A choice is text at run time; its list of values is in the schema.
enum class TypeKind : std::uint8_t {
  Text,      ///< TextId in a TextPool
  Integer,   ///< signed 64 bits
  Number,    ///< binary64
  Decimal,   ///< signed 64-bit count of ten-thousandths (money)
  Boolean,   ///< 0 or 1
  Date,      ///< days since 1970-01-01
  Time,      ///< microseconds since midnight, local
  DateTime,  ///< Instant
  Duration,  ///< calendar part in Value::aux, exact part in Value::bits
  Percent,   ///< millionths: 1 % is 10'000
  Choice,    ///< TextId
  List,      ///< ListId in a ListPool
  Content,   ///< TextId of the content's name
};

inline constexpr std::int64_t kDecimalScale = 10'000;
inline constexpr std::int64_t kPercentScale = 10'000;  ///< Percent units in one per cent

using TextId = std::uint32_t;
using ListId = std::uint32_t;

/// A length of time (§6.1): months, then days, then exact microseconds are applied in that order.
struct Duration {
  std::int16_t months = 0;
  std::int16_t days = 0;
  std::int64_t micros = 0;
  bool operator==(const Duration&) const = default;
  /// Order and "at least one minute" checks: a month counts as 30 days, a day as 24 hours.
  std::int64_t nominal() const { return (months * std::int64_t{30} + days) * kDay + micros; }
};

/// One value of the language, or unknown (§3.1). Its type is known statically and not repeated here.
/// An unknown value has bits and aux 0, so that equal values are equal bytes.
struct Value {
  std::int64_t bits = 0;
  std::int32_t aux = 0;
  bool known = false;

  bool operator==(const Value&) const = default;

  static Value unknown() { return {}; }
  static Value of(std::int64_t bits) { return {bits, 0, true}; }
  static Value of_bool(bool b) { return {b ? 1 : 0, 0, true}; }
  static Value of_number(double d) { return {std::bit_cast<std::int64_t>(d), 0, true}; }
  static Value of_text(TextId id) { return {static_cast<std::int64_t>(id), 0, true}; }
  static Value of_duration(Duration d) {
    return {d.micros,
            static_cast<std::int32_t>(static_cast<std::uint32_t>(static_cast<std::uint16_t>(d.months)) << 16 |
                                      static_cast<std::uint16_t>(d.days)),
            true};
  }
  double number() const { return std::bit_cast<double>(bits); }
  TextId text() const { return static_cast<TextId>(bits); }
  /// A bare boolean means `is true` (§3.1).
  bool truth() const { return known && bits != 0; }
  Duration duration() const {
    return {static_cast<std::int16_t>(static_cast<std::uint32_t>(aux) >> 16), static_cast<std::int16_t>(aux & 0xffff),
            bits};
  }
};
static_assert(sizeof(Value) == 16);

}  // namespace nurture
