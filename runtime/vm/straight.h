#pragma once

#include "runtime/vm/activation.h"
#include "runtime/vm/arithmetic.h"
#include "runtime/vm/past_ops.h"
#include "runtime/vm/text_ops.h"
#include "runtime/vm/time_ops.h"

/// What the expressions of straight.def are made of.
namespace nurture::vm {

inline bool same(Value a, Value b) { return a.known && b.known && a.bits == b.bits; }
inline bool less(Value a, Value b) { return a.known && b.known && a.bits < b.bits; }

/// Applies a predicate to two known numbers, texts or durations; false if one is unknown.
template <typename Compare>
bool on_numbers(Value a, Value b, Compare compare) {
  return a.known && b.known && compare(a.number(), b.number());
}
template <typename Compare>
bool on_durations(Value a, Value b, Compare compare) {
  return a.known && b.known && compare(arithmetic::nominal(a.duration()), arithmetic::nominal(b.duration()));
}
template <typename Compare, typename... Flag>
bool on_texts(const BoundModule& program, Value a, Value b, Compare compare, Flag... fold) {
  return a.known && b.known && compare(program.texts->at(a.text()), program.texts->at(b.text()), fold...);
}
template <typename Compare>
bool on_items(const BoundModule& program, Value a, Value list, Compare compare) {
  if (!a.known || !list.known) return false;
  for (Value item : program.lists->at(static_cast<ListId>(list.bits))) {
    if (item.known && compare(a, item)) return true;
  }
  return false;
}

inline Value cell(const BoundModule& program, Value key, std::uint16_t keys, std::uint16_t cells) {
  if (!key.known) return Value::unknown();
  const auto row = program.rows[keys].find(key.bits);
  if (row == program.rows[keys].end()) return Value::unknown();
  return program.lists->at(static_cast<ListId>(program.constants[cells].bits))[row->second];
}

inline Value property(const Record* record, std::uint16_t kind_at_hand, std::uint16_t kind, std::uint16_t index) {
  return record != nullptr && kind_at_hand == kind ? record->at(index) : Value::unknown();
}

inline Value instants_apart(Value a, Value b) {
  return arithmetic::duration(0, 0, a.known && b.known ? arithmetic::subtract(a.bits, b.bits) : Value::unknown());
}
inline Value dates_apart(Value a, Value b) {
  const Value days = a.known && b.known ? arithmetic::subtract(a.bits, b.bits) : Value::unknown();
  return days.known ? arithmetic::duration(0, days.bits, Value::of(0)) : days;
}

/// The zone that a time operation reads: `in_zone` is for one of them.
inline const calendar::Zone* take_zone(Activation& activation) {
  const calendar::Zone* zone = activation.zone;
  activation.zone = activation.frame->zone;
  return zone;
}

}  // namespace nurture::vm
