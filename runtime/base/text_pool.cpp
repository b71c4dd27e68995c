#include "runtime/base/text_pool.h"

#include <algorithm>
#include <tuple>

#include "runtime/base/hash.h"

namespace nurture {

namespace {

constexpr std::size_t kChunk = 64 * 1024;  ///< bytes
constexpr std::size_t kFewestSlots = 64;

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

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

TextId TextPool::intern(std::string_view text) { return intern_one({text, hash64(text)}); }

TextId TextPool::intern_one(const HashedText& text) {
  if (based_ > 0) {
    if (const auto found = find_in_base(text.text)) return *found;
  }
  if ((texts_.size() + 1) * 4 > slots_.size() * 3) grow();
  Slot& slot = slots_[slot_of(text.text, text.hash)];
  if (slot.id == kNone) {
    slot = {tag_of(text.hash), static_cast<TextId>(size())};
    texts_.push_back(keep(text.text));
  }
  return slot.id;
}

void TextPool::intern(std::span<const HashedText> texts, std::vector<TextId>& ids) {
  constexpr std::size_t kSlot = 24, kView = 16, kText = 8;  // how far ahead each is asked for
  ids.clear();
  if (slots_.empty()) grow();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i + kSlot < texts.size()) expect(texts[i + kSlot].hash);
    if (i + kView < texts.size()) expect_view(texts[i + kView].hash);
    if (i + kText < texts.size()) expect_text(texts[i + kText].hash);
    ids.push_back(intern_one(texts[i]));
  }
}

std::optional<TextId> TextPool::find(std::string_view text) const {
  if (const auto found = find_in_base(text)) return found;
  if (slots_.empty()) return std::nullopt;
  const Slot& slot = slots_[slot_of(text, hash64(text))];
  return slot.id == kNone ? std::nullopt : std::optional(slot.id);
}

std::optional<TextId> TextPool::find_in_base(std::string_view text) const {
  if (based_ == 0) return std::nullopt;
  const TextId id = first_not(based_, [&](TextId each) { return in_base(each) < text; });
  return id < based_ && in_base(id) == text ? std::optional(id) : std::nullopt;
}

void TextPool::expect_view(std::uint64_t hash) const {
  const Slot& slot = slots_[hash & (slots_.size() - 1)];
  if (slot.id != kNone) __builtin_prefetch(&texts_[slot.id - based_]);
}

void TextPool::expect_text(std::uint64_t hash) const {
  const Slot& slot = slots_[hash & (slots_.size() - 1)];
  if (slot.id != kNone && slot.tag == tag_of(hash)) __builtin_prefetch(texts_[slot.id - based_].data());
}

/// Where the text stands, or the empty slot where it would.
std::size_t TextPool::slot_of(std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.id == kNone || (slot.tag == tag_of(hash) && texts_[slot.id - based_] == text)) return at;
  }
}

std::string_view TextPool::keep(std::string_view text) {
  if (chunks_.empty() || chunks_.back().capacity() - chunks_.back().size() < text.size()) {
    chunks_.emplace_back().reserve(std::max(kChunk, text.size()));
  }
  std::string& chunk = chunks_.back();
  chunk.append(text);
  return std::string_view(chunk).substr(chunk.size() - text.size());
}

void TextPool::grow() {
  const std::size_t slots = std::max(kFewestSlots, slots_.size() * 2);
  slots_ = std::vector<Slot>();
  slots_.resize(slots);
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const std::uint64_t hash = hash64(texts_[i]);
    slots_[slot_of(texts_[i], hash)] = {tag_of(hash), static_cast<TextId>(based_ + i)};
  }
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
