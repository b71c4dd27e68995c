// Leads that turn out to be one (§7.4): whose events, memberships and holds are whose, and from when on.
#include "tests/catch.h"
#include "tests/engine/maker.h"

using namespace nurture;
using namespace nurture::engine;
using namespace nurture::engine::test;
using Lines = std::vector<std::string>;

namespace {

/// enter on page.viewed; `wait 3 days`, then a message and the end.
struct Merging {
  Maker maker;
  std::uint16_t seen = maker.kind("page.viewed");
  std::uint16_t merged = maker.kind("lead.merged", {{"into", TypeKind::Text}});
  std::uint16_t accepted = maker.kind("sales.accepted");
  std::uint16_t asked = maker.kind("demo");
  std::uint16_t guide = maker.content("guide");
  CampaignMaker campaign{maker, "c", seen};

  Merging() {
    maker.module.schema.kinds[merged].actor = bytecode::Actor::System;
    maker.module.schema.kinds[merged].merges_into = 0;
    maker.module.schema.kinds[accepted].starts_sales_hold = true;
    campaign->merged_reason = campaign.reason("merged");
    campaign.stage("s");
    campaign.wait({0, 3, 0});
    campaign.send(guide);
    campaign.exit("done");
  }
};

Lines moves(LogMaker& log) {
  return only(log.run_named(), {"Entered c", "Refused", "Merged", "Moved", "Sent", "Exited"});
}

}  // namespace

TEST_CASE("a membership goes on with the lead that stays, its wait too") {
  Merging w;
  LogMaker log(w.maker);
  log.event("home", 0, w.seen);
  log.event("home", kDay, w.merged, {"work"});
  log.event("work", 5 * kDay, w.asked);
  CHECK(moves(log) == Lines{"home 0 seconds: Entered c #0", "home 24 hours: MergedInto", "work 24 hours: Merged",
                            "work 24 hours: MovedHere 0 #0", "work 72 hours: Sent guide",
                            "work 72 hours: Exited done #0"});
}

TEST_CASE("who is in it with both leaves once, as merged") {
  Merging w;
  LogMaker log(w.maker);
  log.event("home", 0, w.seen);
  log.event("work", kHour, w.seen);
  log.event("home", kDay, w.merged, {"work"});
  log.event("work", 5 * kDay, w.asked);
  CHECK(moves(log) == Lines{"home 0 seconds: Entered c #0", "home 24 hours: MergedInto", "work 1 hour: Entered c #0",
                            "work 24 hours: Merged", "work 24 hours: MovedHere 0 #1", "work 24 hours: Exited merged #1",
                            "work 73 hours: Sent guide", "work 73 hours: Exited done #0"});
}

TEST_CASE("a chain of merges, told from its end; later lines of every old key are the last one's") {
  Merging w;
  LogMaker log(w.maker);
  log.event("z", 0, w.asked);
  log.event("z", kHour, w.merged, {"m"});
  log.event("m", kHour, w.merged, {"a"});
  log.event("z", 2 * kHour, w.seen);
  log.event("m", 5 * kDay, w.seen);
  CHECK(moves(log) == Lines{"z 1 hour: MergedInto", "m 1 hour: Merged", "m 1 hour: MergedInto", "a 1 hour: Merged",
                            "a 2 hours: Entered c #0", "a 74 hours: Sent guide", "a 74 hours: Exited done #0",
                            "a 120 hours: Refused re-entry"});
}

TEST_CASE("into itself, into one that it is already, and into nobody: an event like any other") {
  Merging w;
  w.campaign->entries[0].event = w.maker.on(w.merged);
  LogMaker log(w.maker);
  log.event("a", 0, w.merged, {"a"});
  log.event("b", 0, w.merged);
  log.event("c", 0, w.merged, {"d"});
  log.event("d", kHour, w.merged, {"c"});
  CHECK(only(log.run_named(), {"Merged", "Entered c"}) == Lines{"a 0 seconds: Entered c #0",
                                                                "b 0 seconds: Entered c #0", "c 0 seconds: MergedInto",
                                                                "d 0 seconds: Merged", "d 0 seconds: Entered c #0"});
}

TEST_CASE("with sales if either was; of two holds the first lead's ends, and the longer counts") {
  Merging w;
  w.maker.module.sales_hold_max = w.maker.length({0, 10, 0});
  LogMaker log(w.maker);
  log.event("home", 2 * kDay, w.accepted);
  log.event("work", kDay, w.accepted);
  log.event("home", 3 * kDay, w.merged, {"work"});
  log.event("ann", kDay, w.accepted);
  log.event("ann", 3 * kDay, w.merged, {"bob"});
  log.event("work", 20 * kDay, w.asked);
  CHECK(only(log.run_named(), {"Hold"}) == Lines{"ann 24 hours: HoldBegan", "bob 264 hours: HoldEnded expired",
                                                 "home 48 hours: HoldBegan", "home 72 hours: HoldEnded event",
                                                 "work 24 hours: HoldBegan", "work 288 hours: HoldEnded expired"});
}

TEST_CASE("an orphan is judged by the ledger of both") {
  Merging w;
  const std::uint16_t opened = w.maker.kind("email.opened", {{"content", TypeKind::Text}});
  w.maker.module.schema.kinds[opened].content_property = 0;
  LogMaker log(w.maker);
  log.event("home", 0, w.seen);
  log.event("work", 4 * kDay, opened, {"guide"});
  log.event("home", 5 * kDay, w.merged, {"work"});
  log.event("work", 6 * kDay, opened, {"guide"});
  CHECK(only(log.run_named(), {"Orphan"}) == Lines{"work 96 hours: OrphanReaction"});
}

TEST_CASE("any number of threads tells the same") {
  Merging w;
  LogMaker log(w.maker);
  for (int i = 0; i < 2'000; ++i) {
    log.event("a" + std::to_string(i), i * kHour, w.seen);
    log.event("a" + std::to_string(i), i * kHour + kDay, w.merged, {"b" + std::to_string(i / 3)});
  }
  RunOptions two;
  two.threads = 2;
  CHECK(log.run_named() == log.run_named(two));
}

TEST_CASE("what another saw before it became this one is past, wherever the merge stands in the log") {
  Merging w;
  CampaignMaker counts{w.maker, "m", w.merged};
  counts->merged_reason = counts.reason("merged");
  counts.stage("s");
  counts.exit("done");
  LogMaker log(w.maker);
  log.event("c", kHour, w.merged, {"b"});
  log.event("b", 2 * kHour, w.merged, {"a"});
  CHECK(only(log.run_named(), {"Entered m", "Refused"}) ==
        Lines{"b 1 hour: Entered m #0", "a 2 hours: Refused re-entry"});
}
