#include <algorithm>

#include "runtime/eventlog/importer.h"

// Lead and account tables (§7): starting values.

namespace nurture::eventlog {

/// The cells of a table row that mean something.
struct Importer::TableColumns {
  Names names;
  NameId key, created, account, as_of;
  std::vector<NameId> attributes;  // per field
  const calendar::Zone* zone;
  TimeReader time;
  Converter converter;
};

namespace {

/// A plain date as 00:00 of the program's zone.
std::optional<Instant> start_of_date(std::string_view text, const calendar::Zone* zone) {
  std::optional<std::int64_t> date = calendar::parse_date(text);
  return date ? std::optional(calendar::from_local(*date, 0, zone)) : std::nullopt;
}

}  // namespace

Status Importer::table_row_rejected(const RecordPlace& place, const std::string& path, RejectReason reason,
                                    std::string detail) {
  std::string what = path + " line " + std::to_string(place.line) + ": " + std::string(reason_text(reason)) +
                     (detail.empty() ? "" : ": " + detail);
  if (options_.strict) return Error{what, "without --strict such rows are set aside and counted"};
  if (table_rows_rejected_++ == 0) first_table_reject_ = what;
  if (options_.on_reject) {
    options_.on_reject({path, place.line, place.byte, reason, std::move(detail), shortened(place.text, kShownText)});
  }
  return Done{};
}

Status Importer::read_table(const std::string& path, const char* key, const std::vector<bytecode::Field>& fields,
                            const std::function<Status(const Row&, const RecordPlace&, TableColumns&)>& use) {
  const calendar::Zone* zone = calendar::find_zone(module_.strings.empty() ? "" : module_.strings[module_.timezone]);
  if (!zone) zone = calendar::utc();
  StorePools pools(*builder_);
  TableColumns columns{{}, 0, 0, 0, 0, {}, zone, TimeReader::native(zone), Converter(module_, pools)};
  columns.key = columns.names.add(key);
  columns.created = columns.names.add("created");
  columns.account = columns.names.add("account");
  columns.as_of = columns.names.add("as_of");
  for (const bytecode::Field& field : fields)
    columns.attributes.push_back(columns.names.add(module_.strings[field.name]));
  auto file =
      LogFile::open(files_, path, {&columns.names, options_.line_limit, options_.chunk, bytecode::LogFormat::Auto});
  if (!file) return file.error();
  if (!file->has_column(columns.key)) {
    return Error{"cannot read " + path + ": it has no column \"" + key + "\"",
                 std::string("the column that names each ") + key + " must be called " + key};
  }
  auto reader = file->head().csv ? csv_reader(options_.line_limit) : ndjson_reader(columns.names, options_.line_limit);
  Row row(columns.names.size());
  RecordPlace place;
  Chunk chunk;
  for (std::uint64_t lines = 1;; lines += reader->lines()) {
    auto more = file->next(chunk);
    if (!more) return more.error();
    if (!*more) return Done{};
    lines += chunk.lines_before;
    reader->begin(chunk);
    while (reader->next(row, place)) {
      place.line += lines;
      place.byte += chunk.position;
      Status used = place.bad ? table_row_rejected(place, path, *place.bad, place.detail) : use(row, place, columns);
      if (!used) return used;
    }
    if (Status spilled = spill_if_full(); !spilled) return spilled;
  }
}

Status Importer::set_attributes(const Row& row, const RecordPlace& place, TableColumns& columns,
                                const std::string& path, const std::vector<bytecode::Field>& fields,
                                const std::function<void(std::uint16_t, Value)>& set) {
  for (std::uint16_t i = 0; i < fields.size(); ++i) {
    const Cell* cell = row.find(columns.attributes[i]);
    if (!cell) continue;
    Converted converted = columns.converter.convert(*cell, fields[i].type, columns.time);
    totals_.outside_choice += converted.outside_choice ? 1 : 0;
    if (!converted.bad) {
      set(i, converted.value);
      continue;
    }
    std::string detail =
        module_.strings[fields[i].name] + ": " + not_a(cell->text, expected_text(module_, fields[i].type));
    if (Status kept = table_row_rejected(place, path, RejectReason::BadProperty, std::move(detail)); !kept) return kept;
  }
  return Done{};
}

Status Importer::lead_row(const Row& row, const RecordPlace& place, TableColumns& columns, Instant& as_of) {
  const Cell* key = row.find(columns.key);
  if (!key || key->kind == Cell::Kind::Null || key->text.empty()) {
    return table_row_rejected(place, options_.leads, RejectReason::NoLead, "");
  }
  std::uint32_t lead = builder_->lead(key->text);
  builder_->mark(lead, store::kInTable);
  if (const Cell* account = row.find(columns.account); account && account->kind != Cell::Kind::Null) {
    builder_->set_account(lead, account->text);
  }
  for (NameId name : {columns.created, columns.as_of}) {
    const Cell* cell = row.find(name);
    if (!cell || cell->kind == Cell::Kind::Null) continue;
    std::optional<Instant> at = columns.time.instant(cell->text);
    if (!at) at = start_of_date(cell->text, columns.zone);
    if (!at) {
      std::string detail = columns.names.at(name) + ": " + not_a(cell->text, "an instant like 2026-03-05T09:30:00Z");
      if (Status kept = table_row_rejected(place, options_.leads, RejectReason::BadInstant, detail); !kept) return kept;
    } else if (name == columns.created) {
      builder_->lives_since(lead, *at);
    } else {
      as_of = std::max(as_of, *at);
    }
  }
  return set_attributes(row, place, columns, options_.leads, module_.schema.lead,
                        [&](std::uint16_t attribute, Value value) { builder_->set_attribute(lead, attribute, value); });
}

Status Importer::read_leads() {
  if (options_.leads.empty()) return Done{};
  return read_table(options_.leads, "lead", module_.schema.lead,
                    [&](const Row& row, const RecordPlace& place, TableColumns& columns) {
                      return lead_row(row, place, columns, as_of_);
                    });
}

Status Importer::read_accounts() {
  if (options_.accounts.empty()) return Done{};
  const auto& fields = module_.schema.account;
  return read_table(options_.accounts, "account", fields,
                    [&](const Row& row, const RecordPlace& place, TableColumns& columns) -> Status {
                      const Cell* key = row.find(columns.key);
                      if (!key || key->kind == Cell::Kind::Null || key->text.empty()) {
                        return table_row_rejected(place, options_.accounts, RejectReason::NoLead, "no account");
                      }
                      std::string account(key->text);
                      builder_->add_account(account);
                      return set_attributes(row, place, columns, options_.accounts, fields,
                                            [&](std::uint16_t attribute, Value value) {
                                              builder_->set_account_attribute(account, attribute, value);
                                            });
                    });
}

}  // namespace nurture::eventlog
