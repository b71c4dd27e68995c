#include "runtime/vm/decay.h"

#include <cmath>
#include <random>

#include "tests/catch.h"

using namespace nurture;
using namespace nurture::vm;

TEST_CASE("a score halves at each half-life, to the millionth") {
  const std::int64_t score = std::int64_t{1} << 40;
  for (int n = 0; n < 40; ++n) CHECK(decayed(score, n * 30 * kDay, 30 * kDay) == score >> n);
  CHECK(decayed(score, 63 * kDay, kDay) == 0);
  CHECK(decayed(score, 1000 * kDay, kDay) == 0);
}

TEST_CASE("decay comes as near to the real one as a score can tell") {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t half_life = static_cast<std::int64_t>(random() % (60 * kDay)) + kMinute;
    const Instant passed = static_cast<Instant>(random() % (10 * half_life));
    const std::int64_t score = static_cast<std::int64_t>(random() % 1'000'000'000'000);
    const long double real = static_cast<long double>(score) *
                             std::exp2(-static_cast<long double>(passed) / static_cast<long double>(half_life));
    const long double off = real - static_cast<long double>(decayed(score, passed, half_life));
    CHECK(std::abs(off) <= 1 + static_cast<long double>(score) * 4e-9L);
    CHECK(decayed(-score, passed, half_life) == -decayed(score, passed, half_life));
  }
}

TEST_CASE("decay never grows, whatever the steps of time") {
  std::mt19937_64 random(12);
  for (int i = 0; i < 2'000; ++i) {
    const std::int64_t half_life = static_cast<std::int64_t>(random() % (3 * kDay)) + 1;
    const std::int64_t score = static_cast<std::int64_t>(random() >> (1 + random() % 60));
    std::int64_t before = score;
    Instant passed = 0;
    for (int step = 0; step < 50; ++step) {
      passed += static_cast<Instant>(random() % (half_life / 10 + 2));
      const std::int64_t now = decayed(score, passed, half_life);
      REQUIRE(now <= before);
      REQUIRE(now >= 0);
      before = now;
    }
  }
}

TEST_CASE("without a half-life, or before its time, nothing decays") {
  CHECK(decayed(5, 100 * kDay, 0) == 5);
  CHECK(decayed(5, 0, kDay) == 5);
  CHECK(decayed(INT64_MIN + 1, 0, kDay) == INT64_MIN + 1);
  CHECK(decayed(INT64_MIN, kDay, kDay) == INT64_MIN / 2);
}

TEST_CASE("the time until less is left is the first after which decay says so") {
  std::mt19937_64 random(13);
  const auto check = [](std::uint64_t size, std::uint64_t least, std::int64_t half_life) {
    const auto time = time_until_less(size, least, half_life);
    REQUIRE(time);
    const auto left = [&](Instant passed) {
      return 0 - static_cast<std::uint64_t>(decayed(static_cast<std::int64_t>(0 - size), passed, half_life));
    };
    REQUIRE(*time > 0);
    REQUIRE(left(*time) < least);
    REQUIRE(left(*time - 1) >= least);
  };
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t half_life = static_cast<std::int64_t>(random() >> (8 + random() % 56)) + 1;
    const std::uint64_t size = (random() >> (1 + random() % 63)) + 1;
    check(size, i % 3 == 0 ? size : (random() >> random() % 64) % size + 1, half_life);
  }
  check(std::uint64_t{1} << 63, 1, kDay);
  check(std::uint64_t{1} << 63, std::uint64_t{1} << 63, kDay);
  check(1, 1, 1);
  CHECK_FALSE(time_until_less(std::uint64_t{1} << 62, 1, INT64_MAX / 2));
}
