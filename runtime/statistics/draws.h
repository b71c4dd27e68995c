#pragma once

#include <array>
#include <cstdint>

namespace nurture::statistics {

/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011): a published bijection of a counter under a key, good enough as
/// random numbers for every known battery of tests. No state, so the nth draw of any stream is there at once, and
/// threads that share the streams out between them draw what one thread would.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// The draws of one stream of one seed: key = seed (low word first), counter = (n, stream), each low word first. The
/// same on every machine. Two streams of a seed, and two seeds, are independent.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}

  std::uint64_t next();  ///< 64 random bits
  /// In (0, 1), 53 bits, never an end: safe for logarithms and quantiles.
  double uniform() { return (static_cast<double>(next() >> 11) + 0.5) * 0x1.0p-53; }
  /// 0 … n - 1, n > 0; off from equal chances by at most n / 2^64.
  std::uint64_t below(std::uint64_t n);

 private:
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t block_ = 0;
  std::uint64_t spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace nurture::statistics
