#include "runtime/base/hash.h"
#include "runtime/eventlog/columns.h"
#include "runtime/eventlog/mapper.h"

namespace nurture::eventlog {
namespace {

using bytecode::Pc;

/// A property or attribute and where its value comes from.
struct Mapping {
  Pc value = bytecode::kNoCode;
  TimeReader time;
};

class SourceMapper final : public MapperBase {
 public:
  SourceMapper(const bytecode::Module& module, const bytecode::SourceSpec& source, Pools& pools,
               const std::vector<std::uint16_t>& executed)
      : MapperBase(module, pools, executed),
        source_(source),
        time_(TimeReader::native(zone_)),
        expressions_(module, source, add_columns(), zone_) {}

  /// Second half of construction: time formats may be wrong.
  Status prepare() {
    auto time = TimeReader::compile(text_of(source_.time.pattern), zone_text(source_.time), zone_);
    if (!time) return in_source(time.error());
    time_ = *time;
    for (const bytecode::SourceRule& rule : source_.rules) {
      const bytecode::EventKind& kind = module_.schema.kinds[rule.kind];
      auto mappings = compile(rule.properties, kind.properties);
      if (!mappings) return mappings.error();
      rules_.push_back(std::move(*mappings));
    }
    auto mappings = compile(source_.lead_attributes, module_.schema.lead);
    if (!mappings) return mappings.error();
    attributes_ = std::move(*mappings);
    if (source_.rules.empty()) attribute_kind_ = updating_kind();
    for (const bytecode::PropertyMapping& mapping : source_.lead_attributes) {
      bytecode::Field& field = row_fields_.emplace_back(module_.schema.lead[mapping.property]);
      field.default_value = bytecode::kNone;
      field.type.optional = true;
    }
    return Done{};
  }

  Status check_columns(const LogFile& file) const override {
    for (NameId column = 0; column < names_.size(); ++column) {
      if (file.has_column(column)) continue;
      return Error{"cannot read " + shown_path(file.head().path) + ": it has no column \"" + names_.at(column) +
                       "\", which the source \"" + text_of(source_.name) + "\" reads",
                   "compare the header of the file with the source"};
    }
    return Done{};
  }

  void map(const Row& row, Mapped& out) override {
    out.clear();
    expressions_.begin(row);
    auto lead = expressions_.text(source_.lead);
    if (!lead) return out.reject(RejectReason::NoLead);
    lead_ = *lead;  // the expression for the next value may use the same room
    out.lead = lead_;
    auto at = expressions_.text(source_.at);
    if (!at) return out.reject(RejectReason::NoInstant);
    std::optional<Instant> instant = time_.instant(*at);
    if (!instant) {
      return out.reject(RejectReason::BadInstant,
                        not_a(*at, "a time of the form \"" + text_of(source_.time.pattern) + "\""));
    }
    out.at = *instant;
    out.left_out = source_.leave_out != bytecode::kNoCode && expressions_.holds(source_.leave_out);
    if (!out.left_out) map_event(out);
  }

 private:
  std::vector<NameId> add_columns() {
    std::vector<NameId> columns;
    for (bytecode::StringIndex column : source_.columns) columns.push_back(names_.add(text_of(column)));
    return columns;
  }

  std::string_view zone_text(const bytecode::TimeFormat& format) const {
    return format.zone == bytecode::kNone ? std::string_view() : std::string_view(text_of(format.zone));
  }

  Error in_source(const Error& error) const {
    return {"the source \"" + text_of(source_.name) + "\" cannot be used: " + error.message, error.hint};
  }

  /// Mappings in the order of `fields`; kNoCode where there is none.
  Result<std::vector<Mapping>> compile(const std::vector<bytecode::PropertyMapping>& mappings,
                                       const std::vector<bytecode::Field>& fields) const {
    std::vector<Mapping> compiled(fields.size(), Mapping{bytecode::kNoCode, TimeReader::native(zone_)});
    for (const bytecode::PropertyMapping& mapping : mappings) {
      Mapping& to = compiled[mapping.property];
      to.value = mapping.value;
      TypeKind kind = fields[mapping.property].type.kind;
      bool formatted = !(mapping.time == bytecode::TimeFormat{});
      if (!formatted || (kind != TypeKind::Date && kind != TypeKind::DateTime)) continue;
      auto time = TimeReader::compile(text_of(mapping.time.pattern), zone_text(mapping.time), zone_);
      if (!time) return in_source(time.error());
      to.time = *time;
    }
    return compiled;
  }

  std::uint16_t updating_kind() const {
    for (std::size_t i = 0; i < module_.schema.kinds.size(); ++i) {
      if (module_.schema.kinds[i].updates_lead) return static_cast<std::uint16_t>(i);
    }
    return bytecode::kNone;
  }

  void map_event(Mapped& out) {
    std::size_t rule = 0;
    while (rule < rules_.size() && !expressions_.holds(source_.rules[rule].when)) ++rule;
    out.kind = rule < rules_.size() ? source_.rules[rule].kind : attribute_kind_;
    if (out.kind == bytecode::kNone) return;
    out.event = text_of(module_.schema.kinds[out.kind].name);
    if (auto origin = expressions_.text(source_.origin)) {
      origin_ = *origin;
      set_origin(origin_, out);
    }
    if (out.superseded) return;
    if (auto id = expressions_.text(source_.id)) out.id = hash64(*id) | 1;
    if (rule < rules_.size()) map_properties(rules_[rule], out);
    map_row_attributes(out);
    if (module_.schema.kinds[out.kind].updates_lead) share_attributes(out);
  }

  void map_properties(const std::vector<Mapping>& mappings, Mapped& out) {
    const bytecode::EventKind& kind = module_.schema.kinds[out.kind];
    for (std::size_t i = 0; i < kind.properties.size() && !out.bad; ++i) {
      auto text = expressions_.text(mappings[i].value);
      Cell cell{Cell::Kind::Text, text.value_or("")};
      out.properties.push_back(field_value(kind.properties[i], text ? &cell : nullptr, mappings[i].time, out));
    }
  }

  /// A cell that is missing says nothing about the attribute.
  void map_row_attributes(Mapped& out) {
    for (std::size_t i = 0; i < row_fields_.size() && !out.bad; ++i) {
      const Mapping& mapping = attributes_[source_.lead_attributes[i].property];
      auto text = expressions_.text(mapping.value);
      Cell cell{Cell::Kind::Text, text.value_or("")};
      out.row_attributes.push_back(field_value(row_fields_[i], text ? &cell : nullptr, mapping.time, out));
    }
  }

  /// An update has the attributes of its row as properties, under the same indices.
  void share_attributes(Mapped& out) const {
    out.properties.resize(module_.schema.kinds[out.kind].properties.size());
    for (std::size_t i = 0; i < out.row_attributes.size(); ++i) {
      out.set_property(source_.lead_attributes[i].property, out.row_attributes[i]);
    }
  }

  const bytecode::SourceSpec& source_;
  TimeReader time_;
  ColumnExpressions expressions_;
  std::vector<std::vector<Mapping>> rules_;
  std::vector<Mapping> attributes_;          // per lead attribute
  std::vector<bytecode::Field> row_fields_;  // of the attributes that every row carries: any of them may be missing
  std::uint16_t attribute_kind_ = bytecode::kNone;  // lead.updated, for a source that has attributes and no rules
  std::string lead_, origin_;
};

}  // namespace

Result<std::unique_ptr<Mapper>> source_mapper(const bytecode::Module& module, const bytecode::SourceSpec& source,
                                              Pools& pools, const std::vector<std::uint16_t>& executed) {
  auto mapper = std::make_unique<SourceMapper>(module, source, pools, executed);
  if (Status prepared = mapper->prepare(); !prepared) return prepared.error();
  return std::unique_ptr<Mapper>(std::move(mapper));
}

}  // namespace nurture::eventlog
