#include "runtime/base/text_pool.h"

#include "runtime/base/hash.h"

namespace nurture {

TextId TextPool::intern(std::string_view text) {
  if (auto found = ids_.find(text); found != ids_.end()) return found->second;
  std::string_view stored = storage_.emplace_back(text);
  auto id = static_cast<TextId>(texts_.size());
  texts_.push_back(stored);
  ids_.emplace(stored, id);
  return id;
}

const TextId* TextPool::find(std::string_view text) const {
  auto found = ids_.find(text);
  return found == ids_.end() ? nullptr : &found->second;
}

ListId ListPool::intern(std::vector<Value> items) {
  std::uint64_t hash = items.size();
  for (const Value& item : items) {
    const std::int64_t fields[3] = {item.bits, item.aux, item.known ? 1 : 0};
    hash = hash64({reinterpret_cast<const char*>(fields), sizeof fields}, hash);
  }
  auto [from, to] = ids_.equal_range(hash);
  for (auto it = from; it != to; ++it) {
    if (lists_[it->second] == items) return it->second;
  }
  auto id = static_cast<ListId>(lists_.size());
  lists_.push_back(std::move(items));
  ids_.emplace(hash, id);
  return id;
}

}  // namespace nurture
