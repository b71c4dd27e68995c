#pragma once

#include "runtime/store/names.h"
#include "runtime/store/store.h"

namespace nurture::store {

/// The texts and lists of a store in order, none that nothing refers to: as a file has them.
struct Tidy {
  std::vector<std::uint64_t> text_begins, list_begins;
  std::string text_bytes;
  std::vector<Value> list_items;
};

/// Numbers texts by their bytes and lists by list_order throughout the store, whose pools are emptied, and gives every
/// column the fewest bytes.
Tidy tidy(Store& store, const SchemaNames& names);

inline bool is_text(TypeKind kind) {
  return kind == TypeKind::Text || kind == TypeKind::Choice || kind == TypeKind::Content;
}

}  // namespace nurture::store
