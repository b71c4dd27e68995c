#include <algorithm>
#include <fmt/format.h>

#include "runtime/calendar/calendar.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "tools/nurture/evidence/findings.h"

namespace nurture::tool::evidence {

namespace {

using EntryOf = std::pair<std::uint16_t, std::uint16_t>;  ///< (campaign, entry)

/// An entry that brings in many at a time, when the programme is deployed at the end of the log.
struct Rush {
  Instant over = 0;       ///< all of them are in by then
  std::int64_t days = 1;  ///< over which they come in
  std::string when;       ///< "within 5 days of its deployment"
};

/// Who comes in by these entries.
class LaunchSink : public outcome::Sink {
 public:
  explicit LaunchSink(const std::map<EntryOf, Rush>& entries) : entries_(entries) {}
  void on(const outcome::Outcome& o) override {
    if (o.kind != outcome::Kind::Entered && o.kind != outcome::Kind::HeldOut) return;
    const EntryOf entry(o.campaign, static_cast<std::uint16_t>(o.a));
    auto found = entries_.find(entry);
    if (found != entries_.end() && o.at <= found->second.over) ++counts_[entry];
  }
  outcome::Kinds wants() const override { return outcome::kinds({outcome::Kind::Entered, outcome::Kind::HeldOut}); }
  const std::map<EntryOf, Count>& counts() const { return counts_; }

 private:
  const std::map<EntryOf, Rush>& entries_;
  std::map<EntryOf, Count> counts_;
};

class Launch {
 public:
  explicit Launch(const Evidence& evidence)
      : evidence_(evidence), module_(evidence.programme.module), from_(evidence.log.store.last_instant) {
    if (from_ == kNever) from_ = evidence.log.store.first_instant;
  }

  Status run() {
    if (from_ == kNever || evidence_.leads() < kFewest) return Done{};
    find_entries();
    if (entries_.empty()) return Done{};
    if (auto counted = replay(); !counted) return counted;
    for (const auto& [entry, count] : counts_) judge(entry, count);
    return Done{};
  }

 private:
  void find_entries() {
    for (std::uint16_t c = 0; c < module_.campaigns.size(); ++c) {
      if (evidence_.programme.is_probe(c) || module_.campaigns[c].for_account) continue;
      if (!engine::executes(module_, {}, c)) continue;
      for (std::uint16_t e = 0; e < module_.campaigns[c].entries.size(); ++e) take(c, e);
    }
  }

  void take(std::uint16_t campaign, std::uint16_t index) {
    const bytecode::Entry& entry = module_.campaigns[campaign].entries[index];
    if (entry.form == bytecode::EntryForm::Once) return take_once({campaign, index}, entry);
    if (!entry.those_already_true || entry.spread_over == bytecode::kNone) return;
    const Duration spread = module_.constants[entry.spread_over].value.duration();
    Rush rush;
    rush.over = calendar::add(from_, spread, outcome::programme_zone(module_)).value_or(from_);
    rush.days = std::max<std::int64_t>(1, (rush.over - from_) / kDay);
    rush.when = fmt::format("within {} of its deployment", calendar::format_duration(spread));
    entries_[{campaign, index}] = rush;
  }

  /// On the clock of each lead, so within a day or so of the programme's.
  void take_once(EntryOf at, const bytecode::Entry& entry) {
    constexpr Instant kAhead = 366 * kDay;
    const Instant when = calendar::from_local(entry.date, entry.time, outcome::programme_zone(module_));
    if (when <= from_ || when - from_ > kAhead) return;
    entries_[at] = {when + kDay, 1, fmt::format("on one day, {}", outcome::day_text(entry.date))};
  }

  Status replay() {
    engine::RunOptions run;
    run.threads = evidence_.threads;
    run.deployed_at = from_;
    run.until = from_;
    for (const auto& [entry, rush] : entries_) run.until = std::max(run.until, rush.over);
    std::vector<std::unique_ptr<LaunchSink>> sinks;
    auto status = engine::run(evidence_.bound, evidence_.log.store, run, [&](std::size_t) {
      sinks.push_back(std::make_unique<LaunchSink>(entries_));
      return sinks.back().get();
    });
    for (const auto& sink : sinks) {
      for (const auto& [entry, count] : sink->counts()) counts_[entry] += count;
    }
    return status;
  }

  /// A hundred a day, or one in twenty of all leads, is more than a first day should try.
  void judge(EntryOf at, Count count) {
    constexpr Count kMany = 100;
    constexpr Count kShare = 20;
    const Rush& rush = entries_.at(at);
    const Count per_day = count / static_cast<Count>(rush.days);
    if (count < kFewest || (per_day < kMany && per_day * kShare < evidence_.leads())) return;
    const sema::Model& model = evidence_.model();
    const sema::Campaign& campaign =
        model.campaigns[model.find_campaign(module_.strings[module_.campaigns[at.first].name])];
    Diagnostic& said = evidence_.diagnostics.report(DiagnosticId::LaunchBacklog, campaign.entries[at.second]->span,
                                                    share_of_leads(count, evidence_.leads()), campaign.name, rush.when);
    said.hint =
        module_.campaigns[at.first].entries[at.second].form == bytecode::EntryForm::Once
            ? "See that contents, limits and sales can take as many on one day, or enter them in several groups."
            : "Spread them over more days, or ask more of them with `if`.";
  }

  const Evidence& evidence_;
  const bytecode::Module& module_;
  Instant from_;
  std::map<EntryOf, Rush> entries_;
  std::map<EntryOf, Count> counts_;
};

}  // namespace

Status launch(const Evidence& evidence) { return Launch(evidence).run(); }

}  // namespace nurture::tool::evidence
