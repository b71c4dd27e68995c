#pragma once

#include <cmath>
#include <cstdint>

#include "runtime/base/value.h"

/// Arithmetic on two known operands. Overflow, division by zero and non-finite results are unknown (§3.1).
namespace nurture::vm::arithmetic {

inline Value add(std::int64_t a, std::int64_t b) {
  std::int64_t sum;
  return __builtin_add_overflow(a, b, &sum) ? Value::unknown() : Value::of(sum);
}
inline Value subtract(std::int64_t a, std::int64_t b) {
  std::int64_t difference;
  return __builtin_sub_overflow(a, b, &difference) ? Value::unknown() : Value::of(difference);
}
inline Value multiply(std::int64_t a, std::int64_t b) {
  std::int64_t product;
  return __builtin_mul_overflow(a, b, &product) ? Value::unknown() : Value::of(product);
}
inline Value finite(double d) { return std::isfinite(d) ? Value::of_number(d) : Value::unknown(); }

/// numerator / denominator, half to even. The denominator is not 0.
inline Value divide_half_even(__int128 numerator, __int128 denominator) {
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  __int128 quotient = numerator / denominator;
  __int128 rest = numerator % denominator;
  const int sign = rest < 0 ? -1 : 1;
  rest *= sign;
  if (2 * rest > denominator || (2 * rest == denominator && quotient % 2 != 0)) quotient += sign;
  if (quotient > INT64_MAX || quotient < INT64_MIN) return Value::unknown();
  return Value::of(static_cast<std::int64_t>(quotient));
}
inline Value multiply_scaled(std::int64_t a, std::int64_t b, std::int64_t scale) {
  return divide_half_even(static_cast<__int128>(a) * b, scale);
}
inline Value divide_decimal(std::int64_t a, std::int64_t b) {
  return b == 0 ? Value::unknown() : divide_half_even(static_cast<__int128>(a) * kDecimalScale, b);
}

/// Parts of a duration in a wider type, or unknown where one does not fit.
inline Value duration(std::int64_t months, std::int64_t days, Value micros) {
  if (!micros.known || months != static_cast<std::int16_t>(months) || days != static_cast<std::int16_t>(days)) {
    return Value::unknown();
  }
  return Value::of_duration({static_cast<std::int16_t>(months), static_cast<std::int16_t>(days), micros.bits});
}
inline Value add_durations(Duration a, Duration b) {
  return duration(std::int64_t{a.months} + b.months, std::int64_t{a.days} + b.days, add(a.micros, b.micros));
}
inline Value multiply_duration(Duration d, std::int64_t n) {
  const Value months = multiply(d.months, n);
  const Value days = multiply(d.days, n);
  return months.known && days.known ? duration(months.bits, days.bits, multiply(d.micros, n)) : Value::unknown();
}
/// Nominal length in a type that holds every duration.
inline __int128 nominal(Duration d) {
  return static_cast<__int128>(d.months * std::int64_t{30} + d.days) * kDay + d.micros;
}

}  // namespace nurture::vm::arithmetic
