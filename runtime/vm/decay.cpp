#include "runtime/vm/decay.h"

#include <array>

namespace nurture::vm {
namespace {

using Wide = unsigned __int128;

constexpr int kSteps = 12;  // a half-life in 4,096 parts
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

}  // namespace

std::int64_t decayed(std::int64_t millionths, Instant passed, std::int64_t half_life) {
  if (half_life <= 0 || passed <= 0 || millionths == 0) return millionths;
  const std::int64_t whole = passed / half_life;
  if (whole >= 63) return 0;
  const auto rest = static_cast<Wide>(passed % half_life);
  // The rest of the half-life in 44 bits: 12 choose a row, 32 go on towards the next.
  const auto part = static_cast<std::uint64_t>((rest << 44) / static_cast<std::uint64_t>(half_life));
  const auto row = static_cast<std::size_t>(part >> 32);
  const Wide step = kTable[row] - kTable[row + 1];
  const std::uint64_t left = kTable[row] - static_cast<std::uint64_t>(step * (part & 0xffffffff) >> 32);
  const bool negative = millionths < 0;
  const std::uint64_t size =
      negative ? 0 - static_cast<std::uint64_t>(millionths) : static_cast<std::uint64_t>(millionths);
  const auto result = static_cast<std::int64_t>(static_cast<Wide>(size) * left >> (63 + whole));
  return negative ? -result : result;
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
