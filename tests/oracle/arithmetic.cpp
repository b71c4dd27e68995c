#include "tests/oracle/arithmetic.h"

#include <cmath>
#include <limits>

#include "tests/oracle/evaluate.h"

namespace nurture::oracle {

namespace {

using Wide = __int128;

bool is_date_like(const Datum& d) { return d.kind == TypeKind::Date || d.kind == TypeKind::DateTime; }

Datum narrow(Wide value, TypeKind kind) {
  if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min()) {
    return Datum::unknown();
  }
  return Datum::of(kind, static_cast<std::int64_t>(value));
}

Datum finite(double value) { return std::isfinite(value) ? Datum::of_number(value) : Datum::unknown(); }

double as_number(const Datum& d) { return d.kind == TypeKind::Number ? d.number : static_cast<double>(d.whole); }

Wide as_decimal(const Datum& d) { return d.kind == TypeKind::Decimal ? Wide{d.whole} : Wide{d.whole} * kDecimalScale; }

/// numerator / denominator, half to even.
Wide half_even(Wide numerator, Wide denominator) {
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  Wide quotient = numerator / denominator;
  Wide rest = numerator % denominator;
  if (rest < 0) {
    rest += denominator;
    quotient -= 1;
  }
  if (rest * 2 > denominator || (rest * 2 == denominator && quotient % 2 != 0)) quotient += 1;
  return quotient;
}

Datum checked_duration(std::int64_t months, std::int64_t days, Wide micros) {
  auto fits = [](std::int64_t n) { return n >= INT16_MIN && n <= INT16_MAX; };
  if (!fits(months) || !fits(days) || !narrow(micros, TypeKind::Integer).known) return Datum::unknown();
  return Datum::of_duration(
      {static_cast<std::int16_t>(months), static_cast<std::int16_t>(days), static_cast<std::int64_t>(micros)});
}

Datum shift(const Datum& date, Duration d, const Scene& scene) {
  if (date.kind == TypeKind::DateTime) {
    auto at = calendar::add(date.whole, d, scene.zone);
    return at ? Datum::of(TypeKind::DateTime, *at) : Datum::unknown();
  }
  if (d.micros != 0) return Datum::unknown();
  auto days = calendar::add_to_date(date.whole, d.months, d.days);
  return days ? Datum::of(TypeKind::Date, *days) : Datum::unknown();
}

Datum difference(const Datum& a, Datum minus_b, const Scene& scene) {
  if (a.kind == TypeKind::Date && minus_b.kind == TypeKind::Date) {
    return checked_duration(0, a.whole + minus_b.whole, 0);
  }
  Datum b = Datum::of(minus_b.kind, -minus_b.whole);
  Wide left = convert(a, TypeKind::DateTime, scene).whole;
  Wide right = convert(b, TypeKind::DateTime, scene).whole;
  return checked_duration(0, 0, left - right);
}

std::string take_code_point(const std::string& text, std::size_t& at) {
  std::size_t begin = at++;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return text.substr(begin, at - begin);
}

bool glob_from(const std::string& text, std::size_t t, const std::string& pattern, std::size_t p) {
  if (p == pattern.size()) return t == text.size();
  if (pattern[p] == '*') {
    for (std::size_t rest = t; rest <= text.size(); ++rest) {
      if (glob_from(text, rest, pattern, p + 1)) return true;
    }
    return false;
  }
  if (t == text.size()) return false;
  if (pattern[p] == '?') {
    take_code_point(text, t);
    return glob_from(text, t, pattern, p + 1);
  }
  return text[t] == pattern[p] && glob_from(text, t + 1, pattern, p + 1);
}

}  // namespace

Datum negate(const Datum& a) {
  if (!a.known) return a;
  if (a.kind == TypeKind::Number) return Datum::of_number(-a.number);
  if (a.kind == TypeKind::Duration) {
    return checked_duration(-std::int64_t{a.duration.months}, -std::int64_t{a.duration.days}, -Wide{a.duration.micros});
  }
  return narrow(-Wide{a.whole}, a.kind);
}

Datum add(const Datum& a, const Datum& b, bool was_minus, const Scene& scene) {
  if (!a.known || !b.known) return Datum::unknown();
  if (is_date_like(a) && is_date_like(b) && was_minus) return difference(a, b, scene);
  if (is_date_like(a) && b.kind == TypeKind::Duration) return shift(a, b.duration, scene);
  if (is_date_like(b) && a.kind == TypeKind::Duration) return shift(b, a.duration, scene);
  if (a.kind == TypeKind::Duration && b.kind == TypeKind::Duration) {
    return checked_duration(std::int64_t{a.duration.months} + b.duration.months,
                            std::int64_t{a.duration.days} + b.duration.days,
                            Wide{a.duration.micros} + b.duration.micros);
  }
  if (a.kind == TypeKind::Number || b.kind == TypeKind::Number) return finite(as_number(a) + as_number(b));
  if (a.kind == TypeKind::Decimal || b.kind == TypeKind::Decimal) {
    return narrow(as_decimal(a) + as_decimal(b), TypeKind::Decimal);
  }
  return narrow(Wide{a.whole} + b.whole, a.kind);
}

Datum multiply(const Datum& a, const Datum& b) {
  if (!a.known || !b.known) return Datum::unknown();
  if (b.kind == TypeKind::Duration) return multiply(b, a);
  if (a.kind == TypeKind::Duration) {
    Wide months = Wide{a.duration.months} * b.whole;
    Wide days = Wide{a.duration.days} * b.whole;
    if (months > 40000 || months < -40000 || days > 40000 || days < -40000) return Datum::unknown();
    return checked_duration(static_cast<std::int64_t>(months), static_cast<std::int64_t>(days),
                            Wide{a.duration.micros} * b.whole);
  }
  if (a.kind == TypeKind::Percent) return multiply(b, a);
  if (b.kind == TypeKind::Percent) {
    return narrow(half_even(as_decimal(a) * b.whole, 100 * kPercentScale), TypeKind::Decimal);
  }
  if (a.kind == TypeKind::Number || b.kind == TypeKind::Number) return finite(as_number(a) * as_number(b));
  if (a.kind == TypeKind::Decimal || b.kind == TypeKind::Decimal) {
    return narrow(half_even(as_decimal(a) * as_decimal(b), kDecimalScale), TypeKind::Decimal);
  }
  return narrow(Wide{a.whole} * b.whole, TypeKind::Integer);
}

Datum divide(const Datum& a, const Datum& b) {
  if (!a.known || !b.known) return Datum::unknown();
  if (a.kind == TypeKind::Decimal || b.kind == TypeKind::Decimal) {
    if (b.whole == 0) return Datum::unknown();
    return narrow(half_even(as_decimal(a) * kDecimalScale, as_decimal(b)), TypeKind::Decimal);
  }
  return finite(as_number(a) / as_number(b));
}

int compare(const Datum& a, const Datum& b) {
  auto order = [](auto x, auto y) { return x < y ? -1 : x > y ? 1 : 0; };
  switch (a.kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      return order(a.text.compare(b.text), 0);
    case TypeKind::Duration:
      return order(a.duration.nominal(), b.duration.nominal());
    case TypeKind::Integer:
    case TypeKind::Number:
    case TypeKind::Decimal:
      if (a.kind == TypeKind::Number || b.kind == TypeKind::Number) return order(as_number(a), as_number(b));
      if (a.kind == TypeKind::Decimal || b.kind == TypeKind::Decimal) return order(as_decimal(a), as_decimal(b));
      return order(a.whole, b.whole);
    case TypeKind::Boolean:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Percent:
    case TypeKind::List:
      return order(a.whole, b.whole);
  }
  return 0;
}

bool equal(const Datum& a, const Datum& b, bool ignoring_case) {
  if (!a.known || !b.known) return false;
  if (a.kind == TypeKind::List) return same(a, b);
  if (ignoring_case) return fold(a.text) == fold(b.text);
  return compare(a, b) == 0;
}

std::string fold(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::string point = take_code_point(text, at);
    if (point.size() == 1 && point[0] >= 'A' && point[0] <= 'Z') point[0] = static_cast<char>(point[0] + 32);
    auto second = static_cast<unsigned char>(point.back());
    bool latin_capital = point.size() == 2 && point[0] == '\xC3' && second >= 0x80 && second <= 0x9E && second != 0x97;
    if (latin_capital) point[1] = static_cast<char>(point[1] + 0x20);
    out += point;
  }
  return out;
}

bool glob(const std::string& text, const std::string& pattern) { return glob_from(text, 0, pattern, 0); }

}  // namespace nurture::oracle
