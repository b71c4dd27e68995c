#pragma once

#include "runtime/store/file.h"
#include "runtime/store/layout.h"

namespace nurture::store {

/// The texts and lists of a store in order, none that nothing refers to: as a file has them.
struct Tidy {
  std::vector<std::uint64_t> text_begins, list_begins;
  std::string text_bytes;
  std::vector<Value> list_items;
};

/// Numbers texts by their bytes and lists by list_order throughout the store, whose pools are emptied, and gives every
/// column the fewest bytes.
Tidy tidy(StoreFile& file);

inline bool is_text(TypeKind kind) {
  return kind == TypeKind::Text || kind == TypeKind::Choice || kind == TypeKind::Content;
}

/// Where a column stands in a file, and the type of its values.
struct ColumnPlace {
  layout::What what;
  std::size_t kind, field;
  const FieldNames& type;
};

/// Calls `use` with each column, its place, and how many rows it has: in the order of a file.
template <typename File, typename Use>
void for_each_column(File& file, Use use) {
  using layout::What;
  static const FieldNames kFlag{"", TypeKind::Boolean, TypeKind::Text, ""};
  const SchemaNames& names = file.names;
  const std::size_t leads = file.store.leads.size(), accounts = file.store.accounts.size();
  const auto all = [&](What what, auto& columns, std::size_t rows, auto type_of) {
    for (std::size_t i = 0; i < columns.size(); ++i) use(columns[i], ColumnPlace{what, 0, i, type_of(i)}, rows);
  };
  const auto of_lead = [&](std::size_t i) -> const FieldNames& { return names.lead[i]; };
  const auto of_account = [&](std::size_t i) -> const FieldNames& { return names.account[i]; };
  const auto flag = [&](std::size_t) -> const FieldNames& { return kFlag; };
  all(What::LeadAttribute, file.store.lead_attributes, leads, of_lead);
  all(What::AccountAttribute, file.store.account_attributes, accounts, of_account);
  for (std::size_t kind = 0; kind < names.kinds.size(); ++kind) {
    auto& block = file.store.blocks[kind];
    for (std::size_t i = 0; i < block.columns.size(); ++i) {
      use(block.columns[i], ColumnPlace{What::Property, kind, i, names.kinds[kind].properties[i]},
          std::size_t{block.rows});
    }
  }
  all(What::LeadCleared, file.kept.lead_cleared, leads, flag);
  all(What::AccountCleared, file.kept.account_cleared, accounts, flag);
  all(What::Said, file.kept.said, file.store.events(),
      [&](std::size_t i) -> const FieldNames& { return names.lead[file.kept.row_attributes[i]]; });
  all(What::Otherwise, file.kept.otherwise, 1, of_lead);
}

}  // namespace nurture::store
