#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/value.h"

/// Sets of event kinds, and the jump to the next event of one: many kinds are looked at at once, as wide as the
/// processor allows.
namespace nurture::engine {

/// A set of event kinds; a module has at most 255.
///
/// Kind k is bit (k >> 4 & 7) of byte (k >> 7) * 16 + (k & 15): two tables of 16 bytes, which vector instructions look
/// kinds up in as they are.
class KindSet {
 public:
  void add(std::uint16_t kind) { reinterpret_cast<std::uint8_t*>(words_.data())[row(kind)] |= bit(kind); }
  bool has(std::uint8_t kind) const { return (rows()[row(kind)] & bit(kind)) != 0; }
  /// The kind that it has; -1 where it has none or several.
  int only() const {
    int kind = -1, bits = 0;
    for (int byte = 0; byte < 32; ++byte) {
      const std::uint8_t row = rows()[byte];
      bits += std::popcount(row);
      if (row != 0) kind = (byte & 16) << 3 | std::countr_zero(row) << 4 | (byte & 15);
    }
    return bits == 1 ? kind : -1;
  }
  void add_all() { words_.fill(~std::uint64_t{0}); }
  KindSet& operator|=(const KindSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  bool operator==(const KindSet&) const = default;
  const std::uint8_t* rows() const { return reinterpret_cast<const std::uint8_t*>(words_.data()); }

 private:
  static std::size_t row(std::uint16_t kind) { return static_cast<std::size_t>((kind >> 3 & 16) | (kind & 15)); }
  static std::uint8_t bit(std::uint16_t kind) { return static_cast<std::uint8_t>(1u << (kind >> 4 & 7)); }

  alignas(32) std::array<std::uint64_t, 4> words_{};
};

/// The first of these kinds, from the first byte up to `end`, that is in the set; `end` if none is.
using FindKind = const std::uint8_t* (*)(const std::uint8_t* first, const std::uint8_t* end, const KindSet& set);

/// The places of all of them, counted from the first byte, in order; room for as many as there are bytes. How many.
using FindKinds = std::size_t (*)(const std::uint8_t* first, const std::uint8_t* end, const KindSet& set,
                                  std::uint32_t* places);

/// A look ahead from one event for the first that is of a kind in the set, or after an instant. Places are counted from
/// the first kind and instant that are given.
struct Look {
  const KindSet* heard = nullptr;  ///< null: nobody looks
  Instant until = 0;
  std::uint32_t event = 0;  ///< the first that is looked at; afterwards the one that was found, or where to look on
  std::uint32_t end = 0;    ///< behind the last
  bool found = false;       ///< `event` is it, or `end`
};

/// How many events a look goes through at most, which is far enough as a rule.
inline constexpr std::uint32_t kNearby = 4;

/// Many looks, one after the other, without a branch on what is found: nobody can foretell it, and none waits for the
/// memory of another. `readable` is how many kinds and instants there are.
using LookAhead = void (*)(const std::uint8_t* kinds, const Instant* instants, std::size_t readable,
                           std::span<Look> looks);

/// A way of looking that this machine knows.
struct VectorLevel {
  std::string name;
  FindKind find = nullptr;
  FindKinds find_all = nullptr;
  LookAhead look_ahead = nullptr;
};
/// The widest first; the last is that of every machine of the kind.
std::vector<VectorLevel> vector_levels();

}  // namespace nurture::engine
