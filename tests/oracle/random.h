#pragma once

#include <cstdint>
#include <vector>

namespace nurture::oracle {

/// splitmix64: the same numbers from the same seed on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /// 0 … n-1.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  /// low … high, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool percent(unsigned p) { return below(100) < p; }
  template <typename T>
  const T& pick(const std::vector<T>& items) {
    return items[below(items.size())];
  }
  /// A generator of its own, so that a change in one part does not shift the numbers of another.
  Random fork() { return Random(next()); }

 private:
  std::uint64_t state_;
};

}  // namespace nurture::oracle
