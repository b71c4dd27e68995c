#include "runtime/base/text_table.h"

#include <algorithm>

#include "runtime/base/hash.h"

namespace nurture {
namespace {

constexpr std::size_t kFewestSlots = 64;

template <typename Integer>
std::uint64_t load(const char* bytes) {
  Integer number = 0;
  std::memcpy(&number, bytes, sizeof number);
  if constexpr (std::endian::native == std::endian::big) {
    number = sizeof number == 8 ? __builtin_bswap64(number) : __builtin_bswap32(static_cast<std::uint32_t>(number));
  }
  return number;
}

std::uint64_t byte(const char* bytes, std::size_t at) {
  return std::uint64_t{static_cast<unsigned char>(bytes[at])} << (8 * at);
}

}  // namespace

/// Bytes are read in pieces that overlap: there is no loop, and nothing behind the text is touched.
TextKey TextKey::of(std::string_view text) {
  const std::size_t size = text.size();
  const char* bytes = text.data();
  if (size > kWhole) return {hash64(text), static_cast<std::uint32_t>(size | 0xff000000)};
  const std::uint64_t above = std::uint64_t{size} << 24;
  if (size >= 8) {
    const std::uint64_t behind = load<std::uint32_t>(bytes + size - 4) >> (8 * (12 - size));
    return {load<std::uint64_t>(bytes), static_cast<std::uint32_t>(above | behind)};
  }
  std::uint64_t word = 0;
  if (size >= 4) {
    word = load<std::uint32_t>(bytes) | load<std::uint32_t>(bytes + size - 4) << (8 * (size - 4));
  } else if (size > 0) {
    word = byte(bytes, 0) | byte(bytes, size / 2) | byte(bytes, size - 1);
  }
  return {word, static_cast<std::uint32_t>(above)};
}

void TextTable::clear() {
  std::fill(slots_.begin(), slots_.end(), Slot());
  held_ = 0;
}

/// A slot's place is the lower bits of its key's: so from front to back of the old it goes through the new as well, in
/// two places at a time.
void TextTable::grow() {
  std::vector<Slot> larger(std::max(kFewestSlots, slots_.size() * 2));
  mask_ = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (!slot.used()) continue;
    std::size_t at = slot.key().spread() & mask_;
    while (larger[at].used()) at = (at + 1) & mask_;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

}  // namespace nurture
