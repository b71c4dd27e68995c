#include "runtime/experiment/experiment.h"

#include "tests/catch.h"

namespace nurture::experiment {
namespace {

Experiment holdout() {
  Experiment e;
  e.kind = Kind::Holdout;
  e.campaign = "welcome";
  e.name = "holdout";
  e.where = "welcome.nurture:5";
  e.arms = {{"held out", 0.1, 1'020}, {"treated", 0.9, 9'000}};
  e.goals = {{"won", {{{50, 1'000}, 20}, {{630, 9'000}, 0}}}};
  return e;
}

bool says(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

TEST_CASE("an arm is compared with the one that it is against") {
  Experiment e = holdout();
  auto treated = estimate(e, e.goals[0], 1);
  REQUIRE(treated);
  REQUIRE(treated->lift);
  CHECK(treated->rate == Approx(0.07));
  CHECK(treated->lift->difference == Approx(0.02));
  CHECK(treated->lift->relative == Approx(0.4));
  CHECK(treated->lift->interval.low > 0);
  CHECK(treated->lift->relative_interval->low > 0);
  CHECK(treated->lift->looks);
  CHECK_FALSE(estimate(e, e.goals[0], 0)->lift);
  e.against = 1;
  CHECK(estimate(e, e.goals[0], 0)->lift->difference == Approx(-0.02));
}

TEST_CASE("of nobody nothing is said") {
  Experiment e = holdout();
  e.goals[0].arms[0].ground = {0, 0};
  CHECK_FALSE(estimate(e, e.goals[0], 0));
  CHECK_FALSE(estimate(e, e.goals[0], 1)->lift);
  for (Arm& arm : e.arms) arm.assigned = 0;
  CHECK_FALSE(sample_ratio_p(e));
  CHECK(to_text({e}, false).empty());
  CHECK(to_text({}, false).empty());
  CHECK(to_json({}) == "[]");
}

TEST_CASE("a rate of nobody has no ratio to it") {
  Experiment e = holdout();
  e.goals[0].arms[0].ground.reached = 0;
  auto lift = estimate(e, e.goals[0], 1)->lift;
  REQUIRE(lift);
  CHECK_FALSE(lift->relative);
  CHECK(says(to_json({e}), R"("relative":null,"relative_low":null,"relative_high":null)"));
}

TEST_CASE("shares that are not as declared are said loudly") {
  Experiment e = holdout();
  CHECK(says(to_text({e}, false), "Sample ratio: as declared"));
  e.arms[0].assigned = 1'500;
  CHECK(*sample_ratio_p(e) < kSampleRatioAlarm);
  CHECK(says(to_text({e}, false), "Sample ratio: NOT as declared"));
}

TEST_CASE("what bends the figures is said") {
  Experiment e = holdout();
  e.left_out = {"clicked"};
  e.by_account = true;
  for (Reached& arm : e.goals[0].arms)
    arm.accounts = {arm.ground.of, arm.ground.of, arm.ground.reached, arm.ground.reached};
  e.moved = 3;
  const std::string text = to_text({e}, false);
  CHECK(says(text, "welcome, holdout (welcome.nurture:5): 10,020 leads"));
  CHECK(says(text, "Left out: goal clicked"));
  CHECK(says(text, "Drawn for whole accounts"));
  CHECK(says(text, "3 leads got another arm"));
}

TEST_CASE("figures have the digits that matter") {
  CHECK(percent_text(0.18276) == "18.28 %");
  CHECK(percent_text(0.005726) == "0.573 %");
  CHECK(points_text(0.0766) == "+7.66");
  CHECK(points_text(-0.00311) == "-0.311");
}

}  // namespace
}  // namespace nurture::experiment
