// Whether intervals hold what they say: worlds whose truth is known, drawn again and again. The table is in
// docs/intervals.md.
#include "tests/coverage.h"

#include <fmt/format.h>

#include "tests/catch.h"
#include "tests/fit/world.h"

namespace nurture::fit::test {

namespace {

constexpr std::uint64_t kWorlds = 500;

using nurture::test::Coverage;

World known_world(double factor) {
  World world;
  world.contents = {{"guide", 0.30}, {"story", 0.22}, {"offer", 0.15}, {"notice", 0.08}};
  world.countries = {{"DE", 1.3}, {"US", 1.0}, {"FR", 0.7}};
  world.factor = factor;
  world.delay = {{0.1, 10 * kMinute}, {0.5, 5 * kHour}, {0.9, 2 * kDay}, {1, 7 * kDay}};
  return world;
}

void rates(const World& world, const Programme& programme, const store::Store& store, const Fit& fit, Coverage& seen) {
  double overall = 0;
  for (const auto& [content, rate] : world.contents) {
    seen.note("rate of a content", find_line(fit, programme, store, content, "email.opened")->rate.interval, rate);
    overall += rate / static_cast<double>(world.contents.size());
  }
  seen.note("rate of all", find_line(fit, programme, store, "", "email.opened")->rate.interval, overall);
  for (const auto& [country, times] : world.countries) {
    const Line* line = find_line(fit, programme, store, "", "email.opened", country);
    seen.note("rate of a segment", line->rate.interval, overall * times);
    CHECK(line->rate.interval.holds(line->rate.rate));
    for (const auto& [content, rate] : world.contents) {
      const Rate& cell = find_line(fit, programme, store, content, "email.opened", country)->rate;
      seen.note("rate of a content in a segment", cell.interval, rate * times);
      CHECK(cell.interval.holds(cell.rate));
    }
  }
}

}  // namespace

TEST_CASE("intervals of rates and times hold the truth as often as they say", "[.][long]") {
  const Programme programme;
  const World world = known_world(1);
  Options options;
  options.by = 0;
  Coverage seen;
  for (std::uint64_t seed = 1; seed <= kWorlds; ++seed) {
    const store::Store store = draw(world, programme, seed);
    const Fit fit = learn(programme.module, store, options);
    rates(world, programme, store, fit, seen);
    for (const Point& point : find_line(fit, programme, store, "", "email.opened")->delay) {
      seen.note(fmt::format("{:g} % of reactions are there by", point.share * 100), point.interval,
                quantile_of(world, point.share));
    }
  }
  seen.check("nobody tires");
}

TEST_CASE("intervals of what tires hold the truth as often as they say", "[.][long]") {
  const Programme programme;
  const World world = known_world(0.88);
  Options options;
  options.by = 0;
  Coverage seen;
  for (std::uint64_t seed = 1; seed <= kWorlds; ++seed) {
    const store::Store store = draw(world, programme, kWorlds + seed);
    const Fit fit = learn(programme.module, store, options);
    rates(world, programme, store, fit, seen);
    const Line* all = find_line(fit, programme, store, "", "email.opened");
    const auto& tiring = fit.causes[0].courses[all->reaction].tiring;
    REQUIRE(tiring.has_value());
    seen.note("factor for each earlier send", tiring->interval, world.factor);
  }
  seen.check("88 % for each send before");
}

}  // namespace nurture::fit::test
