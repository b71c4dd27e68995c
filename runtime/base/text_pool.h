#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/base/text_table.h"
#include "runtime/base/value.h"

namespace nurture {

/// Texts or lists one after the other, in memory that somebody else keeps alive and never writes (a mapped file): item
/// i stands from begins[i] to begins[i + 1]. They are in order, none twice: texts by their bytes, lists by
/// `list_order`.
template <typename Item>
struct Sorted {
  std::span<const std::uint64_t> begins;  ///< one more than there are; or none
  const Item* items = nullptr;

  std::uint32_t size() const { return begins.empty() ? 0 : static_cast<std::uint32_t>(begins.size() - 1); }
  std::span<const Item> at(std::uint32_t id) const { return {items + begins[id], items + begins[id + 1]}; }
};
using SortedTexts = Sorted<char>;
using SortedLists = Sorted<Value>;

/// Below zero, zero, above zero: shorter lists first, then by their items.
int list_order(std::span<const Value> a, std::span<const Value> b);

/// Interned texts: equal text, equal id. Ids count up from 0 in order of first use and carry no order of their own.
/// Filled while a log is read and a module bound to it, read-only (and so safe to share between threads) while it runs.
///
/// Memory: the text itself and some 44 bytes. A pool may stand on texts of a mapped file: their ids come first, and
/// they take no memory of its own.
class TextPool {
 public:
  TextPool() = default;
  explicit TextPool(SortedTexts base) : base_(base), based_(base.size()) {}
  TextPool(const TextPool&) = delete;
  TextPool& operator=(const TextPool&) = delete;
  TextPool(TextPool&&) = default;
  TextPool& operator=(TextPool&&) = default;

  TextId intern(std::string_view text);
  /// Many at once, each with its id at the same place of `ids`: what is waited for is on its way while others are done.
  void intern(std::span<const KeyedText> texts, std::vector<TextId>& ids);
  /// The id of `text` if it was ever interned.
  std::optional<TextId> find(std::string_view text) const;
  std::string_view at(TextId id) const { return id < based_ ? in_base(id) : texts_[id - based_]; }
  std::size_t size() const { return based_ + texts_.size(); }

 private:
  std::string_view in_base(TextId id) const {
    const std::span<const char> text = base_.at(id);
    return {text.data(), text.size()};
  }
  std::optional<TextId> find_in_base(std::string_view text) const;
  TextId intern_one(const KeyedText& text);
  std::string_view own(TextId id) const { return texts_[id - based_]; }
  std::string_view keep(std::string_view text);

  SortedTexts base_;
  TextId based_ = 0;  // how many texts are in the base
  std::vector<std::string>
      chunks_;  // texts one after the other; a chunk never grows beyond its capacity, so none moves
  std::vector<std::string_view> texts_;  // by id, those of the base left out
  TextTable table_;                      // of these
};

/// Interned lists of values of one element type each. Equal lists, equal id. May stand on lists of a mapped file, whose
/// ids come first.
class ListPool {
 public:
  ListPool() = default;
  explicit ListPool(SortedLists base) : base_(base), based_(base.size()) {}

  ListId intern(std::vector<Value> items);
  std::span<const Value> at(ListId id) const {
    return id < based_ ? base_.at(id) : std::span<const Value>(lists_[id - based_]);
  }
  std::size_t size() const { return based_ + lists_.size(); }

 private:
  SortedLists base_;
  ListId based_ = 0;  // how many lists are in the base
  std::deque<std::vector<Value>> lists_;
  std::unordered_multimap<std::uint64_t, ListId> ids_;
};

}  // namespace nurture
