#include <algorithm>

#include "runtime/eventlog/importer.h"

// From the batches to the store, in source order: what they number for themselves becomes numbers of the store.

namespace nurture::eventlog {
Status Importer::take(const Chunk& chunk, const Batch& batch) {
  if (chunk.opens_file) {
    ++totals_.files;
    bytes_before_ = totals_.bytes;
    packed_before_ = packed_;
    lines_ = 0;
  }
  lines_ += chunk.lines_before;
  totals_.read += batch.read;
  totals_.superseded += batch.superseded;
  totals_.outside_choice += batch.outside_choice;
  totals_.bytes = bytes_before_ + chunk.position_after;
  packed_ = packed_before_ + chunk.packed_after;
  span_.add(batch.span);
  for (std::size_t i = 0; i < batch.no_interest_rows.size(); ++i) {
    totals_.no_interest += batch.no_interest_rows[i];
    totals_.no_interest_by[std::string(batch.no_interest.at(static_cast<TextId>(i)))] += batch.no_interest_rows[i];
  }
  for (std::size_t i = 0; i < batch.origin_rows.size(); ++i) {
    OriginRows& rows = origins_[std::string(batch.origins.at(static_cast<TextId>(i)))];
    rows.applied += batch.origin_rows[i].applied;
    rows.superseded += batch.origin_rows[i].superseded;
  }
  for (const Batch::Reject& each : batch.rejects) {
    if (Status kept = reject(chunk, each); !kept) return kept;
  }
  for (const Batch::Seen& row : batch.seen) observer_->row(row);
  builder_->texts().intern(batch.texts.all(), texts_);
  add_leads(batch);
  add_lists(batch);
  if (Status added = add_rows(chunk, batch); !added) return added;
  if (!memory_) expect_rows(batch);
  lines_ += batch.lines;
  if (options_.progress) options_.progress({totals_.read, packed_, size_});
  return spill_if_full();
}

/// The first chunk tells about how many rows there will be. Where memory is bounded they may not all be held, and where
/// there are very many the first may say too much of them.
void Importer::expect_rows(const Batch& batch) {
  constexpr double kMost = 1 << 25;
  if (builder_->rows() == 0 || builder_->rows() > batch.rows.size() || packed_ == 0 || size_ <= packed_) return;
  const double times = 1.05 * static_cast<double>(size_) / static_cast<double>(packed_);
  builder_->expect_rows(static_cast<std::uint64_t>(std::min(kMost, static_cast<double>(batch.rows.size()) * times)));
}

void Importer::add_leads(const Batch& batch) {
  leads_.clear();
  for (TextId lead : batch.leads) leads_.push_back(texts_[lead]);
  builder_->leads(leads_);
  for (std::size_t i = 0; i < leads_.size(); ++i) {
    builder_->mark(leads_[i], store::kInLog);
    if (batch.lives_since[i] != kNever) builder_->lives_since(leads_[i], batch.lives_since[i]);
  }
}

void Importer::add_lists(const Batch& batch) {
  lists_.clear();
  for (const Batch::List& list : batch.lists) {
    std::vector<Value> items = list.items;
    for (Value& item : items) item = in_store(item, list.element);
    lists_.push_back(builder_->lists().intern(std::move(items)));
  }
}

Value Importer::in_store(Value value, TypeKind type) const {
  if (!value.known) return value;
  switch (type) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      return Value::of_text(texts_[value.text()]);
    case TypeKind::List:
      return Value::of(lists_[static_cast<ListId>(value.bits)]);
    case TypeKind::Integer:
    case TypeKind::Number:
    case TypeKind::Decimal:
    case TypeKind::Boolean:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Duration:
    case TypeKind::Percent:
      return value;
  }
  return value;
}

Status Importer::add_rows(const Chunk& chunk, const Batch& batch) {
  std::size_t property = 0, attribute = 0, change = 0;
  std::vector<Value> properties, attributes;
  std::vector<store::AttributeChange> changes;
  for (const Batch::Row& row : batch.rows) {
    properties.clear();
    for (const bytecode::Field& field : module_.schema.kinds[row.kind].properties) {
      properties.push_back(in_store(batch.properties[property++], field.type.kind));
    }
    attributes.clear();
    for (std::uint16_t of_lead : row_attributes_) {
      attributes.push_back(in_store(batch.row_attributes[attribute++], module_.schema.lead[of_lead].type.kind));
    }
    changes.clear();
    for (std::uint32_t i = 0; i < row.changes; ++i, ++change) {
      const auto& [of_lead, value] = batch.changes[change];
      changes.push_back({of_lead, in_store(value, module_.schema.lead[of_lead].type.kind)});
    }
    if (!builder_->add({leads_[row.lead], row.at, row.kind, row.id, properties, changes, attributes})) {
      return Error{"cannot read " + chunk.file->path + " beyond line " + std::to_string(lines_ + 1) +
                       ": a run holds 4,294,967,294 events at most",
                   "cut the log into parts by lead"};
    }
    ++applied_by_[row.kind];
  }
  return Done{};
}

Status Importer::reject(const Chunk& chunk, const Batch::Reject& reject) {
  ++totals_.rejected;
  ++totals_.rejected_by[reject.reason];
  const Rejected rejected{
      chunk.file->path, lines_ + reject.line + 1, chunk.position + reject.byte, reject.reason, reject.detail,
      reject.text};
  if (options_.strict) return strict_error(rejected);
  if (options_.on_reject) options_.on_reject(rejected);
  return Done{};
}

}  // namespace nurture::eventlog
