#include "runtime/eventlog/chunk_texts.h"

#include <algorithm>
#include <functional>

namespace nurture::eventlog {
namespace {

constexpr std::size_t kRoom = 16 * 1024;  ///< bytes

}  // namespace

void ChunkTexts::begin(std::string_view bytes) {
  bytes_ = bytes;
  texts_.clear();
  table_.clear();
  put_together_.clear();
}

TextId ChunkTexts::number(std::string_view text) {
  const TextKey key = TextKey::of(text);
  const auto next = static_cast<TextId>(texts_.size());
  const TextId id = table_.number({text, key}, next, [&](TextId held) { return at(held); });
  if (id == next) add(text, key);
  return id;
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

}  // namespace nurture::eventlog
