#pragma once

#include <cmath>
#include <cstdint>

namespace nurture::generate {

/// SplitMix64: small, fast, and the same everywhere. No libm beyond exact scaling, so that figures do not depend on
/// one.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  /// In [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  bool chance(double p) { return uniform() < p; }
  /// Both ends included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    auto width = static_cast<std::uint64_t>(high - low) + 1;
    return width == 0 ? static_cast<std::int64_t>(next()) : low + static_cast<std::int64_t>(next() % width);
  }
  /// About normal with mean 0 and deviation 1: a sum of twelve uniforms.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  std::uint64_t state_;
};

/// 2^x to about three digits, by additions and multiplications alone.
inline double power_of_two(double x) {
  double whole = std::floor(x);
  double part = x - whole;
  return std::ldexp(1 + part * (0.6565 + part * 0.3435), static_cast<int>(whole));
}

}  // namespace nurture::generate
