#include "compiler/flow/figures.h"

#include "tests/catch.h"
#include "tests/flow/compile.h"

namespace nurture {

using flow::Count;
using flow::Figures;
using flow::Touches;
using test::campaign;

namespace {

Figures figures_of(const std::string& text) {
  auto made = test::compile(text);
  for (const std::string& each : made.found()) REQUIRE(each.starts_with("W"));
  Figures found = flow::figures(made.unit->model, made.graphs[0]);
  REQUIRE(found.known);
  return found;
}

/// In all, in a day, in a week, in a month, by the campaign itself.
std::vector<Count> by_itself(const Touches& touches) {
  return {touches.in_all.by_itself, touches.within[Touches::Day].by_itself, touches.within[Touches::Week].by_itself,
          touches.within[Touches::Month].by_itself};
}
using Counts = std::vector<Count>;
constexpr std::nullopt_t kNoBound = std::nullopt;

}  // namespace

TEST_CASE("sends in a row are counted, and held against windows that end before their length is over") {
  Figures found =
      figures_of(campaign("  stage a {\n    send hello\n    wait 5 days\n    send again\n    wait 2 days\n    send "
                          "hello\n    exit as done\n  }\n"));
  REQUIRE(found.touches.size() == 2);
  CHECK(found.touches[0].channel.empty());
  CHECK(found.touches[1].channel == "email");
  CHECK(by_itself(found.touches[1]) == Counts{3, 1, 2, 3});
}

TEST_CASE("of two branches the busier one counts") {
  Figures found =
      figures_of(campaign("  stage a {\n    if lead.ready { send hello  send again } else { send hello }\n    send "
                          "again\n    exit as done\n  }\n"));
  CHECK(found.touches[1].in_all.by_itself == 3);
}

TEST_CASE("runs of a repeat lie a period apart, whatever their bodies do meanwhile") {
  Figures plain =
      figures_of(campaign("  stage a { repeat every 2 weeks up to 5 times { send hello }  exit as done }\n"));
  // One may have waited long for its window, so that the next follows at once.
  CHECK(by_itself(plain.touches[1]) == Counts{5, 2, 2, 4});
  Figures waits = figures_of(campaign(
      "  stage a { repeat every 2 weeks up to 5 times { send hello  wait 3 days  send again }  exit as done }\n"));
  CHECK(waits.touches[1].in_all.by_itself == 10);
  Figures single = figures_of(
      campaign("  stage a { repeat every 2 weeks up to 5 times { send hello now or skip }  exit as done }\n"));
  CHECK(single.touches[1].in_all.by_itself == 5);
}

TEST_CASE("a trigger that any number of events fire has no bound but by a limit") {
  const std::string text =
      "  lasts at most 30 days as late\n  limit email to 2 per 7 days\n"
      "  stage a {\n    on form.submitted { send hello }\n    stay\n  }\n  exit on order.placed as won\n";
  Figures found = figures_of(campaign(text));
  CHECK(by_itself(found.touches[1]) == Counts{kNoBound, kNoBound, kNoBound, kNoBound});
  CHECK(found.touches[1].in_all.limited == 10);  // in 30 days, both ends included: five times two
  CHECK(found.touches[1].within[Touches::Week].limited == 2);
  CHECK(found.touches[1].within[Touches::Month].limited == 10);
}

TEST_CASE("a stream gives each of its contents once") {
  Figures found = figures_of("stream s: [hello, again]\n" +
                             campaign("  lasts at most 30 days as late\n"
                                      "  stage a {\n    on form.submitted { send next of s }\n    stay\n  }\n"
                                      "  exit on order.placed as won\n"));
  CHECK(by_itself(found.touches[1]) == Counts{2, 2, 2, 2});
}

TEST_CASE("a way round is gone as often as its waits allow") {
  Figures found =
      figures_of(campaign("  lasts at most 30 days as late\n  stage a { send hello  wait 10 days  restart stage }\n"));
  CHECK(by_itself(found.touches[1]) == Counts{4, 1, 1, 3});
}

TEST_CASE("what a membership does as it ends counts too") {
  Figures found = figures_of(
      campaign("  on exit { send again now or skip }\n  stage a { send hello  wait 1 day  exit as done }\n"));
  CHECK(by_itself(found.touches[1]) == Counts{2, 2, 2, 2});
}

TEST_CASE("work for people is counted on the busiest way") {
  Figures found =
      figures_of(campaign("  stage a {\n    assign call to \"desk\"\n    split s { 50% x { assign task to \"desk\" } "
                          "50% y { hand off to sales } }\n"
                          "    exit as done\n  }\n"));
  CHECK(found.work.calls == 1);
  CHECK(found.work.tasks == 1);
  CHECK(found.work.hand_offs == 1);
  CHECK(found.touches.empty());
}

TEST_CASE("stays, stages and exits have their times") {
  Figures found =
      figures_of(campaign("  stage a { wait 3 days  go to b }\n  stage b { wait up to 1 week { on order.placed { exit "
                          "as won } }  exit as quiet }\n"));
  CHECK(found.stay.least == 3 * kDay);
  CHECK(found.stay.most == 10 * kDay);
  REQUIRE(found.stages[1]);
  CHECK(found.stages[1]->least == 3 * kDay);
  CHECK(found.stages[1]->most == 3 * kDay);
  CHECK(found.exits[0].least == 3 * kDay);
  CHECK(found.exits[1].least == 10 * kDay);
}

TEST_CASE("without an end in sight a stay has no bound but `lasts at most`") {
  Figures found = figures_of(campaign("  lasts at most 1 month as late\n  stage a { wait 3 days  restart stage }\n"));
  CHECK(found.stay.least == 28 * kDay);
  CHECK(found.stay.most == 31 * kDay);
}

}  // namespace nurture
