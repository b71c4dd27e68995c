#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/check.h"
#include "runtime/bytecode/opcode.h"
#include "runtime/eventlog/inspect.h"
#include "runtime/host/memory_file_system.h"

/// What the log fuzzers share: a small fixed programme, an import of the bytes, and what must hold of any import.
namespace nurture::fuzz {

class FixedModule {
 public:
  FixedModule() {
    module.name = text("Fuzz");
    module.timezone = text("Europe/London");
    module.schema.choice_sets.push_back({{text("yes"), text("no")}});
    for (int kind = 0; kind <= static_cast<int>(TypeKind::Content); ++kind) {
      bytecode::Type type{static_cast<TypeKind>(kind), kind % 2 == 0, TypeKind::Integer, bytecode::kNone};
      if (type.kind == TypeKind::Choice) type.choices = 0;
      every_.push_back({text("p" + std::to_string(kind)), type, bytecode::kNone});
      type.optional = true;
      module.schema.lead.push_back({text("a" + std::to_string(kind)), type, bytecode::kNone});
    }
    module.schema.kinds.push_back(kind("e", {}));
    module.schema.kinds.push_back(kind("all", every_));
    module.schema.kinds.push_back(kind("lead.updated", {}));
    module.schema.kinds.back().updates_lead = true;
    module.campaigns.emplace_back().name = text("c");
    add_source();
  }

  bytecode::Module module;

 private:
  bytecode::StringIndex text(std::string_view string) {
    module.strings.emplace_back(string);
    return static_cast<bytecode::StringIndex>(module.strings.size() - 1);
  }

  bytecode::EventKind kind(std::string_view name, std::vector<bytecode::Field> properties) {
    bytecode::EventKind made;
    made.name = text(name);
    made.properties = std::move(properties);
    return made;
  }

  bytecode::Pc column(std::uint16_t index) {
    auto at = static_cast<bytecode::Pc>(module.code.size());
    module.code.push_back(static_cast<std::uint8_t>(bytecode::Opcode::LoadColumn));
    module.code.push_back(static_cast<std::uint8_t>(index));
    module.code.push_back(0);
    module.code.push_back(static_cast<std::uint8_t>(bytecode::Opcode::Return));
    return at;
  }

  bytecode::Pc known(std::uint16_t index) {
    bytecode::Pc at = column(index);
    module.code.back() = static_cast<std::uint8_t>(bytecode::Opcode::IsKnown);
    module.code.push_back(static_cast<std::uint8_t>(bytecode::Opcode::Return));
    return at;
  }

  void add_source() {
    bytecode::SourceSpec source;
    source.name = text("foreign");
    for (const char* name : {"lead", "at", "event", "p2"}) source.columns.push_back(text(name));
    source.lead = column(0);
    source.at = column(1);
    source.id = column(2);
    source.time = {text("d/m/yyyy h:mm"), text("America/New_York")};
    source.missing = {text("?")};
    source.rules.push_back({0, known(2), {}});
    source.rules.push_back({1, bytecode::kNoCode, {{3, column(3), {}}}});
    source.lead_attributes.push_back({0, column(3), {}});
    module.sources.push_back(std::move(source));
  }

  std::vector<bytecode::Field> every_;
};

inline void check_import(const eventlog::Imported& imported) {
  const eventlog::ImportTotals& t = imported.totals;
  NURTURE_CHECK(t.read == t.applied + t.no_interest + t.repeated + t.superseded + t.rejected);
  const store::Store& store = imported.store;
  NURTURE_CHECK(store.events() == t.applied);
  for (std::size_t lead = 0; lead < store.leads.size(); ++lead) {
    NURTURE_CHECK(lead == 0 || store.texts.at(store.leads[lead - 1]) < store.texts.at(store.leads[lead]));
    for (auto event = store.lead_begin[lead]; event + 1 < store.lead_begin[lead + 1]; ++event) {
      NURTURE_CHECK(store.at[event] <= store.at[event + 1]);
    }
  }
}

/// Reads every value that a replay may come by.
inline void read_all(const store::Store& store) {
  std::uint64_t sum = 0;
  const auto read = [&](const store::Column& column, std::size_t row) {
    sum += static_cast<std::uint64_t>(column.at(row).bits);
  };
  for (std::size_t lead = 0; lead < store.leads.size(); ++lead) {
    sum += store.texts.at(store.leads[lead]).size();
    for (const store::Column& column : store.lead_attributes) read(column, lead);
    for (auto event = store.lead_begin[lead]; event < store.lead_begin[lead + 1]; ++event) {
      for (const store::Column& column : store.blocks[store.kind[event]].columns) read(column, store.row[event]);
    }
  }
  for (std::size_t i = 0; i < store.change_events.size(); ++i) {
    for (auto change = store.change_begin[i]; change < store.change_begin[i + 1]; ++change) {
      sum += static_cast<std::uint64_t>(store.changes[change].value.bits);
    }
  }
  for (TextId id = 0; id < store.texts.size(); ++id) {
    for (const char byte : store.texts.at(id)) sum += static_cast<unsigned char>(byte);
  }
  for (ListId id = 0; id < store.lists.size(); ++id) {
    for (const Value& item : store.lists.at(id)) sum += static_cast<std::uint64_t>(item.bits);
  }
  volatile std::uint64_t kept = sum;  // or nothing would be read
  (void)kept;
}

/// However a log is cut and whoever reads it, what comes out is the same.
inline void check_same(const eventlog::Imported& a, const eventlog::Imported& b) {
  NURTURE_CHECK(a.totals.read == b.totals.read && a.totals.applied == b.totals.applied);
  NURTURE_CHECK(a.totals.rejected_by == b.totals.rejected_by && a.totals.no_interest_by == b.totals.no_interest_by);
  NURTURE_CHECK(a.totals.bytes == b.totals.bytes && a.store.texts.size() == b.store.texts.size());
  for (TextId id = 0; id < a.store.texts.size(); ++id) NURTURE_CHECK(a.store.texts.at(id) == b.store.texts.at(id));
  for (store::EventIndex event = 0; event < a.store.events(); ++event) {
    NURTURE_CHECK(a.store.at[event] == b.store.at[event] && a.store.kind[event] == b.store.kind[event]);
  }
}

/// The first byte chooses how the rest is read: native or source, the longest line, the size of reads, log or lead
/// table, whole or in pieces.
inline void import_bytes(const std::string& path, std::string_view bytes) {
  static const FixedModule fixed;
  if (bytes.empty()) return;
  auto choice = static_cast<std::uint8_t>(bytes.front());
  host::MemoryFileSystem files;
  files.put(path, std::string(bytes.substr(1)));
  files.put("none.ndjson", "");
  if (choice & 4) files.limit_reads(7);
  eventlog::ImportOptions options;
  options.logs = {path};
  options.executed = {0};
  if (choice & 1) options.source = "foreign";
  if (choice & 2) options.line_limit = 64;
  if (choice & 8) {
    options.leads = path;
    options.logs = {"none.ndjson"};
  }
  auto imported = eventlog::import(fixed.module, files, options);
  if (imported) check_import(*imported);
  if (choice & 32) {
    options.chunk = 11;
    options.threads = 2;
    auto in_pieces = eventlog::import(fixed.module, files, options);
    NURTURE_CHECK(in_pieces.ok() == imported.ok());
    if (imported) check_same(*imported, *in_pieces);
  }
  if (choice & 16) {
    auto inspection = eventlog::inspect(fixed.module, files, options);
    if (inspection) {
      eventlog::to_text(*inspection);
      eventlog::to_json(*inspection);
    }
  }
}

}  // namespace nurture::fuzz
