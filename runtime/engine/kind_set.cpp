#include "runtime/engine/kind_set.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/engine/kind_set.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// Compiled once for each width of vectors that the compiler knows; HWY_NAMESPACE is another one each time.
HWY_BEFORE_NAMESPACE();
namespace nurture::engine::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR

/// In steps of a whole vector; of what is less than one, `first` is left behind.
template <class D>
bool find_in_vectors(D d, const std::uint8_t*& first, const std::uint8_t* end, const KindSet& set) {
  alignas(16) constexpr std::uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const auto lower = hn::LoadDup128(d, set.rows());
  const auto upper = hn::LoadDup128(d, set.rows() + 16);
  const auto bits = hn::LoadDup128(d, kBits);
  const auto place = hn::Set(d, 0x8f);  // a lookup with the highest bit set gives 0
  const auto other_half = hn::Set(d, 0x80);
  const std::size_t lanes = hn::Lanes(d);
  for (; static_cast<std::size_t>(end - first) >= lanes; first += lanes) {
    const auto kinds = hn::LoadU(d, first);
    const auto of_lower = hn::TableLookupBytesOr0(lower, hn::And(kinds, place));
    const auto of_upper = hn::TableLookupBytesOr0(upper, hn::And(hn::Xor(kinds, other_half), place));
    const auto bit = hn::TableLookupBytes(bits, hn::And(hn::ShiftRight<4>(kinds), hn::Set(d, 0x0f)));
    const auto at = hn::FindFirstTrue(d, hn::TestBit(hn::Or(of_lower, of_upper), bit));
    if (at < 0) continue;
    first += at;
    return true;
  }
  return false;
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

}  // namespace nurture::engine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nurture::engine {
namespace {

HWY_EXPORT(find_kind);

}  // namespace

std::vector<VectorLevel> vector_levels() {
  std::vector<VectorLevel> levels;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::ChosenTarget chosen;
    chosen.Update(target);
    levels.push_back({hwy::TargetName(target), HWY_DISPATCH_TABLE(find_kind)[chosen.GetIndex()]});
  }
  return levels;
}

}  // namespace nurture::engine
#endif
