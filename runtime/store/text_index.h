#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "runtime/base/hash.h"
#include "runtime/base/text_pool.h"

namespace nurture::store {

/// A faster way into a TextPool while a log is read: one probe of a flat table instead of a chain of nodes. Always used
/// with the same pool, to which others may add as well.
class TextIndex {
 public:
  TextId intern(TextPool& pool, std::string_view text) {
    if (used_ * 2 >= slots_.size()) grow();
    const Slot wanted(hash64(text), text);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = wanted.hash & mask;; at = (at + 1) & mask) {
      Slot& slot = slots_[at];
      if (slot.id == kEmpty) {
        TextId id = pool.intern(text);
        slot = Slot(wanted.hash, pool.at(id));
        slot.id = id;
        ++used_;
        return id;
      }
      if (slot.hash == wanted.hash && slot.text() == text) return slot.id;
    }
  }

  /// Says that `text` will be asked for soon: its slot is on its way into the cache while other work is done.
  void expect(std::string_view text) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[hash64(text) & (slots_.size() - 1)]);
  }

 private:
  static constexpr TextId kEmpty = UINT32_MAX;

  /// Half a cache line that holds everything a hit needs, a short text included.
  struct Slot {
    Slot() = default;
    Slot(std::uint64_t hash_of_text, std::string_view text)
        : hash(hash_of_text), size(static_cast<std::uint32_t>(text.size())) {
      if (text.size() <= sizeof inside) {
        text.copy(inside, text.size());
      } else {
        const char* data = text.data();
        std::memcpy(inside, &data, sizeof data);
      }
    }
    std::string_view text() const {
      if (size <= sizeof inside) return {inside, size};
      const char* data = nullptr;
      std::memcpy(&data, inside, sizeof data);
      return {data, size};
    }

    std::uint64_t hash = 0;
    std::uint32_t size = 0;
    TextId id = kEmpty;
    char inside[16] = {};  ///< the text, or a pointer into the pool, which never moves a text
  };
  static_assert(sizeof(Slot) == 32);

  void grow() {
    std::vector<Slot> old(std::max<std::size_t>(1024, slots_.size() * 2));
    old.swap(slots_);
    const std::size_t mask = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.id == kEmpty) continue;
      std::size_t at = slot.hash & mask;
      while (slots_[at].id != kEmpty) at = (at + 1) & mask;
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;  // a power of two, at most half full
  std::size_t used_ = 0;
};

}  // namespace nurture::store
