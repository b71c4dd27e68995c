#include <algorithm>
#include <unordered_map>

#include "runtime/eventlog/importer.h"

// The end of an import: defaults, sorting, totals, and what people should be warned of.

namespace nurture::eventlog {

Imported Importer::finish() {
  set_defaults();
  for (bool in : in_log_) totals_.leads_in_log += in ? 1 : 0;
  for (bool in : in_table_) totals_.leads_in_table += in ? 1 : 0;
  store::BuildFacts facts;
  store::Store store =
      builder_->build(span_.first, span_.empty() ? kNever : span_.last, facts,
                      options_.for_file ? store::Linking{.later = true} : store::linking_of(module_), options_.threads);
  totals_.ties = facts.ties;
  totals_.exact_repeats = facts.exact_repeats;
  totals_.out_of_order = facts.out_of_order;
  for (std::size_t kind = 0; kind < applied_by_.size(); ++kind) {
    std::uint64_t applied = applied_by_[kind] - facts.repeated_by[kind];
    totals_.repeated += facts.repeated_by[kind];
    totals_.applied += applied;
    if (applied > 0) totals_.applied_by[module_.strings[module_.schema.kinds[kind].name]] = applied;
  }
  count_zones(store);
  warn_of_span();
  warn_of_nothing();
  return {std::move(store), std::move(totals_), std::move(origins_)};
}

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
  std::unordered_map<TextId, bool> valid;
  const store::Column& zones = store.lead_attributes[module_.schema.lead_timezone];
  for (store::LeadIndex lead = 0; lead < store.lead_count(); ++lead) {
    const Value zone = zones.at(lead);
    bool known = false;
    if (zone.known) {
      auto [found, added] = valid.try_emplace(zone.text(), false);
      if (added) found->second = calendar::find_zone(store.texts.at(zone.text())) != nullptr;
      known = found->second;
    }
    if (!known) ++totals_.leads_without_zone;
  }
}

void Importer::warn_of_span() {
  if (span_.empty()) return;
  if (as_of_ > span_.first) {
    totals_.warnings.push_back("the lead table is true as of " + calendar::format_utc(as_of_) +
                               ", but the log begins at " + calendar::format_utc(span_.first) +
                               ": campaigns will know what could not be known yet");
  }
  // One wrong date far ahead would make every timer run until then.
  if (span_.last_but_one == INT64_MIN) return;
  Instant gap = span_.last - span_.last_but_one;
  if (gap > 365 * kDay && gap > span_.last_but_one - span_.first) {
    totals_.warnings.push_back("the log's last instant, " + calendar::format_utc(span_.last) +
                               ", lies far from the one before, " + calendar::format_utc(span_.last_but_one) +
                               ": timers run until it. If it is a mistake, set a bound or run --until an earlier date");
  }
}

void Importer::warn_of_nothing() {
  if (table_rows_rejected_ > 0) {
    totals_.warnings.push_back(std::to_string(table_rows_rejected_) + (table_rows_rejected_ == 1 ? " row" : " rows") +
                               " of the tables could not be used: " + first_table_reject_);
  }
  if (totals_.read == 0) {
    if (totals_.files > 0) totals_.warnings.push_back("the log is empty: there is nothing to replay");
    return;
  }
  if (totals_.applied > 0) return;
  std::string seen;
  for (const auto& [name, count] : totals_.no_interest_by) {
    if (seen.size() > 200) break;
    seen += (seen.empty() ? "" : ", ") + name;
  }
  totals_.warnings.push_back("no line of the log became an event of the programme" +
                             (seen.empty() ? std::string() : "; of no interest were: " + seen));
}

}  // namespace nurture::eventlog
