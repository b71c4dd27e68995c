#include <algorithm>
#include <unordered_map>

#include "runtime/eventlog/importer.h"

// The end of an import: defaults, sorting, totals, and what people should be warned of.

namespace nurture::eventlog {
namespace {

std::string_view rejects_text(const store::Spool<char>& rejects) {
  return {rejects.items().data(), rejects.items().size()};
}

/// Whether there is such a zone, asked once for each name.
class KnownZones {
 public:
  bool has(Value zone, std::string_view name) {
    if (!zone.known) return false;
    const auto [found, added] = known_.try_emplace(zone.text(), false);
    if (added) found->second = calendar::find_zone(name) != nullptr;
    return found->second;
  }

 private:
  std::unordered_map<TextId, bool> known_;
};

}  // namespace

Result<Imported> Importer::run() {
  if (Status done = read(); !done) return done.error();
  store::BuildFacts facts;
  store::Store store = build(facts);
  count(facts);
  count_zones(store);
  warn();
  return Imported{std::move(store), std::move(totals_), std::move(origins_)};
}

Status Importer::run_to(ByteSink& sink, StoredFacts& facts, const MemoryBound& memory, store::Workspace& space,
                        store::Spool<char>& rejects) {
  memory_ = &memory;
  space_ = &space;
  if (Status done = read(); !done) return done;
  const auto finish = [&](const store::BuildFacts& found) -> Status {
    count(found);
    warn();
    facts.totals = totals_;
    facts.origins = origins_;
    facts.since = since();
    return rejects.finish();
  };
  store::BuildFacts found;
  if (parts_.empty()) {
    store::Store store = build(found);
    count_zones(store);
    if (Status done = finish(found); !done) return done;
    store::StoreFile file{store::names_of(module_), encode(facts), rejects_text(rejects), std::move(store), {}};
    file.kept = builder_->take_kept();
    return store::write(std::move(file), sink);
  }
  if (Status done = spill(); !done) return done;
  store::Join join(std::move(parts_), space);
  if (Status done = join.run(span_.first, span_.empty() ? kNever : span_.last); !done) return done;
  totals_.leads_without_zone = leads_without_zone(join, module_.schema.lead_timezone);
  if (Status done = finish(join.facts()); !done) return done;
  return join.write(encode(facts), rejects_text(rejects), sink);
}

store::Store Importer::build(store::BuildFacts& facts) {
  set_defaults();
  return builder_->build(span_.first, span_.empty() ? kNever : span_.last, facts,
                         options_.for_file ? store::Linking{.later = true} : store::linking_of(module_),
                         options_.threads);
}

/// What was read is sorted and written when it takes its share of the bound: while that is done it takes as much again,
/// and more.
Status Importer::spill_if_full() {
  constexpr std::uint64_t kShare = 3, kProcess = std::uint64_t{24} << 20;  // bytes of the process itself
  const std::uint64_t bound = memory_ == nullptr ? 0 : memory_->bytes;
  if (bound == 0) return Done{};
  return builder_->memory() > (bound - std::min(bound / 2, kProcess)) / kShare ? spill() : Status(Done{});
}

Status Importer::spill() {
  constexpr std::size_t kMostParts = 30'000;
  if (parts_.size() == kMostParts) {
    return Error{"the log is too large for so little memory: it would be sorted in more than 30,000 parts",
                 "give the import more memory"};
  }
  auto scratch = space_->scratch();
  if (!scratch) return scratch.error();
  store::BuildFacts facts;
  store::StoreFile file{store::names_of(module_), "", {}, build(facts), {}};
  file.kept = builder_->take_kept();
  builder_.emplace(module_.schema, row_attributes_, has_ids_);
  ScratchSink sink(**scratch);
  if (Status done = store::write(std::move(file), sink, store::Readers::ThisProcess); !done) return done;
  auto view = (*scratch)->view();
  if (!view) return view.error();
  space_->watch(*view);
  auto part = store::load_own(std::move(*view));
  if (!part) return part.error();
  parts_.push_back({std::move(*part), std::move(facts)});
  if (memory_->trim) memory_->trim();
  return Done{};
}

void Importer::count(const store::BuildFacts& facts) {
  totals_.ties = facts.ties;
  totals_.exact_repeats = facts.exact_repeats;
  totals_.out_of_order = facts.out_of_order;
  totals_.leads_in_log = facts.leads_in_log;
  totals_.leads_in_table = facts.leads_in_table;
  for (std::size_t kind = 0; kind < applied_by_.size(); ++kind) {
    std::uint64_t applied = applied_by_[kind] - facts.repeated_by[kind];
    totals_.repeated += facts.repeated_by[kind];
    totals_.applied += applied;
    if (applied > 0) totals_.applied_by[module_.strings[module_.schema.kinds[kind].name]] = applied;
  }
}

Since Importer::since() const {
  return {span_.last_but_one, as_of_, table_rows_rejected_, first_table_reject_, module_.schema.lead_timezone};
}

void Importer::warn() { totals_.warnings = warnings_of(totals_, since(), span_); }

void Importer::set_defaults() {
  StorePools pools(*builder_);
  Converter converter(module_, pools);
  for (std::uint16_t attribute = 0; attribute < module_.schema.lead.size(); ++attribute) {
    std::uint16_t constant = module_.schema.lead[attribute].default_value;
    if (constant != bytecode::kNone) builder_->set_default(attribute, converter.constant(constant));
  }
}

void Importer::count_zones(const store::Store& store) {
  if (module_.schema.lead_timezone == bytecode::kNone) {
    totals_.leads_without_zone = store.lead_count();
    return;
  }
  KnownZones known;
  const store::Column& zones = store.lead_attributes[module_.schema.lead_timezone];
  for (store::LeadIndex lead = 0; lead < store.lead_count(); ++lead) {
    const Value zone = zones.at(lead);
    const bool has = known.has(zone, zone.known ? store.texts.at(zone.text()) : std::string_view());
    totals_.leads_without_zone += has ? 0 : 1;
  }
}

std::uint64_t leads_without_zone(store::Join& join, std::uint16_t attribute) {
  if (attribute == bytecode::kNone) return join.leads();
  KnownZones known;
  std::uint64_t without = 0;
  join.each_lead(attribute, [&](Value zone, std::string_view name) { without += known.has(zone, name) ? 0 : 1; });
  return without;
}

namespace {

void warn_of_span(const Since& since, const Span& span, std::vector<std::string>& warnings) {
  if (span.empty()) return;
  if (since.as_of > span.first) {
    warnings.push_back("the lead table is true as of " + calendar::format_utc(since.as_of) +
                       ", but the log begins at " + calendar::format_utc(span.first) +
                       ": campaigns will know what could not be known yet");
  }
  // One wrong date far ahead would make every timer run until then.
  if (span.last_but_one == INT64_MIN) return;
  const Instant gap = span.last - span.last_but_one;
  if (gap > 365 * kDay && gap > span.last_but_one - span.first) {
    warnings.push_back("the log's last instant, " + calendar::format_utc(span.last) +
                       ", lies far from the one before, " + calendar::format_utc(span.last_but_one) +
                       ": timers run until it. If it is a mistake, set a bound or run --until an earlier date");
  }
}

void warn_of_nothing(const ImportTotals& totals, std::vector<std::string>& warnings) {
  if (totals.read == 0) {
    if (totals.files > 0) warnings.emplace_back("the log is empty: there is nothing to replay");
    return;
  }
  if (totals.applied > 0) return;
  std::string seen;
  for (const auto& [name, count] : totals.no_interest_by) {
    if (seen.size() > 200) break;
    seen += (seen.empty() ? "" : ", ") + name;
  }
  warnings.push_back("no line of the log became an event of the programme" +
                     (seen.empty() ? std::string() : "; of no interest were: " + seen));
}

}  // namespace

std::vector<std::string> warnings_of(const ImportTotals& totals, const Since& since, const Span& span) {
  std::vector<std::string> warnings;
  warn_of_span(since, span, warnings);
  if (since.table_rows_rejected > 0) {
    warnings.push_back(std::to_string(since.table_rows_rejected) + (since.table_rows_rejected == 1 ? " row" : " rows") +
                       " of the tables could not be used: " + since.first_table_reject);
  }
  warn_of_nothing(totals, warnings);
  return warnings;
}

}  // namespace nurture::eventlog
