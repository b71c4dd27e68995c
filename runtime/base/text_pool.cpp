#include "runtime/base/text_pool.h"

#include <algorithm>

#include "runtime/base/hash.h"

namespace nurture {

namespace {

constexpr std::size_t kChunk = 64 * 1024;  ///< bytes
constexpr std::size_t kFewestSlots = 64;

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace

TextId TextPool::intern(std::string_view text) {
  if ((texts_.size() + 1) * 4 > slots_.size() * 3) grow();
  const std::uint64_t hash = hash64(text);
  Slot& slot = slots_[slot_of(text, hash)];
  if (slot.id == kNone) {
    slot = {tag_of(hash), static_cast<TextId>(texts_.size())};
    texts_.push_back(keep(text));
  }
  return slot.id;
}

const TextId* TextPool::find(std::string_view text) const {
  if (slots_.empty()) return nullptr;
  const Slot& slot = slots_[slot_of(text, hash64(text))];
  return slot.id == kNone ? nullptr : &slot.id;
}

void TextPool::expect(std::string_view text) const {
  if (!slots_.empty()) __builtin_prefetch(&slots_[hash64(text) & (slots_.size() - 1)]);
}

/// Where the text stands, or the empty slot where it would.
std::size_t TextPool::slot_of(std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.id == kNone || (slot.tag == tag_of(hash) && texts_[slot.id] == text)) return at;
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
  for (TextId id = 0; id < texts_.size(); ++id) {
    const std::uint64_t hash = hash64(texts_[id]);
    slots_[slot_of(texts_[id], hash)] = {tag_of(hash), id};
  }
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
