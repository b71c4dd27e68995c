#include "compiler/flow/guards.h"

#include "tests/catch.h"
#include "tests/flow/compile.h"

// What is found where, of the review of conditions, windows and campaigns; and what is near to it and is not found.

namespace nurture {

namespace {

using Found = std::vector<std::string>;

Found review(std::string_view text) {
  test::Compiled made = test::compile(text);
  for (const Diagnostic& each : made.unit->diagnostics.all()) {
    INFO(each.message);
    REQUIRE(info(each.id).severity != Severity::Error);
  }
  flow::review_guards(made.unit->model, made.graphs, made.unit->diagnostics);
  made.unit->diagnostics.sort();
  return made.found();
}

/// What is found in a stage whose statements begin on line 4.
Found in_stage(const std::string& statements, const std::string& clauses = "") {
  return review("campaign c { " + clauses + "\n  enter on form.submitted where form is \"a\"\n  stage only {\n" +
                statements + "\n    exit as done\n  }\n}\n");
}

}  // namespace

TEST_CASE("conditions that never or always hold are found at the smallest part") {
  CHECK(in_stage("if lead.age > 5 and lead.age < 3 { notify \"a\" \"b\" }") == Found{"W0503 4:4"});
  CHECK(in_stage("if lead.ready and (lead.age > 5 and lead.age < 3) { notify \"a\" \"b\" }") == Found{"W0503 4:20"});
  CHECK(in_stage("if lead.ready or (lead.age > 5 and lead.age < 3) { notify \"a\" \"b\" }") == Found{"W0503 4:19"});
  CHECK(in_stage("if lead.ready or not lead.ready { notify \"a\" \"b\" }") == Found{"W0504 4:4"});
  CHECK(in_stage("if lead.ready is known { notify \"a\" \"b\" }") == Found{"W0504 4:4"});
  CHECK(in_stage("if any(page.viewed where url is \"a\" and url is \"b\") { notify \"a\" \"b\" }") ==
        Found{"W0503 4:26"});
}

TEST_CASE("unknown values, whole numbers and their fractions are no contradictions") {
  CHECK(in_stage("if lead.age is known and not (lead.age < 5) and not (lead.age > 5) { notify \"a\" \"b\" }") ==
        Found{});
  CHECK(in_stage("if lead.ratio > 5 and lead.ratio < 6 { notify \"a\" \"b\" }") == Found{});
  CHECK(in_stage("if lead.age > 5 and lead.age < 6 { notify \"a\" \"b\" }") == Found{"W0503 4:4"});
  CHECK(in_stage("if lead.subscribed { notify \"a\" \"b\" } else if not lead.subscribed { notify \"a\" \"c\" }") ==
        Found{});
  CHECK(in_stage("if lead.age + 1 is unknown and lead.age is known { notify \"a\" \"b\" }") == Found{});
  CHECK(in_stage("if lead.country is \"a\" ignoring case and lead.country is \"A\" { notify \"a\" \"b\" }") == Found{});
}

TEST_CASE("what is known on the way is forgotten where time passes") {
  const std::string asks = "if lead.country is \"US\" { ", again = "if lead.country is \"DE\" { notify \"a\" \"b\" } }";
  CHECK(in_stage(asks + again) == Found{"W0505 4:30"});
  CHECK(in_stage(asks + "notify \"a\" \"b\" " + again) == Found{"W0505 4:45"});
  CHECK(in_stage(asks + "wait 1 day " + again) == Found{});
  CHECK(in_stage(asks + "send hello " + again) == Found{});
  CHECK(in_stage(asks + "send hello now or skip " + again) == Found{"W0505 4:53"});
  CHECK(in_stage(asks + "set lead.country to \"DE\" " + again) == Found{"W0504 4:55"});
  CHECK(in_stage(asks + "set lead.country to lead.owner " + again) == Found{});
  CHECK(in_stage("if any(page.viewed) { set lead.ready to true if none(page.viewed) { notify \"a\" \"b\" } }") ==
        Found{});
  CHECK(in_stage("if any(page.viewed) { if none(page.viewed) { notify \"a\" \"b\" } }") == Found{"W0505 4:26"});
}

TEST_CASE("what the entry asks holds for the membership, what the audience asks for the beginning") {
  CHECK(in_stage("wait 1 day if entry.form is \"b\" { notify \"a\" \"b\" }") == Found{"W0505 4:15"});
  CHECK(in_stage("if entry.form is \"a\" { notify \"a\" \"b\" }") == Found{"W0504 4:4"});
  CHECK(in_stage("if lead.age > 5 { notify \"a\" \"b\" }", "audience lead.age < 5") == Found{"W0505 4:4"});
  CHECK(in_stage("wait 1 day if lead.age > 5 { notify \"a\" \"b\" }", "audience lead.age < 5") == Found{});
  CHECK(in_stage("if lead.age > 5 { notify \"a\" \"b\" }",
                 "audience lead.age < 5 when lead.ready { set lead.age to 9 }") == Found{});
  CHECK(in_stage("if lead.age > 5 { notify \"a\" \"b\" }",
                 "audience lead.age < 5 lasts at most 9 days as late on page.viewed { restart stage }") == Found{});
}

TEST_CASE("several branches together leave nothing") {
  CHECK(in_stage(
            "if lead.age < 5 { notify \"a\" \"b\" } else if lead.age >= 5 { notify \"a\" \"c\" } else { notify \"a\" "
            "\"d\" }") == Found{});
  CHECK(
      in_stage("if lead.ready { notify \"a\" \"b\" } else if not lead.ready { notify \"a\" \"c\" } else { notify \"a\" "
               "\"d\" }") == Found{"W0505 4:83"});
  CHECK(in_stage("if lead.age < 9 { notify \"a\" \"b\" } else if lead.age < 5 { notify \"a\" \"c\" }") ==
        Found{"W0505 4:44"});
}

TEST_CASE("triggers that those above leave nothing") {
  const std::string below = "on page.viewed where seconds is known { notify \"a\" \"b\" }";
  const std::string short_ones = "on page.viewed where seconds < 9 { notify \"a\" \"b\" }\n";
  const std::string long_ones = "on page.viewed where seconds >= 9 { notify \"a\" \"b\" }\n";
  CHECK(in_stage("", short_ones + below) == Found{});
  CHECK(in_stage("", short_ones + long_ones + below) == Found{"W0506 3:1"});
  CHECK(in_stage("",
                 "on email.clicked { notify \"a\" \"b\" }\n"
                 "on email.clicked including machine where content is \"x\" { notify \"a\" \"b\" }") == Found{});
  CHECK(in_stage("",
                 "on email.clicked of hello { notify \"a\" \"b\" }\n"
                 "on email.clicked where content is \"hello\" { notify \"a\" \"b\" }") == Found{"W0506 2:1"});
}

TEST_CASE("nobody enters, or nobody here") {
  const auto entries = [](const std::string& clauses) {
    return review("campaign c {\n" + clauses + "\nstage s { exit as done } }\n");
  };
  CHECK(entries("audience lead.age > 5\nexclude lead.age > 3\nenter on form.submitted") == Found{"W0514 1:10"});
  CHECK(entries("audience lead.age > 5\nenter on form.submitted if lead.age is unknown") == Found{"W0514 1:10"});
  CHECK(entries("audience lead.age > 5\nenter on form.submitted if lead.age < 3\nenter on page.viewed") ==
        Found{"W0503 3:28"});
  CHECK(entries("exit when lead.ready as ready\nenter when lead.ready") == Found{"W0514 1:10"});
  CHECK(entries("exit when lead.age > 5 as old\nenter when lead.age > 3") == Found{});
}

TEST_CASE("the first entry that matches is the one that counts") {
  const auto entries = [](const std::string& second) {
    return review("campaign c {\nenter on form.submitted where form is \"a\" if lead.age > 3\n" + second +
                  "\nstage s { exit as done } stage t { exit as done } }\n");
  };
  CHECK(entries("enter on form.submitted where form is \"a\" at stage t") == Found{});
  CHECK(entries("enter on form.submitted where form is \"a\" if lead.age > 5 at stage t") == Found{"W0506 3:1"});
  CHECK(entries("enter on form.submitted where form is \"b\" if lead.age > 5 at stage t") == Found{});
}

TEST_CASE("goals that no lead can meet") {
  CHECK(in_stage("send hello", "goal g: page.viewed within 3 days of send") == Found{});
  CHECK(in_stage("wait 1 day", "goal g: page.viewed within 3 days of send") == Found{"W0509 1:14"});
  CHECK(in_stage("wait 1 day", "goal g: when entry.form is \"b\" within 3 days") == Found{"W0509 1:14"});
}

TEST_CASE("sends and the hours of their windows") {
  const auto sends = [](const std::string& statements, const std::string& clauses = "send only in office",
                        const std::string& enter = "on form.submitted") {
    return review("window office { Monday to Friday 09:00 to 17:00 in lead.timezone }\ncampaign c {\n" + clauses +
                  "\nenter " + enter + "\nstage s {\n" + statements + "\nexit as done } }\n");
  };
  CHECK(sends("wait until next Saturday 10:00 send hello") == Found{"W0507 6:32"});
  CHECK(sends("wait until next Saturday 10:00 send bill") == Found{});
  CHECK(sends("wait until next Friday 17:00 send hello") == Found{"W0507 6:30"});
  CHECK(sends("wait until next Friday 16:59 send hello") == Found{});
  CHECK(sends("wait until 08:00 send hello for up to 30 minutes") == Found{"W0507 6:18"});
  CHECK(sends("wait until 08:00 send hello") == Found{"W0507 6:18"});
  CHECK(sends("wait until next Friday 10:00 wait 2 days send hello") == Found{"W0507 6:42"});
  CHECK(sends("wait until next Friday 10:00 wait 3 days send hello") == Found{});
  CHECK(sends("wait until next Friday 10:00 wait 48 hours send hello") == Found{});
  CHECK(sends("repeat every Sunday 12:00 up to 3 times { send hello }") == Found{"W0507 6:43"});
  CHECK(sends("wait until next Saturday 10:00 send hello now or skip") == Found{"W0508 6:32"});
  CHECK(sends("send hello", "send only in office", "every Sunday 10:00") == Found{"W0507 6:1"});
  CHECK(sends("wait 1 hour send hello", "send only in office", "every Sunday 10:00") == Found{});
  CHECK(
      review("window office { Monday to Friday 09:00 to 17:00 in lead.timezone }\npolicy p { quiet hours 08:00 to "
             "18:00 }\n"
             "campaign c {\nsend only in office\nenter on form.submitted\nstage s {\nsend hello exit as done } }\n") ==
      Found{"W0508 7:1"});
}

TEST_CASE("limits on the way of a lead who does nothing") {
  const auto sends = [](const std::string& statements) {
    return review("campaign c {\nlimit email to 1 per 7 days\nenter on form.submitted\nstage s {\n" + statements +
                  "\nexit as done } }\n");
  };
  CHECK(sends("send hello wait 6 days send again") == Found{"W0510 5:24"});
  CHECK(sends("send hello wait 7 days send again") == Found{});
  CHECK(sends("send hello wait 6 days send again now or skip") == Found{});
  CHECK(sends("send hello wait 6 days send bill") == Found{});
  CHECK(sends("send hello if lead.ready { wait 6 days } send again") == Found{});
  CHECK(sends("send hello if lead.ready { send again }") == Found{"W0510 5:28"});
  CHECK(sends("send hello if lead.ready { notify \"a\" \"b\" } send again") == Found{"W0510 5:45"});
  CHECK(sends("send hello wait until next Tuesday 10:00 send again") == Found{});
  CHECK(sends("repeat every 3 days up to 2 times { send hello }") == Found{"W0510 5:37"});
  CHECK(sends("repeat every 1 week up to 2 times { send hello }") == Found{});
}

TEST_CASE("segments of segments are looked into once") {
  std::string text = "segment s0: lead.age > 3\n";
  for (int i = 1; i < 14; ++i) {
    const std::string before = "s" + std::to_string(i - 1);
    text +=
        "segment s" + std::to_string(i) + ": (" + before + " and lead.ready) or (" + before + " and not lead.ready)\n";
  }
  CHECK(review(text + "campaign c { audience s13\nenter on form.submitted\nstage s { if lead.age < 3 { notify \"a\" "
                      "\"b\" } exit as done } }\n") == Found{"W0505 17:14"});
}

TEST_CASE("a parameter and a constant that is true or false are switches") {
  CHECK(review(
            "let late = false\ntemplate t(calls: boolean = true) { enter on form.submitted stage s { if calls { notify "
            "\"a\" \"b\" } if late { notify \"a\" \"c\" } exit as done } }\ncampaign c from t(calls: true)\n") ==
        Found{});
}

}  // namespace nurture
