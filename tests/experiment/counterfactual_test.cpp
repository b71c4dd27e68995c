#include "runtime/experiment/counterfactual.h"

#include <cmath>

#include "tests/catch.h"

namespace nurture::experiment {
namespace {

/// Two arms, two rules (0: bought menswear; 1: everybody else); who bought menswear answers to Mens.
Recorded history() {
  Recorded out;
  auto group = [&](const char* arm, std::uint16_t rule, Count leads, Count reached) {
    out.groups[{arm, "", {rule}}] = {leads, {{{reached, leads}, 0}}};
  };
  group("Mens", 0, 1'000, 300);
  group("Mens", 1, 1'000, 100);
  group("Womens", 0, 1'000, 100);
  group("Womens", 1, 1'000, 200);
  return out;
}

const Policy kPolicy{"Mens if bought; Womens otherwise", {"Mens", "Womens"}, {"bought", ""}};
const Reading kReading{"mail.arm", {"visit"}, {}, ""};

PolicyEstimate estimated(const Recorded& recorded, const Policy& policy = kPolicy, const Reading& reading = kReading) {
  auto experiment = experiment_of(recorded, reading);
  REQUIRE(experiment);
  return estimate(policy, 0, recorded, *experiment);
}

double width(const Value& value) { return value.interval.high - value.interval.low; }

bool says(const std::vector<std::string>& texts, std::string_view what) {
  return !texts.empty() && texts.front().find(what) != std::string::npos;
}

TEST_CASE("the matched stand for all") {
  auto told = estimated(history());
  CHECK(told.refusals.empty());
  CHECK(told.warnings.empty());
  REQUIRE(told.goals.size() == 1);
  const PolicyGoal& goal = told.goals[0];
  CHECK(goal.of == 4'000);
  CHECK(goal.matched == 2'000);
  CHECK(goal.effective == Approx(2'000));
  CHECK(goal.as_it_was == Approx(0.175));
  CHECK(goal.weighted.rate == Approx(0.25));
  CHECK(goal.robust.rate == Approx(0.25));
  CHECK(goal.gain.rate == Approx(0.075).epsilon(1e-4));
  // sqrt(1490) / 4000: 1500 by the weights, less what the chances, which are taken from the log, make up for
  CHECK(width(goal.weighted) == Approx(2 * 1.96 * 0.0096501).epsilon(2e-3));
}

TEST_CASE("one arm for everybody is that arm's rate") {
  auto told = estimated(history(), {"Mens", {"Mens", "Mens"}, {"bought", ""}});
  REQUIRE(told.goals.size() == 1);
  CHECK(told.goals[0].weighted.rate == Approx(0.2));
}

TEST_CASE("unequal chances are made up for") {
  Recorded recorded;
  auto group = [&](const char* arm, const char* by, Count leads, Count reached) {
    recorded.groups[{arm, by, {0}}] = {leads, {{{reached, leads}, 0}}};
  };
  group("a", "north", 900, 90);
  group("b", "north", 100, 20);
  group("a", "south", 100, 40);
  group("b", "south", 900, 450);
  auto told = estimated(recorded, {"a", {"a"}, {""}});
  REQUIRE(told.goals.size() == 1);
  CHECK(told.goals[0].weighted.rate == Approx(0.25));  // (0.1 + 0.4) / 2, not 130 of 1,000
  CHECK(told.goals[0].effective == Approx(360));       // 2000² / (900 (10/9)² + 100 · 10²)
}

TEST_CASE("declared shares are the chances") {
  auto told = estimated(history(), kPolicy, {"mail.arm", {"visit"}, {{"Mens", 1}, {"Womens", 1}}, ""});
  REQUIRE(told.goals.size() == 1);
  CHECK(told.goals[0].weighted.rate == Approx(0.25));
  CHECK(width(told.goals[0].weighted) == Approx(2 * 1.96 * 0.0096825).epsilon(2e-3));  // sqrt(0.25 * 0.75 / 2000)
  // What is known of leads alike narrows it.
  CHECK(width(told.goals[0].robust) < width(told.goals[0].weighted));
}

TEST_CASE("an expectation has not seen what it expects") {
  // One lead of each group in each arm: the one seen says nothing of itself, and only arms as a whole are left.
  Recorded recorded;
  for (int i = 0; i < 400; ++i) {
    const Count reached = i % 2 == 0 ? 1 : 0;
    recorded.groups[{"a", std::to_string(i), {0}}] = {1, {{{reached, 1}, 0}}};
    recorded.groups[{"b", std::to_string(i), {0}}] = {1, {{{0, 1}, 0}}};
  }
  auto told = estimated(recorded, {"a", {"a"}, {""}});
  REQUIRE(told.goals.size() == 1);
  CHECK(told.goals[0].robust.rate == Approx(0.5).epsilon(0.02));
  CHECK(width(told.goals[0].robust) == Approx(2 * 1.96 * std::sqrt(0.25 / 400)).epsilon(0.05));
}

TEST_CASE("what the log cannot tell is refused") {
  CHECK(says(estimated(history(), {"x", {"Postcard"}, {""}}).refusals, "Nobody in this log ever got Postcard"));
  Recorded none = history();
  none.groups.erase({"Mens", "", {0}});
  auto told = estimated(none);
  CHECK(says(told.refusals, "Mens was never given to the 1,000 leads for whom “bought” holds"));
  CHECK(told.goals.empty());
  Recorded few;
  for (const auto& [alike, counts] : history().groups) few.groups[alike] = {20, {{{4, 20}, 0}}};
  CHECK(says(estimated(few).refusals, "Only 40 effective leads"));
}

TEST_CASE("arms that were not given by chance are doubted") {
  Recorded skewed = history();
  skewed.groups[{"Mens", "", {0}}] = {1'300, {{{390, 1'300}, 0}}};
  skewed.groups[{"Womens", "", {0}}] = {700, {{{70, 700}, 0}}};
  CHECK(says(estimated(skewed).warnings, "did not fall as among all"));
}

TEST_CASE("a reading speaks of arms that are there") {
  CHECK_FALSE(experiment_of(history(), {"arm", {"visit"}, {}, "Nobody"}));
  CHECK_FALSE(experiment_of(history(), {"arm", {"visit"}, {{"Mens", 1}}, ""}));
  CHECK_FALSE(experiment_of(history(), {"arm", {"visit"}, {{"Mens", 1}, {"Other", 1}}, ""}));
  CHECK_FALSE(experiment_of({}, kReading));
  auto shared = experiment_of(history(), {"arm", {"visit"}, {{"Mens", 3}, {"Womens", 1}}, "Womens"});
  REQUIRE(shared);
  CHECK(shared->arms[0].share == Approx(0.75));
  CHECK(shared->against == 1);
  CHECK(shared->declared);
}

}  // namespace
}  // namespace nurture::experiment
