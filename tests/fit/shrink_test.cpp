#include "runtime/fit/shrink.h"

#include <cmath>

#include "runtime/fit/tiring.h"
#include "tests/catch.h"

namespace nurture::fit {

TEST_CASE("rates that differ no more than chance are one") {
  const std::vector<Member> alike(8, Member{0.2, 500, 0.2});
  CHECK(std::isinf(likeness_of(alike)));
  CHECK(drawn({0.25, 10, 0.2}, likeness_of(alike)) == 0.2);
}

TEST_CASE("rates far apart are hardly drawn, and small ones more than large ones") {
  std::vector<Member> members;
  for (double rate : {0.02, 0.1, 0.2, 0.3, 0.45, 0.6}) members.push_back({rate, 2'000, 0.25});
  const double likeness = likeness_of(members);
  CHECK(likeness > 1);
  CHECK(likeness < 15);
  CHECK(drawn({0.6, 2'000, 0.25}, likeness) > 0.59);
  CHECK(drawn({0.6, 20, 0.25}, likeness) < 0.55);
}

TEST_CASE("one by itself says nothing of how alike they are") {
  CHECK(likeness_of(std::vector<Member>{{0.2, 500, 0.1}}) == 0);
  CHECK(drawn({0.2, 500, 0.1}, 0) == 0.2);
}

namespace {

/// As many of so many as the rate says, without chance.
Steps exactly(double rate, double factor, std::initializer_list<Count> causes) {
  Steps steps;
  double now = rate;
  for (Count each : causes) {
    steps.steps.push_back({each, static_cast<Count>(std::llround(static_cast<double>(each) * now))});
    now *= factor;
  }
  return steps;
}

}  // namespace

TEST_CASE("what tires is found within contents, not between them") {
  const Steps often = exactly(0.4, 0.9, {10'000, 10'000, 10'000});
  const Steps late = exactly(0.05, 0.9, {0, 10'000, 20'000, 20'000});
  const Steps* const contents[] = {&often, &late};
  const auto tiring = tiring_of(contents);
  REQUIRE(tiring.has_value());
  CHECK(tiring->factor == Approx(0.9).epsilon(0.001));
  CHECK(tiring->applies);
  CHECK(first_rate(often, tiring).rate == Approx(0.4).epsilon(0.001));
  CHECK(first_rate(late, tiring).rate == Approx(0.05).epsilon(0.002));
}

TEST_CASE("without tiring a rate is a share, and as sure as its number") {
  const Steps steps = exactly(0.25, 1, {400, 400});
  const FirstRate first = first_rate(steps, std::nullopt);
  CHECK(first.rate == 0.25);
  CHECK(first.weight == 800);
}

TEST_CASE("next to no reactions say nothing of tiring") {
  const Steps steps = exactly(0.01, 0.5, {400, 400});
  const Steps* const contents[] = {&steps};
  CHECK_FALSE(tiring_of(contents).has_value());
}

TEST_CASE("nobody who reacts is a rate of nothing, with what the sends are worth") {
  const Steps steps = exactly(0, 1, {100, 100});
  const Tiring tiring{0.5, {0.4, 0.6}, true};
  CHECK(first_rate(steps, tiring).rate == 0);
  CHECK(first_rate(steps, tiring).weight == Approx(150));
}

}  // namespace nurture::fit
