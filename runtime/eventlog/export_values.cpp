#include "runtime/eventlog/export_values.h"

#include "runtime/base/json.h"
#include "runtime/calendar/calendar.h"
#include "runtime/vm/vm.h"

// Values as texts that the converter reads back to the same values.

namespace nurture::eventlog {
namespace {

using Kind = OutCell::Kind;

/// Microseconds as seconds, as many digits behind the point as it takes.
std::string seconds_text(std::int64_t micros) {
  const bool below = micros < 0;
  const std::uint64_t size = below ? 0 - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
  std::string fraction = std::to_string(1'000'000 + size % 1'000'000).substr(1);
  while (fraction.ends_with('0')) fraction.pop_back();
  return (below ? "-" : "") + std::to_string(size / 1'000'000) + (fraction.empty() ? "" : "." + fraction);
}

std::string list_text(const store::Store& store, const store::FieldNames& field, Value list) {
  const store::FieldNames element{"", field.element, TypeKind::Text, ""};
  std::string out = "[";
  for (const Value& item : store.lists.at(static_cast<ListId>(list.bits))) {
    if (out.size() > 1) out += ',';
    append_json_string(out, out_cell(store, element, item).text);
  }
  return out + "]";
}

/// A text that is none of those that the choice names.
std::string outside_choice(const store::FieldNames& field) {
  std::string text = "?";
  while (field.reads.find(text) != std::string::npos) text += '?';
  return text;
}

}  // namespace

OutCell out_cell(const store::Store& store, const store::FieldNames& field, Value value) {
  if (!value.known) return {};
  switch (field.kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      return {Kind::Text, std::string(store.texts.at(value.text()))};
    case TypeKind::Integer:
      return {Kind::Bare, std::to_string(value.bits)};
    case TypeKind::Number: {
      JsonWriter json;  // the shortest form that reads back the same
      json.value(value.number());
      return {Kind::Bare, std::move(json).take()};
    }
    case TypeKind::Boolean:
      return {Kind::Bare, value.bits != 0 ? "true" : "false"};
    case TypeKind::DateTime:
      return {Kind::Text, calendar::format_utc(value.bits)};
    case TypeKind::Duration:
      return {Kind::Bare, seconds_text(value.bits)};
    case TypeKind::List:
      return {Kind::List, list_text(store, field, value)};
    case TypeKind::Decimal:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::Percent: {
      const bytecode::Type type{field.kind, true, TypeKind::Text, bytecode::kNone};
      return {Kind::Text, vm::format_value(value, type, store.texts, store.lists, nullptr)};
    }
  }
  return {};
}

OutCell out_property(const store::Store& store, const store::FieldNames& field, Value value) {
  if (value.known || field.kind != TypeKind::Choice || field.reads.ends_with(", optional")) {
    return out_cell(store, field, value);
  }
  return {Kind::Text, outside_choice(field)};
}

}  // namespace nurture::eventlog
