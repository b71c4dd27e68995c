#include "runtime/engine/kind_set.h"

#include <algorithm>
#include <bit>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/engine/kind_set.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// Compiled once for each width of vectors that the compiler knows; HWY_NAMESPACE is another one each time.
HWY_BEFORE_NAMESPACE();
namespace nurture::engine::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR

/// Looks a whole vector of kinds up in a set.
template <class D>
class Lookup {
 public:
  Lookup(D d, const KindSet& set)
      : d_(d), lower_(hn::LoadDup128(d, set.rows())), upper_(hn::LoadDup128(d, set.rows() + 16)) {}

  auto in_set(const std::uint8_t* first) const {
    alignas(16) constexpr std::uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const auto place = hn::Set(d_, 0x8f);  // a lookup with the highest bit set gives 0
    const auto kinds = hn::LoadU(d_, first);
    const auto of_lower = hn::TableLookupBytesOr0(lower_, hn::And(kinds, place));
    const auto of_upper = hn::TableLookupBytesOr0(upper_, hn::And(hn::Xor(kinds, hn::Set(d_, 0x80)), place));
    const auto bits = hn::LoadDup128(d_, kBits);
    const auto bit = hn::TableLookupBytes(bits, hn::And(hn::ShiftRight<4>(kinds), hn::Set(d_, 0x0f)));
    return hn::TestBit(hn::Or(of_lower, of_upper), bit);
  }

 private:
  D d_;
  hn::Vec<D> lower_, upper_;
};

/// The same where there is but one: it is looked for itself.
template <class D>
class Equal {
 public:
  Equal(D d, std::uint8_t kind) : d_(d), kind_(hn::Set(d, kind)) {}
  auto in_set(const std::uint8_t* first) const { return hn::Eq(hn::LoadU(d_, first), kind_); }

 private:
  D d_;
  hn::Vec<D> kind_;
};

/// In steps of a whole vector; of what is less than one, `first` is left behind.
template <class D>
bool find_in_vectors(D d, const std::uint8_t*& first, const std::uint8_t* end, const KindSet& set) {
  const Lookup<D> lookup(d, set);
  const std::size_t lanes = hn::Lanes(d);
  for (; static_cast<std::size_t>(end - first) >= lanes; first += lanes) {
    const auto at = hn::FindFirstTrue(d, lookup.in_set(first));
    if (at < 0) continue;
    first += at;
    return true;
  }
  return false;
}

/// The same for all of them; where the next place goes.
template <class D, class Look>
std::uint32_t* find_all_in_vectors(D d, const std::uint8_t* begin, const std::uint8_t*& first, const std::uint8_t* end,
                                   const Look& lookup, std::uint32_t* places) {
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::size_t kWord =
      std::min<std::size_t>(8, hn::MaxLanes(d) / 8);  // no more than is stored: that would wait
  for (; static_cast<std::size_t>(end - first) >= lanes; first += lanes) {
    std::uint8_t bytes[hn::MaxLanes(d) / 8 + 8] = {};
    hn::StoreMaskBits(d, lookup.in_set(first), bytes);
    for (std::size_t word = 0; word * 64 < lanes; ++word) {
      std::uint64_t mask = 0;
      std::memcpy(&mask, bytes + word * 8, kWord);
      for (; mask != 0; mask &= mask - 1) {
        const std::size_t lane = word * 64 + static_cast<std::size_t>(std::countr_zero(mask));
        *places++ = static_cast<std::uint32_t>(static_cast<std::size_t>(first - begin) + lane);
      }
    }
  }
  return places;
}

#endif

const std::uint8_t* find_kind(const std::uint8_t* first, const std::uint8_t* end, const KindSet& set) {
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<std::uint8_t> wide;
  const hn::CappedTag<std::uint8_t, 16> narrow;  // a lead has few events
  if (find_in_vectors(wide, first, end, set)) return first;
  if (hn::Lanes(wide) > hn::Lanes(narrow) && find_in_vectors(narrow, first, end, set)) return first;
#endif
  while (first != end && !set.has(*first)) ++first;
  return first;
}

std::size_t find_kinds(const std::uint8_t* first, const std::uint8_t* end, const KindSet& set, std::uint32_t* places) {
  const std::uint8_t* const begin = first;
  std::uint32_t* next = places;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<std::uint8_t> d;
  const int only = set.only();
  next = only >= 0 ? find_all_in_vectors(d, begin, first, end, Equal(d, static_cast<std::uint8_t>(only)), next)
                   : find_all_in_vectors(d, begin, first, end, Lookup(d, set), next);
#endif
  for (; first != end; ++first) {
    if (set.has(*first)) *next++ = static_cast<std::uint32_t>(first - begin);
  }
  return static_cast<std::size_t>(next - places);
}

/// Event by event.
void look_closely(const std::uint8_t* kinds, const Instant* instants, Look& look) {
  while (look.event < look.end && instants[look.event] <= look.until && !look.heard->has(kinds[look.event])) {
    ++look.event;
  }
  look.found = true;
}

#if HWY_TARGET != HWY_SCALAR

/// One bit for each of the next kNearby kinds that is in the set.
HWY_INLINE std::uint32_t heard_nearby(const std::uint8_t* kinds, const KindSet& heard) {
  const hn::CappedTag<std::uint8_t, 16> d;
  std::uint8_t bits[8] = {};
  hn::StoreMaskBits(d, Lookup(d, heard).in_set(kinds), bits);
  return bits[0] & ((1u << kNearby) - 1);
}

/// One bit for each of the next kNearby instants that is after that one.
HWY_INLINE std::uint32_t late_nearby(const Instant* instants, Instant until) {
  const hn::CappedTag<Instant, kNearby> d;
  std::uint32_t late = 0;
  for (std::size_t lane = 0; lane < kNearby; lane += hn::Lanes(d)) {
    std::uint8_t bits[8] = {};
    hn::StoreMaskBits(d, hn::Gt(hn::LoadU(d, instants + lane), hn::Set(d, until)), bits);
    late |= static_cast<std::uint32_t>(bits[0]) << lane;
  }
  return late;
}

#endif

void look_ahead(const std::uint8_t* kinds, const Instant* instants, [[maybe_unused]] std::size_t readable,
                std::span<Look> looks) {
  for (Look& look : looks) {
    if (look.heard == nullptr) continue;
#if HWY_TARGET != HWY_SCALAR
    constexpr std::size_t kReads = 16;
    if (look.event + kReads <= readable) {
      const std::uint32_t matters =
          heard_nearby(kinds + look.event, *look.heard) | late_nearby(instants + look.event, look.until);
      const std::uint32_t next = look.event + static_cast<std::uint32_t>(std::countr_zero(matters | 1u << kNearby));
      look.found = matters != 0 || next >= look.end;
      look.event = std::min(next, look.end);
      continue;
    }
#endif
    look_closely(kinds, instants, look);
  }
}

}  // namespace nurture::engine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nurture::engine {
namespace {

HWY_EXPORT(find_kind);
HWY_EXPORT(find_kinds);
HWY_EXPORT(look_ahead);

}  // namespace

std::vector<VectorLevel> vector_levels() {
  std::vector<VectorLevel> levels;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::ChosenTarget chosen;
    chosen.Update(target);
    const std::size_t index = chosen.GetIndex();
    levels.push_back({hwy::TargetName(target), HWY_DISPATCH_TABLE(find_kind)[index],
                      HWY_DISPATCH_TABLE(find_kinds)[index], HWY_DISPATCH_TABLE(look_ahead)[index]});
  }
  return levels;
}

}  // namespace nurture::engine
#endif
