#include <optional>

#include "runtime/eventlog/stored.h"

// The facts of an import as bytes, and back.

namespace nurture::eventlog {
namespace {

/// Visits the counts of the totals in the order of the file.
template <typename Totals, typename Use>
void for_each_count(Totals& totals, Use use) {
  for (auto* count :
       {&totals.read, &totals.applied, &totals.no_interest, &totals.repeated, &totals.superseded, &totals.rejected,
        &totals.exact_repeats, &totals.outside_choice, &totals.ties, &totals.out_of_order, &totals.leads_in_table,
        &totals.leads_in_log, &totals.leads_without_zone, &totals.bytes, &totals.files}) {
    use(*count);
  }
}

void put(const std::map<std::string, std::uint64_t>& counts, ByteWriter& out) {
  out.put(std::uint64_t{counts.size()});
  for (const auto& [name, count] : counts) {
    out.text(name);
    out.put(count);
  }
}

constexpr std::size_t kLeastRow = 16;  ///< bytes of a name and a count

std::map<std::string, std::uint64_t> get_counts(ByteReader& in) {
  std::map<std::string, std::uint64_t> counts;
  for (std::uint64_t rows = in.rows(kLeastRow); rows > 0; --rows) {
    const std::string name = in.text();
    counts[name] = in.get<std::uint64_t>();
  }
  return counts;
}

RejectReason get_reason(ByteReader& in) {
  const auto reason = in.get<std::uint8_t>();
  if (reason > static_cast<std::uint8_t>(RejectReason::MissingProperty)) in.reject();
  return static_cast<RejectReason>(reason);
}

void put(const ImportTotals& totals, ByteWriter& out) {
  for_each_count(totals, [&](std::uint64_t count) { out.put(count); });
  out.put(std::uint64_t{totals.rejected_by.size()});
  for (const auto& [reason, count] : totals.rejected_by) {
    out.put(static_cast<std::uint8_t>(reason));
    out.put(count);
  }
  put(totals.no_interest_by, out);
  put(totals.applied_by, out);
  out.put(std::uint64_t{totals.warnings.size()});
  for (const std::string& warning : totals.warnings) out.text(warning);
}

ImportTotals get_totals(ByteReader& in) {
  ImportTotals totals;
  for_each_count(totals, [&](std::uint64_t& count) { count = in.get<std::uint64_t>(); });
  for (std::uint64_t rows = in.rows(1 + sizeof(std::uint64_t)); rows > 0; --rows) {
    const RejectReason reason = get_reason(in);
    totals.rejected_by[reason] = in.get<std::uint64_t>();
  }
  totals.no_interest_by = get_counts(in);
  totals.applied_by = get_counts(in);
  for (std::uint64_t rows = in.rows(sizeof(std::uint64_t)); rows > 0; --rows) totals.warnings.push_back(in.text());
  return totals;
}

}  // namespace

std::string encode(const StoredFacts& facts) {
  ByteWriter out;
  out.text(facts.source);
  out.text(facts.mapping);
  out.put(facts.not_after);
  put(facts.totals, out);
  out.put(std::uint64_t{facts.origins.size()});
  for (const auto& [name, rows] : facts.origins) {
    out.text(name);
    out.put(rows.applied);
    out.put(rows.superseded);
  }
  out.put(facts.since.last_but_one);
  out.put(facts.since.as_of);
  out.put(facts.since.table_rows_rejected);
  out.text(facts.since.first_table_reject);
  out.put(facts.since.zone_attribute);
  return std::move(out).take();
}

std::string encode(const KeptReject& reject) {
  ByteWriter out;
  out.text(reject.file);
  out.put(reject.line);
  out.put(reject.byte);
  out.put(static_cast<std::uint8_t>(reject.reason));
  out.text(reject.detail);
  out.text(reject.text);
  return std::move(out).take();
}

std::optional<StoredFacts> decode(std::string_view bytes, std::string_view rejects) {
  constexpr std::size_t kLeastOrigin = 24;  // bytes
  ByteReader in(bytes);
  StoredFacts facts;
  facts.source = in.text();
  facts.mapping = in.text();
  facts.not_after = in.get<Instant>();
  facts.totals = get_totals(in);
  for (std::uint64_t rows = in.rows(kLeastOrigin); rows > 0; --rows) {
    OriginRows& origin = facts.origins[in.text()];
    origin.applied = in.get<std::uint64_t>();
    origin.superseded = in.get<std::uint64_t>();
  }
  facts.since.last_but_one = in.get<Instant>();
  facts.since.as_of = in.get<Instant>();
  facts.since.table_rows_rejected = in.get<std::uint64_t>();
  facts.since.first_table_reject = in.text();
  facts.since.zone_attribute = in.get<std::uint16_t>();
  ByteReader lines(rejects);
  while (lines.ok() && !lines.finished()) {
    KeptReject& reject = facts.rejects.emplace_back();
    reject.file = lines.text();
    reject.line = lines.get<std::uint64_t>();
    reject.byte = lines.get<std::uint64_t>();
    reject.reason = get_reason(lines);
    reject.detail = lines.text();
    reject.text = lines.text();
  }
  return in.finished() && lines.finished() ? std::optional(std::move(facts)) : std::nullopt;
}

}  // namespace nurture::eventlog
