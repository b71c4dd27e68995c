// Sales hold, deferred and detached sends, promises.
#include "tests/catch.h"
#include "tests/engine/maker.h"

using namespace nurture;
using namespace nurture::engine;
using namespace nurture::engine::test;
using Lines = std::vector<std::string>;

namespace {

/// enter on form; stage s: send guide; notify; stay.
struct Sending {
  Maker maker;
  std::uint16_t form = maker.kind("form");
  std::uint16_t demo = maker.kind("demo");
  std::uint16_t taken = maker.kind("sales.took");
  std::uint16_t released = maker.kind("sales.released");
  std::uint16_t guide = maker.content("guide");
  CampaignMaker campaign{maker, "c", form};

  Sending() {
    maker.module.schema.kinds[taken].starts_sales_hold = true;
    maker.module.schema.kinds[released].ends_sales_hold = true;
    maker.module.schema.kinds[released].answers_hand_off = true;
  }
  void plain() {
    campaign.stage("s");
    campaign.send(guide);
    campaign.notify("desk");
    campaign.stay();
  }
};

const auto kSends = {std::string_view("guide"), std::string_view("Hold"), std::string_view("Notified")};

}  // namespace

TEST_CASE("a deferred send goes out in the settling of the step that ends the hold") {
  Sending s;
  s.plain();
  LogMaker log(s.maker);
  log.event("ann", 0, s.taken);
  log.event("ann", kHour, s.form);
  log.event("ann", 2 * kDay, s.released);
  CHECK(only(log.run(), kSends) == Lines{"0 seconds: HoldBegan", "1 hour: Deferred guide", "48 hours: HoldEnded event",
                                         "48 hours: Sent guide", "48 hours: Notified"});
}

TEST_CASE("a hold expires, and the send goes out then, whatever its own deadline") {
  Sending s;
  s.plain();
  LogMaker log(s.maker);
  log.event("ann", 0, s.taken);
  log.event("ann", kHour, s.form);
  log.event("ann", 40 * kDay, s.form);
  CHECK(only(log.run(), kSends) == Lines{"0 seconds: HoldBegan", "1 hour: Deferred guide",
                                         "720 hours: HoldEnded expired", "720 hours: Sent guide",
                                         "720 hours: Notified"});
}

TEST_CASE("a send gives up at its deadline if a new hold took the place of the first") {
  Sending s;
  s.plain();
  // released, but taken again in the same step: the event both ends and starts a hold.
  s.maker.module.schema.kinds[s.demo].ends_sales_hold = s.maker.module.schema.kinds[s.demo].starts_sales_hold = true;
  LogMaker log(s.maker);
  log.event("ann", 0, s.taken);
  log.event("ann", 0, s.form);
  log.event("ann", 29 * kDay, s.demo);
  log.event("ann", 40 * kDay, s.form);
  CHECK(only(log.run(), {"guide", "Notified"}) ==
        Lines{"0 seconds: Deferred guide", "720 hours: GaveUp guide", "720 hours: Notified"});
}

TEST_CASE("leaving cancels, the horizon leaves pending") {
  Sending s;
  s.plain();
  auto exit = s.campaign.on(s.demo);
  exit.body = bytecode::kNoCode;
  exit.exit_reason = s.campaign.reason("out");
  s.campaign->exits.push_back(exit);
  LogMaker log(s.maker);
  log.event("ann", 0, s.taken);
  log.event("ann", kHour, s.form);
  log.event("ann", 2 * kHour, s.demo);
  log.event("bob", 0, s.taken);
  log.event("bob", kHour, s.form);
  CHECK(only(log.run(), {"guide", "StageLeft", "Exited", "InFlight"}) ==
        Lines{"1 hour: Deferred guide", "2 hours: Cancelled guide", "2 hours: StageLeft s", "2 hours: Exited out #0",
              "1 hour: Deferred guide", "2 hours: Pending guide", "2 hours: InFlight s"});
}

TEST_CASE("now or skip, transactional, answers, continue") {
  const auto sends = [](auto&& change, Instant asked = kHour) {
    Sending s;
    s.plain();
    change(s);
    LogMaker log(s.maker);
    log.event("ann", 0, s.taken);
    log.event("ann", 0, s.demo);
    log.event("ann", asked, s.form);
    return only(log.run(), {"guide"}).at(0).substr(8);
  };
  CHECK(sends([](Sending&) {}) == "Deferred guide");
  CHECK(sends([](Sending& s) { s.campaign->sends[0].now_or_skip = true; }) == "Skipped guide");
  CHECK(sends([](Sending& s) { s.campaign->while_with_sales = bytecode::WhileWithSales::Continue; }) == "Sent guide");
  CHECK(sends([](Sending& s) { s.maker.module.contents[0].message_class = bytecode::MessageClass::Transactional; }) ==
        "Sent guide");
  const auto answers = [](Sending& s) {
    s.maker.module.contents[0].message_class = bytecode::MessageClass::Answers;
    s.maker.module.contents[0].answers = {s.demo};
  };
  CHECK(sends(answers) == "Sent guide");
  CHECK(sends(answers, kHour + 1).ends_with("Deferred guide"));
}

TEST_CASE("while with sales leave exits at settling, in the step of entry too") {
  Sending s;
  s.campaign.stage("s");
  s.campaign.stay();
  s.campaign->while_with_sales = bytecode::WhileWithSales::Leave;
  s.campaign->with_sales_reason = s.campaign.reason("with_sales");
  s.campaign->reenter = bytecode::Reenter::Always;
  LogMaker log(s.maker);
  log.event("ann", 0, s.form);
  log.event("ann", kHour, s.taken);
  log.event("ann", 2 * kHour, s.form);
  CHECK(only(log.run(), {"Exited", "Refused"}) ==
        Lines{"1 hour: Exited with_sales #0", "2 hours: Exited with_sales #1"});
}

TEST_CASE("detached sends: one pending slot, cancelled by others, kept by the own body") {
  Sending s;
  const auto ask = s.maker.kind("ask");
  const auto move = s.maker.kind("move");
  const auto own = s.maker.kind("own");
  s.campaign.stage("s");
  s.campaign.stay();
  const auto other = s.campaign.stage("t");
  s.campaign.stay();
  auto asks = s.campaign.on(ask);
  s.campaign.send(s.guide, true, 0);
  s.maker.op(Opcode::EndBody);
  auto moves = s.campaign.on(move);
  s.campaign.go_to(other);
  auto own_moves = s.campaign.on(own);
  s.campaign.send(s.guide, true, 0);
  s.campaign.go_to(other);
  s.campaign->stages[0].triggers = {asks, moves, own_moves};

  const auto run = [&](std::vector<std::uint16_t> events) {
    LogMaker log(s.maker);
    log.event("ann", 0, s.form);
    log.event("ann", 0, s.taken);
    Instant at = kHour;
    for (std::uint16_t kind : events) log.event("ann", std::exchange(at, at + kHour), kind);
    return only(log.run(), {"guide"});
  };
  CHECK(run({ask, ask, s.released}) ==
        Lines{"1 hour: Deferred guide", "2 hours: Skipped guide (pending)", "3 hours: Sent guide"});
  CHECK(run({ask, move, s.released}) == Lines{"1 hour: Deferred guide", "2 hours: Cancelled guide"});
  CHECK(run({own, s.released}) == Lines{"1 hour: Deferred guide", "2 hours: Sent guide"});
  CHECK(run({ask, own}) == Lines{"1 hour: Deferred guide", "2 hours: Deferred guide", "2 hours: Cancelled guide",
                                 "2 hours: Pending guide"});
}

TEST_CASE("a detached send's else runs on giving up, and only then") {
  Sending s;
  const auto ask = s.maker.kind("ask");
  s.campaign.stage("s");
  s.campaign.stay();
  auto asks = s.campaign.on(ask);
  s.campaign.send(s.guide, true);
  s.maker.op(Opcode::EndBody);
  s.campaign->sends[0].otherwise = s.maker.here();
  s.campaign.notify("desk");
  s.maker.op(Opcode::EndBody);
  s.campaign->triggers.push_back(asks);
  s.maker.module.schema.kinds[s.demo].ends_sales_hold = s.maker.module.schema.kinds[s.demo].starts_sales_hold = true;
  LogMaker log(s.maker);
  log.event("ann", 0, s.form);
  log.event("ann", 0, s.taken);
  log.event("ann", kHour, ask);
  log.event("ann", kDay, s.demo);
  log.event("ann", 60 * kDay, s.form);
  CHECK(only(log.run(), {"guide", "Notified"}) ==
        Lines{"1 hour: Deferred guide", "720 hours: GaveUp guide", "720 hours: Notified"});
}

TEST_CASE("permission goes by priority, then to the longest deferred, then by campaign") {
  Sending s;
  s.plain();
  const auto second = s.maker.content("second");
  const auto third = s.maker.content("third");
  CampaignMaker later(s.maker, "d", s.demo);
  later.stage("s");
  later.send(second);
  later.stay();
  CampaignMaker first(s.maker, "e", s.demo);
  first.stage("s");
  first.send(third);
  first.stay();
  LogMaker log(s.maker);
  log.event("ann", 0, s.taken);
  log.event("ann", kHour, s.demo);
  log.event("ann", 2 * kHour, s.form);
  log.event("ann", 3 * kHour, s.released);
  CHECK(only(log.run(), {"Sent"}) == Lines{"3 hours: Sent second", "3 hours: Sent third", "3 hours: Sent guide"});
}

TEST_CASE("hand-offs: rung once, answered once, missed as an event of its own step") {
  Sending s;
  const auto late = s.maker.kind("handoff.late");
  s.maker.module.schema.kinds[late].actor = bytecode::Actor::System;
  s.campaign.stage("s");
  s.campaign.hand_off(s.maker.length({0, 0, kHour}));
  s.campaign.hand_off();
  s.campaign.stay();
  auto misses = s.campaign.on(late);
  s.campaign.notify("manager");
  s.maker.op(Opcode::EndBody);
  s.campaign->triggers.push_back(misses);
  LogMaker log(s.maker);
  log.event("ann", 0, s.form);
  log.event("ann", kHour, s.released);
  log.event("ann", kHour, s.released);
  log.event("bob", 0, s.form);
  log.event("bob", kHour + 1, s.released);
  CHECK(only(log.run(), {"Hand", "Already", "Answered", "Missed", "Notified", "HoldEnded"}) ==
        Lines{"0 seconds: HandedOff", "0 seconds: AlreadyWithSales", "1 hour: Answered after 1 hour",
              "1 hour: HoldEnded event", "0 seconds: HandedOff", "0 seconds: AlreadyWithSales", "1 hour: PromiseMissed",
              "1 hour: Notified", "1 hour 0.000001 seconds: Answered after 1 hour 0.000001 seconds",
              "1 hour 0.000001 seconds: HoldEnded event"});
}

TEST_CASE("a hand-off stays open after its hold, until sales reacts") {
  Sending s;
  s.maker.module.schema.kinds[s.demo].ends_sales_hold = true;
  s.campaign.stage("s");
  s.campaign.hand_off(s.maker.length({0, 0, 2 * kHour}));
  s.campaign.exit("done");
  s.campaign->reenter = bytecode::Reenter::Always;
  LogMaker log(s.maker);
  log.event("ann", 0, s.form);
  log.event("ann", kHour, s.demo);
  log.event("ann", 3 * kHour, s.form);
  log.event("ann", 4 * kHour, s.released);
  CHECK(only(log.run(), {"Hand", "Answered", "Missed"}) ==
        Lines{"0 seconds: HandedOff", "2 hours: PromiseMissed", "3 hours: HandedOff", "4 hours: Answered after 4 hours",
              "4 hours: Answered after 1 hour"});
}

TEST_CASE("reactions to content that was never sent are orphans") {
  Sending s;
  const auto clicked = s.maker.kind("clicked", {{"content", TypeKind::Text}});
  const auto logged = s.maker.kind("email.sent", {{"content", TypeKind::Text}});
  s.maker.module.schema.kinds[logged].records_send = true;
  s.maker.module.schema.kinds[logged].actor = bytecode::Actor::Us;
  s.plain();
  LogMaker log(s.maker);
  log.event("ann", 0, clicked, {"guide"});
  log.event("ann", kHour, clicked, {"elsewhere"});
  log.event("ann", 2 * kHour, s.form);
  log.event("ann", 3 * kHour, clicked, {"guide"});
  log.event("bob", 0, logged, {"guide"});
  log.event("bob", kHour, clicked, {"guide"});
  CHECK(only(log.run(), {"Orphan"}) == Lines{"0 seconds: OrphanReaction"});
}
