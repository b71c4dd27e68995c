#include "tests/catch.h"
#include "tests/engine/maker.h"

using namespace nurture;
using namespace nurture::engine;
using namespace nurture::engine::test;
using Lines = std::vector<std::string>;

namespace {

/// enter on form; stage s: wait 1 day; exit as done.
struct Simple {
  Maker maker;
  std::uint16_t form = maker.kind("form");
  std::uint16_t click = maker.kind("click", {{"content", TypeKind::Text}});
  CampaignMaker campaign{maker, "simple", form};
  std::uint16_t wait = 0;
  explicit Simple(Duration length = {0, 1, 0}) {
    campaign.stage("s");
    wait = campaign.wait(length);
    campaign.exit("done");
  }
};

}  // namespace

TEST_CASE("a wait ends by its timer without a further event") {
  Simple simple;
  LogMaker log(simple.maker);
  log.event("ann", 0, simple.form);
  log.event("bob", 3 * kDay, simple.form);
  CHECK(log.run() == Lines{"0 seconds: Began", "0 seconds: Entered simple #0", "0 seconds: StageEntered s",
                           "0 seconds: WaitBegan 24 hours", "24 hours: WaitEnded time", "24 hours: StageLeft s",
                           "24 hours: Exited done #0", "72 hours: Began", "72 hours: Entered simple #0",
                           "72 hours: StageEntered s", "72 hours: WaitBegan 24 hours", "72 hours: WaitEnded horizon",
                           "72 hours: InFlight s"});
}

TEST_CASE("a timer at the horizon fires; --until cuts later events") {
  Simple simple;
  LogMaker log(simple.maker);
  log.event("ann", 0, simple.form);
  log.event("ann", kDay, simple.click);
  CHECK(only(log.run(), {"Exited", "InFlight"}) == Lines{"24 hours: Exited done #0"});
  RunOptions options;
  options.until = kStart + kDay - 1;
  CHECK(only(log.run(options), {"Exited", "InFlight"}).at(0).ends_with("InFlight s"));
  options.until = kStart - 1;
  CHECK(log.run(options).empty());
}

TEST_CASE("re-entry: never, always, after D; while active and afterwards") {
  struct Case {
    bytecode::Reenter reenter;
    Instant second, third;
    Lines expected;
  };
  const Case cases[] = {
      {bytecode::Reenter::Never, kHour, 2 * kDay, {"0 seconds: Entered simple #0", "48 hours: Refused re-entry"}},
      {bytecode::Reenter::Always, kHour, 2 * kDay, {"0 seconds: Entered simple #0", "48 hours: Entered simple #1"}},
      {bytecode::Reenter::Always, kDay, 2 * kDay, {"0 seconds: Entered simple #0", "48 hours: Entered simple #1"}},
      {bytecode::Reenter::After, kHour, 3 * kDay, {"0 seconds: Entered simple #0", "72 hours: Entered simple #1"}},
      {bytecode::Reenter::After, kHour, 3 * kDay - 1, {"0 seconds: Entered simple #0", "71 hours 59 minutes"}},
  };
  for (const Case& c : cases) {
    Simple simple;
    simple.campaign->reenter = c.reenter;
    simple.campaign->reenter_after = simple.maker.length({0, 2, 0});
    LogMaker log(simple.maker);
    log.event("ann", 0, simple.form);
    log.event("ann", c.second, simple.form);
    log.event("ann", c.third, simple.form);
    const Lines lines = only(log.run(), {"Entered simple", "Refused"});
    REQUIRE(lines.size() == c.expected.size());
    CHECK(lines[0] == c.expected[0]);
    CHECK(lines[1].starts_with(c.expected[1]));
  }
}

TEST_CASE("an event at the deadline comes before the timer, and a wait has one outcome") {
  Simple simple;
  bytecode::Trigger handler = simple.campaign.on(simple.click);
  simple.maker.op(Opcode::MoveOn, {simple.wait});
  simple.campaign->states[simple.wait].handlers.push_back(handler);
  LogMaker log(simple.maker);
  log.event("ann", 0, simple.form);
  log.event("ann", kDay, simple.click);
  log.event("ann", kDay, simple.click);
  CHECK(only(log.run(), {"WaitEnded", "TriggerFired", "Exited"}) ==
        Lines{"24 hours: TriggerFired 1.0", "24 hours: WaitEnded handler 0", "24 hours: Exited done #0"});
}

TEST_CASE("keep waiting keeps the deadline") {
  Simple simple;
  bytecode::Trigger handler = simple.campaign.on(simple.click);
  simple.campaign.notify("desk");
  simple.maker.op(Opcode::KeepWaiting);
  simple.campaign->states[simple.wait].handlers.push_back(handler);
  LogMaker log(simple.maker);
  log.event("ann", 0, simple.form);
  log.event("ann", kHour, simple.click);
  log.event("ann", 2 * kHour, simple.click);
  log.event("ann", 2 * kDay, simple.click);
  CHECK(only(log.run(), {"Notified", "WaitEnded"}) ==
        Lines{"1 hour: Notified", "2 hours: Notified", "24 hours: WaitEnded time"});
}

TEST_CASE("the first match consumes: exits, handlers, stage, campaign") {
  Simple simple;
  auto handler = simple.campaign.on(simple.click);
  simple.maker.op(Opcode::KeepWaiting);
  auto trigger = simple.campaign.on(simple.click);
  simple.maker.op(Opcode::EndBody);
  auto exit = simple.campaign.on(simple.click);
  exit.body = bytecode::kNoCode;
  exit.exit_reason = simple.campaign.reason("opted_out");
  simple.campaign->triggers.push_back(trigger);
  LogMaker first(simple.maker);
  const auto fired = [&] {
    LogMaker log(simple.maker);
    log.event("ann", 0, simple.form);
    log.event("ann", kHour, simple.click);
    return only(log.run(), {"TriggerFired"});
  };
  CHECK(fired() == Lines{"1 hour: TriggerFired 3.0"});
  simple.campaign->stages[0].triggers.push_back(trigger);
  CHECK(fired() == Lines{"1 hour: TriggerFired 2.0"});
  simple.campaign->states[simple.wait].handlers.push_back(handler);
  CHECK(fired() == Lines{"1 hour: TriggerFired 1.0"});
  simple.campaign->exits.push_back(exit);
  CHECK(fired() == Lines{"1 hour: TriggerFired 0.0"});
}

TEST_CASE("machines fire nothing unless they are included") {
  Simple simple;
  auto& kind = simple.maker.module.schema.kinds[simple.click];
  bytecode::Field robot;
  robot.name = simple.maker.text("robot");
  robot.type.kind = TypeKind::Boolean;
  kind.properties.push_back(robot);
  kind.machine_property = 1;
  auto trigger = simple.campaign.on(simple.click);
  simple.maker.op(Opcode::EndBody);
  simple.campaign->triggers.push_back(trigger);
  const auto fired = [&](const char* by_robot) {
    LogMaker log(simple.maker);
    log.event("ann", 0, simple.form);
    log.event("ann", kHour, simple.click, {"", by_robot});
    return only(log.run(), {"TriggerFired"}).size();
  };
  CHECK(fired("") == 1);
  CHECK(fired("x") == 0);  // any text id above 0 reads as true
  simple.campaign->triggers[0].event.including_machine = true;
  CHECK(fired("x") == 1);
}

TEST_CASE("going: the current stage changes nothing in a trigger, restart stage does") {
  Simple simple;
  auto trigger = simple.campaign.on(simple.click);
  simple.campaign.go_to(0);
  simple.campaign->triggers.push_back(trigger);
  const auto run = [&] {
    LogMaker log(simple.maker);
    log.event("ann", 0, simple.form);
    log.event("ann", kHour, simple.click);
    log.event("ann", 2 * kDay, simple.click);
    return only(log.run(), {"Wait", "Stage"});
  };
  CHECK(run() == Lines{"0 seconds: StageEntered s", "0 seconds: WaitBegan 24 hours", "24 hours: WaitEnded time",
                       "24 hours: StageLeft s"});
  simple.campaign->triggers[0].body = simple.maker.op(Opcode::RestartStage, {0});
  CHECK(run() == Lines{"0 seconds: StageEntered s", "0 seconds: WaitBegan 24 hours", "1 hour: WaitEnded left",
                       "1 hour: StageLeft s", "1 hour: StageEntered s", "1 hour: WaitBegan 24 hours",
                       "25 hours: WaitEnded time", "25 hours: StageLeft s"});
}

TEST_CASE("lasts at most ends a stay, after all other timers of its instant") {
  Maker maker;
  const auto form = maker.kind("form");
  CampaignMaker campaign(maker, "c", form);
  campaign.stage("s");
  campaign.wait({0, 1, 0});
  campaign.notify("desk");
  campaign.stay();
  campaign->lasts_at_most = maker.length({0, 1, 0});
  campaign->lasts_reason = campaign.reason("expired");
  LogMaker log(maker);
  log.event("ann", 0, form);
  log.event("bob", 9 * kDay, form);
  Lines lines = only(log.run(), {"Notified", "Exited", "WaitEnded"});
  CHECK(Lines(lines.begin(), lines.begin() + 4) == Lines{"24 hours: WaitEnded time", "24 hours: Notified",
                                                         "24 hours: WaitEnded left", "24 hours: Exited expired #0"});
}

TEST_CASE("days keep the clock time over a change of summer time, hours are exact") {
  for (const auto& [length, expected] :
       {std::pair{Duration{0, 3, 0}, "71 hours"}, {Duration{0, 0, 72 * kHour}, "72 hours"}}) {
    Simple simple(length);
    const auto zone = simple.maker.attribute("timezone", TypeKind::Text);
    simple.maker.module.schema.lead_timezone = zone;
    LogMaker log(simple.maker);
    log.lead_text("ann", zone, "America/New_York");  // 2026-03-08: clocks go forward
    log.event("ann", 0, simple.form);
    log.event("ann", 9 * kDay, simple.click);
    CHECK(only(log.run(), {"WaitEnded"}) == Lines{std::string(expected) + ": WaitEnded time"});
  }
}

TEST_CASE("keys: one membership each, at most n, events without the key go to all") {
  Maker maker;
  const auto form = maker.kind("registered", {{"webinar", TypeKind::Text}});
  const auto left = maker.kind("left", {{"webinar", TypeKind::Text}});
  const auto done = maker.kind("unsubscribed");
  CampaignMaker campaign(maker, "c", form);
  campaign.stage("s");
  campaign.stay();
  campaign->reenter = bytecode::Reenter::Always;
  campaign->key.name = maker.text("webinar");
  campaign->key.up_to = 2;
  campaign->key.property_of = {0, 0, bytecode::kNone};
  for (std::uint16_t kind : {left, done}) {
    auto exit = campaign.on(kind);
    exit.body = bytecode::kNoCode;
    exit.exit_reason = campaign.reason(kind == left ? "left" : "opted_out");
    campaign->exits.push_back(exit);
  }
  LogMaker log(maker);
  log.event("ann", 0, form, {"a"});
  log.event("ann", kHour, form, {"b"});
  log.event("ann", 2 * kHour, form, {"c"});
  log.event("ann", 3 * kHour, form, {""});
  log.event("ann", 4 * kHour, form, {"a"});
  log.event("ann", 5 * kHour, left, {"a"});
  log.event("ann", 6 * kHour, form, {"a"});
  log.event("ann", 7 * kHour, done);
  log.event("ann", 8 * kHour, form, {""});
  CHECK(only(log.run(), {"Entered c", "Refused", "Exited"}) ==
        Lines{"0 seconds: Entered c #0", "1 hour: Entered c #1", "2 hours: Refused key limit",
              "5 hours: Exited left #0", "6 hours: Entered c #2", "7 hours: Exited opted_out #1",
              "7 hours: Exited opted_out #2", "8 hours: Refused key"});
}

TEST_CASE("held out: a place without statements, to the longest stay") {
  Simple simple;
  simple.campaign->holdout = 5000;
  simple.campaign->longest = simple.maker.length({0, 1, 0});
  simple.campaign.reason("held_out");
  LogMaker log(simple.maker);
  log.event("ann", 0, simple.form);
  log.event("ann", 2 * kDay, simple.click);
  RunOptions options;
  options.draws.holdout = true;
  CHECK(log.run(options) == Lines{"0 seconds: Began", "0 seconds: HeldOut simple", "24 hours: Exited held_out #0"});
}

TEST_CASE("a step that does not end is an error with campaign and stage") {
  Maker maker;
  const auto form = maker.kind("form");
  CampaignMaker campaign(maker, "endless", form);
  campaign.stage("round");
  maker.op(Opcode::RestartStage, {0});
  LogMaker log(maker);
  log.event("ann", 0, form);
  CHECK(log.run().back() ==
        "failed: campaign endless, stage round: its statements do not come to an end for lead \"ann\"");
}

TEST_CASE("the same lines for any number of threads") {
  Simple simple;
  simple.campaign->reenter = bytecode::Reenter::Always;
  LogMaker log(simple.maker);
  for (int lead = 0; lead < 20'000; ++lead) {
    const std::string key = "lead" + std::to_string(lead);
    for (int i = 0; i < lead % 5; ++i)
      log.event(key, (lead % 7 + i * 30) * kHour, i % 2 == 0 ? simple.form : simple.click);
  }
  RunOptions options;
  const Lines one = log.run(options);
  for (unsigned threads : {2u, 7u}) {
    options.threads = threads;
    CHECK(log.run(options) == one);
  }
}
