#include "tests/catch.h"
#include "tests/flow/compile.h"

namespace nurture {

using test::campaign;
using test::compile;

namespace {

using Found = std::vector<std::string>;

/// What is found in a campaign whose own text begins on line 3.
Found found(std::string_view body) { return compile(campaign(body)).found(); }

/// The one diagnostic that is not a warning of another stage.
Diagnostic only(const test::Compiled& made) {
  REQUIRE(made.found().size() == 1);
  for (const Diagnostic& each : made.unit->diagnostics.all()) {
    if (info(each.id).severity == Severity::Error) return each;
  }
  return {};
}

const std::string kEnds = "  stage end { exit as done }\n";

}  // namespace

TEST_CASE("a sound campaign has nothing to say") {
  CHECK(found("  stage a { send hello\n wait 1 day\n exit as done }\n") == Found{});
}

TEST_CASE("a handler says what becomes of the wait") {
  CHECK(found("  stage a {\n    wait up to 1 day {\n      on page.viewed { send hello now or skip }\n    }\n    exit "
              "as done\n  }\n") == Found{"E0501 5:7"});
  CHECK(found("  stage a {\n    wait up to 1 day {\n      on page.viewed { if lead.ready { exit as done } }\n    }\n   "
              " exit as done\n  }\n") == Found{"E0501 5:7"});
  CHECK(found("  stage a {\n    wait up to 1 day {\n      on page.viewed { }\n    }\n    exit as done\n  }\n") ==
        Found{"E0501 5:7"});
  CHECK(found("  stage a {\n    wait up to 1 day {\n      on page.viewed { split s { 50% x { move on } 50% y { notify "
              "\"me\" \"x\" } } }\n    }\n"
              "    exit as done\n  }\n") == Found{"E0501 5:7"});
}

TEST_CASE("a handler may end in each of its ends, and otherwise need not") {
  CHECK(found("  lasts at most 90 days as late\n  stage a {\n    wait up to 1 day {\n      on page.viewed { move on }\n"
              "      on order.placed { keep waiting }\n      on sales.accepted { go to end }\n"
              "      on sales.rejected { restart stage }\n      when lead.ready { exit as done }\n"
              "      otherwise { send hello }\n    }\n    exit as done\n  }\n" +
              kEnds) == Found{});
}

TEST_CASE("the edit for a handler without an end goes before its brace") {
  auto made = compile(campaign("  stage a { wait up to 1 day { on page.viewed { } }\n exit as done }\n"));
  const Diagnostic& each = only(made);
  REQUIRE(each.edits.size() == 1);
  CHECK(each.edits[0].replacement == "move on ");
  CHECK(made.unit->sources.file(each.span.file).content()[each.edits[0].span.begin] == '}');
}

TEST_CASE("nothing follows an end") {
  CHECK(found("  stage a {\n    exit as done\n    send hello\n    send again\n  }\n") == Found{"E0502 5:5"});
  CHECK(found("  lasts at most 9 days as late\n  exit on order.placed as bought\n  stage a {\n    stay\n    send "
              "hello\n  }\n") == Found{"E0502 7:5"});
  CHECK(found("  stage a {\n    if lead.ready { exit as x } else { exit as y }\n    send hello\n  }\n") ==
        Found{"E0502 5:5"});
  CHECK(found("  stage a {\n    wait up to 1 day {\n      on page.viewed { exit as x }\n      otherwise { exit as y "
              "}\n    }\n    send hello\n  }\n") == Found{"E0502 8:5"});
  CHECK(found("  stage a {\n    wait up to 1 day {\n      on page.viewed { move on }\n      otherwise { exit as y }\n  "
              "  }\n"
              "    send hello\n    exit as z\n  }\n") == Found{});
}

TEST_CASE("a stage says where the lead goes") {
  CHECK(found("  stage a {\n    send hello\n  }\n") == Found{"E0503 3:9"});
  CHECK(found("  stage a { }\n") == Found{"E0503 3:9"});
  CHECK(found("  stage a {\n    if lead.ready { exit as done }\n  }\n") == Found{"E0503 3:9"});
  CHECK(found("  stage a {\n    wait up to 2 days { on page.viewed { exit as done } }\n  }\n") == Found{"E0503 3:9"});
  CHECK(found("  stage a {\n    split s { 50% x { exit as done } 50% y { send hello } }\n  }\n") == Found{"E0503 3:9"});
  CHECK(found("  stage a {\n    repeat every 1 week up to 3 times { send hello }\n  }\n") == Found{"E0503 3:9"});
}

TEST_CASE("a dead end points at the path") {
  auto label = [](std::string_view body) {
    auto made = compile(campaign(body));
    const Diagnostic& each = only(made);
    REQUIRE(each.labels.size() == 1);
    return std::string(made.unit->sources.text(each.labels[0].span)) + ": " + each.labels[0].text;
  };
  CHECK(label("  stage a { if lead.ready { exit as done } }\n") == "lead.ready: when this is false");
  CHECK(label("  stage a { split s { 50% x { exit as done } 50% y { send hello } } }\n") == "y: in the branch \"y\"");
  CHECK(label("  stage a { wait up to 2 days { on page.viewed { exit as done } } }\n") ==
        "wait up to 2 days: when the time of this wait has run out");
  CHECK(label("  stage a { if lead.ready { send hello } else { exit as done } }\n") == "send hello: after this");
}

TEST_CASE("go to the current stage is restart stage where the stage itself says it") {
  const std::string lasts = "  lasts at most 9 days as late\n";
  CHECK(found(lasts + "  stage a {\n    wait 1 day\n    go to a\n  }\n") == Found{"E0504 6:5"});
  CHECK(
      found(
          lasts +
          "  stage a {\n    wait up to 1 day {\n      on page.viewed { move on }\n      otherwise { go to a }\n    }\n"
          "    exit as done\n  }\n") == Found{"E0504 7:19"});
  CHECK(found("  stage a {\n    on order.placed { go to a }\n    wait up to 1 day { on page.viewed { go to a } }\n    "
              "exit as done\n  }\n") == Found{});
}

TEST_CASE("a way round contains a wait") {
  const std::string lasts = "  lasts at most 9 days as late\n";
  CHECK(found(lasts + "  stage a { go to b }\n  stage b {\n    go to a\n  }\n") == Found{"E0505 6:5"});
  CHECK(found(lasts + "  stage a {\n    send hello\n    restart stage\n  }\n") == Found{"E0505 6:5"});
  CHECK(found(lasts + "  stage a {\n    wait until 09:00\n    restart stage\n  }\n") == Found{"E0505 6:5"});
  CHECK(found(lasts + "  stage a {\n    wait 30 seconds\n    restart stage\n  }\n") == Found{"E0505 6:5"});
  CHECK(found(lasts + "  stage a {\n    wait until lead.renewal_on\n    restart stage\n  }\n") == Found{"E0505 6:5"});
}

TEST_CASE("these waits are enough for a way round") {
  for (const char* wait :
       {"wait 1 minute", "wait until next Tuesday 09:00", "wait until lead.renewal_on, at least 1 day",
        "repeat every 1 day up to 2 times { send hello }", "wait up to 1 hour { on page.viewed { move on } }"}) {
    INFO(wait);
    CHECK(found("  lasts at most 9 days as late\n  stage a {\n    " + std::string(wait) +
                "\n    restart stage\n  }\n") == Found{});
  }
  CHECK(found("  lasts at most 9 days as late\n  stage a {\n    on page.viewed { restart stage }\n    wait 1 day\n    "
              "exit as x\n  }\n") == Found{});
}

TEST_CASE("a way round is told with its stages") {
  auto made = compile(campaign(
      "  lasts at most 9 days as late\n  stage a { go to b }\n  stage b { go to c }\n  stage c { go to a }\n"));
  CHECK(only(made).message ==
        "this goes round for ever at one instant: from \"a\" to \"b\" to \"c\" and back to \"a\"");
}

TEST_CASE("a stay can be left") {
  const std::string lasts = "  lasts at most 9 days as late\n";
  CHECK(found(lasts + "  stage a {\n    stay\n  }\n") == Found{"E0506 5:5"});
  CHECK(found(lasts + "  stage a {\n    on page.viewed { notify \"me\" \"seen\" }\n    stay\n  }\n") ==
        Found{"E0506 6:5"});
  CHECK(found(lasts + "  stage a {\n    on page.viewed { go to a }\n    stay\n  }\n") == Found{"E0506 6:5"});
  CHECK(found(lasts + "  stage a {\n    on page.viewed { exit as done }\n    stay\n  }\n") == Found{});
  CHECK(found(lasts + "  exit when lead.ready as done\n  stage a { stay }\n") == Found{});
  CHECK(found(lasts + "  goal g: order.placed within 5 days then exit as bought\n  stage a { stay }\n") == Found{});
  CHECK(found(lasts + "  on page.viewed { go to end }\n  stage a { stay }\n" + kEnds) == Found{});
}

TEST_CASE("what may never end says lasts at most") {
  CHECK(found("  exit on order.placed as bought\n  stage a { stay }\n") == Found{"E0507 1:10"});
  CHECK(found("  stage a {\n    wait 1 day\n    restart stage\n  }\n") == Found{"E0507 1:10"});
  CHECK(found("  stage a { wait 1 day  go to b }\n  stage b { wait 1 day  go to a }\n") == Found{"E0507 1:10"});
  CHECK(found("  on page.viewed { go to a }\n  stage a { wait 1 day  go to end }\n  stage end { wait 1 day exit as "
              "done }\n") == Found{"E0507 1:10"});
  CHECK(found("  on page.viewed { go to end }\n  stage a { wait 1 day  exit as x }\n  stage end { wait 1 day exit as "
              "done }\n") == Found{});
  CHECK(found("  stage a { repeat every 1 week up to 9 times { send hello }  exit as done }\n") == Found{});
  CHECK(found("  stage a { wait up to 9 days { on page.viewed { keep waiting } }  exit as done }\n") == Found{});
}

TEST_CASE("bodies that may not wait do not") {
  CHECK(found("  stage a {\n    on page.viewed { wait 1 day }\n    wait 1 day\n    exit as done\n  }\n") ==
        Found{"E0508 4:22"});
  CHECK(found("  on page.viewed { repeat every 1 day up to 2 times { send hello } }\n  stage a { wait 1 day  exit as x "
              "}\n") == Found{"E0508 3:20"});
  CHECK(found("  stage a {\n    wait up to 1 day {\n      on page.viewed { wait 1 hour  keep waiting }\n    }\n    "
              "exit as done\n  }\n") == Found{"E0508 5:24"});
  CHECK(found("  stage a {\n    wait up to 1 day {\n      on page.viewed { wait 1 hour  go to a }\n    }\n    exit as "
              "done\n  }\n") == Found{"E0508 5:24"});
  CHECK(found("  stage a {\n    wait up to 1 day {\n      on page.viewed { wait 1 hour  move on }\n    }\n    exit as "
              "done\n  }\n") == Found{});
}

TEST_CASE("move on and keep waiting belong to a wait") {
  CHECK(found("  stage a {\n    on page.viewed { keep waiting }\n    wait 1 day\n    exit as done\n  }\n") ==
        Found{"E0509 4:22"});
  CHECK(found("  stage a {\n    wait 1 day\n    move on\n    exit as done\n  }\n") == Found{"E0509 5:5"});
  CHECK(found("  stage a {\n    wait up to 1 day { on page.viewed { move on } otherwise { move on } }\n    exit as "
              "done\n  }\n") == Found{"E0509 4:63"});
}

TEST_CASE("the else of a send in a trigger neither waits nor leaves") {
  CHECK(
      found("  stage a {\n    on page.viewed { send hello else { go to end } }\n    wait 1 day\n    go to end\n  }\n" +
            kEnds) == Found{"E0510 4:40"});
  CHECK(found("  stage a {\n    on page.viewed { send hello else { notify \"me\" \"not sent\" } }\n    wait 1 day\n    "
              "go to end\n  }\n" +
              kEnds) == Found{});
}

TEST_CASE("a holdout has an end") {
  CHECK(found("  holdout 10%\n  stage a { wait until entry.starts_at  exit as done }\n") == Found{"E0511 3:3"});
  CHECK(found("  holdout 10%\n  stage a { wait until entry.starts_at, at most 30 days  exit as done }\n") == Found{});
  CHECK(
      found(
          "  holdout 10%\n  lasts at most 90 days as late\n  stage a { wait until entry.starts_at  exit as done }\n") ==
      Found{});
}

TEST_CASE("stages that nobody reaches are warned about") {
  CHECK(found("  stage a { wait 1 day  exit as x }\n  stage b { exit as y }\n") == Found{"W0501 4:9"});
  CHECK(found("  enter on order.placed at stage b\n  stage a { wait 1 day  exit as x }\n  stage b { exit as y }\n") ==
        Found{});
}

TEST_CASE("several mistakes are several diagnostics") {
  CHECK(
      found("  stage a {\n    wait up to 1 day { on page.viewed { } }\n    go to b\n  }\n  stage b { send hello }\n") ==
      Found{"E0501 4:24", "E0503 7:9"});
}

}  // namespace nurture
