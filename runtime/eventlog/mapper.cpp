#include "runtime/eventlog/mapper.h"

namespace nurture::eventlog {

void Mapped::clear() {
  bad.reset();
  detail.clear();
  lead = event = origin = {};
  at = 0;
  kind = bytecode::kNone;
  left_out = superseded = false;
  id = 0;
  properties.clear();
  changes.clear();
  row_attributes.clear();
  outside_choice = 0;
}

std::string not_a(std::string_view text, const std::string& expected) {
  std::string_view shown = shortened(text, 60);
  return "\"" + std::string(shown) + (shown.size() < text.size() ? "…" : "") + "\" is not " + expected;
}

MapperBase::MapperBase(const bytecode::Module& module, Pools& pools, const std::vector<std::uint16_t>& executed)
    : module_(module), converter_(module, pools) {
  for (const bytecode::EventKind& kind : module.schema.kinds) kinds_.add(module.strings[kind.name]);
  for (std::uint16_t campaign : executed) executed_.add(module.strings[module.campaigns[campaign].name]);
  zone_ = module.timezone < module.strings.size() ? calendar::find_zone(module.strings[module.timezone]) : nullptr;
  if (!zone_) zone_ = calendar::utc();
}

std::uint16_t MapperBase::kind_of(std::string_view name) {
  // Logs repeat themselves: look at the kind of the row before first.
  if (last_kind_ != bytecode::kNone && kinds_.at(last_kind_) == name) return last_kind_;
  NameId found = kinds_.find(name);
  if (found == kNoName) return bytecode::kNone;
  return last_kind_ = static_cast<std::uint16_t>(found);
}

void MapperBase::set_origin(std::string_view origin, Mapped& out) const {
  const bytecode::EventKind& kind = module_.schema.kinds[out.kind];
  if (kind.actor == bytecode::Actor::Lead || kind.answers_hand_off) return;
  out.origin = origin;
  out.superseded = executed_.find(origin) != kNoName;
}

Value MapperBase::converted(const bytecode::Field& field, const Cell& cell, const TimeReader& time, Mapped& out) {
  Converted result = converter_.convert(cell, field.type, time);
  out.outside_choice += result.outside_choice ? 1 : 0;
  if (result.bad) {
    out.reject(RejectReason::BadProperty,
               text_of(field.name) + ": " + not_a(cell.text, expected_text(module_, field.type)));
  }
  return result.value;
}

Value MapperBase::field_value(const bytecode::Field& field, const Cell* cell, const TimeReader& time, Mapped& out) {
  if (cell && cell->kind != Cell::Kind::Null) return converted(field, *cell, time, out);
  if (field.default_value != bytecode::kNone) return converter_.constant(field.default_value);
  if (!field.type.optional) out.reject(RejectReason::MissingProperty, text_of(field.name));
  return Value::unknown();
}

void MapperBase::add_change(std::uint16_t attribute, const Cell& cell, const TimeReader& time, Mapped& out) {
  const bytecode::Field& field = module_.schema.lead[attribute];
  Value value =
      cell.kind == Cell::Kind::Null ? field_value(field, nullptr, time, out) : converted(field, cell, time, out);
  out.changes.push_back({attribute, value});
}

}  // namespace nurture::eventlog
