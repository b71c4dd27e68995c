#include "runtime/eventlog/chunk_texts.h"

#include <algorithm>
#include <functional>

#include "runtime/base/hash.h"

namespace nurture::eventlog {
namespace {

constexpr TextId kNone = UINT32_MAX;
constexpr std::size_t kFewestSlots = 64;
constexpr std::size_t kRoom = 16 * 1024;  ///< bytes

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace

void ChunkTexts::begin(std::string_view bytes) {
  bytes_ = bytes;
  texts_.clear();
  std::fill(slots_.begin(), slots_.end(), Slot{0, kNone});
  put_together_.clear();
}

TextId ChunkTexts::number(std::string_view text) {
  if ((texts_.size() + 1) * 2 > slots_.size()) grow();
  const std::uint64_t hash = hash64(text);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].id != kNone; at = (at + 1) & mask) {
    if (slots_[at].tag == tag_of(hash) && texts_[slots_[at].id].text == text) return slots_[at].id;
  }
  slots_[at] = {tag_of(hash), static_cast<TextId>(texts_.size())};
  texts_.push_back({kept(text), hash});
  return slots_[at].id;
}

std::string_view ChunkTexts::kept(std::string_view text) {
  const std::less_equal<const char*> before;
  const bool stays =
      before(bytes_.data(), text.data()) && before(text.data() + text.size(), bytes_.data() + bytes_.size());
  if (stays || text.empty()) return text.empty() ? std::string_view() : text;
  if (put_together_.empty() || put_together_.back().capacity() - put_together_.back().size() < text.size()) {
    put_together_.emplace_back().reserve(std::max(kRoom, text.size()));
  }
  std::string& room = put_together_.back();
  room.append(text);
  return std::string_view(room).substr(room.size() - text.size());
}

void ChunkTexts::grow() {
  slots_.assign(std::max(kFewestSlots, slots_.size() * 2), Slot{0, kNone});
  for (TextId id = 0; id < texts_.size(); ++id) {
    std::size_t at = texts_[id].hash & (slots_.size() - 1);
    while (slots_[at].id != kNone) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {tag_of(texts_[id].hash), id};
  }
}

}  // namespace nurture::eventlog
