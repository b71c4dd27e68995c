#include "runtime/eventlog/marks.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace nurture::eventlog {
namespace {

constexpr std::size_t kBlock = 64;

/// The bits of a block as places; those behind the last byte are left out.
inline std::size_t put_places(std::uint64_t marks, std::size_t left, std::uint32_t base, std::uint32_t* places) {
  if (left < kBlock) marks &= (std::uint64_t{1} << left) - 1;
  std::size_t count = 0;
  for (; marks != 0; marks &= marks - 1) places[count++] = base + static_cast<std::uint32_t>(std::countr_zero(marks));
  return count;
}

// Each of these three has a way to mark CSV and one to mark JSON; what goes over the blocks is the same for all.

struct Portable {
  static constexpr std::uint64_t kOnes = 0x0101010101010101, kLow = 0x7f7f7f7f7f7f7f7f, kHigh = 0x8080808080808080;

  /// 0x80 in each byte that is the one looked for.
  static std::uint64_t equal(std::uint64_t eight, char wanted) {
    const std::uint64_t zero = eight ^ (kOnes * static_cast<unsigned char>(wanted));
    return ~(((zero & kLow) + kLow) | zero | kLow);
  }
  /// 0x80 in each byte below a space.
  static std::uint64_t control(std::uint64_t eight) {
    return ~((eight & kLow) + kOnes * (0x80 - ' ')) & ~eight & kHigh;
  }
  static std::uint64_t csv(std::uint64_t eight) { return equal(eight, ',') | equal(eight, '\n') | equal(eight, '"'); }
  static std::uint64_t json(std::uint64_t eight) { return equal(eight, '"') | equal(eight, '\\') | control(eight); }
};

template <auto Find>
std::size_t find_portable(const char* bytes, std::size_t size, std::uint32_t base, std::uint32_t* places) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < size; at += kBlock) {
    std::uint64_t marks = 0;
    for (std::size_t i = 0; i < kBlock; i += 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, bytes + at + i, 8);
      if constexpr (std::endian::native == std::endian::big) eight = __builtin_bswap64(eight);
      marks |= (((Find(eight) >> 7) * 0x0102040810204080) >> 56) << i;
    }
    count += put_places(marks, size - at, base + static_cast<std::uint32_t>(at), places + count);
  }
  return count;
}

#if defined(__x86_64__)
#define NURTURE_AVX2 __attribute__((target("avx2")))
#define NURTURE_AVX512 __attribute__((target("avx512bw")))

struct Avx2 {
  NURTURE_AVX2 static __m256i equal(__m256i some, char wanted) {
    return _mm256_cmpeq_epi8(some, _mm256_set1_epi8(wanted));
  }
  NURTURE_AVX2 static __m256i csv(__m256i some) {
    return _mm256_or_si256(_mm256_or_si256(equal(some, ','), equal(some, '\n')), equal(some, '"'));
  }
  NURTURE_AVX2 static __m256i json(__m256i some) {
    const __m256i control = _mm256_cmpeq_epi8(_mm256_min_epu8(some, _mm256_set1_epi8(0x1f)), some);
    return _mm256_or_si256(_mm256_or_si256(equal(some, '"'), equal(some, '\\')), control);
  }
};

template <auto Find>
NURTURE_AVX2 std::size_t find_avx2(const char* bytes, std::size_t size, std::uint32_t base, std::uint32_t* places) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < size; at += kBlock) {
    std::uint64_t marks = 0;
    for (std::size_t half = 0; half < 2; ++half) {
      const __m256i some = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at + half * 32));
      marks |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(Find(some)))} << (half * 32);
    }
    count += put_places(marks, size - at, base + static_cast<std::uint32_t>(at), places + count);
  }
  return count;
}

struct Avx512 {
  NURTURE_AVX512 static std::uint64_t equal(__m512i some, char wanted) {
    return _mm512_cmpeq_epi8_mask(some, _mm512_set1_epi8(wanted));
  }
  NURTURE_AVX512 static std::uint64_t csv(__m512i some) {
    return equal(some, ',') | equal(some, '\n') | equal(some, '"');
  }
  NURTURE_AVX512 static std::uint64_t json(__m512i some) {
    return equal(some, '"') | equal(some, '\\') | _mm512_cmplt_epu8_mask(some, _mm512_set1_epi8(' '));
  }
};

template <auto Find>
NURTURE_AVX512 std::size_t find_avx512(const char* bytes, std::size_t size, std::uint32_t base, std::uint32_t* places) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < size; at += kBlock) {
    const std::uint64_t marks = Find(_mm512_loadu_si512(bytes + at));
    count += put_places(marks, size - at, base + static_cast<std::uint32_t>(at), places + count);
  }
  return count;
}
#endif

}  // namespace

std::vector<FindMarks> ways_to_find(Marks marks) {
  const bool csv = marks == Marks::Csv;
  std::vector<FindMarks> ways;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw")) ways.push_back(csv ? find_avx512<Avx512::csv> : find_avx512<Avx512::json>);
  if (__builtin_cpu_supports("avx2")) ways.push_back(csv ? find_avx2<Avx2::csv> : find_avx2<Avx2::json>);
#endif
  ways.push_back(csv ? find_portable<Portable::csv> : find_portable<Portable::json>);
  return ways;
}

void MarkedPlaces::begin(std::string_view bytes) {
  bytes_ = bytes;
  seen_ = 0;
  find_more();
}

void MarkedPlaces::find_more() {
  at_ = count_ = 0;
  while (count_ == 0 && seen_ < bytes_.size()) {
    const std::size_t size = std::min(kStretch, bytes_.size() - seen_);
    count_ = find_(bytes_.data() + seen_, size, static_cast<std::uint32_t>(seen_), places_.data());
    seen_ += size;
  }
}

}  // namespace nurture::eventlog
