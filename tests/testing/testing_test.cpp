#include "runtime/testing/testing.h"

#include "runtime/testing/coverage.h"
#include "tests/catch.h"
#include "tests/engine/maker.h"

using namespace nurture;
using namespace nurture::testing;
using bytecode::TestLine;
using bytecode::TestPlan;
using engine::test::CampaignMaker;
using engine::test::Maker;
using engine::test::Opcode;
using What = TestLine::What;
using Span = TestLine::Span;

namespace {

constexpr std::int32_t kDate = 20517;  // 2026-03-05

/// enter on form; stage a: send guide; wait 1 day; go to b; stage b: send story; exit as done.
struct Programme {
  Maker maker;
  std::uint16_t form = maker.kind("form.submitted");
  std::uint16_t click = maker.kind("email.clicked");
  std::uint16_t guide = maker.content("guide");
  std::uint16_t story = maker.content("story");
  CampaignMaker campaign{maker, "welcome", form};
  TestPlan plan;

  Programme() {
    campaign.stage("a");
    campaign.send(guide);
    campaign.wait({0, 1, 0});
    campaign.go_to(1);
    campaign.stage("b");
    campaign.send(story);
    campaign.exit("done");
    plan.name = "t";
    plan.campaign = 0;
  }
  TestLine& add(TestLine::Kind kind) {
    plan.lines.emplace_back();
    plan.lines.back().kind = kind;
    plan.lines.back().written = "line " + std::to_string(plan.lines.size());
    return plan.lines.back();
  }
  void at(Instant time, std::uint16_t event) {
    TestLine& line = add(TestLine::Kind::Event);
    line.absolute = true;
    line.date = kDate;
    line.time = time;
    line.event = event;
  }
  void after(Duration duration) { add(TestLine::Kind::Advance).after = duration; }
  TestLine& expect(What what, bool negated = false) {
    TestLine& line = add(TestLine::Kind::Expect);
    line.what = what;
    line.campaign = 0;
    line.negated = negated;
    return line;
  }
  TestResult run() { return run_test(maker.module, plan); }
};

}  // namespace

TEST_CASE("expectations at the clock, within, for and by") {
  Programme p;
  p.at(10 * kHour, p.form);
  p.expect(What::Send).content = p.guide;
  p.expect(What::Entry);
  p.expect(What::Stage).stage = 0;
  TestLine& within = p.expect(What::Send);
  within.content = p.story;
  within.span = Span::Within;
  within.length = {0, 1, 0};  // inclusive
  TestLine& none = p.expect(What::Send, true);
  none.content = p.story;
  none.span = Span::For;
  none.length = {0, 0, 23 * kHour};
  TestLine& stays = p.expect(What::Stage);
  stays.stage = 0;
  stays.span = Span::For;
  stays.length = {0, 0, 23 * kHour};
  TestLine& by = p.expect(What::Exit);
  by.reason = 0;
  by.span = Span::By;
  by.by_date = kDate + 1;
  by.by_time = 10 * kHour;
  p.after({0, 1, 0});
  p.expect(What::Outside);
  p.expect(What::Send).content = p.story;
  p.expect(What::HandOff, true);
  const TestResult result = p.run();
  CHECK(result.error.empty());
  for (const Failure& failure : result.failures) FAIL_CHECK(failure.written + ": " + failure.nearest);
  CHECK(result.passed);
}

TEST_CASE("a failure says what was expected, the nearest thing, and the timeline") {
  Programme p;
  p.at(10 * kHour, p.form);
  TestLine& early = p.expect(What::Send);
  early.content = p.story;
  early.span = Span::Within;
  early.length = {0, 0, kHour};
  p.after({0, 2, 0});
  p.expect(What::Stage).stage = 0;
  const TestResult result = p.run();
  REQUIRE(result.failures.size() == 2);
  CHECK(result.failures[0].expected == "a send of story between 2026-03-05 10:00 and 2026-03-05 11:00");
  CHECK(result.failures[0].nearest == "sends story at 2026-03-06 10:00, 23 hours too late");
  CHECK(result.failures[0].timeline ==
        std::vector<std::string>{"2026-03-05 10:00  form.submitted", "2026-03-05 10:00    welcome: enters",
                                 "2026-03-05 10:00    welcome: stage a", "2026-03-05 10:00    welcome: sends guide",
                                 "2026-03-05 10:00    welcome: waits: wait, until 2026-03-06 10:00",
                                 "2026-03-06 10:00    welcome: stage b", "2026-03-06 10:00    welcome: sends story",
                                 "2026-03-06 10:00    welcome: exits as done"});
  CHECK(result.failures[1].nearest ==
        "the lead is outside the campaign at 2026-03-07 10:00; it is in a from 2026-03-05 10:00 to 2026-03-06 10:00");
}

TEST_CASE("the clock is read in the test lead's zone") {
  Programme p;
  const auto zone = p.maker.attribute("timezone", TypeKind::Text);
  p.maker.module.schema.lead_timezone = zone;
  bytecode::Literal literal;
  literal.value.known = true;
  literal.text = "America/New_York";
  p.plan.leads.push_back({{}, {{zone, literal}}});
  p.at(10 * kHour, p.form);
  p.expect(What::AnySend, true);
  const TestResult result = p.run();
  CHECK(result.error == "");
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].nearest == "sends guide at 2026-03-05 10:00");
}

namespace {

/// A split of two into two contents, then exit.
struct Drawn : Programme {
  Drawn() {
    *campaign = bytecode::Campaign{};
    campaign->name = maker.text("drawn");
    campaign->entries.emplace_back();
    campaign->entries.back().event = maker.on(form);
    campaign.stage("a");
    bytecode::SplitSite site;
    site.name = maker.text("offer");
    maker.op(Opcode::Split, {0});
    for (std::uint16_t content : {guide, story}) {
      bytecode::SplitBranch branch;
      branch.name = maker.text(content == guide ? "g" : "s");
      branch.share = 5000;
      branch.body = maker.here();
      site.branches.push_back(branch);
      campaign.send(content);
      campaign.exit("done");
    }
    campaign->splits.push_back(site);
    at(10 * kHour, form);
  }
};

}  // namespace

TEST_CASE("draws that are reached are all run, and the verdicts must agree") {
  Drawn agrees;
  agrees.expect(What::AnySend);
  TestResult result = agrees.run();
  CHECK(result.passed);
  CHECK(result.runs == 2);

  Drawn differs;
  differs.expect(What::Send).content = differs.guide;
  result = differs.run();
  CHECK_FALSE(result.passed);
  CHECK(result.error.find("holds if split offer is g, but fails if split offer is s") != std::string::npos);

  Drawn given;
  given.plan.splits.push_back({0, 0, 1});
  given.expect(What::Send).content = given.story;
  result = given.run();
  CHECK(result.passed);
  CHECK(result.runs == 1);
}

TEST_CASE("held out only if given") {
  for (bool held_out : {false, true}) {
    Programme p;
    p.campaign->holdout = 10'000;
    p.plan.holdout = held_out;
    p.at(10 * kHour, p.form);
    p.expect(What::AnySend, held_out);
    CHECK(p.run().passed);
  }
}

TEST_CASE("a clock that goes back, and a test without a clock, can't be judged") {
  Programme p;
  p.at(10 * kHour, p.form);
  p.at(9 * kHour, p.click);
  CHECK(p.run().error.find("the clock can't go back") != std::string::npos);
  Programme empty;
  empty.expect(What::AnySend);
  CHECK_FALSE(empty.run().error.empty());
}

namespace {

constexpr Instant kInstant = 1;  ///< the shortest time there is

TestLine& ask(Programme& p, What what, Span span, Duration length, bool negated = false) {
  TestLine& line = p.expect(what, negated);
  line.span = span;
  line.length = length;
  return line;
}

/// Whether one expectation about the story, sent a day after the form at 10:00, holds.
bool holds_of_story(Span span, Duration length, bool negated, Duration clock) {
  Programme p;
  p.at(10 * kHour, p.form);
  if (clock != Duration{}) p.after(clock);
  ask(p, What::Send, span, length, negated).content = p.story;
  return p.run().passed;
}

}  // namespace

TEST_CASE("a span holds its first and its last instant") {
  constexpr Duration kDayLess{0, 0, kDay - kInstant};
  for (Span span : {Span::Within, Span::For}) {
    CHECK(holds_of_story(span, {0, 1, 0}, false, {}));
    CHECK_FALSE(holds_of_story(span, kDayLess, false, {}));
    CHECK_FALSE(holds_of_story(span, {0, 1, 0}, true, {}));
    CHECK(holds_of_story(span, kDayLess, true, {}));
    CHECK(holds_of_story(span, {0, 0, kHour}, false, {0, 1, 0}));
    CHECK_FALSE(holds_of_story(span, {0, 0, kHour}, false, {0, 0, kDay + kInstant}));
    CHECK(holds_of_story(span, {0, 0, kHour}, true, {0, 0, kDay + kInstant}));
  }
}

TEST_CASE("`by` ends at its instant, which is part of it") {
  for (const auto& [time, holds] : {std::pair(10 * kHour, true), std::pair(10 * kHour - kInstant, false)}) {
    Programme p;
    p.at(10 * kHour, p.form);
    TestLine& line = p.expect(What::Send);
    line.content = p.story;
    line.span = Span::By;
    line.by_date = kDate + 1;
    line.by_time = time;
    CHECK(p.run().passed == holds);
  }
}

TEST_CASE("at the clock, an outcome counts from the clock line before on, that instant included") {
  Programme p;
  p.at(10 * kHour, p.form);
  p.after({0, 1, 0});
  p.expect(What::Send).content = p.guide;
  p.expect(What::Send).content = p.story;
  p.after({0, 0, kHour});
  p.expect(What::Send).content = p.story;
  p.expect(What::Send, true).content = p.guide;
  p.after({0, 0, kHour});
  p.expect(What::AnySend, true);
  const TestResult result = p.run();
  for (const Failure& failure : result.failures) FAIL_CHECK(failure.written + ": " + failure.nearest);
  CHECK(result.passed);
}

TEST_CASE("a state is asked with all steps of an instant done") {
  for (const auto& [length, holds] : {std::pair(kDay, false), std::pair(kDay - kInstant, true)}) {
    Programme p;
    p.at(10 * kHour, p.form);
    ask(p, What::Stage, Span::For, {0, 0, length}).stage = 0;
    CHECK(p.run().passed == holds);
    Programme leaves;
    leaves.at(10 * kHour, leaves.form);
    ask(leaves, What::Outside, Span::Within, {0, 0, length});
    CHECK(leaves.run().passed != holds);
  }
}

TEST_CASE("an exit and a goal may be asked for without a name") {
  Programme p;
  p.at(10 * kHour, p.form);
  ask(p, What::Exit, Span::Within, {0, 1, 0}).reason = bytecode::kNone;
  ask(p, What::Goal, Span::Within, {0, 1, 0}, true).goal = bytecode::kNone;
  CHECK(p.run().passed);
}

TEST_CASE("of draws that disagree, the one that fails is explained") {
  Drawn differs;
  differs.expect(What::Send).content = differs.guide;
  const TestResult result = differs.run();
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].draws == "split offer is s");
  CHECK(result.failures[0].nearest == "sends story at 2026-03-05 10:00");
}

TEST_CASE("coverage tells what a test reached") {
  Drawn p;
  p.expect(What::AnySend);
  p.plan.splits.push_back({0, 0, 1});
  const std::vector<bytecode::Spot> none;
  Coverage coverage(p.maker.module, none);
  run_test(p.maker.module, p.plan, coverage.hooks());
  std::vector<std::string> reached;
  for (const CoverageItem& item : coverage.items()) {
    reached.push_back(std::string(part_text(item.part)) + " " + item.what + (item.reached ? "" : ": not reached"));
  }
  CHECK(reached ==
        std::vector<std::string>{"stage a", "branch split offer takes g: not reached", "branch split offer takes s"});
}
