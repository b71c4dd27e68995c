#include "runtime/outcome/summary.h"

#include <numeric>

#include "tests/catch.h"
#include "tests/outcome/expected.h"
#include "tests/outcome/fixture.h"

namespace nurture::outcome {
namespace {

using namespace fixture;

struct Played {
  bytecode::Module module = make_module();
  Script script{module};
  Summary summary(Instant until = kNever) {
    const store::Store& store = script.finish();
    SummarySink sink(module, horizon_of(store, until));
    script.play(sink);
    RunFacts facts = run_facts(module, store, until);
    facts.tzdata = "2024a";  // the machine's may be any
    return summarize(module, facts, store, sink.tally());
  }
};

TEST_CASE("a summary as people and as machines read it") {
  Played played;
  play_story(played.script);
  Summary summary = played.summary();
  check_expected("summary.txt", to_text(summary));
  check_expected("summary.json", to_json(summary));
}

TEST_CASE("a run over an empty log") {
  Played played;
  Summary summary = played.summary();
  check_expected("empty.txt", to_text(summary));
  CHECK(summary.campaigns[0].entered == 0);
  CHECK(to_json(summary).find("\"first\": null") != std::string::npos);
}

TEST_CASE("headings are bold only if asked, and lines keep to the width") {
  Played played;
  play_story(played.script);
  Summary summary = played.summary();
  CHECK(to_text(summary).find('\x1b') == std::string::npos);
  CHECK(to_text(summary, {100, true}).find("\x1b[1m") != std::string::npos);
}

/// A lead that enters at the start and is in `educate` from then on.
Script& enter(Script& s, std::string_view key) {
  s.lead(key).event(kForm).add(Kind::Entered).stage(kEducate);
  return s.add(Kind::StageEntered, bytecode::kNone);
}

Script& stays_in(Script& s) { return s.add(Kind::InFlight, kWait); }

TEST_CASE("every way in which a send can end is counted once") {
  Played played;
  Script& s = played.script;
  enter(s, "a").add(Kind::Sent, kGuide, kSendGuide);
  // Held back, asked again twice, and one more of the same statement refused meanwhile.
  s.add(Kind::Deferred, kGuide, kSendGuide).detail(Detail::WithSales);
  s.after(kHour).add(Kind::Deferred, kGuide, kSendGuide).detail(Detail::WithSales);
  s.add(Kind::Skipped, kGuide, kSendGuide).detail(Detail::AlreadyPending);
  s.after(kHour).add(Kind::Sent, kGuide, kSendGuide);
  s.add(Kind::Deferred, kGuide, kSendGuide)
      .detail(Detail::WithSales)
      .after(kHour)
      .add(Kind::GaveUp, kGuide, kSendGuide);
  s.add(Kind::Deferred, kGuide, kSendGuide)
      .detail(Detail::WithSales)
      .after(kHour)
      .add(Kind::Cancelled, kGuide, kSendGuide);
  s.add(Kind::Skipped, kReminder, kSendReminder).detail(Detail::WithSales);
  s.add(Kind::Suppressed, kReminder, kSendReminder);
  s.add(Kind::Exhausted, kReminder, kSendReminder);
  s.add(Kind::Deferred, kGuide, kSendGuide).detail(Detail::WithSales).add(Kind::Pending, kGuide, kSendGuide);
  stays_in(s);

  Summary summary = played.summary();
  const SendSummary& guide = summary.campaigns[0].messages[kGuide];
  CHECK(guide.asked == 6);
  CHECK(guide.deferred == 4);
  CHECK(guide.of(SendEnd::Sent) == 1);
  CHECK(guide.of(SendEnd::Later, Detail::WithSales) == 1);
  CHECK(guide.slip.median == 2 * kHour);
  CHECK(guide.of(SendEnd::Skipped, Detail::AlreadyPending) == 1);
  CHECK(guide.of(SendEnd::GaveUp, Detail::WithSales) == 1);
  CHECK(guide.of(SendEnd::Cancelled) == 1);
  CHECK(guide.of(SendEnd::Pending) == 1);
  const SendSummary& reminder = summary.campaigns[0].messages[kReminder];
  CHECK(reminder.asked == 3);
  CHECK(reminder.of(SendEnd::Skipped, Detail::WithSales) == 1);
  CHECK(reminder.of(SendEnd::Suppressed) == 1);
  CHECK(reminder.of(SendEnd::Exhausted) == 1);
  CHECK(summary.busiest_sends == 2);
}

TEST_CASE("the rate of a goal is of the memberships whose span is over") {
  Played played;
  Script& s = played.script;
  for (int i = 0; i < 4; ++i) {  // entered on 5 March, 30 days are over on 4 April: three of four reached it
    enter(s, "early" + std::to_string(i)).after(kDay);
    if (i > 0) s.event(kWon).add(Kind::GoalCredited, 0, kDay);
    stays_in(s).add(Kind::GoalCensored, 1);
  }
  // Entered on 4 April: one reached it, one has not yet. Neither says anything about a whole span.
  for (int i = 0; i < 2; ++i) {
    s.lead("late" + std::to_string(i)).after(30 * kDay).event(kForm).add(Kind::Entered).stage(kEducate);
    s.add(Kind::StageEntered, bytecode::kNone).after(kDay).event(kWon);
    s.add(i == 0 ? Kind::GoalCredited : Kind::GoalCensored, 0, i == 0 ? kDay : 0);
    stays_in(s).add(Kind::GoalCensored, 1);
  }
  Summary summary = played.summary();
  const GoalSummary& won = summary.campaigns[0].goals[0];
  CHECK(rate_of(won, won.treated) == 4);
  CHECK(rate_part(won, won.treated) == 3);
  CHECK(won.treated.reached_early == 1);
  CHECK(won.treated.open == 1);
  CHECK(won.treated.time.count == 4);
  const GoalSummary& any = summary.campaigns[0].goals[1];
  CHECK(any.endless);
  CHECK(rate_of(any, any.treated) == 6);
}

TEST_CASE("a branch counts a goal only if the split came first") {
  Played played;
  Script& s = played.script;
  enter(s, "before").event(kWon).add(Kind::GoalCredited, 0, 0).add(Kind::Split, 0, 0);
  stays_in(s).add(Kind::GoalCensored, 1);
  enter(s, "after").add(Kind::Split, 0, 0).add(Kind::Split, 0, 0).after(31 * kDay).event(kClicked);
  s.add(Kind::GoalCensored, 1);
  stays_in(s);
  Summary summary = played.summary();
  const BranchSummary& branch = summary.campaigns[0].splits[0].branches[0];
  CHECK(branch.passes == 3);
  CHECK(branch.memberships == 2);
  CHECK(branch.goals[0].over == 1);
  CHECK(branch.goals[0].all_reached() == 0);
}

TEST_CASE("weeks are ISO weeks in the programme's zone, and many of them become months") {
  Played played;
  Script& s = played.script;
  enter(s, "a");
  for (int week = 0; week < 30; ++week) s.add(Kind::Sent, kGuide, kSendGuide).after(7 * kDay);
  stays_in(s);
  Summary summary = played.summary();
  REQUIRE(summary.weeks.size() == 30);
  CHECK(summary.weeks[0].week == "2026-W10");
  CHECK(summary.busiest_sends == 1);
  CHECK(to_text(summary).find("2026-03      5") != std::string::npos);
}

}  // namespace
}  // namespace nurture::outcome
