#include "runtime/statistics/draws.h"

#include <array>

#include "runtime/statistics/bootstrap.h"
#include "runtime/statistics/distributions.h"
#include "tests/catch.h"

namespace nurture::statistics {
namespace {

using Words = std::array<std::uint32_t, 4>;

TEST_CASE("philox gives its published answers") {
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  std::uint32_t ones = 0xffffffff;
  CHECK(philox({ones, ones, ones, ones}, {ones, ones}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("draws are the words of philox in order") {
  Draws draws(0, 0);
  CHECK(draws.next() == 0xe169c58d'6627e8d5u);
  CHECK(draws.next() == 0x9b00dbd8'bc57ac4cu);
  Draws other(0, 1);
  CHECK(other.next() != 0xe169c58d'6627e8d5u);
}

TEST_CASE("draws are even") {
  Draws draws(7, 3);
  std::array<int, 10> tenths{};
  std::array<int, 7> sevenths{};
  for (int i = 0; i < 70'000; ++i) {
    ++tenths[static_cast<std::size_t>(draws.uniform() * 10)];
    ++sevenths[draws.below(7)];
  }
  double x = 0;
  for (int count : tenths) x += (count - 7'000.0) * (count - 7'000.0) / 7'000;
  double y = 0;
  for (int count : sevenths) y += (count - 10'000.0) * (count - 10'000.0) / 10'000;
  CHECK(chi_square_tail(x, 9) > 0.001);
  CHECK(chi_square_tail(y, 6) > 0.001);
}

double mean(std::span<const std::uint32_t> picks) {
  double sum = 0;
  for (std::uint32_t pick : picks) sum += pick < 30 ? 1 : 0;
  return sum / static_cast<double>(picks.size());
}

TEST_CASE("the bootstrap of a rate is where the normal interval is") {
  Interval interval = bootstrap(100, mean, {4'000, 11});
  CHECK(interval.low == Approx(0.3 - 1.96 * 0.0458).margin(0.0101));
  CHECK(interval.high == Approx(0.3 + 1.96 * 0.0458).margin(0.0101));
  Interval again = bootstrap(100, mean, {4'000, 11});
  CHECK(again.low == interval.low);
  CHECK(again.high == interval.high);
}

TEST_CASE("a statistic that is never a number has no interval") {
  Interval interval = bootstrap(3, [](auto) { return 0.0 / 0.0; });
  CHECK(interval.low != interval.low);
  CHECK(interval.high != interval.high);
}

}  // namespace
}  // namespace nurture::statistics
