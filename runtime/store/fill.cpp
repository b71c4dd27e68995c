#include <algorithm>
#include <utility>

#include "runtime/store/builder.h"
#include "runtime/store/parallel.h"

// The writing half of the builder: from the order to the columns of the store. What has been read is freed as it goes.

namespace nurture::store {
namespace {

constexpr std::size_t kPiece = 1 << 16;  ///< events

std::size_t pieces_of(std::size_t events) { return (events + kPiece - 1) / kPiece; }
std::size_t end_of(std::size_t piece, std::size_t events) { return std::min(events, (piece + 1) * kPiece); }

}  // namespace

/// Of what sorting found, what the store itself does not say.
void Builder::keep(const Order& order) {
  kept_.rows = static_cast<std::uint32_t>(row_.size());
  if (has_ids_) {
    std::vector<std::uint64_t> ids(order.size());
    for (std::size_t event = 0; event < order.size(); ++event) ids[event] = id_[order[event]];
    kept_.ids = std::move(ids);
  }
  kept_.account_attribute = schema_.lead_account;
  kept_.row_attributes = row_attributes_;
  for (const Column& column : row_attribute_columns_) kept_.said.push_back(column.gathered(order));
  for (const Column& column : store_.lead_attributes) kept_.otherwise.emplace_back().set(0, column.otherwise());
}

void Builder::fill_events() {
  store_.lead_begin = std::move(lead_begin_);
  store_.at = std::move(sorted_at_);
  store_.kind = std::move(sorted_kind_);
}

/// Which row of its kind each event has: they are numbered in store order, piece by piece of the events. Where a kind
/// has no properties, nobody asks which row was which.
Builder::RowsOf Builder::number_rows(const Order& order) {
  const std::size_t pieces = pieces_of(order.size());
  std::vector<std::vector<RowIndex>> next(pieces,
                                          std::vector<RowIndex>(store_.blocks.size(), 0));  // counts, then places
  in_parallel(threads_, pieces, [&](std::size_t piece) {
    for (std::size_t event = piece * kPiece; event < end_of(piece, order.size()); ++event)
      ++next[piece][store_.kind[event]];
  });
  RowsOf rows_of(store_.blocks.size());
  for (std::size_t kind = 0; kind < rows_of.size(); ++kind) {
    RowIndex sum = 0;
    for (std::vector<RowIndex>& of_piece : next) sum += std::exchange(of_piece[kind], sum);
    store_.blocks[kind].rows = sum;
    if (!store_.blocks[kind].columns.empty()) rows_of[kind].resize(sum);
  }
  std::vector<RowIndex> rows(order.size());
  in_parallel(threads_, pieces, [&](std::size_t piece) {
    for (std::size_t event = piece * kPiece; event < end_of(piece, order.size()); ++event) {
      const std::uint8_t kind = store_.kind[event];
      rows[event] = next[piece][kind]++;
      if (!rows_of[kind].empty()) rows_of[kind][rows[event]] = row_[order[event]];
    }
  });
  release(row_);
  store_.row = std::move(rows);
  return rows_of;
}

void Builder::fill_properties(const Order& order) {
  const RowsOf rows_of = number_rows(order);
  struct Property {
    std::size_t kind;
    Column* column;
  };
  std::vector<Property> all;
  for (std::size_t kind = 0; kind < store_.blocks.size(); ++kind) {
    for (Column& column : store_.blocks[kind].columns) all.push_back({kind, &column});
  }
  in_parallel(threads_, all.size(),
              [&](std::size_t i) { *all[i].column = all[i].column->gathered(rows_of[all[i].kind]); });
}

void Builder::fill_changes(const Order& order) {
  if (changes_.empty() && row_attribute_columns_.empty()) {
    store_.change_begin.push_back(0);
    return;
  }
  std::vector<Value> latest(row_attributes_.size());  // what the rows said last of the lead at hand
  for (LeadIndex lead = 0; lead < store_.leads.size(); ++lead) {
    for (std::size_t i = 0; i < latest.size(); ++i) latest[i] = store_.lead_attributes[row_attributes_[i]].at(lead);
    for (EventIndex event = store_.lead_begin[lead]; event < store_.lead_begin[lead + 1]; ++event) {
      append_changes(order[event], event, latest);
    }
  }
  store_.change_begin.push_back(static_cast<std::uint32_t>(store_.changes.size()));
  release(changes_);
  release(row_attribute_columns_);
}

void Builder::append_changes(std::uint32_t row, EventIndex event, std::vector<Value>& latest) {
  std::size_t before = store_.changes.size();
  for (const Change& change : changes_of(row)) {
    store_.changes.push_back(change.change);
    for (std::size_t i = 0; i < latest.size(); ++i) {
      if (row_attributes_[i] == change.change.attribute) latest[i] = change.change.value;
    }
  }
  for (std::size_t i = 0; i < row_attribute_columns_.size(); ++i) {
    Value value = row_attribute_columns_[i].at(row);
    if (!value.known || value == latest[i]) continue;
    store_.changes.push_back({row_attributes_[i], value});
    latest[i] = value;
  }
  if (store_.changes.size() == before) return;
  store_.change_events.push_back(event);
  store_.change_begin.push_back(static_cast<std::uint32_t>(before));
}

}  // namespace nurture::store
