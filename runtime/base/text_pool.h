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
class TextPool {
 public:
  TextPool() = default;
  TextPool(const TextPool&) = delete;
  TextPool& operator=(const TextPool&) = delete;
  TextPool(TextPool&&) = default;
  TextPool& operator=(TextPool&&) = default;

  TextId intern(std::string_view text);
  /// The id of `text` if it was ever interned.
  const TextId* find(std::string_view text) const;
  std::string_view at(TextId id) const { return texts_[id]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> storage_;  // stable addresses: the views below point into it
  std::vector<std::string_view> texts_;
  std::unordered_map<std::string_view, TextId> ids_;
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
