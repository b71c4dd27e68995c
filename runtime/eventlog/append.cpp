#include "runtime/eventlog/append.h"

#include <fmt/format.h>

#include "runtime/calendar/calendar.h"
#include "runtime/eventlog/stored_fit.h"
#include "runtime/store/directory.h"

namespace nurture::eventlog {
namespace {

constexpr std::size_t kMostParts = 30'000;  ///< of one file: how many can be joined
constexpr const char* kSameBound = "give the append the --not-after of the store, or import all logs again";

/// One import has one bound for all logs.
Status check_bound(Instant bound, const Appending& to) {
  const StoredFacts& facts = to.all.facts;
  if (bound < facts.not_after) {
    return Error{fmt::format("cannot append to {}: it was imported with a later --not-after, or none", to.path),
                 kSameBound};
  }
  const auto left_out = facts.totals.rejected_by.find(RejectReason::AfterBound);
  if (bound == facts.not_after || left_out == facts.totals.rejected_by.end()) return Done{};
  return Error{fmt::format("cannot append to {}: its --not-after, {}, left out what a later one would not", to.path,
                           calendar::format_utc(facts.not_after)),
               kSameBound};
}

Status check_programme(const bytecode::Module& module, const ImportOptions& options, const Appending& to) {
  const StoredFacts& facts = to.all.facts;
  if (options.source != facts.source) {
    return Error{fmt::format("cannot append to {}: it was read {}, and this log would be by the source \"{}\"", to.path,
                             facts.source.empty() ? "in the native form" : "by the source \"" + facts.source + "\"",
                             options.source),
                 "import the log into a store of its own"};
  }
  if (Status checked = check_source(module, facts); !checked) return checked;
  if (Status checked = check_origins(module, options.executed, facts.origins); !checked) return checked;
  if (auto places = places_in(module, to.names, facts); !places) return places.error();
  if (store::names_of(module) == to.names) return Done{};
  return Error{
      fmt::format("cannot append to {}: the programme declares more events, properties or attributes than when "
                  "it was made, or others first",
                  to.path),
      "import all logs again with this programme: nurture log import"};
}

Status too_many(const Appending& to, std::string_view what) {
  return Error{fmt::format("cannot append to {}: both together have too many {} for one store", to.path, what),
               "begin another store with this log"};
}

}  // namespace

Result<Appending> begin_append(FileSystem& files, std::unique_ptr<Appender> file, const std::string& path) {
  Appending to;
  to.file = std::move(file);
  to.path = path;
  auto view = view_store(files, path);
  if (!view) return view.error();
  for (const store::Image& image : view->images.all) {
    auto about = store::layout::read_directory(view->bytes->bytes().substr(image.begin, image.size), path, image.begin);
    if (!about) return about.error();
    auto facts = decode(about->facts, "");
    if (!facts) return store::layout::damaged(path, "it does not say how it was made");
    PartFacts part = part_facts(std::move(*facts), about->first_instant, about->last_instant);
    if (to.parts++ == 0) {
      to.names = std::move(about->names);
      to.all = std::move(part);
    } else {
      add_facts(to.all, std::move(part));
    }
    to.rows += about->log_rows;
  }
  to.end = view->images.end;
  return to;
}

Status append_to_file(const bytecode::Module& module, FileSystem& files, const ImportOptions& options, Appending& to,
                      ImportTotals& totals, const MemoryBound& memory) {
  ImportOptions import = options;
  if (import.source.empty()) import.source = to.all.facts.source;
  if (Status checked = check_programme(module, import, to); !checked) return checked;
  if (Status checked = check_bound(import.not_after, to); !checked) return checked;
  if (to.parts >= kMostParts) return too_many(to, "parts");
  const std::uint64_t at = store::layout::next_image(to.end);
  if (Status begun = to.file->begin(to.end, at, store::layout::kHeaderUsed); !begun) return begun;
  PartFacts made;
  Status done = import_part(module, files, import, *to.file, made, memory);
  totals = made.facts.totals;
  if (!done) return done;
  to.rows += totals.applied + totals.repeated;
  if (to.rows >= UINT32_MAX) return too_many(to, "rows");
  ++to.parts;
  add_facts(to.all, std::move(made));
  return Done{};
}

}  // namespace nurture::eventlog
