#include "runtime/eventlog/mapper.h"

namespace nurture::eventlog {
namespace {

/// The native form: members lead, at, event, origin, and the properties beside them or in an object "properties".
class NativeMapper final : public MapperBase {
 public:
  NativeMapper(const bytecode::Module& module, Pools& pools, const std::vector<std::uint16_t>& executed)
      : MapperBase(module, pools, executed), time_(TimeReader::native(zone_)) {
    lead_ = names_.add("lead");
    at_ = names_.add("at");
    event_ = names_.add("event");
    origin_ = names_.add("origin");
    for (const bytecode::EventKind& kind : module.schema.kinds) kinds_of_.push_back(names_of(kind.properties));
    attributes_ = names_of(module.schema.lead);
  }

  Status check_columns(const LogFile& file) const override {
    for (NameId name : {lead_, at_, event_}) {
      if (file.has_column(name)) continue;
      return Error{"cannot read " + shown_path(file.head().path) + ": it has no column \"" + names_.at(name) + "\"",
                   "a log has the columns lead, at and event; for a log of another form declare a source and name it"};
    }
    return Done{};
  }

  void map(const Row& row, Mapped& out) override {
    out.clear();
    const Cell* lead = present(row, lead_);
    if (!lead) return out.reject(RejectReason::NoLead);
    out.lead = lead->text;
    const Cell* at = present(row, at_);
    if (!at) return out.reject(RejectReason::NoInstant);
    std::optional<Instant> instant = time_.instant(at->text);
    if (!instant) {
      return out.reject(RejectReason::BadInstant, not_a(at->text, "an instant like 2026-03-05T09:30:00Z"));
    }
    out.at = *instant;
    const Cell* event = present(row, event_);
    if (!event) return out.reject(RejectReason::NoEvent);
    out.event = event->text;
    out.kind = kind_of(event->text);
    if (out.kind == bytecode::kNone) return;
    if (const Cell* origin = present(row, origin_)) set_origin(origin->text, out);
    if (!out.superseded) map_properties(row, out);
  }

 private:
  /// A property may stand beside lead, at and event, or inside the member "properties".
  struct Place {
    NameId beside, inside;
  };

  static const Cell* present(const Row& row, NameId name) {
    const Cell* cell = row.find(name);
    return cell && cell->kind != Cell::Kind::Null && cell->kind != Cell::Kind::List && !cell->text.empty() ? cell
                                                                                                           : nullptr;
  }

  std::vector<Place> names_of(const std::vector<bytecode::Field>& fields) {
    std::vector<Place> places;
    for (const bytecode::Field& field : fields) {
      NameId inside = names_.add("properties." + text_of(field.name));
      NameId beside = names_.add(text_of(field.name));
      bool reserved = beside == lead_ || beside == at_ || beside == event_ || beside == origin_;
      places.push_back({reserved ? inside : beside, inside});
    }
    return places;
  }

  static const Cell* find(const Row& row, Place place) {
    const Cell* cell = row.find(place.beside);
    return cell ? cell : row.find(place.inside);
  }

  void map_properties(const Row& row, Mapped& out) {
    const bytecode::EventKind& kind = module_.schema.kinds[out.kind];
    if (kind.updates_lead) return map_changes(row, out);
    const std::vector<Place>& places = kinds_of_[out.kind];
    for (std::size_t i = 0; i < places.size() && !out.bad; ++i) {
      out.properties.push_back(field_value(kind.properties[i], find(row, places[i]), time_, out));
    }
  }

  /// The properties are the attributes, under the same indices.
  void map_changes(const Row& row, Mapped& out) {
    out.properties.resize(module_.schema.kinds[out.kind].properties.size());
    for (std::size_t i = 0; i < attributes_.size() && !out.bad; ++i) {
      const Cell* cell = find(row, attributes_[i]);
      if (!cell) continue;
      add_change(static_cast<std::uint16_t>(i), *cell, time_, out);
      if (cell->kind != Cell::Kind::Null) out.set_property(i, out.changes.back().value);
    }
  }

  TimeReader time_;
  NameId lead_, at_, event_, origin_;
  std::vector<std::vector<Place>> kinds_of_;
  std::vector<Place> attributes_;
};

}  // namespace

std::unique_ptr<Mapper> native_mapper(const bytecode::Module& module, Pools& pools,
                                      const std::vector<std::uint16_t>& executed) {
  return std::make_unique<NativeMapper>(module, pools, executed);
}

}  // namespace nurture::eventlog
