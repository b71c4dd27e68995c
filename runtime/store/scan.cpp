#include "runtime/store/scan.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/store/scan.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// Compiled once for each width of vectors that the compiler knows; HWY_NAMESPACE is another one each time.
HWY_BEFORE_NAMESPACE();
namespace nurture::store::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Two vectors each: the next minimum need not wait for the one before.
template <typename Number>
Range range_of(const Number* at, std::size_t count) {
  const hn::ScalableTag<Number> d;
  const std::size_t lanes = hn::Lanes(d);
  const Number* const end = at + count;
  auto low_a = hn::Set(d, *at), low_b = low_a, high_a = low_a, high_b = low_a;
  for (; static_cast<std::size_t>(end - at) >= 2 * lanes; at += 2 * lanes) {
    const auto a = hn::LoadU(d, at), b = hn::LoadU(d, at + lanes);
    low_a = hn::Min(low_a, a);
    low_b = hn::Min(low_b, b);
    high_a = hn::Max(high_a, a);
    high_b = hn::Max(high_b, b);
  }
  HWY_ALIGN Number lows[HWY_MAX_BYTES / sizeof(Number)], highs[HWY_MAX_BYTES / sizeof(Number)];
  hn::Store(hn::Min(low_a, low_b), d, lows);
  hn::Store(hn::Max(high_a, high_b), d, highs);
  Number low = *std::min_element(lows, lows + lanes), high = *std::max_element(highs, highs + lanes);
  for (; at != end; ++at) {
    low = std::min(low, *at);
    high = std::max(high, *at);
  }
  return {low, high};
}

template <typename Number>
Range range_of_bytes(const std::uint8_t* bytes, std::size_t size) {
  return range_of(reinterpret_cast<const Number*>(bytes), size / sizeof(Number));
}

Range range_of_width(const std::uint8_t* bytes, std::size_t size, std::size_t width) {
  if (width == 1) return range_of_bytes<std::int8_t>(bytes, size);
  if (width == 2) return range_of_bytes<std::int16_t>(bytes, size);
  if (width == 4) return range_of_bytes<std::int32_t>(bytes, size);
  return range_of_bytes<std::int64_t>(bytes, size);
}

std::size_t descents(const std::int64_t* numbers, std::size_t count) {
  const hn::ScalableTag<std::int64_t> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t found = 0, i = 1;
  for (; i + lanes <= count; i += lanes) {
    found += hn::CountTrue(d, hn::Lt(hn::LoadU(d, numbers + i), hn::LoadU(d, numbers + i - 1)));
  }
  for (; i < count; ++i) found += numbers[i] < numbers[i - 1] ? 1 : 0;
  return found;
}

bool ascii(const char* bytes, std::size_t size) {
  const hn::ScalableTag<std::uint8_t> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto* at = reinterpret_cast<const std::uint8_t*>(bytes);
  auto seen = hn::Zero(d);
  for (; size >= lanes; size -= lanes, at += lanes) seen = hn::Or(seen, hn::LoadU(d, at));
  std::uint8_t last = 0;
  for (; size > 0; --size) last |= *at++;
  return last < 0x80 && hn::AllTrue(d, hn::Lt(seen, hn::Set(d, 0x80)));
}

}  // namespace nurture::store::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nurture::store {
namespace {

HWY_EXPORT(range_of_width);
HWY_EXPORT(descents);
HWY_EXPORT(ascii);

}  // namespace

Range range_of(std::span<const std::uint8_t> bytes, std::uint8_t width) {
  return HWY_DYNAMIC_DISPATCH(range_of_width)(bytes.data(), bytes.size(), width);
}

std::size_t descents(std::span<const std::int64_t> numbers) {
  return HWY_DYNAMIC_DISPATCH(descents)(numbers.data(), numbers.size());
}

bool ascii(std::span<const char> bytes) { return HWY_DYNAMIC_DISPATCH(ascii)(bytes.data(), bytes.size()); }

}  // namespace nurture::store
#endif
