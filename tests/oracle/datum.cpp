#include "tests/oracle/datum.h"

#include <fmt/format.h>

namespace nurture::oracle {

Datum Datum::of(TypeKind kind, std::int64_t whole) {
  Datum d;
  d.known = true;
  d.kind = kind;
  d.whole = whole;
  return d;
}

Datum Datum::of_text(std::string text, TypeKind kind) {
  Datum d = of(kind, 0);
  d.text = std::move(text);
  return d;
}

Datum Datum::of_number(double number) {
  Datum d = of(TypeKind::Number, 0);
  d.number = number;
  return d;
}

Datum Datum::of_duration(Duration duration) {
  Datum d = of(TypeKind::Duration, 0);
  d.duration = duration;
  return d;
}

Datum Datum::of_list(std::vector<Datum> items) {
  Datum d = of(TypeKind::List, 0);
  d.items = std::move(items);
  return d;
}

std::string show(const Datum& d) {
  if (!d.known) return "unknown";
  switch (d.kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      return '"' + d.text + '"';
    case TypeKind::Number:
      return fmt::format("{}", d.number);
    case TypeKind::Duration:
      return fmt::format("{}m{}d{}us", d.duration.months, d.duration.days, d.duration.micros);
    case TypeKind::List: {
      std::string out = "[";
      for (const Datum& item : d.items) out += show(item) + " ";
      return out + "]";
    }
    case TypeKind::Integer:
    case TypeKind::Decimal:
    case TypeKind::Boolean:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Percent:
      return std::to_string(d.whole);
  }
  return "";
}

bool same(const Datum& a, const Datum& b) { return a.known == b.known && show(a) == show(b); }

}  // namespace nurture::oracle
