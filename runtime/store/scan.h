#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// Passes over whole columns, in vectors as wide as the processor has.
namespace nurture::store {

struct Range {
  std::int64_t low = INT64_MIN, high = INT64_MAX;
  bool has(std::int64_t value) const { return low <= value && value <= high; }
  bool has(const Range& other) const { return has(other.low) && has(other.high); }
};

/// The least and the greatest of signed numbers of `width` bytes (1, 2, 4 or 8) each, at a multiple of it. There is one
/// at least.
Range range_of(std::span<const std::uint8_t> bytes, std::uint8_t width);

/// How many numbers are below the one before them.
std::size_t descents(std::span<const std::int64_t> numbers);

/// Whether all bytes are ASCII.
bool ascii(std::span<const char> bytes);

}  // namespace nurture::store
