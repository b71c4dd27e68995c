#include "runtime/eventlog/joined.h"

#include <algorithm>
#include <numeric>

#include "runtime/eventlog/importer.h"
#include "runtime/store/directory.h"

namespace nurture::eventlog {
namespace {

template <typename Key>
void add_counts(std::map<Key, std::uint64_t>& all, const std::map<Key, std::uint64_t>& more) {
  for (const auto& [key, count] : more) all[key] += count;
}

void add_totals(ImportTotals& all, const ImportTotals& more) {
  for (const auto count :
       {&ImportTotals::read, &ImportTotals::applied, &ImportTotals::no_interest, &ImportTotals::repeated,
        &ImportTotals::superseded, &ImportTotals::rejected, &ImportTotals::exact_repeats, &ImportTotals::outside_choice,
        &ImportTotals::ties, &ImportTotals::out_of_order, &ImportTotals::leads_in_table, &ImportTotals::leads_in_log,
        &ImportTotals::leads_without_zone, &ImportTotals::bytes, &ImportTotals::files}) {
    all.*count += more.*count;
  }
  add_counts(all.rejected_by, more.rejected_by);
  add_counts(all.no_interest_by, more.no_interest_by);
  add_counts(all.applied_by, more.applied_by);
}

/// Whether one import could have made both. Joining goes by it.
bool alike(const OpenedStore& a, const OpenedStore& b) {
  const store::Kept &one = a.file.kept, &other = b.file.kept;
  const bool has_events = a.file.store.events() > 0 && b.file.store.events() > 0;
  return a.file.names == b.file.names && a.facts.source == b.facts.source && a.facts.mapping == b.facts.mapping &&
         a.facts.since.zone_attribute == b.facts.since.zone_attribute &&
         one.account_attribute == other.account_attribute && one.row_attributes == other.row_attributes &&
         (!has_events || one.ids.empty() == other.ids.empty());
}

/// The first part that has events, or the first: all are held against it.
const OpenedStore& measure_of(const std::vector<OpenedStore>& parts) {
  const auto found =
      std::find_if(parts.begin(), parts.end(), [](const OpenedStore& part) { return part.file.store.events() > 0; });
  return found == parts.end() ? parts.front() : *found;
}

Status check_alike(const std::vector<OpenedStore>& parts, const std::string& path) {
  const OpenedStore& measure = measure_of(parts);
  const std::uint16_t zone = measure.facts.since.zone_attribute;
  const bool right = std::all_of(parts.begin(), parts.end(), [&](const auto& part) { return alike(measure, part); }) &&
                     (zone == bytecode::kNone || zone < measure.file.names.lead.size());
  return right ? Status(Done{}) : store::layout::damaged(path, "its parts do not belong together");
}

/// What was found in each part alone: joining goes from there to what is found in all of them.
store::BuildFacts found_in(const OpenedStore& part) {
  store::BuildFacts facts;
  facts.repeated_by.resize(part.file.names.kinds.size());
  facts.exact_repeats = part.facts.totals.exact_repeats;
  facts.ties = part.facts.totals.ties;
  facts.out_of_order = part.facts.totals.out_of_order;
  return facts;
}

}  // namespace

PartFacts part_facts(StoredFacts facts, Instant first, Instant last) {
  Span span;
  span.first = first;
  if (last != kNever) span.last = last;
  span.last_but_one = facts.since.last_but_one;
  return {std::move(facts), span};
}

void add_facts(PartFacts& all, PartFacts more) {
  all.span.add(more.span);
  StoredFacts& facts = all.facts;
  facts.not_after = more.facts.not_after;
  add_totals(facts.totals, more.facts.totals);
  for (const auto& [name, rows] : more.facts.origins) {
    facts.origins[name].applied += rows.applied;
    facts.origins[name].superseded += rows.superseded;
  }
  std::move(more.facts.rejects.begin(), more.facts.rejects.end(), std::back_inserter(facts.rejects));
  Since& since = facts.since;
  since.last_but_one = all.span.last_but_one;
  since.as_of = std::max(since.as_of, more.facts.since.as_of);
  if (since.table_rows_rejected == 0) since.first_table_reject = std::move(more.facts.since.first_table_reject);
  since.table_rows_rejected += more.facts.since.table_rows_rejected;
  facts.totals.warnings = warnings_of(facts.totals, since, all.span);
}

void count_joined(StoredFacts& facts, store::Join& join, const std::vector<store::KindNames>& kinds) {
  const store::BuildFacts& found = join.facts();
  ImportTotals& totals = facts.totals;
  totals.ties = found.ties;
  totals.exact_repeats = found.exact_repeats;
  totals.out_of_order = found.out_of_order;
  totals.leads_in_log = found.leads_in_log;
  totals.leads_in_table = found.leads_in_table;
  totals.leads_without_zone = leads_without_zone(join, facts.since.zone_attribute);
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    const std::uint64_t repeated = found.repeated_by[kind];
    if (repeated == 0) continue;
    totals.repeated += repeated;
    totals.applied -= repeated;
    totals.applied_by[kinds[kind].name] -= repeated;
  }
}

namespace {

/// `then(join, facts, rejects)` with what all parts are as one.
Status join_parts(std::vector<OpenedStore> parts, const std::string& path, store::Workspace& space,
                  const std::function<Status(store::Join&, StoredFacts&, std::string_view)>& then) {
  if (Status checked = check_alike(parts, path); !checked) return checked;
  PartFacts all;
  store::Spool<char> rejects(space);
  std::vector<store::LogPart> logs;
  for (OpenedStore& part : parts) {
    store::BuildFacts found = found_in(part);
    PartFacts facts = part_facts(std::move(part.facts), part.file.store.first_instant, part.file.store.last_instant);
    rejects.append(part.file.rejects);
    if (logs.empty()) {
      all = std::move(facts);
    } else {
      add_facts(all, std::move(facts));
    }
    logs.push_back({std::move(part.file), std::move(found)});
  }
  if (Status done = rejects.finish(); !done) return done;
  const std::vector<store::KindNames> kinds = logs.front().file.names.kinds;
  store::Join join(std::move(logs), space);
  if (Status done = join.run(all.span.first, all.span.empty() ? kNever : all.span.last); !done) return done;
  count_joined(all.facts, join, kinds);
  return then(join, all.facts, {rejects.items().data(), rejects.items().size()});
}

}  // namespace

Result<OpenedStore> joined(std::vector<OpenedStore> parts, const std::string& path) {
  if (parts.size() == 1) return std::move(parts.front());
  store::Workspace space;
  const std::unique_ptr<Scratch> scratch = memory_scratch();
  OpenedStore out;
  Status done = join_parts(std::move(parts), path, space,
                           [&](store::Join& join, StoredFacts& facts, std::string_view rejects) -> Status {
                             ScratchSink sink(*scratch);
                             out.facts = std::move(facts);
                             return join.write(encode(out.facts), rejects, sink, store::Readers::ThisProcess);
                           });
  if (!done) return done.error();
  auto view = scratch->view();
  if (!view) return view.error();
  auto file = store::load_own(std::move(*view));
  if (!file) return file.error();
  out.file = std::move(*file);
  return out;
}

Status write_joined(std::vector<OpenedStore> parts, const std::string& path, store::Workspace& space, ByteSink& sink) {
  return join_parts(std::move(parts), path, space,
                    [&](store::Join& join, StoredFacts& facts, std::string_view rejects) {
                      return join.write(encode(facts), rejects, sink);
                    });
}

}  // namespace nurture::eventlog
