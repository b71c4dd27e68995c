#include "tests/codegen/listing.h"

namespace nurture {

using bytecode::kNoCode;
using bytecode::kNone;
using test::lowered;

namespace {

struct Stage {
  bytecode::Module module;
  std::string code;
  const bytecode::Campaign& campaign() const { return module.campaigns[0]; }
  const std::string& text(std::size_t index) const { return module.strings[index]; }
};

/// The code of the first stage's body, up to the first instruction behind it.
Stage stage(const std::string& body, std::size_t instructions, const std::string& clauses = "") {
  Stage made{lowered("campaign c {\n  enter on form.submitted\n  lasts at most 90 days as late\n" + clauses +
                     "  stage a {\n" + body + "\n  }\n  stage b { exit as done }\n}\n"),
             {}};
  bytecode::Pc begin = made.campaign().stages[0].body, end = begin;
  for (std::size_t i = 0; i < instructions; ++i) {
    end += bytecode::info(static_cast<bytecode::Opcode>(made.module.code[end])).size;
  }
  made.code = test::Listing(made.module, &made.module.campaigns[0]).from(begin, end);
  return made;
}

}  // namespace

TEST_CASE("work and ends") {
  CHECK(stage("set lead.age to 5\nclear lead.country\ntake back from sales\ngo to b", 6).code ==
        "push.const 5\nset.lead age line5\npush.unknown\nset.lead country line6\ntake_back line7\ngo_to b line8\n");
  CHECK(
      stage("hand off to sales \"Ready: {lead.first_name else 'x'}\" answer within 5 minutes\nexit as done", 2).code ==
      "hand_off 0\nexit done line6\n");
  CHECK(stage("assign call as first to lead.owner else \"desk\" due in 1 day \"Ring\"\nnotify \"boss\" \"Look\"\nexit "
              "as done",
              8)
            .code ==
        "load.lead owner\njump.known @4\npop\npush.const \"desk\"\nassign 0\npush.const \"boss\"\nnotify 0\nexit done "
        "line7\n");
  CHECK(stage("wait 1 day\nrestart stage", 5).code ==
        "load.now\npush.const 0mo1d0s\nshift.instant\nwait.until wait_1\nrestart_stage line6\n");
}

TEST_CASE("what is remembered has a slot") {
  Stage made = stage("remember asked as lead.age else 3\nif asked > 2 { go to b }\nexit as done", 11);
  CHECK(made.campaign().slots == 1);
  CHECK(made.code ==
        "load.lead age\njump.known @4\npop\npush.const 3\nremember 0 \"asked\" line5\npush.const 2\nload.slot 0\n"
        "less.int\njump.false @10\ngo_to b line6\nexit done line7\n");
}

TEST_CASE("a send that may be deferred has a state") {
  Stage made = stage(
      "send hello\nsend again for up to 3 days else { notify \"me\" \"no\" }\nsend bill\nsend hello now or skip\nexit "
      "as done",
      7);
  CHECK(made.code == "send hello\nsend again\npush.const \"me\"\nnotify 0\nsend bill\nsend hello\nexit done line9\n");
  const auto& sends = made.campaign().sends;
  REQUIRE(sends.size() == 4);
  CHECK(sends[0].next == sends[0].otherwise);
  CHECK(made.module.constants[sends[0].give_up_after].value.duration() == Duration{0, 7, 0});
  CHECK(made.module.constants[sends[1].give_up_after].value.duration() == Duration{0, 3, 0});
  CHECK(sends[1].otherwise < sends[1].next);
  CHECK(sends[2].state == kNone);  // transactional
  CHECK(sends[3].state == kNone);
  CHECK(sends[3].now_or_skip);
  REQUIRE(made.campaign().states.size() == 2);
  CHECK(made.text(made.campaign().states[1].anchor) == "send_2");
  CHECK(made.text(made.campaign().states[1].label) == "send again");
}

TEST_CASE("anchors count what is written, whether it can suspend or not") {
  Stage made = stage("send hello now or skip\nwait 1 day\nsend again\nwait 1 day\nexit as done", 1);
  std::vector<std::string> anchors;
  for (const bytecode::State& state : made.campaign().states) anchors.push_back(made.text(state.anchor));
  CHECK(anchors == std::vector<std::string>{"wait_1", "send_2", "wait_2"});
}

TEST_CASE("detached sends") {
  Stage made = stage(
      "on page.viewed { send hello else { notify \"me\" \"no\" }  notify \"me\" \"yes\" }\nwait 1 day\nexit as done", 1,
      "  on order.placed { send again }\n");
  const auto& campaign = made.campaign();
  REQUIRE(campaign.sends.size() == 2);
  CHECK(campaign.detached_slots == 2);
  CHECK(campaign.sends[0].detached);
  CHECK(campaign.sends[0].owner_stage == kNone);
  CHECK(campaign.sends[1].owner_stage == 0);
  CHECK(campaign.sends[1].state == kNone);
  CHECK(campaign.sends[1].otherwise > campaign.sends[1].next);
  test::Listing listing(made.module, &campaign);
  CHECK(listing.from(campaign.stages[0].triggers[0].body, campaign.stages[0].triggers[0].body + 10) ==
        "send hello\npush.const \"me\"\nnotify 0\nend_body\n");
  CHECK(listing.from(campaign.sends[1].otherwise, campaign.sends[1].otherwise + 7) ==
        "push.const \"me\"\nnotify 1\nend_body\n");
}

TEST_CASE("waits") {
  CHECK(stage("wait until next Tuesday 09:00\nexit as done", 4).code ==
        "push.const 32400000000\nnext.weekday 2 1\nwait.until wait_1\nexit done line6\n");
  CHECK(stage("wait until 09:00\nexit as done", 3).code == "push.const 32400000000\nnext.time 0\nwait.until wait_1\n");
  CHECK(stage("wait until Friday 09:00 in \"America/New_York\"\nexit as done", 4).code ==
        "push.const 32400000000\nin_zone \"America/New_York\"\nnext.weekday 16 0\nwait.until wait_1\n");
  CHECK(stage("wait until entry.starts_at\nexit as done", 2).code ==
        "load.entry form.submitted starts_at\nwait.until wait_1\n");
}

TEST_CASE("a wait for a lead's date follows it") {
  Stage made = stage("wait until 1 day before lead.renewal_on, at least 2 hours, at most 30 days\nexit as done", 16);
  CHECK(made.code ==
        "load.lead renewal_on\npush.const 0mo-1d0s\nshift.date\ndate.start\njump.known @7\npop\nload.now\nload.now\n"
        "push.const 0mo0d7200s\nshift.instant\nlater\nload.now\npush.const 0mo30d0s\nshift.instant\nearlier.known\n"
        "wait.until wait_1\n");
  const bytecode::State& state = made.campaign().states[0];
  REQUIRE(state.recompute != kNoCode);
  CHECK(test::Listing(made.module, &made.campaign()).expression(state.recompute) ==
        "load.lead renewal_on\npush.const 0mo-1d0s\nshift.date\ndate.start\njump.known "
        "@7\npop\nload.now\nload.wait_start\n"
        "push.const 0mo0d7200s\nshift.instant\nlater\nload.wait_start\npush.const "
        "0mo30d0s\nshift.instant\nearlier.known\nreturn\n");
  CHECK(stage("wait 5 days\nexit as done", 1).campaign().states[0].recompute == kNoCode);
}

TEST_CASE("handlers stand before what follows their wait") {
  Stage made = stage(
      "wait up to 1 day {\non page.viewed { notify \"me\" \"x\"  move on }\nwhen lead.ready becomes true { go to b }\n"
      "on order.placed { keep waiting }\notherwise { notify \"me\" \"y\" }\n}\nexit as done",
      12);
  CHECK(made.code ==
        "load.now\npush.const 0mo1d0s\nshift.instant\nwait.until wait_1\npush.const \"me\"\nnotify 0\nmove_on wait_1\n"
        "go_to b line7\nkeep_waiting\npush.const \"me\"\nnotify 1\nexit done line11\n");
  const bytecode::State& state = made.campaign().states[0];
  CHECK(state.has_otherwise);
  CHECK(state.on_timer < state.on_move_on);
  REQUIRE(state.handlers.size() == 3);
  CHECK(state.handlers[1].becomes_true);
  CHECK(state.handlers[1].when_index == 0);
  CHECK(made.text(state.label) == "wait up to 1 day");
  CHECK(made.text(state.handlers[0].label) == "on page.viewed");
}

TEST_CASE("move on out of a wait within a handler names the outer wait") {
  Stage made = stage("wait up to 1 day {\non page.viewed { wait 1 hour  move on }\n}\nexit as done", 10);
  CHECK(
      made.code ==
      "load.now\npush.const 0mo1d0s\nshift.instant\nwait.until wait_1\nload.now\npush.const 0mo0d3600s\nshift.instant\n"
      "wait.until wait_2\nmove_on wait_1\nexit done line8\n");
}

TEST_CASE("if, else if, else") {
  CHECK(stage("if lead.ready { take back from sales } else if lead.age > 3 { go to b } else { clear lead.age }\nexit "
              "as done",
              12)
            .code ==
        "load.lead ready\njump.false @4\ntake_back line5\njump @11\npush.const 3\nload.lead age\nless.int\njump.false "
        "@9\n"
        "go_to b line5\npush.unknown\nset.lead age line5\nexit done line6\n");
}

TEST_CASE("a split draws its branch") {
  Stage made = stage("split offer drawn anew each pass { 30% x { send hello } 70% y { } }\nexit as done", 3);
  CHECK(made.code == "split 0\nsend hello\nexit done line6\n");
  const bytecode::SplitSite& site = made.campaign().splits[0];
  CHECK(site.drawn_anew);
  CHECK(site.pass_slot == 0);
  CHECK(made.campaign().slots == 1);
  REQUIRE(site.branches.size() == 2);
  CHECK(site.branches[0].share == 3000);
  CHECK(site.branches[0].body < site.branches[1].body);
}

TEST_CASE("a repeat has four slots and a state") {
  Stage made = stage(
      "repeat every 2 weeks up to 5 times { send hello }\nrepeat every Tuesday 10:00 up to 3 times { take back from "
      "sales }\nexit as done",
      7);
  CHECK(made.code ==
        "repeat.begin 0\nsend hello\nrepeat.next 0\nrepeat.begin 1\ntake_back line6\nrepeat.next 1\nexit done line7\n");
  const auto& repeats = made.campaign().repeats;
  REQUIRE(repeats.size() == 2);
  CHECK(made.campaign().slots == 8);
  CHECK(made.module.constants[repeats[0].every].value.duration() == Duration{0, 14, 0});
  CHECK(repeats[1].weekdays == 2);
  CHECK(repeats[1].at_time == 10 * kHour);
  CHECK(repeats[1].first_slot == 4);
  CHECK(made.text(made.campaign().states[repeats[1].state].anchor) == "repeat_2");
  CHECK(made.campaign().states[repeats[0].state].on_timer == repeats[0].body);
}

TEST_CASE("a stay waits without a deadline") {
  CHECK(stage("stay", 1, "  exit on order.placed as bought\n").code == "stay stay_1\n");
}

}  // namespace nurture
