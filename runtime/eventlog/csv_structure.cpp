#include "runtime/eventlog/csv_structure.h"

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

/// Bit i: byte i of eight is the one looked for.
std::uint64_t equal_bytes(std::uint64_t eight, char wanted) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kLow = 0x7f7f7f7f7f7f7f7f;
  const std::uint64_t zero = eight ^ (kOnes * static_cast<unsigned char>(wanted));
  const std::uint64_t high = ~(((zero & kLow) + kLow) | zero | kLow);  // 0x80 where the byte is 0
  return ((high >> 7) * 0x0102040810204080) >> 56;
}

std::size_t find_portable(const char* bytes, std::size_t size, std::uint32_t base, std::uint32_t* places) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < size; at += kBlock) {
    std::uint64_t marks = 0;
    for (std::size_t i = 0; i < kBlock; i += 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, bytes + at + i, 8);
      if constexpr (std::endian::native == std::endian::big) eight = __builtin_bswap64(eight);
      marks |= (equal_bytes(eight, ',') | equal_bytes(eight, '\n') | equal_bytes(eight, '"')) << i;
    }
    count += put_places(marks, size - at, base + static_cast<std::uint32_t>(at), places + count);
  }
  return count;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) std::size_t find_avx2(const char* bytes, std::size_t size, std::uint32_t base,
                                                      std::uint32_t* places) {
  const __m256i comma = _mm256_set1_epi8(','), feed = _mm256_set1_epi8('\n'), quote = _mm256_set1_epi8('"');
  std::size_t count = 0;
  for (std::size_t at = 0; at < size; at += kBlock) {
    std::uint64_t marks = 0;
    for (std::size_t half = 0; half < 2; ++half) {
      const __m256i some = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at + half * 32));
      const __m256i any =
          _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(some, comma), _mm256_cmpeq_epi8(some, feed)),
                          _mm256_cmpeq_epi8(some, quote));
      marks |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(any))} << (half * 32);
    }
    count += put_places(marks, size - at, base + static_cast<std::uint32_t>(at), places + count);
  }
  return count;
}

__attribute__((target("avx512bw"))) std::size_t find_avx512(const char* bytes, std::size_t size, std::uint32_t base,
                                                            std::uint32_t* places) {
  const __m512i comma = _mm512_set1_epi8(','), feed = _mm512_set1_epi8('\n'), quote = _mm512_set1_epi8('"');
  std::size_t count = 0;
  for (std::size_t at = 0; at < size; at += kBlock) {
    const __m512i some = _mm512_loadu_si512(bytes + at);
    const std::uint64_t marks =
        _mm512_cmpeq_epi8_mask(some, comma) | _mm512_cmpeq_epi8_mask(some, feed) | _mm512_cmpeq_epi8_mask(some, quote);
    count += put_places(marks, size - at, base + static_cast<std::uint32_t>(at), places + count);
  }
  return count;
}
#endif

}  // namespace

std::vector<FindCsvPlaces> ways_to_find_csv_places() {
  std::vector<FindCsvPlaces> ways;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw")) ways.push_back(find_avx512);
  if (__builtin_cpu_supports("avx2")) ways.push_back(find_avx2);
#endif
  ways.push_back(find_portable);
  return ways;
}

void CsvStructure::begin(std::string_view bytes) {
  bytes_ = bytes;
  seen_ = 0;
  find_more();
}

void CsvStructure::find_more() {
  at_ = count_ = 0;
  while (count_ == 0 && seen_ < bytes_.size()) {
    const std::size_t size = std::min(kStretch, bytes_.size() - seen_);
    count_ = find_(bytes_.data() + seen_, size, static_cast<std::uint32_t>(seen_), places_.data());
    seen_ += size;
  }
}

}  // namespace nurture::eventlog
