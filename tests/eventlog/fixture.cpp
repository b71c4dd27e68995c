#include "tests/eventlog/fixture.h"

#include <zlib.h>
#include <zstd.h>

#include "runtime/vm/vm.h"
#include "tests/catch.h"

namespace nurture::eventlog::test {

ModuleMaker::ModuleMaker() {
  text("");
  module.name = text("Sample");
  module.timezone = text("Europe/London");
}

std::uint16_t ModuleMaker::text(std::string_view string) {
  for (std::size_t i = 0; i < module.strings.size(); ++i) {
    if (module.strings[i] == string) return static_cast<std::uint16_t>(i);
  }
  module.strings.emplace_back(string);
  return static_cast<std::uint16_t>(module.strings.size() - 1);
}

bytecode::Type ModuleMaker::choice(std::initializer_list<const char*> values) {
  bytecode::ChoiceSet set;
  for (const char* value : values) set.values.push_back(text(value));
  module.schema.choice_sets.push_back(set);
  return {TypeKind::Choice, true, TypeKind::Text, static_cast<std::uint16_t>(module.schema.choice_sets.size() - 1)};
}

bytecode::Field ModuleMaker::field(std::string_view name, bytecode::Type type) {
  return {text(name), type, bytecode::kNone};
}

std::uint16_t ModuleMaker::kind(std::string_view name, std::vector<bytecode::Field> properties) {
  bytecode::EventKind kind;
  kind.name = text(name);
  kind.updates_lead = name == "lead.updated";
  kind.properties = std::move(properties);
  module.schema.kinds.push_back(std::move(kind));
  return static_cast<std::uint16_t>(module.schema.kinds.size() - 1);
}

std::uint16_t ModuleMaker::attribute(std::string_view name, bytecode::Type type) {
  module.schema.lead.push_back(field(name, type));
  auto index = static_cast<std::uint16_t>(module.schema.lead.size() - 1);
  if (name == "timezone") module.schema.lead_timezone = index;
  return index;
}

void ModuleMaker::campaign(std::string_view name) { module.campaigns.emplace_back().name = text(name); }

bytecode::SourceSpec& ModuleMaker::source(std::string_view name) {
  bytecode::SourceSpec& source = module.sources.emplace_back();
  source.name = text(name);
  source.time.pattern = text("rfc3339");
  return source;
}

Pc ModuleMaker::op(Opcode opcode, std::initializer_list<std::uint16_t> operands) {
  auto at = static_cast<Pc>(module.code.size());
  module.code.push_back(static_cast<std::uint8_t>(opcode));
  for (std::uint16_t operand : operands) {
    module.code.push_back(static_cast<std::uint8_t>(operand & 0xff));
    module.code.push_back(static_cast<std::uint8_t>(operand >> 8));
  }
  return at;
}

std::uint16_t ModuleMaker::column_index(std::string_view name) {
  auto& columns = module.sources.back().columns;
  std::uint16_t wanted = text(name);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == wanted) return static_cast<std::uint16_t>(i);
  }
  columns.push_back(wanted);
  return static_cast<std::uint16_t>(columns.size() - 1);
}

std::uint16_t ModuleMaker::constant(std::string_view value) {
  module.constants.push_back({required(TypeKind::Text), Value::of_text(text(value))});
  return static_cast<std::uint16_t>(module.constants.size() - 1);
}

Pc ModuleMaker::column(std::string_view name) {
  Pc begin = op(Opcode::LoadColumn, {column_index(name)});
  op(Opcode::Return);
  return begin;
}

Pc ModuleMaker::starts_with(std::string_view name, std::string_view value) {
  Pc begin = op(Opcode::LoadColumn, {column_index(name)});
  op(Opcode::PushConst, {constant(value)});
  op(Opcode::StartsWith, {0});
  op(Opcode::Return);
  return begin;
}

Pc ModuleMaker::is(std::string_view name, std::string_view value) {
  Pc begin = op(Opcode::LoadColumn, {column_index(name)});
  op(Opcode::PushConst, {constant(value)});
  op(Opcode::Equal);
  op(Opcode::Return);
  return begin;
}

ModuleMaker sample() {
  ModuleMaker maker;
  maker.kind("form.submitted",
             {maker.field("form", required(TypeKind::Text)), maker.field("pages", optional(TypeKind::Integer))});
  maker.kind("page.viewed", {maker.field("url", optional(TypeKind::Text))});
  maker.kind("lead.updated");
  maker.attribute("country", optional(TypeKind::Text));
  maker.attribute("timezone", optional(TypeKind::Text));
  maker.attribute("seats", optional(TypeKind::Integer));
  maker.campaign("welcome");
  return maker;
}

bool Outcome::reconciles() const {
  const ImportTotals& t = totals();
  std::uint64_t by_reason = 0, by_kind = 0, by_name = 0;
  for (const auto& [reason, count] : t.rejected_by) by_reason += count;
  for (const auto& [kind, count] : t.applied_by) by_kind += count;
  for (const auto& [name, count] : t.no_interest_by) by_name += count;
  return t.read == t.applied + t.no_interest + t.repeated + t.superseded + t.rejected && by_reason == t.rejected &&
         by_kind == t.applied && by_name == t.no_interest && t.applied == store().events();
}

RejectReason Outcome::only_reason() const {
  REQUIRE(rejects.size() == 1);
  return rejects[0].reject.reason;
}

Outcome import_files(const bytecode::Module& module, FileSystem& files, ImportOptions options) {
  std::vector<KeptReject> rejects;
  options.on_reject = [&](const Rejected& reject) {
    rejects.push_back({reject, std::string(reject.text)});
    rejects.back().reject.text = {};
  };
  auto imported = import(module, files, options);
  if (!imported) FAIL(imported.error().message);
  Outcome outcome{std::move(*imported), std::move(rejects)};
  CHECK(outcome.reconciles());
  return outcome;
}

Outcome import_text(const bytecode::Module& module, const std::string& path, const std::string& content,
                    ImportOptions options) {
  host::MemoryFileSystem files;
  files.put(path, content);
  options.logs = {path};
  return import_files(module, files, std::move(options));
}

namespace {

std::string shown(Value value, const bytecode::Type& type, const store::Store& store) {
  return value.known ? vm::format_value(value, type, store.texts, store.lists, calendar::utc()) : "unknown";
}

std::string changes_of(const bytecode::Module& module, const store::Store& store, store::EventIndex event) {
  std::string text;
  auto found = std::lower_bound(store.change_events.begin(), store.change_events.end(), event);
  if (found == store.change_events.end() || *found != event) return text;
  auto rank = static_cast<std::size_t>(found - store.change_events.begin());
  for (std::uint32_t i = store.change_begin[rank]; i < store.change_begin[rank + 1]; ++i) {
    const bytecode::Field& field = module.schema.lead[store.changes[i].attribute];
    text += " lead." + module.strings[field.name] + "=" + shown(store.changes[i].value, field.type, store);
  }
  return text;
}

}  // namespace

std::string dump(const bytecode::Module& module, const store::Store& store) {
  std::string text;
  for (store::LeadIndex lead = 0; lead < store.leads.size(); ++lead) {
    text += std::string(store.texts.at(store.leads[lead])) + " since " + calendar::format_utc(store.lead_created[lead]);
    for (std::size_t i = 0; i < module.schema.lead.size(); ++i) {
      text += " " + shown(store.lead_attributes[i].at(lead), module.schema.lead[i].type, store);
    }
    text += '\n';
    for (store::EventIndex event = store.lead_begin[lead]; event < store.lead_begin[lead + 1]; ++event) {
      const bytecode::EventKind& kind = module.schema.kinds[store.kind[event]];
      text += "  " + calendar::format_utc(store.at[event]) + " " + module.strings[kind.name];
      const store::KindBlock& block = store.blocks[store.kind[event]];
      for (std::size_t i = 0; i < kind.properties.size(); ++i) {
        const bytecode::Field& field = kind.properties[i];
        text +=
            " " + module.strings[field.name] + "=" + shown(block.columns[i].at(store.row[event]), field.type, store);
      }
      text += changes_of(module, store, event) + '\n';
    }
  }
  return text;
}

std::string gzipped(std::string_view content) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, content.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd_packed(std::string_view content) {
  std::string packed(ZSTD_compressBound(content.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), content.data(), content.size(), 3));
  return packed;
}

}  // namespace nurture::eventlog::test
