#include "runtime/eventlog/stored.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/eventlog/importer.h"
#include "runtime/eventlog/joined.h"
#include "runtime/eventlog/stored_fit.h"
#include "runtime/vm/vm.h"

namespace nurture::eventlog {
namespace {

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

Status import_part(const bytecode::Module& module, FileSystem& files, const ImportOptions& options, ByteSink& sink,
                   PartFacts& made, const MemoryBound& memory) {
  made.facts = {options.source, mapping_of(module, options.source), options.not_after, {}, {}, {}};
  store::Workspace space(memory.scratch ? memory.scratch : in_memory, memory.bytes / 2, memory.resident);
  store::Spool<char> rejects(space);
  ImportOptions watched = options;
  watched.for_file = true;
  watched.on_reject = [&](const Rejected& reject) {
    rejects.append(encode(
        KeptReject{reject.file, reject.line, reject.byte, reject.reason, reject.detail, std::string(reject.text)}));
    if (options.on_reject) options.on_reject(reject);
  };
  Importer importer(module, files, watched, nullptr);
  Status done = importer.run_to(sink, made.facts, memory, space, rejects);
  made.span = importer.span();
  return done;
}

Status import_to_file(const bytecode::Module& module, FileSystem& files, const ImportOptions& options, ByteSink& sink,
                      ImportTotals& totals, const MemoryBound& memory) {
  PartFacts made;
  Status done = import_part(module, files, options, sink, made, memory);
  totals = std::move(made.facts.totals);
  return done;
}

Result<StoredFacts> facts_of(const store::StoreFile& file, const std::string& path) {
  auto facts = decode(file.facts, file.rejects);
  if (!facts) return Error{fmt::format("the store {} does not say how it was made", path), kImportAgain};
  return std::move(*facts);
}

Error no_store(const std::string& path) {
  return {fmt::format("{} is not a store", path), "`nurture log import LOG… --programme P -o STORE` makes one"};
}

namespace {

Result<StoreView> look_at(FileSystem& files, const std::string& path) {
  auto view = files.view(path);
  if (!view) return view.error();
  if (!store::is_store((*view)->bytes())) return no_store(path);
  auto images = store::images_in((*view)->bytes(), path);
  if (!images) return images.error();
  return StoreView{std::move(*view), std::move(*images)};
}

}  // namespace

/// Where somebody appends just now, a header may have come while it was looked at.
Result<StoreView> view_store(FileSystem& files, const std::string& path) {
  auto view = look_at(files, path);
  return view ? std::move(view) : look_at(files, path);
}

Result<std::vector<OpenedStore>> open_parts(FileSystem& files, const std::string& path) {
  auto view = view_store(files, path);
  if (!view) return view.error();
  std::vector<OpenedStore> parts;
  for (const store::Image& image : view->images.all) {
    auto file = store::load(view->bytes, image, path);
    if (!file) return file.error();
    auto facts = facts_of(*file, path);
    if (!facts) return facts.error();
    parts.push_back({std::move(*file), std::move(*facts)});
  }
  return parts;
}

Result<OpenedStore> open_store(FileSystem& files, const std::string& path) {
  auto parts = open_parts(files, path);
  if (!parts) return parts.error();
  return joined(std::move(*parts), path);
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
  auto places = places_in(module, file->names, *facts);
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
