#include <algorithm>

#include "runtime/store/file.h"

// From the numbers of a store's own names to those of a module: what has not moved stays a view of the file.

namespace nurture::store {
namespace {

std::vector<Column> moved(std::vector<Column> columns, const std::vector<std::uint16_t>& at) {
  std::vector<Column> out;
  for (std::uint16_t place : at) out.push_back(std::move(columns[place]));
  return out;
}

/// Per number of the store the module's.
std::vector<std::uint16_t> turned_about(const std::vector<std::uint16_t>& places, std::size_t count) {
  std::vector<std::uint16_t> out(count, bytecode::kNone);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] != bytecode::kNone) out[places[i]] = static_cast<std::uint16_t>(i);
  }
  return out;
}

bool stays(const std::vector<std::uint16_t>& now) {
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i] != i) return false;
  }
  return true;
}

void renumber_kinds(Store& store, const bytecode::Schema& schema, const Places& places) {
  const auto now = turned_about(places.kinds, store.blocks.size());
  std::vector<KindBlock> blocks(schema.kinds.size());
  for (std::size_t kind = 0; kind < blocks.size(); ++kind) {
    const std::uint16_t place = places.kinds[kind];
    if (place == bytecode::kNone) {
      blocks[kind].columns.resize(schema.kinds[kind].properties.size());
      continue;
    }
    blocks[kind].rows = store.blocks[place].rows;
    blocks[kind].columns = moved(std::move(store.blocks[place].columns), places.properties[kind]);
  }
  store.blocks = std::move(blocks);
  if (stays(now)) return;
  std::vector<std::uint8_t> kinds(store.kind.begin(), store.kind.end());
  for (std::uint8_t& kind : kinds) kind = static_cast<std::uint8_t>(now[kind]);
  store.kind = std::move(kinds);
}

void renumber_changes(Store& store, const Places& places, bool by_attribute) {
  const auto now = turned_about(places.lead, places.lead.size());
  if (stays(now)) return;
  std::vector<AttributeChange> changes(store.changes.begin(), store.changes.end());
  for (AttributeChange& change : changes) change.attribute = now[change.attribute];
  for (std::size_t i = 0; by_attribute && i < store.change_events.size(); ++i) {
    std::stable_sort(changes.begin() + store.change_begin[i], changes.begin() + store.change_begin[i + 1],
                     [](const AttributeChange& a, const AttributeChange& b) { return a.attribute < b.attribute; });
  }
  store.changes = std::move(changes);
}

}  // namespace

Store renumbered(Store store, const bytecode::Schema& schema, const Places& places, bool by_attribute) {
  renumber_kinds(store, schema, places);
  renumber_changes(store, places, by_attribute);
  store.lead_attributes = moved(std::move(store.lead_attributes), places.lead);
  store.account_attributes = moved(std::move(store.account_attributes), places.account);
  return store;
}

}  // namespace nurture::store
