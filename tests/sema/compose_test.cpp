#include "programme.h"
#include "tests/catch.h"

// Event groups, rules and templates: what they become, and what is said of the ones that are wrong.

namespace nurture::tests {

namespace {

const char* const kTwoTouches = R"(
template two_touches(entering: event, first: content, wanted: text, pause: duration = 3 days, then: content = bye) {
  enter on entering
  on page.viewed where url starts with wanted { exit as looked }
  stage start {
    send first
    wait pause
    send then
    exit as done
  }
}
)";

std::string with_template(const std::string& campaigns) { return kTwoTouches + campaigns; }

}  // namespace

TEST_CASE("a template becomes one campaign for each set of arguments") {
  auto unit = check(with_template(R"(
campaign a from two_touches(entering: form.submitted, first: hello, wanted: "/pricing")
campaign b from two_touches(entering: demo.requested, first: bye, wanted: "/demo", pause: 1 week, then: hello)
)"));
  INFO(listing(*unit));
  REQUIRE(unit->diagnostics.all().empty());
  REQUIRE(unit->model.campaigns.size() == 2);
  const sema::Campaign& a = unit->model.campaigns[0];
  const sema::Campaign& b = unit->model.campaigns[1];
  CHECK(a.made_from != nullptr);
  CHECK(a.entries[0]->event.kind.text() == "form.submitted");
  CHECK(b.entries[0]->event.kind.text() == "demo.requested");
  const auto& touches = b.stages[0].clause->body.statements;
  CHECK(ast::as<ast::Send>(*touches[0]).content.text == "bye");
  CHECK(ast::as<ast::Send>(*touches[2]).content.text == "hello");
  auto pause = sema::constant_of(unit->model, *ast::as<ast::Wait>(*touches[1]).duration);
  REQUIRE(pause);
  CHECK(pause->value.duration().days == 7);
}

TEST_CASE("an argument means what it means where it is written") {
  // `url` is a constant of the campaign's file; inside the template the event has a property of that name.
  MemoryFiles files;
  files.files["t.nurture"] = "use mini\n" + std::string(kTwoTouches);
  files.files["main.nurture"] =
      "use \"t.nurture\"\nlet url = \"/pricing\"\n"
      "campaign a from two_touches(entering: demo.requested, first: hello, wanted: url)\n";
  auto unit = load(files, "main.nurture");
  INFO(listing(*unit));
  CHECK(unit->diagnostics.all().empty());
}

TEST_CASE("a parameter may not be taken for a property") {
  auto unit = check(R"(
template t(form: text) {
  enter on form.submitted where form is "x"
  stage start { stay }
}
campaign a from t(form: "y")
)");
  CHECK(listing(*unit) ==
        "E0314 main.nurture:4:33 \"form\" could be two things here: the property of \"form.submitted\" or the "
        "parameter of this name\n");
  REQUIRE(unit->diagnostics.all()[0].labels.size() == 2);
  CHECK(unit->diagnostics.all()[0].labels[0].text == "in the template \"t\", from here");
}

TEST_CASE("wrong arguments are shown where they are written") {
  const auto of = [](const std::string& arguments) {
    return listing(*check(with_template("campaign a from two_touches(" + arguments + ")\n")));
  };
  CHECK(of("entering: form.submitted, first: helo, wanted: \"/x\"") ==
        "E0306 main.nurture:13:62 there is no content \"helo\"\n");
  CHECK(of("entering: form.submitted, first: \"hello\", wanted: \"/x\"") ==
        "E0404 main.nurture:13:62 this should be the name of a content, and is `\"hello\"`\n");
  CHECK(of("entering: form.submitted, first: hello, wanted: 5") ==
        "E0404 main.nurture:13:77 this should be a text, and is a whole number\n");
  CHECK(of("entering: form.submitted, first: hello, wanted: lead.country") ==
        "E0409 main.nurture:13:77 this must be the same for every lead, and \"lead.country\" is not\n");
  CHECK(of("entering: form.sent, first: hello, wanted: \"/x\"") ==
        "E0307 main.nurture:13:39 there is no event \"form.sent\"\n");
}

TEST_CASE("a template that puts a parameter where it does not fit") {
  auto unit = check(R"(
template t(what: text) {
  enter on form.submitted
  stage start { send what  wait 1 day  exit as done }
}
campaign a from t(what: "y")
)");
  CHECK(listing(*unit) == "E0404 main.nurture:5:22 this should be a content, and is the parameter \"what\", a text\n");
}

TEST_CASE("rules stand where they are followed") {
  auto unit = check(R"(
rules quiet { exit on demo.requested as asked }
rules all { follow quiet  reenter after 30 days }
campaign a {
  follow all
  enter on form.submitted
  stage start { stay }
}
campaign b {
  enter on form.submitted
  follow quiet
  stage start { stay }
}
)");
  INFO(listing(*unit));
  REQUIRE(unit->diagnostics.all().empty());
  for (const sema::Campaign& each : unit->model.campaigns) CHECK(each.exits.size() == 1);
  CHECK(unit->model.campaigns[0].reenter != nullptr);
  CHECK(unit->model.campaigns[0].exits[0] != unit->model.campaigns[1].exits[0]);
}

TEST_CASE("rules that follow each other") {
  auto unit = check(
      "rules a { follow b }\nrules b { follow a }\ncampaign c { follow a enter on form.submitted stage "
      "start { stay } }\n");
  CHECK(listing(*unit) == "E0313 main.nurture:3:18 \"a\" is defined by itself\n");
}

TEST_CASE("an event group stands for its events") {
  auto unit = check(R"(
event group interest: [page.viewed, form.submitted]
event group anything: [interest, demo.requested]
campaign c {
  enter on interest where form is "x"
  goal active: anything within 30 days
  exit on demo.requested as asked
  stage start {
    wait up to 5 days { on interest where event.form is "y" { exit as done } }
    if entry.form is "x" { exit as there }
    exit as gone
  }
}
)");
  INFO(listing(*unit));
  REQUIRE(unit->diagnostics.all().empty());
  CHECK(unit->model.kinds_of("interest").size() == 2);
  CHECK(unit->model.kinds_of("anything").size() == 3);
  // A page may not say which form it shows.
  CHECK(unit->model.groups[0].properties.size() == 1);
  CHECK(unit->model.groups[0].properties[0].type.optional);
}

TEST_CASE("what not every event of a group has") {
  auto unit = check("event group interest: [page.viewed, form.submitted, webinar.registered]\n" +
                    clauses("on interest where event.url is \"x\" { }\n  on interest where event.form is \"x\" { }"));
  std::string said = listing(*unit);
  CHECK(said ==
        "E0309 main.nurture:5:27 the event \"interest\" has no property \"url\"\n"
        "E0309 main.nurture:6:27 the event \"interest\" has no property \"form\"\n");
  CHECK(unit->diagnostics.all()[0].hint.starts_with(
      "Not every event of \"interest\" has it: \"form.submitted\" does not."));
  CHECK(unit->diagnostics.all()[1].hint == "The events of \"interest\" declare \"form\" with different types.");
}

TEST_CASE("a group that is taken by a wider one never reacts") {
  auto unit = check("event group interest: [page.viewed, form.submitted]\n" +
                    clauses("on interest { }\n  on page.viewed { }\n  on demo.requested { }"));
  REQUIRE(unit->diagnostics.all().size() == 1);
  CHECK(info(unit->diagnostics.all()[0].id).id == "NeverReacts");
}

}  // namespace nurture::tests
