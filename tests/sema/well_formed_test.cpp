#include "programme.h"
#include "tests/catch.h"

namespace nurture::tests {

namespace {

void fine(const std::string& text) {
  std::unique_ptr<sema::Unit> unit = check(text);
  INFO(text << "\n" << listing(*unit));
  CHECK(unit->diagnostics.all().empty());
}

void warns(const std::string& text, std::vector<std::string> codes) {
  std::unique_ptr<sema::Unit> unit = check(text);
  INFO(text << "\n" << listing(*unit));
  std::vector<std::string> found;
  for (const Diagnostic& each : unit->diagnostics.all()) found.emplace_back(info(each.id).code);
  CHECK(found == codes);
}

}  // namespace

TEST_CASE("conditions that are fine") {
  for (const char* text : {
           "lead.country is \"US\"",
           "lead.country in [\"US\", \"CA\"] ignoring case",
           "lead.role in [champion, \"end user\"]",
           "lead.role is known and lead.role is not champion",
           "(lead.role else buyer) is not champion",
           "lead.visits between 1 and 5",
           "lead.fit > 3",
           "lead.visits / 2 > 1.5",
           "lead.budget * 10% > 5",
           "lead.country matches \"U*\"",
           "\"x\" in lead.topics",
           "lead.asked",
           "lead.asked is true",
           "not lead.vip",
           "not (lead.asked else false)",
           "lead is with sales",
           "today >= 2026-01-01 and now < 2026-06-01 10:00 in \"Europe/London\"",
           "today - lead.renewal_on > 30 days",
           "lead.seen_at >= now - 30 days",
           "lead.renewal_on <= today + 90 days",
           "account.employees >= 500 and account.industry is unknown",
           "entry.form starts with \"white\"",
           "not (lead.fit is known and lead.fit < 5)",
       }) {
    fine(condition(text));
  }
}

TEST_CASE("statements that are fine") {
  for (const char* text : {
           "send email hello else { notify \"x\" \"not sent\" } exit as done",
           "wait until next Tuesday 09:00",
           "wait until 09:00",
           "wait until 30 days before lead.renewal_on, at most 400 days",
           "repeat every Tuesday 10:00 up to 3 times { send hello }",
           "split s { 33.33% a { } 33.33% b { } 33.34% d { } }",
           "hand off to sales \"came for {entry.form}\" answer within 5 minutes",
           "assign call as follow_up to lead.owner else \"desk\" due in 1 day \"Call {lead.first_name else 'them'}\"",
           "set lead.visits to lead.visits + 1",
           "set lead.role to buyer",
           "set lead.topics to [\"a\", \"b\"]",
           "clear lead.owner",
           "wait up to 3 days { on page.viewed where url is \"/x\" { remember seen as url  send hello now or skip  "
           "move on } }",
           "remember when_seen as now",
           "wait 5 days { on email.clicked of hello including machine { go to other } }",
       }) {
    fine(statements(text));
  }
}

TEST_CASE("texts in a message take any other text for an unknown choice") {
  fine(statements("notify \"x\" \"Dear {lead.role else 'friend'}\""));
}

TEST_CASE("content knows what enters the campaigns that send it") {
  fine("content mine: email { subject \"About {entry.form}\" }\n" + statements("send mine"));
}

TEST_CASE("a handler that goes to its own stage does not wait for its sends (§5.9), so its event is still at hand") {
  fine(
      "campaign c {\n  enter on form.submitted\n  lasts at most 90 days as late\n  stage start {\n    wait up to 3 "
      "days {\n"
      "      on page.viewed { send hello  notify \"x\" \"saw {url}\"  go to start }\n    }\n    exit as done\n  }\n}");
}

TEST_CASE("a list may be unknown") {
  fine("lead { sizes: list of integer? }\nsegment s: lead.sizes is known and 5 in lead.sizes\n" +
       statements("if s { send hello }\n    clear lead.sizes"));
}

TEST_CASE("what is unknown makes a negation true") {
  warns(condition("lead.role is not champion"), {"W0401"});
  warns(condition("lead.country not in [\"US\"]"), {"W0401"});
  warns(condition("not (lead.fit < 5)"), {"W0401"});
  warns(condition("not lead.asked"), {"W0401"});
  warns(condition("not (lead.role is not champion)"), {});
  warns(condition("lead.fit is known and not (lead.fit < 5)"), {});
  warns(condition("lead.lifecycle is not customer"), {});
}

TEST_CASE("other warnings") {
  warns("content mine: email { subject \"x\" }\n" + statements("send hello"), {"W0301"});
  warns("segment mine: lead.vip\n" + statements("send hello"), {"W0302"});
  warns("let mine = 4\n" + statements("send hello"), {"W0303"});
  warns(clauses("on demo.requested { send hello }\n on demo.requested { send bye }"), {"W0502"});
  warns(clauses("exit on demo.requested as raised\n on demo.requested { send bye }"), {"W0502"});
  warns(clauses("on page.viewed where url is \"/x\" { send hello }\n on page.viewed { send bye }"), {});
  warns("content mine: email { offers a_call }\n" + statements("send mine"), {"W0601"});
  warns(condition("(lead.lifecycle else customer) is customer"), {"W0402"});
  warns("source s { lead who  at t  event form.submitted }", {"W0801"});
  const std::string sends = statements("send hello  hand off to sales \"now\"");
  const auto after = [&](const std::string& rules) { return sends + "scenario s { " + rules + " }"; };
  warns(after("after send { demo.requested 1% within 1 day } after send of hello { demo.requested 2% within 1 day }"),
        {"W1001"});
  warns(
      after(
          "after send of hello if lead.vip { demo.requested 1% within 1 day } after send of email { demo.requested 1% "
          "within 1 day } after send { demo.requested 0% within 1 day } after hand off { demo.requested 1% within 1 "
          "day } after demo.requested { page.viewed { url: \"x\" } 1% within 1 day page.viewed { url: \"y\" } 1% "
          "within 1 day }"),
      {});
  warns(after("after send of bye { demo.requested 1% within 1 day }"), {"W1002"});
  warns(after("after send of sms { demo.requested 1% within 1 day }"), {"W1002"});
  warns(after("after demo.requested { email.replied 1% within 1 day }"), {"W1002"});
  warns(statements("send hello") + "scenario s { after hand off { demo.requested 1% within 1 day } }", {"W1002"});
  warns(
      "scenario s { after hand off { demo.requested 1% within 1 day } after send of bye { demo.requested 1% within 1 "
      "day } }",
      {});
  warns(clauses("") + "test \"t\" for c { at 2026-01-01 10:00 demo.requested }", {"W0701"});
}

TEST_CASE("several independent mistakes are all told") {
  auto unit =
      check(statements("go to nowhere\n    send nothing_such\n    if lead.vipp { stay }\n    wait lead.country"));
  INFO(listing(*unit));
  CHECK(unit->diagnostics.errors() == 4);
}

TEST_CASE("what hangs on a mistake is not told again") {
  auto unit = check("let limit = lead.visits\n" +
                    statements("if limit > 3 and limit < 9 { stay }\n    set lead.visits to limit"));
  INFO(listing(*unit));
  CHECK(unit->diagnostics.errors() == 1);
  auto event =
      check(clauses("on page.vieved where url is \"x\" and seconds > 5 { notify \"x\" \"{url} {event.seconds}\" }"));
  INFO(listing(*event));
  CHECK(event->diagnostics.errors() == 1);
}

TEST_CASE("what the parser could not read is not missed again") {
  for (const char* text : {
           "content mine: email { subject ) }\ncampaign c { enter on form.submitted  stage start { send mine } }",
           "event my.thing { a text }\ncampaign c { enter on my.thing where a is \"x\"  stage start { send hello } }",
           "campaign c { enter on form.submitted  stage start { go to next_one }  stage next_one ( exit as done } }",
           "source s { at when  event demo.requested }",
           "campaign c { enter on  stage start { stay } }",
           "use std.nothing\ncampaign c { enter on my.thing  stage start { send greeting } }",
       }) {
    auto unit = check(text);
    INFO(text << "\n" << listing(*unit));
    CHECK(unit->diagnostics.errors() == 1);
  }
}

TEST_CASE("suggestions carry their edit") {
  auto unit = check(statements("send helo"));
  REQUIRE(unit->diagnostics.all().size() == 1);
  const Diagnostic& found = unit->diagnostics.all().front();
  CHECK(found.hint == "Did you mean \"hello\"?");
  REQUIRE(found.edits.size() == 1);
  CHECK(found.edits.front().replacement == "hello");
  auto send = check(clauses("on demo.requested { send hello  exit as raised }"));
  REQUIRE(send->diagnostics.all().size() == 1);
  CHECK(send->diagnostics.all().front().edits.front().replacement == " now or skip");
}

}  // namespace nurture::tests
