#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "runtime/base/value.h"

namespace nurture {

/// A text as tables of texts see it: a short one whole, of a longer one its hash and size. Most numbers and names are
/// short, and are told apart without looking at texts that lie elsewhere.
struct TextKey {
  static constexpr std::size_t kWhole = 11;  ///< bytes

  std::uint64_t word = 0;  ///< the first eight bytes; or the hash64
  std::uint32_t rest = 0;  ///< three more, and the size above them; or 24 bits of the size below 255

  static TextKey of(std::string_view text);
  /// Equal keys are equal texts.
  bool whole() const { return rest >> 24 <= kWhole; }
  bool operator==(const TextKey&) const = default;
  /// Bits that depend on all of it.
  std::uint64_t spread() const;
};

/// A text and its key.
struct KeyedText {
  std::string_view text;
  TextKey key;
};

/// Numbers of texts by their keys. The texts themselves are the owner's, who is asked for one where a key says too
/// little.
class TextTable {
 public:
  static constexpr TextId kNone = UINT32_MAX;

  /// The number of a text, or kNone. `text_of`: the text of a number.
  template <typename TextOf>
  TextId find(const KeyedText& text, TextOf text_of) const {
    return slots_.empty() ? kNone : slots_[place_of(text, text_of)].id;
  }
  /// The number of a text; `next` if it had none, which then is its.
  template <typename TextOf>
  TextId number(const KeyedText& text, TextId next, TextOf text_of) {
    if ((held_ + 1) * 4 > slots_.size() * 3) grow();
    Slot& slot = slots_[place_of(text, text_of)];
    if (slot.used()) return slot.id;
    ++held_;
    slot = {text.key.word, text.key.rest, next};
    return next;
  }
  void clear();

  /// What will be looked at first, to be on its way into the cache. (A function that does nothing but ask for it is
  /// left out by the compiler as one without effect.)
  const void* place(TextKey key) const { return slots_.data() + (key.spread() & mask_); }
  /// The number that a text probably has, whose place is in the cache; kNone where nothing more is looked at.
  TextId likely(TextKey key) const {
    if (key.whole() || slots_.empty()) return kNone;
    const Slot& slot = slots_[key.spread() & mask_];
    return slot.word == key.word ? slot.id : kNone;
  }

 private:
  struct Slot {
    std::uint64_t word = 0;
    std::uint32_t rest = 0;
    TextId id = kNone;

    bool used() const { return id != kNone; }
    TextKey key() const { return {word, rest}; }
  };

  /// Where a text stands, or the free slot where it would.
  template <typename TextOf>
  std::size_t place_of(const KeyedText& text, TextOf text_of) const {
    for (std::size_t at = text.key.spread() & mask_;; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (!slot.used()) return at;
      if (slot.key() == text.key && (text.key.whole() || text_of(slot.id) == text.text)) return at;
    }
  }
  void grow();

  std::vector<Slot> slots_;  // a power of two, at most three quarters full
  std::size_t mask_ = 0, held_ = 0;
};

inline std::uint64_t TextKey::spread() const {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(word ^ 0x9e3779b97f4a7c15) * (rest ^ 0xe7037ed1a5b428db);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace nurture
