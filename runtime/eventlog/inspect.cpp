#include "runtime/eventlog/inspect.h"

#include <algorithm>

#include "runtime/eventlog/importer.h"
#include "runtime/eventlog/inspect_rejects.h"
#include "runtime/eventlog/stored.h"

namespace nurture::eventlog {
namespace {

constexpr std::size_t kExamples = 3;       // of each reason
constexpr std::size_t kExampleText = 200;  // bytes

/// Keeps 16 bytes of every row.
class Watcher final : public RowObserver {
 public:
  void row(const Batch::Seen& row) override {
    TextId lead = leads_.intern(row.lead);
    std::string_view name = !row.event.empty() ? row.event : row.left_out ? kLeftOut : kNoRule;
    TextId kind = names_.intern(name);
    if (kind == kinds_.size()) kinds_.push_back({std::string(name), false, 0, 0, row.at, row.at});
    KindFacts& facts = kinds_[kind];
    facts.declared |= row.declared;
    ++facts.rows;
    facts.first = std::min(facts.first, row.at);
    facts.last = std::max(facts.last, row.at);
    if (lead == latest_.size()) latest_.push_back(INT64_MIN);
    if (row.at < latest_[lead]) ++out_of_order_;
    latest_[lead] = row.at;
    seen_.push_back({lead, kind, row.at});
  }

  void tell(Inspection& inspection) {
    inspection.leads = latest_.size();
    inspection.out_of_order = out_of_order_;
    for (const KindFacts& kind : kinds_) {
      inspection.first = std::min(inspection.first, kind.first);
      inspection.last = inspection.last == kNever ? kind.last : std::max(inspection.last, kind.last);
    }
    count_ties(inspection);
    count_leads();
    std::sort(kinds_.begin(), kinds_.end(), [](const KindFacts& a, const KindFacts& b) {
      return a.rows != b.rows ? a.rows > b.rows : a.name < b.name;
    });
    inspection.kinds = std::move(kinds_);
  }

 private:
  struct Seen {
    TextId lead, kind;
    Instant at;
  };

  void count_ties(Inspection& inspection) {
    auto key = [](const Seen& seen) { return std::pair(seen.lead, seen.at); };
    std::sort(seen_.begin(), seen_.end(), [&](const Seen& a, const Seen& b) { return key(a) < key(b); });
    for (std::size_t i = 1; i < seen_.size(); ++i) inspection.ties += key(seen_[i]) == key(seen_[i - 1]) ? 1 : 0;
  }

  void count_leads() {
    auto key = [](const Seen& seen) { return std::pair(seen.kind, seen.lead); };
    std::sort(seen_.begin(), seen_.end(), [&](const Seen& a, const Seen& b) { return key(a) < key(b); });
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      if (i == 0 || key(seen_[i]) != key(seen_[i - 1])) ++kinds_[seen_[i].kind].leads;
    }
  }

  TextPool leads_, names_;
  std::vector<KindFacts> kinds_;  // by number of the name
  std::vector<Instant> latest_;   // per lead, of the row before
  std::vector<Seen> seen_;
  std::uint64_t out_of_order_ = 0;
};

}  // namespace

void keep_example(std::vector<RejectFacts>& rejects, const Rejected& reject) {
  auto found = std::find_if(rejects.begin(), rejects.end(),
                            [&](const RejectFacts& facts) { return facts.reason == reject.reason; });
  if (found == rejects.end()) found = rejects.insert(rejects.end(), {reject.reason, 0, {}});
  ++found->rows;
  if (found->examples.size() >= kExamples) return;
  found->examples.push_back(
      {reject.file, reject.line, reject.byte, reject.detail, std::string(shortened(reject.text, kExampleText))});
}

Result<Inspection> inspect(const bytecode::Module& module, FileSystem& files, const ImportOptions& options) {
  if (options.logs.size() == 1 && is_store(files, options.logs.front())) {
    return inspect_stored(files, options.logs.front());
  }
  Inspection inspection;
  ImportOptions watched = options;
  watched.on_reject = [&](const Rejected& reject) {
    keep_example(inspection.rejects, reject);
    if (options.on_reject) options.on_reject(reject);
  };
  Watcher watcher;
  auto imported = Importer(module, files, watched, &watcher).run();
  if (!imported) return imported.error();
  inspection.totals = std::move(imported->totals);
  imported->store = store::Store();  // counting what was watched needs the room
  watcher.tell(inspection);
  std::sort(inspection.rejects.begin(), inspection.rejects.end(),
            [](const RejectFacts& a, const RejectFacts& b) { return a.reason < b.reason; });
  return inspection;
}

}  // namespace nurture::eventlog
