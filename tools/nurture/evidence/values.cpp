#include "tools/nurture/evidence/values.h"

#include <algorithm>

namespace nurture::tool::evidence {

namespace {

using Counts = std::map<TextId, Count>;

Values sorted(const store::Store& store, const Counts& counts, Count known) {
  Values out;
  out.known = known;
  for (const auto& [id, count] : counts) out.rows.push_back({store.texts.at(id), count});
  std::sort(out.rows.begin(), out.rows.end(), [](const Values::Row& a, const Values::Row& b) {
    return a.count != b.count ? a.count > b.count : a.text < b.text;
  });
  return out;
}

/// Calls `visit` for each lead with the different values that it had, in any order.
template <typename Visit>
void for_each_lead(const store::Store& store, std::uint16_t attribute, Visit visit) {
  std::vector<TextId> had;
  std::size_t next = 0;
  for (store::LeadIndex lead = 0; lead < store.lead_count(); ++lead) {
    had.clear();
    auto add = [&](const Value& value) {
      if (value.known && std::find(had.begin(), had.end(), value.text()) == had.end()) had.push_back(value.text());
    };
    add(store.lead_attributes[attribute].at(lead));
    for (; next < store.change_events.size() && store.change_events[next] < store.lead_begin[lead + 1]; ++next) {
      for (std::uint32_t i = store.change_begin[next]; i < store.change_begin[next + 1]; ++i) {
        if (store.changes[i].attribute == attribute) add(store.changes[i].value);
      }
    }
    visit(had);
  }
}

void count_column(const store::Column& column, std::size_t rows, Counts& counts, Count& known) {
  for (std::size_t row = 0; row < rows; ++row) {
    const Value value = column.at(row);
    if (!value.known) continue;
    ++counts[value.text()];
    ++known;
  }
}

}  // namespace

Values lead_values(const store::Store& store, std::uint16_t attribute) {
  Counts counts;
  Count known = 0;
  for_each_lead(store, attribute, [&](const std::vector<TextId>& had) {
    known += had.empty() ? 0 : 1;
    for (TextId text : had) ++counts[text];
  });
  return sorted(store, counts, known);
}

Values account_values(const store::Store& store, std::uint16_t attribute) {
  Counts counts;
  Count known = 0;
  count_column(store.account_attributes[attribute], store.accounts.size(), counts, known);
  return sorted(store, counts, known);
}

Values event_values(const store::Store& store, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& properties) {
  Counts counts;
  Count known = 0;
  for (const auto& [kind, property] : properties) {
    const store::KindBlock& block = store.blocks[kind];
    count_column(block.columns[property], block.rows, counts, known);
  }
  return sorted(store, counts, known);
}

Count leads_with(const store::Store& store, std::uint16_t attribute,
                 const std::function<bool(std::string_view)>& accept) {
  Count out = 0;
  for_each_lead(store, attribute, [&](const std::vector<TextId>& had) {
    out += std::any_of(had.begin(), had.end(), [&](TextId text) { return accept(store.texts.at(text)); }) ? 1 : 0;
  });
  return out;
}

}  // namespace nurture::tool::evidence
