#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/value.h"

namespace nurture::oracle {

/// A value of the language that carries everything it needs: no pools, no side tables.
struct Datum {
  bool known = false;
  TypeKind kind = TypeKind::Text;
  std::int64_t whole =
      0;  ///< integer, decimal, boolean, date, time, datetime, percent: as runtime/base/value.h counts them
  double number = 0;
  std::string text;  ///< text, choice, content
  Duration duration;
  std::vector<Datum> items;  ///< of a list

  bool truth() const { return known && whole != 0; }

  static Datum unknown() { return {}; }
  static Datum of(TypeKind kind, std::int64_t whole);
  static Datum of_bool(bool b) { return of(TypeKind::Boolean, b ? 1 : 0); }
  static Datum of_text(std::string text, TypeKind kind = TypeKind::Text);
  static Datum of_number(double number);
  static Datum of_duration(Duration d);
  static Datum of_list(std::vector<Datum> items);
};

/// The same value of the same type; unknown equals unknown.
bool same(const Datum& a, const Datum& b);
/// For messages of the tests and for canonical lines.
std::string show(const Datum& datum);

}  // namespace nurture::oracle
