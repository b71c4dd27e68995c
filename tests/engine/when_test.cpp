// `when`, goals, splits.
#include "tests/catch.h"
#include "tests/engine/maker.h"

using namespace nurture;
using namespace nurture::engine;
using namespace nurture::engine::test;
using Lines = std::vector<std::string>;

namespace {

struct Watching {
  Maker maker;
  std::uint16_t hot = maker.attribute("hot", TypeKind::Boolean);
  std::uint16_t form = maker.kind("form");
  std::uint16_t update = maker.kind("lead.updated");
  std::uint16_t won = maker.kind("won");
  CampaignMaker campaign{maker, "c", form};

  Watching() { maker.module.schema.kinds[update].updates_lead = true; }
  void stage() {
    campaign.stage("s");
    campaign.notify("statement");
    campaign.stay();
  }
  bytecode::Trigger when(bool becomes_true = false) {
    const Pc condition = maker.is_true(hot);
    return campaign.when(condition, becomes_true);
  }
  void log_hot(LogMaker& log, Instant at, bool value) {
    log.event("ann", at, update, {}, {{hot, Value::of_bool(value)}});
  }
};

}  // namespace

TEST_CASE("when fires at arming, before the first statement, and at each later turn") {
  for (bool becomes_true : {false, true}) {
    Watching w;
    w.stage();
    auto trigger = w.when(becomes_true);
    w.maker.op(Opcode::EndBody);
    w.campaign->stages[0].triggers.push_back(trigger);
    LogMaker log(w.maker);
    w.log_hot(log, 0, true);
    log.event("ann", kHour, w.form);
    w.log_hot(log, 2 * kHour, true);
    w.log_hot(log, 3 * kHour, false);
    w.log_hot(log, 4 * kHour, true);
    Lines expected{"1 hour: TriggerFired 2.0", "1 hour: Notified", "4 hours: TriggerFired 2.0"};
    if (becomes_true) expected.erase(expected.begin());
    CHECK(only(log.run(), {"TriggerFired", "Notified"}) == expected);
  }
}

TEST_CASE("an edge is not lost because something else reacted in the same step") {
  Watching w;
  w.stage();
  auto event = w.campaign.on(w.update);
  w.maker.op(Opcode::EndBody);
  auto trigger = w.when();
  w.campaign.exit("hot");
  w.campaign->triggers = {event, trigger};
  LogMaker log(w.maker);
  log.event("ann", 0, w.form);
  w.log_hot(log, kHour, true);
  CHECK(only(log.run(), {"TriggerFired", "Exited"}) ==
        Lines{"1 hour: TriggerFired 3.0", "1 hour: TriggerFired 3.1", "1 hour: Exited hot #0"});
}

TEST_CASE("a when fires once in a step, even if its own body turns it off and on") {
  Watching w;
  w.stage();
  auto trigger = w.when();
  w.campaign.set(w.hot, false);
  w.campaign.set(w.hot, true);
  w.maker.op(Opcode::RestartStage, {0});
  w.campaign->stages[0].triggers.push_back(trigger);
  LogMaker log(w.maker);
  log.event("ann", 0, w.form);
  w.log_hot(log, kHour, true);
  log.event("ann", 2 * kHour, w.won);
  CHECK(only(log.run(), {"TriggerFired"}) == Lines{"1 hour: TriggerFired 2.0"});
}

TEST_CASE("exit when refuses entry while it holds and exits when it turns true") {
  Watching w;
  w.stage();
  auto exit = w.when();
  exit.body = bytecode::kNoCode;
  exit.exit_reason = w.campaign.reason("hot");
  w.campaign->exits.push_back(exit);
  LogMaker log(w.maker);
  w.log_hot(log, 0, true);
  log.event("ann", kHour, w.form);
  w.log_hot(log, 2 * kHour, false);
  log.event("ann", 3 * kHour, w.form);
  w.log_hot(log, 4 * kHour, true);
  CHECK(only(log.run(), {"Refused", "Entered c", "Exited"}) ==
        Lines{"1 hour: Refused exit condition", "3 hours: Entered c #0", "4 hours: Exited hot #0"});
}

TEST_CASE("what one campaign sets, a later one sees in the same step") {
  Watching w;
  w.stage();
  auto trigger = w.when();
  w.campaign.exit("hot");
  w.campaign->triggers.push_back(trigger);
  CampaignMaker other(w.maker, "d", w.won);
  other.stage("s");
  other.set(w.hot, true);
  other.stay();
  LogMaker log(w.maker);
  log.event("ann", 0, w.form);
  log.event("ann", kHour, w.won);
  CHECK(only(log.run(), {"LeadSet", "Exited"}) == Lines{"1 hour: LeadSet hot", "1 hour: Exited hot #0"});
}

TEST_CASE("a when on today turns at local midnight") {
  Watching w;
  const auto zone = w.maker.attribute("timezone", TypeKind::Text);
  w.maker.module.schema.lead_timezone = zone;
  w.stage();
  const auto day = w.maker.constant(TypeKind::Date, Value::of(kStart / kDay + 1));
  const Pc condition = w.maker.op(Opcode::LoadToday);
  w.maker.op(Opcode::PushConst, {day});
  w.maker.op(Opcode::Equal);
  w.maker.op(Opcode::Return);
  auto trigger = w.campaign.when(condition);
  w.maker.op(Opcode::EndBody);
  w.campaign->triggers.push_back(trigger);
  LogMaker log(w.maker);
  log.lead_text("ann", zone, "America/New_York");
  log.event("ann", 0, w.form);
  log.event("ann", 9 * kDay, w.won);
  CHECK(only(log.run(), {"TriggerFired"}) == Lines{"19 hours: TriggerFired 3.0"});
}

TEST_CASE("goals: the latest membership, once, within the span inclusive, also after its end") {
  Watching w;
  w.campaign.stage("s");
  w.campaign.exit("done");
  w.campaign->reenter = bytecode::Reenter::Always;
  bytecode::Goal goal;
  goal.name = w.maker.text("sale");
  goal.event = w.maker.on(w.won);
  goal.within = w.maker.length({0, 1, 0});
  w.campaign->goals.push_back(goal);
  LogMaker log(w.maker);
  log.event("ann", 0, w.form);
  log.event("ann", kHour, w.form);
  log.event("ann", kHour + kDay, w.won);
  log.event("ann", kHour + kDay, w.won);
  log.event("bob", 0, w.form);
  log.event("bob", kDay + 1, w.won);
  log.event("cid", kDay, w.form);
  CHECK(only(log.run(), {"Goal"}) == Lines{"25 hours: GoalCredited sale #1", "25 hours: GoalCensored sale"});
}

TEST_CASE("then exit comes first among the exits") {
  Watching w;
  w.stage();
  bytecode::Goal goal;
  goal.name = w.maker.text("sale");
  goal.event = w.maker.on(w.won);
  goal.exit_reason = w.campaign.reason("sold");
  w.campaign->goals.push_back(goal);
  auto exit = w.campaign.on(w.won);
  exit.body = bytecode::kNoCode;
  exit.exit_reason = w.campaign.reason("gone");
  w.campaign->exits.push_back(exit);
  LogMaker log(w.maker);
  log.event("ann", 0, w.form);
  log.event("ann", kHour, w.won);
  CHECK(only(log.run(), {"Goal", "TriggerFired", "Exited"}) ==
        Lines{"1 hour: GoalCredited sale #0", "1 hour: TriggerFired 4.0", "1 hour: Exited sold #0"});
}

TEST_CASE("a wait for a date follows the date; past, it is due at once") {
  Watching w;
  const auto renewal = w.maker.attribute("renewal", TypeKind::DateTime);
  w.campaign.stage("s");
  w.maker.op(Opcode::LoadLead, {renewal});
  w.maker.op(Opcode::WaitUntil, {0});
  bytecode::State state;
  state.on_timer = w.maker.here();
  w.campaign.exit("done");
  state.recompute = w.maker.op(Opcode::LoadLead, {renewal});
  w.maker.op(Opcode::Return);
  w.campaign->states.push_back(state);
  const auto ended = [&](Instant changed_to) {
    LogMaker log(w.maker);
    log.lead("ann", renewal, Value::of(kStart + 5 * kDay));
    log.event("ann", 0, w.form);
    log.event("ann", kDay, w.update, {}, {{renewal, Value::of(kStart + changed_to)}});
    log.event("ann", 9 * kDay, w.won);
    return only(log.run(), {"Exited"});
  };
  CHECK(ended(5 * kDay) == Lines{"120 hours: Exited done #0"});
  CHECK(ended(3 * kDay) == Lines{"72 hours: Exited done #0"});
  CHECK(ended(7 * kDay) == Lines{"168 hours: Exited done #0"});
  CHECK(ended(0) == Lines{"24 hours: Exited done #0"});
}

TEST_CASE("draws are published, sticky, and even") {
  CHECK(draw(1, "c", "s", "ann", std::nullopt) == draw(1, "c", "s", "ann", std::nullopt));
  CHECK(draw(1, "c", "s", "ann", std::nullopt) != draw(1, "c", "s", "ann", 0));
  int low = 0;
  for (int i = 0; i < 10'000; ++i) low += draw(7, "campaign", "split", "lead" + std::to_string(i), std::nullopt) < 5000;
  CHECK(low > 4800);
  CHECK(low < 5200);
}
