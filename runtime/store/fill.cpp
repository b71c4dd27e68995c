#include "runtime/store/builder.h"

// The writing half of the builder: from the order to the columns of the store. What has been read is freed as it goes.

namespace nurture::store {
void Builder::fill_events(const Order& order) {
  store_.lead_begin.assign(leads() + std::size_t{1}, 0);
  for (std::uint32_t row : order) ++store_.lead_begin.edit(rank_[lead_[row]] + 1);
  for (std::size_t i = 1; i < store_.lead_begin.size(); ++i) store_.lead_begin.edit(i) += store_.lead_begin[i - 1];
  release(lead_);
  store_.at.reserve(order.size());
  for (std::uint32_t row : order) store_.at.push_back(at_[row]);
  release(at_);
  store_.kind.reserve(order.size());
  for (std::uint32_t row : order) store_.kind.push_back(kind_[row]);
  release(kind_);
}

void Builder::fill_properties(const Order& order) {
  std::vector<std::vector<RowIndex>> rows_of(store_.blocks.size());
  for (std::size_t kind = 0; kind < rows_of.size(); ++kind) rows_of[kind].reserve(store_.blocks[kind].rows);
  store_.row.reserve(order.size());
  for (std::size_t event = 0; event < order.size(); ++event) {
    std::vector<RowIndex>& rows = rows_of[store_.kind[event]];
    store_.row.push_back(static_cast<RowIndex>(rows.size()));
    rows.push_back(row_[order[event]]);
  }
  release(row_);
  for (std::size_t kind = 0; kind < store_.blocks.size(); ++kind) {
    KindBlock& block = store_.blocks[kind];
    for (Column& column : block.columns) column = column.gathered(rows_of[kind]);
    block.rows = static_cast<RowIndex>(rows_of[kind].size());
    release(rows_of[kind]);
  }
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
