#include "runtime/eventlog/stored.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/eventlog/importer.h"
#include "runtime/vm/vm.h"

namespace nurture::eventlog {
namespace {

constexpr std::string_view kAgain = "import the log again with this programme: nurture log import";

/// What belongs to the import is said there, once.
Status check_options(const ImportOptions& options, const StoredFacts& facts, const std::string& path) {
  if (options.logs.size() > 1) {
    return Error{fmt::format("the store {} cannot be read together with other logs", path),
                 "import all of them into one store: nurture log import"};
  }
  const auto fixed = [&](std::string_view option) {
    return Error{
        fmt::format("{} does not go with the store {}: that was settled when the log was imported", option, path),
        "leave it out, or import the log again with it: nurture log import"};
  };
  if (!options.leads.empty()) return fixed("--leads");
  if (!options.accounts.empty()) return fixed("--accounts");
  if (options.not_after != kNever && options.not_after != facts.not_after) return fixed("--not-after");
  if (!options.source.empty() && options.source != facts.source) return fixed("--source " + options.source);
  return Done{};
}

Status check_source(const bytecode::Module& module, const StoredFacts& facts) {
  if (mapping_of(module, facts.source) == facts.mapping) return Done{};
  return Error{fmt::format("the store does not fit the programme: the source \"{}\" reads rows otherwise than when the "
                           "log was imported",
                           facts.source),
               std::string(kAgain)};
}

/// Rows that a campaign logged are in the store, or are not, as the run for which it was imported asked (§7.3).
Status check_origins(const bytecode::Module& module, const std::vector<std::uint16_t>& executed,
                     const Origins& origins) {
  for (const auto& [name, rows] : origins) {
    const bool runs = std::any_of(executed.begin(), executed.end(), [&, &origin = name](std::uint16_t campaign) {
      return module.strings[module.campaigns[campaign].name] == origin;
    });
    if (runs ? rows.applied == 0 : rows.superseded == 0) continue;
    return Error{fmt::format("the store does not fit this run: it {} what the campaign \"{}\" logged, because that one "
                             "{} when the log was imported",
                             runs ? "has" : "leaves out", name, runs ? "did not run" : "ran"),
                 "import the log again with the programme as it is, or read the log itself"};
  }
  return Done{};
}

/// Defaults are the programme's, not the log's.
void set_defaults(store::Store& store, const bytecode::Module& module) {
  const vm::BoundModule bound = vm::bind(module, store.texts, store.lists);
  for (std::size_t attribute = 0; attribute < module.schema.lead.size(); ++attribute) {
    const std::uint16_t constant = module.schema.lead[attribute].default_value;
    if (constant != bytecode::kNone) store.lead_attributes[attribute].set_otherwise(bound.constants[constant]);
  }
}

Result<std::unique_ptr<Scratch>> in_memory() { return memory_scratch(); }

Status tell_rejects(const StoredFacts& facts, const ImportOptions& options) {
  for (const KeptReject& reject : facts.rejects) {
    if (options.strict) return strict_error(reject.as_told());
    if (options.on_reject) options.on_reject(reject.as_told());
  }
  return Done{};
}

}  // namespace

Status import_to_file(const bytecode::Module& module, FileSystem& files, const ImportOptions& options, ByteSink& sink,
                      ImportTotals& totals, const MemoryBound& memory) {
  StoredFacts facts{options.source, mapping_of(module, options.source), options.not_after, {}, {}, {}};
  store::Workspace space(memory.scratch ? memory.scratch : in_memory, memory.bytes / 2, memory.resident);
  store::Spool<char> rejects(space);
  ImportOptions watched = options;
  watched.for_file = true;
  watched.on_reject = [&](const Rejected& reject) {
    rejects.append(encode(
        KeptReject{reject.file, reject.line, reject.byte, reject.reason, reject.detail, std::string(reject.text)}));
    if (options.on_reject) options.on_reject(reject);
  };
  Status done = Importer(module, files, watched, nullptr).run_to(sink, facts, memory, space, rejects);
  totals = std::move(facts.totals);
  return done;
}

Result<StoredFacts> facts_of(const store::StoreFile& file, const std::string& path) {
  auto facts = decode(file.facts, file.rejects);
  if (!facts) return Error{fmt::format("the store {} does not say how it was made", path), std::string(kAgain)};
  return std::move(*facts);
}

Error no_store(const std::string& path) {
  return {fmt::format("{} is not a store", path), "`nurture log import LOG… --programme P -o STORE` makes one"};
}

Result<OpenedStore> open_store(FileSystem& files, const std::string& path) {
  auto view = files.view(path);
  if (!view) return view.error();
  if (!store::is_store((*view)->bytes())) return no_store(path);
  auto file = store::load(std::move(*view), path);
  if (!file) return file.error();
  auto facts = facts_of(*file, path);
  if (!facts) return facts.error();
  return OpenedStore{std::move(*file), std::move(*facts)};
}

std::map<std::string, std::uint64_t> undeclared(const ImportTotals& totals) {
  std::map<std::string, std::uint64_t> kinds = totals.no_interest_by;
  kinds.erase(std::string(kLeftOut));
  kinds.erase(std::string(kNoRule));
  return kinds;
}

bool is_store(FileSystem& files, const std::string& path) {
  if (path == "-" || !files.exists(path) || files.is_directory(path)) return false;
  const auto view = files.view(path);
  return view && store::is_store((*view)->bytes());
}

Result<Imported> import_stored(const bytecode::Module& module, FileSystem& files, const ImportOptions& options) {
  const auto found = std::find_if(options.logs.begin(), options.logs.end(),
                                  [&](const std::string& log) { return is_store(files, log); });
  const std::string& path = *found;
  auto opened = open_store(files, path);
  if (!opened) return opened.error();
  store::StoreFile* const file = &opened->file;
  StoredFacts* const facts = &opened->facts;
  if (Status checked = check_options(options, *facts, path); !checked) return checked.error();
  if (Status checked = check_source(module, *facts); !checked) return checked.error();
  if (Status checked = check_origins(module, options.executed, facts->origins); !checked) return checked.error();
  auto places = store::places(store::names_of(module), file->names, undeclared(facts->totals));
  if (!places) return places.error();
  if (Status told = tell_rejects(*facts, options); !told) return told.error();
  const bool by_attribute = facts->source.empty();
  Imported out{store::renumbered(std::move(file->store), module.schema, *places, by_attribute),
               std::move(facts->totals), std::move(facts->origins)};
  set_defaults(out.store, module);
  store::link(out.store, module.schema, store::linking_of(module));
  return out;
}

}  // namespace nurture::eventlog
