#include "runtime/base/text_pool.h"

#include <algorithm>
#include <tuple>

#include "runtime/base/hash.h"

namespace nurture {

namespace {

constexpr std::size_t kChunk = 64 * 1024;  ///< bytes

/// The first of `size` ids of which `before` does not hold.
template <typename Before>
std::uint32_t first_not(std::uint32_t size, Before before) {
  std::uint32_t from = 0, to = size;
  while (from < to) {
    const std::uint32_t middle = from + (to - from) / 2;
    if (before(middle)) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

}  // namespace

TextId TextPool::intern(std::string_view text) { return intern_one({text, TextKey::of(text)}); }

TextId TextPool::intern_one(const KeyedText& text) {
  if (based_ > 0) {
    if (const auto found = find_in_base(text.text)) return *found;
  }
  const auto next = static_cast<TextId>(size());
  const TextId id = table_.number(text, next, [&](TextId held) { return own(held); });
  if (id == next) texts_.push_back(keep(text.text));
  return id;
}

void TextPool::intern(std::span<const KeyedText> texts, std::vector<TextId>& ids) {
  constexpr std::size_t kSlot = 48, kView = 32, kText = 16;  // how far ahead each is asked for
  ids.clear();
  const auto likely = [&](std::size_t i) { return i < texts.size() ? table_.likely(texts[i].key) : TextTable::kNone; };
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i + kSlot < texts.size()) __builtin_prefetch(table_.place(texts[i + kSlot].key));
    if (const TextId id = likely(i + kView); id != TextTable::kNone) __builtin_prefetch(&texts_[id - based_]);
    if (const TextId id = likely(i + kText); id != TextTable::kNone) __builtin_prefetch(own(id).data());
    ids.push_back(intern_one(texts[i]));
  }
}

std::optional<TextId> TextPool::find(std::string_view text) const {
  if (const auto found = find_in_base(text)) return found;
  const TextId id = table_.find({text, TextKey::of(text)}, [&](TextId held) { return own(held); });
  return id == TextTable::kNone ? std::nullopt : std::optional(id);
}

std::optional<TextId> TextPool::find_in_base(std::string_view text) const {
  if (based_ == 0) return std::nullopt;
  const TextId id = first_not(based_, [&](TextId each) { return in_base(each) < text; });
  return id < based_ && in_base(id) == text ? std::optional(id) : std::nullopt;
}

std::string_view TextPool::keep(std::string_view text) {
  if (chunks_.empty() || chunks_.back().capacity() - chunks_.back().size() < text.size()) {
    chunks_.emplace_back().reserve(std::max(kChunk, text.size()));
  }
  std::string& chunk = chunks_.back();
  chunk.append(text);
  return std::string_view(chunk).substr(chunk.size() - text.size());
}

int list_order(std::span<const Value> a, std::span<const Value> b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  const auto key = [](const Value& value) { return std::tuple(value.bits, value.aux, value.known); };
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (key(a[i]) != key(b[i])) return key(a[i]) < key(b[i]) ? -1 : 1;
  }
  return 0;
}

ListId ListPool::intern(std::vector<Value> items) {
  const ListId place = first_not(based_, [&](ListId id) { return list_order(base_.at(id), items) < 0; });
  if (place < based_ && list_order(base_.at(place), items) == 0) return place;
  std::uint64_t hash = items.size();
  for (const Value& item : items) {
    const std::int64_t fields[3] = {item.bits, item.aux, item.known ? 1 : 0};
    hash = hash64({reinterpret_cast<const char*>(fields), sizeof fields}, hash);
  }
  auto [from, to] = ids_.equal_range(hash);
  for (auto it = from; it != to; ++it) {
    if (lists_[it->second - based_] == items) return it->second;
  }
  const auto id = static_cast<ListId>(size());
  lists_.push_back(std::move(items));
  ids_.emplace(hash, id);
  return id;
}

}  // namespace nurture
