#include "runtime/store/names.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace nurture::store {
namespace {

using bytecode::kNone;

constexpr std::array<std::string_view, 13> kTypes = {"text",   "integer", "number",   "decimal",  "boolean",
                                                     "date",   "time",    "datetime", "duration", "percent",
                                                     "choice", "list",    "content"};

std::string_view type_name(TypeKind kind) { return kTypes[static_cast<std::size_t>(kind)]; }

std::string reads(const bytecode::Module& module, const bytecode::Field& field) {
  std::string out(type_name(field.type.kind));
  if (field.type.kind == TypeKind::List) out += fmt::format(" of {}", type_name(field.type.element));
  if (field.type.choices != kNone) {
    std::string_view between = " of ";
    for (bytecode::StringIndex value : module.schema.choice_sets[field.type.choices].values) {
      out += fmt::format("{}{}", between, module.strings[value]);
      between = ", ";
    }
  }
  if (field.type.optional) out += ", optional";
  if (field.default_value != kNone) {
    out += ", default " + constant_text(module, module.constants[field.default_value]);
  }
  return out;
}

std::vector<FieldNames> names_of(const bytecode::Module& module, const std::vector<bytecode::Field>& fields) {
  std::vector<FieldNames> out;
  for (const bytecode::Field& field : fields) {
    out.push_back({module.strings[field.name], field.type.kind, field.type.element, reads(module, field)});
  }
  return out;
}

std::string reads(const bytecode::Module& module, const bytecode::EventKind& kind) {
  constexpr std::array<std::string_view, 3> kActors = {"by lead", "by us", "by system"};
  std::string out(kActors[static_cast<std::size_t>(kind.actor)]);
  if (kind.answers_hand_off) out += ", answers a hand-off";
  if (kind.updates_lead) out += ", updates the lead";
  if (kind.merges_into != kNone) {
    out += fmt::format(", merges into {}", module.strings[kind.properties[kind.merges_into].name]);
  }
  return out;
}

void write(const std::vector<FieldNames>& fields, ByteWriter& out) {
  out.put(std::uint64_t{fields.size()});
  for (const FieldNames& field : fields) {
    out.text(field.name);
    out.put(static_cast<std::uint8_t>(field.kind));
    out.put(static_cast<std::uint8_t>(field.element));
    out.text(field.reads);
  }
}

/// The number of a type as it stands in a file; Text for one that there is not, which `ok` tells.
TypeKind read_type(ByteReader& in, bool& ok) {
  const auto number = in.get<std::uint8_t>();
  ok = ok && number < kTypes.size();
  return number < kTypes.size() ? static_cast<TypeKind>(number) : TypeKind::Text;
}

std::vector<FieldNames> read_fields(ByteReader& in, bool& ok) {
  constexpr std::size_t kLeast = 18;
  std::vector<FieldNames> fields(in.rows(kLeast));
  for (FieldNames& field : fields) {
    field.name = in.text();
    field.kind = read_type(in, ok);
    field.element = read_type(in, ok);
    field.reads = in.text();
  }
  return fields;
}

template <typename Named>
bool distinct(const std::vector<Named>& rows) {
  std::set<std::string_view> names;
  return std::all_of(rows.begin(), rows.end(), [&](const Named& row) { return names.insert(row.name).second; });
}

bool sensible(const SchemaNames& names) {
  return distinct(names.lead) && distinct(names.account) && distinct(names.kinds) && names.kinds.size() < 256 &&
         names.lead.size() < kNone && names.account.size() < kNone &&
         std::all_of(
             names.kinds.begin(), names.kinds.end(),
             [](const KindNames& kind) { return distinct(kind.properties) && kind.properties.size() < kNone; });
}

template <typename Named>
std::uint16_t find(const std::vector<Named>& rows, const std::string& name) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Named& row) { return row.name == name; });
  return found == rows.end() ? kNone : static_cast<std::uint16_t>(found - rows.begin());
}

Error otherwise(const std::string& what, const std::string& now, const std::string& then) {
  return {fmt::format("the store does not fit the programme: {} is {} here, and was {} when the log was imported", what,
                      now, then),
          "import the log again with this programme: nurture log import"};
}

Error not_kept(const std::string& what) {
  return {fmt::format("the store does not fit the programme: {} was not declared when the log was imported, so it was "
                      "not kept",
                      what),
          "import the log again with this programme: nurture log import"};
}

Error no_more(const std::string& what) {
  return {fmt::format("the store does not fit the programme: it has {}, which the programme no longer declares", what),
          "import the log again with this programme: nurture log import"};
}

/// Every field of the module in the store and the other way about. `owner`: "the attribute lead.".
Result<std::vector<std::uint16_t>> fields(const std::vector<FieldNames>& module, const std::vector<FieldNames>& store,
                                          const std::string& owner) {
  std::vector<std::uint16_t> found;
  for (const FieldNames& field : module) {
    const std::uint16_t at = find(store, field.name);
    const std::string named = owner + field.name;
    if (at == kNone) return not_kept(named);
    if (store[at].reads != field.reads || store[at].kind != field.kind || store[at].element != field.element) {
      return otherwise(named, field.reads, store[at].reads);
    }
    found.push_back(at);
  }
  for (const FieldNames& field : store) {
    if (find(module, field.name) == kNone) return no_more(owner + field.name);
  }
  return found;
}

}  // namespace

std::string constant_text(const bytecode::Module& module, const bytecode::Constant& constant) {
  if (!constant.value.known) return "unknown";
  const auto item = [&](TypeKind kind, Value value) {
    const bool text = kind == TypeKind::Text || kind == TypeKind::Choice || kind == TypeKind::Content;
    return text ? fmt::format("\"{}\"", module.strings[static_cast<std::size_t>(value.bits)])
                : fmt::format("{}/{}", value.bits, value.aux);
  };
  if (constant.type.kind != TypeKind::List) return item(constant.type.kind, constant.value);
  std::string out = "[";
  for (const Value& each : module.lists[static_cast<std::size_t>(constant.value.bits)]) {
    out += " " + item(constant.type.element, each);
  }
  return out + " ]";
}

SchemaNames names_of(const bytecode::Module& module) {
  SchemaNames out;
  if (module.timezone < module.strings.size()) out.timezone = module.strings[module.timezone];
  out.lead = names_of(module, module.schema.lead);
  out.account = names_of(module, module.schema.account);
  for (const bytecode::EventKind& kind : module.schema.kinds) {
    out.kinds.push_back({module.strings[kind.name], reads(module, kind), names_of(module, kind.properties)});
  }
  return out;
}

void write(const SchemaNames& names, ByteWriter& out) {
  out.text(names.timezone);
  write(names.lead, out);
  write(names.account, out);
  out.put(std::uint64_t{names.kinds.size()});
  for (const KindNames& kind : names.kinds) {
    out.text(kind.name);
    out.text(kind.reads);
    write(kind.properties, out);
  }
}

SchemaNames read_names(ByteReader& in) {
  constexpr std::size_t kLeast = 24;
  bool ok = true;
  SchemaNames names;
  names.timezone = in.text();
  names.lead = read_fields(in, ok);
  names.account = read_fields(in, ok);
  names.kinds.resize(in.rows(kLeast));
  for (KindNames& kind : names.kinds) {
    kind.name = in.text();
    kind.reads = in.text();
    kind.properties = read_fields(in, ok);
  }
  if (!ok || !sensible(names)) in.reject();
  return names;
}

Result<Places> places(const SchemaNames& module, const SchemaNames& store,
                      const std::map<std::string, std::uint64_t>& undeclared) {
  if (module.timezone != store.timezone)
    return otherwise("the time zone of the programme", module.timezone, store.timezone);
  Places out;
  auto lead = fields(module.lead, store.lead, "the attribute lead.");
  if (!lead) return lead.error();
  auto account = fields(module.account, store.account, "the attribute account.");
  if (!account) return account.error();
  out.lead = std::move(*lead);
  out.account = std::move(*account);
  for (const KindNames& kind : module.kinds) {
    const std::uint16_t at = find(store.kinds, kind.name);
    const std::string named = fmt::format("the event {}", kind.name);
    if (at == kNone && undeclared.contains(kind.name)) return not_kept(named);
    out.kinds.push_back(at);
    out.properties.emplace_back();
    if (at == kNone) continue;
    if (store.kinds[at].reads != kind.reads) return otherwise(named, kind.reads, store.kinds[at].reads);
    auto properties = fields(kind.properties, store.kinds[at].properties, fmt::format("the property {}.", kind.name));
    if (!properties) return properties.error();
    out.properties.back() = std::move(*properties);
  }
  for (const KindNames& kind : store.kinds) {
    if (find(module.kinds, kind.name) == kNone) return no_more(fmt::format("the event {}", kind.name));
  }
  return out;
}

}  // namespace nurture::store
