#include <algorithm>

#include "runtime/eventlog/importer.h"
#include "runtime/eventlog/inspect_rejects.h"
#include "runtime/eventlog/stored.h"

// What a store holds: told from its columns and from what the import counted, without the log.

namespace nurture::eventlog {
namespace {

/// The kinds that are in the store, in its order.
std::vector<KindFacts> kept_kinds(const store::StoreFile& file) {
  const store::Store& store = file.store;
  std::vector<KindFacts> kinds;
  for (std::size_t kind = 0; kind < file.names.kinds.size(); ++kind) {
    kinds.push_back({file.names.kinds[kind].name, true, store.blocks[kind].rows, 0, kNever, kNever});
  }
  std::vector<store::LeadIndex> latest(kinds.size(), store::kNoLead);
  for (store::LeadIndex lead = 0; lead < store.leads.size(); ++lead) {
    for (auto event = store.lead_begin[lead]; event < store.lead_begin[lead + 1]; ++event) {
      KindFacts& facts = kinds[store.kind[event]];
      facts.first = std::min(facts.first, store.at[event]);
      facts.last = facts.last == kNever ? store.at[event] : std::max(facts.last, store.at[event]);
      facts.leads += latest[store.kind[event]] != lead ? 1 : 0;
      latest[store.kind[event]] = lead;
    }
  }
  return kinds;
}

}  // namespace

Result<Inspection> inspect_stored(FileSystem& files, const std::string& path) {
  auto opened = open_store(files, path);
  if (!opened) return opened.error();
  const store::StoreFile* const file = &opened->file;
  StoredFacts* const facts = &opened->facts;
  Inspection inspection;
  for (const KeptReject& reject : facts->rejects) keep_example(inspection.rejects, reject.as_told());
  std::sort(inspection.rejects.begin(), inspection.rejects.end(),
            [](const RejectFacts& a, const RejectFacts& b) { return a.reason < b.reason; });
  inspection.kinds = kept_kinds(*file);
  for (const auto& [name, rows] : undeclared(facts->totals)) {
    inspection.kinds.push_back({name, false, rows, 0, kNever, kNever});
  }
  std::erase_if(inspection.kinds, [](const KindFacts& kind) { return kind.rows == 0; });
  std::stable_sort(inspection.kinds.begin(), inspection.kinds.end(), [](const KindFacts& a, const KindFacts& b) {
    return a.rows != b.rows ? a.rows > b.rows : a.name < b.name;
  });
  inspection.first = file->store.first_instant;
  inspection.last = file->store.last_instant;
  inspection.leads = file->store.leads.size();
  inspection.ties = facts->totals.ties;
  inspection.out_of_order = facts->totals.out_of_order;
  inspection.totals = std::move(facts->totals);
  return inspection;
}

}  // namespace nurture::eventlog
