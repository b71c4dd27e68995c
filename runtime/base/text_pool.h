#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/base/value.h"

namespace nurture {

/// Interned texts: equal text, equal id. Ids count up from 0 in order of first use and carry no order of their own.
/// Filled while a log is read and a module bound to it, read-only (and so safe to share between threads) while it runs.
///
/// Memory: the text itself and some 32 bytes.
class TextPool {
 public:
  TextPool() = default;
  TextPool(const TextPool&) = delete;
  TextPool& operator=(const TextPool&) = delete;
  TextPool(TextPool&&) = default;
  TextPool& operator=(TextPool&&) = default;

  TextId intern(std::string_view text);
  /// The id of `text` if it was ever interned; valid until the next text is.
  const TextId* find(std::string_view text) const;
  /// Says that `text` will be asked for soon: its slot is on its way into the cache while other work is done.
  void expect(std::string_view text) const;
  std::string_view at(TextId id) const { return texts_[id]; }
  std::size_t size() const { return texts_.size(); }

 private:
  static constexpr TextId kNone = UINT32_MAX;
  struct Slot {
    std::uint32_t tag = 0;  ///< upper half of the hash, the lower one chooses the slot
    TextId id = kNone;
  };

  std::size_t slot_of(std::string_view text, std::uint64_t hash) const;
  std::string_view keep(std::string_view text);
  void grow();

  std::vector<std::string>
      chunks_;  // texts one after the other; a chunk never grows beyond its capacity, so none moves
  std::vector<std::string_view> texts_;  // by id
  std::vector<Slot> slots_;              // a power of two, at most three quarters full
};

/// Interned lists of values of one element type each. Equal lists, equal id.
class ListPool {
 public:
  ListId intern(std::vector<Value> items);
  const std::vector<Value>& at(ListId id) const { return lists_[id]; }
  std::size_t size() const { return lists_.size(); }

 private:
  std::deque<std::vector<Value>> lists_;
  std::unordered_multimap<std::uint64_t, ListId> ids_;
};

}  // namespace nurture
