#include "runtime/vm/decay.h"

#include <algorithm>
#include <array>
#include <functional>

namespace nurture::vm {
namespace {

using Wide = unsigned __int128;

constexpr int kSteps = 12;   // a half-life in 4,096 parts
constexpr int kWithin = 32;  // a row's part of it in so many bits
constexpr int kParts = kSteps + kWithin;
constexpr std::int64_t kMostHalves = 63;  // after so many half-lives nothing is left
constexpr std::uint64_t kOne = std::uint64_t{1} << 63;

/// The largest r with r * r <= n.
constexpr std::uint64_t root(Wide n) {
  std::uint64_t r = 0;
  for (std::uint64_t bit = kOne; bit != 0; bit >>= 1) {
    const std::uint64_t grown = r | bit;
    if (static_cast<Wide>(grown) * grown <= n) r = grown;
  }
  return r;
}

/// 2^63 * 2^(-k / 4096) for k from 0 to 4096: products of square roots of square roots of a half, each rounded down.
constexpr auto make_table() {
  std::array<std::uint64_t, kSteps> roots{};
  std::uint64_t factor = kOne / 2;
  for (std::uint64_t& r : roots) r = factor = root(static_cast<Wide>(factor) * kOne);
  std::array<std::uint64_t, (1 << kSteps) + 1> table{};
  for (std::uint32_t k = 0; k < table.size() - 1; ++k) {
    std::uint64_t left = kOne;
    for (int i = 0; i < kSteps; ++i) {
      if ((k >> (kSteps - 1 - i) & 1) != 0) left = static_cast<std::uint64_t>(static_cast<Wide>(left) * roots[i] >> 63);
    }
    table[k] = left;
  }
  table.back() = kOne / 2;
  return table;
}

constexpr auto kTable = make_table();

std::uint64_t divide_up(Wide n, std::uint64_t by) { return static_cast<std::uint64_t>((n + by - 1) / by); }

/// The first part of a half-life, in 44 bits, after which less than that is left of 2^63; it is more than a half of it.
std::uint64_t part_until_less(std::uint64_t left) {
  const auto below = std::upper_bound(kTable.begin(), kTable.end(), left, std::greater<>());
  const std::size_t row = static_cast<std::size_t>(below - kTable.begin()) - 1;
  const Wide missing = kTable[row] - left + 1;
  return (static_cast<std::uint64_t>(row) << kWithin) + divide_up(missing << kWithin, kTable[row] - kTable[row + 1]);
}

}  // namespace

std::int64_t decayed(std::int64_t millionths, Instant passed, std::int64_t half_life) {
  if (half_life <= 0 || passed <= 0 || millionths == 0) return millionths;
  const std::int64_t whole = passed / half_life;
  if (whole >= kMostHalves) return 0;
  const auto rest = static_cast<Wide>(passed % half_life);
  // The rest of the half-life in 44 bits: 12 choose a row, 32 go on towards the next.
  const auto part = static_cast<std::uint64_t>((rest << kParts) / static_cast<std::uint64_t>(half_life));
  const auto row = static_cast<std::size_t>(part >> kWithin);
  const Wide step = kTable[row] - kTable[row + 1];
  const std::uint64_t left = kTable[row] - static_cast<std::uint64_t>(step * (part & 0xffffffff) >> kWithin);
  const bool negative = millionths < 0;
  const std::uint64_t size =
      negative ? 0 - static_cast<std::uint64_t>(millionths) : static_cast<std::uint64_t>(millionths);
  const auto result = static_cast<std::int64_t>(static_cast<Wide>(size) * left >> (63 + whole));
  return negative ? -result : result;
}

/// `decayed`, backwards: how many half-lives are over before, and of the next the first instant.
std::optional<Instant> time_until_less(std::uint64_t size, std::uint64_t least, std::int64_t half_life) {
  std::int64_t whole = 0;
  while (whole < kMostHalves && size >> (whole + 1) >= least) ++whole;
  Instant time = 0;
  if (__builtin_mul_overflow(whole, half_life, &time)) return std::nullopt;
  if (whole == kMostHalves) return time;
  const std::uint64_t part = part_until_less(divide_up(static_cast<Wide>(least) << (63 + whole), size));
  const std::uint64_t rest =
      divide_up(static_cast<Wide>(part) * static_cast<std::uint64_t>(half_life), std::uint64_t{1} << kParts);
  if (__builtin_add_overflow(time, static_cast<Instant>(rest), &time)) return std::nullopt;
  return time;
}

bool passes(std::int64_t millionths, ScoreTest test, double bound) {
  const double value = static_cast<double>(millionths) / static_cast<double>(bytecode::kScoreScale);
  switch (test) {
    case ScoreTest::Less:
      return value < bound;
    case ScoreTest::LessEqual:
      return value <= bound;
    case ScoreTest::Greater:
      return value > bound;
    case ScoreTest::GreaterEqual:
      return value >= bound;
    case ScoreTest::Same:
      return value == bound;
  }
  return false;
}

}  // namespace nurture::vm
