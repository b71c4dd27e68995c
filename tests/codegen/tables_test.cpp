#include "runtime/base/hash.h"
#include "runtime/bytecode/codec.h"
#include "tests/codegen/listing.h"

namespace nurture {

using bytecode::kNoCode;
using bytecode::kNone;
using test::lowered;

namespace {

Duration length(const bytecode::Module& module, std::uint16_t constant) {
  return module.constants[constant].value.duration();
}

}  // namespace

TEST_CASE("the clauses of a campaign") {
  bytecode::Module module = lowered(
      "campaign c {\n"
      "  enter on form.submitted where form is \"x\" if lead.ready\n"
      "  enter on order.placed at stage b\n"
      "  reenter after 30 days\n"
      "  lasts at most 90 days as late\n"
      "  holdout 12.5%\n"
      "  priority 7\n"
      "  goal bought: order.placed where total > 5 within 20 days of send then exit as bought\n"
      "  exit on sales.rejected as lost\n"
      "  exit when lead.subscribed as gone\n"
      "  while with sales leave as sold\n"
      "  when lead.ready becomes true { go to b }\n"
      "  stage a { on email.clicked of hello including machine { go to b }  wait 1 day  exit as done }\n"
      "  stage b { wait 1 day  exit as done }\n"
      "}\n");
  const bytecode::Campaign& c = module.campaigns[0];
  const auto text = [&](std::size_t index) { return module.strings[index]; };
  CHECK(c.priority == 7);
  REQUIRE(c.entries.size() == 2);
  CHECK(c.entries[0].event.where != kNoCode);
  CHECK(c.entries[0].condition != kNoCode);
  CHECK(text(c.entries[0].label) == "enter on form.submitted where form is \"x\" if lead.ready");
  CHECK(c.entries[1].at_stage == 1);
  CHECK(c.reenter == bytecode::Reenter::After);
  CHECK(length(module, c.reenter_after) == Duration{0, 30, 0});
  CHECK(length(module, c.lasts_at_most) == Duration{0, 90, 0});
  CHECK(text(c.reasons[c.lasts_reason]) == "late");
  CHECK(c.longest == kNone);
  CHECK(c.holdout == 1250);
  REQUIRE(c.goals.size() == 1);
  CHECK(c.goals[0].of_send);
  CHECK(length(module, c.goals[0].within) == Duration{0, 20, 0});
  CHECK(text(c.reasons[c.goals[0].exit_reason]) == "bought");
  REQUIRE(c.exits.size() == 2);
  CHECK(c.exits[0].event.kinds.size() == 1);
  CHECK(c.exits[0].body == kNoCode);
  CHECK(c.exits[1].when_index == 0);
  CHECK(c.while_with_sales == bytecode::WhileWithSales::Leave);
  CHECK(text(c.reasons[c.with_sales_reason]) == "sold");
  REQUIRE(c.triggers.size() == 1);
  CHECK(c.triggers[0].becomes_true);
  CHECK(c.triggers[0].when_index == 1);
  CHECK(c.stages[0].triggers[0].event.including_machine);
  CHECK(text(c.stages[0].triggers[0].event.of_content) == "hello");
  CHECK(text(c.stages[0].triggers[0].label) == "on email.clicked of hello including machine");
  CHECK(std::any_of(c.reasons.begin(), c.reasons.end(), [&](auto reason) { return text(reason) == "held_out"; }));
  CHECK(module.places[c.stages[1].place].line == 14);
}

TEST_CASE("the longest stay stands in for lasts at most") {
  bytecode::Module module = lowered(test::campaign("  holdout 5%\n  stage a { wait 9 days  exit as done }\n"));
  CHECK(module.campaigns[0].lasts_at_most == kNone);
  CHECK(length(module, module.campaigns[0].longest) == Duration{0, 9, 0});
}

TEST_CASE("campaigns stand in campaign order") {
  bytecode::Module module = lowered(
      "campaign b { enter on order.placed  stage s { exit as x } }\n"
      "campaign a { enter on order.placed  stage s { exit as x } }\n"
      "campaign z { enter on order.placed  priority 2  stage s { exit as x } }\n");
  std::string order;
  for (const bytecode::Campaign& campaign : module.campaigns) order += module.strings[campaign.name];
  CHECK(order == "zab");
}

TEST_CASE("the key of a membership") {
  bytecode::Module module = lowered(
      "campaign c { enter on form.submitted  one membership per form up to 3 at once  stage s { wait 1 day  exit as x "
      "} }\n");
  const bytecode::MembershipKey& key = module.campaigns[0].key;
  CHECK(module.strings[key.name] == "form");
  CHECK(key.up_to == 3);
  REQUIRE(key.property_of.size() == module.schema.kinds.size());
  CHECK(key.property_of[0] == 0);
  CHECK(key.property_of[1] == kNone);
}

TEST_CASE("the programme, the schema and its contents") {
  bytecode::Module module = lowered(test::campaign("  stage a { send hello  exit as done }\n"));
  CHECK(module.strings[module.name] == "Acme");
  CHECK(module.seed == hash64("Acme"));
  CHECK(module.strings[module.timezone] == "Europe/London");
  CHECK(module.strings[module.schema.lead[module.schema.lead_timezone].name] == "timezone");
  CHECK(module.strings[module.schema.lead[module.schema.lead_country].name] == "country");
  const bytecode::EventKind& clicked = module.schema.kinds[1];
  CHECK(module.strings[clicked.name] == "email.clicked");
  CHECK(clicked.machine_property == 0);
  CHECK(clicked.content_property == 1);
  const bytecode::Content& hello = module.contents[0];
  CHECK(module.strings[hello.name] == "hello");
  REQUIRE(hello.subject.size() == 2);
  CHECK(module.strings[hello.subject[0].literal] == "Hello ");
  CHECK(test::Listing(module, nullptr).expression(hello.subject[1].expression) ==
        "load.lead first_name\njump.known @4\npop\npush.const \"there\"\nreturn\n");
  CHECK(module.contents[2].message_class == bytecode::MessageClass::Transactional);
}

TEST_CASE("a source") {
  bytecode::Module module = lowered(
      "source shop {\n  format csv\n  lead CustomerID\n  at InvoiceDate as \"yyyy-mm-dd hh:mm\" in \"Europe/London\"\n"
      "  id InvoiceNo\n  missing \"?\", \"NULL\"\n  leave out where StockCode is \"POST\"\n"
      "  event sales.rejected where InvoiceNo starts with \"C\" { reason: column \"Why Not\" }\n"
      "  event form.submitted { form: \"shop\"  starts_at: Due }\n  lead.country: Country\n}\n" +
      test::campaign("  stage a { exit as done }\n"));
  REQUIRE(module.sources.size() == 1);
  const bytecode::SourceSpec& source = module.sources[0];
  CHECK(source.format == bytecode::LogFormat::Csv);
  CHECK(module.strings[source.time.pattern] == "yyyy-mm-dd hh:mm");
  CHECK(module.strings[source.time.zone] == "Europe/London");
  CHECK(source.missing.size() == 2);
  REQUIRE(source.rules.size() == 2);
  CHECK(source.rules[0].when != kNoCode);
  CHECK(source.rules[1].when == kNoCode);
  CHECK(module.strings[source.rules[1].properties[1].time.pattern] == "rfc3339");
  CHECK(module.schema.kinds[source.rules[0].kind].name != 0);
  REQUIRE(source.lead_attributes.size() == 1);
  CHECK(module.strings[module.schema.lead[source.lead_attributes[0].property].name] == "country");
  std::vector<std::string> columns;
  for (auto column : source.columns) columns.push_back(module.strings[column]);
  CHECK(std::find(columns.begin(), columns.end(), "Why Not") != columns.end());
  CHECK(test::Listing(module, nullptr).expression(source.rules[1].properties[0].value) ==
        "push.const \"shop\"\nreturn\n");
}

TEST_CASE("the same programme gives the same bytes, and they are read back") {
  const std::string text = test::campaign(
      "  stage a { send hello  wait up to 2 days { on page.viewed { go to b } when lead.ready { exit as ready } }  go "
      "to b }\n"
      "  stage b { repeat every 1 week up to 3 times { send again }  exit as done }\n");
  bytecode::Module module = lowered(text);
  std::string bytes = bytecode::encode(module);
  CHECK(bytes == bytecode::encode(lowered(text)));
  auto read = bytecode::decode(bytes);
  REQUIRE(read.ok());
  CHECK(*read == module);
}

TEST_CASE("what a module cannot hold is an error with the way forward") {
  std::string text;
  for (int i = 0; i < 260; ++i) text += "event kind.n" + std::to_string(i) + " by us\n";
  auto made = test::compile(text + test::campaign("  stage a { exit as done }\n"));
  REQUIRE(!made.unit->diagnostics.failed());
  auto module = codegen::lower(*made.unit, made.graphs);
  REQUIRE(!module.ok());
  CHECK(module.error().message == "the programme has more than 255 kinds of event");
}

TEST_CASE("tests are lowered against the module, and are no part of it") {
  const std::string campaign =
      "campaign c {\n  enter on form.submitted\n  goal bought: order.placed within 5 days\n"
      "  stage a { split s { 50% x { send hello } 50% y { } }  wait 1 day  exit as done }\n}\n";
  auto made = test::compile(campaign +
                            "test \"t\" for c {\n"
                            "  given lead { country: \"US\"  timezone: \"America/New_York\" }\n"
                            "  given split s is y\n"
                            "  at 2026-03-05 10:00 form.submitted { form: \"x\"  starts_at: 2026-03-06 09:00 }\n"
                            "  after 1 day order.placed { total: 12.5 }\n"
                            "  at 2026-03-09 12:00 in \"Europe/London\"\n"
                            "  expect no send hello for 3 days\n"
                            "  expect exit as done\n"
                            "  expect goal bought by 2026-03-10 09:00\n"
                            "  expect outside\n}\n");
  bytecode::Module module = lowered(made);
  CHECK(bytecode::encode(module) == bytecode::encode(lowered(campaign)));
  auto plans = codegen::lower_tests(*made.unit, module);
  REQUIRE(plans.size() == 1);
  const bytecode::TestPlan& plan = plans[0];
  CHECK(plan.name == "t");
  CHECK(plan.campaign == 0);
  CHECK(plan.place.line == 6);
  REQUIRE(plan.leads[0].attributes.size() == 2);
  CHECK(plan.leads[0].attributes[0].second.text == "US");
  REQUIRE(plan.splits.size() == 1);
  CHECK(plan.splits[0].branch == 1);
  REQUIRE(plan.lines.size() == 7);
  using Line = bytecode::TestLine;
  CHECK(plan.lines[0].kind == Line::Kind::Event);
  CHECK(plan.lines[0].absolute);
  CHECK(plan.lines[0].date == 20'517);
  CHECK(plan.lines[0].time == 10 * kHour);
  REQUIRE(plan.lines[0].properties.size() == 2);
  CHECK(plan.lines[0].properties[1].second.value.bits == (20'518 * kDay + 14 * kHour));  // 09:00 in New York
  CHECK(plan.lines[1].after == Duration{0, 1, 0});
  CHECK(plan.lines[1].properties[0].second.value.bits == 125'000);
  CHECK(plan.lines[2].kind == Line::Kind::Advance);
  CHECK(plan.lines[2].time == 8 * kHour);  // New York is on summer time already
  CHECK(plan.lines[3].negated);
  CHECK(plan.lines[3].what == Line::What::Send);
  CHECK(plan.lines[3].span == Line::Span::For);
  CHECK(plan.lines[3].length == Duration{0, 3, 0});
  CHECK(plan.lines[3].written == "expect no send hello for 3 days");
  CHECK(plan.lines[4].what == Line::What::Exit);
  CHECK(module.strings[module.campaigns[0].reasons[plan.lines[4].reason]] == "done");
  CHECK(plan.lines[5].span == Line::Span::By);
  CHECK(plan.lines[5].goal == 0);
  CHECK(plan.lines[5].by_time == 9 * kHour);
  CHECK(plan.lines[6].what == Line::What::Outside);
}

TEST_CASE("each row of a test is a plan of its own") {
  auto made = test::compile(
      "campaign c {\n  enter on form.submitted\n  stage a { send hello  wait 1 day  exit as done }\n}\n"
      "test \"t\" for c {\n"
      "  for each {\n"
      "    \"one\" { land: \"US\"  begins: 2026-03-05 10:00  later: 2 days  mail: hello  way: done }\n"
      "    \"two\" { land: \"GB\"  begins: 2026-03-06  later: 3 hours  mail: again  way: done }\n"
      "  }\n"
      "  given lead { country: land }\n"
      "  at begins form.submitted { form: \"x\" }\n"
      "  after later\n"
      "  expect no send mail by begins\n"
      "  expect exit as way within later\n}\n");
  bytecode::Module module = lowered(made);
  auto plans = codegen::lower_tests(*made.unit, module);
  REQUIRE(plans.size() == 2);
  CHECK(plans[0].name == "t: one");
  CHECK(plans[1].name == "t: two");
  REQUIRE(plans[1].leads[0].attributes.size() == 1);
  CHECK(plans[1].leads[0].attributes[0].second.text == "GB");
  REQUIRE(plans[1].lines.size() == 4);
  CHECK(plans[0].lines[0].time == 10 * kHour);
  CHECK(plans[1].lines[0].date == plans[0].lines[0].date + 1);
  CHECK(plans[1].lines[0].time == 0);
  CHECK(plans[1].lines[1].after == Duration{0, 0, 3 * kHour});
  CHECK(plans[0].lines[2].content != plans[1].lines[2].content);
  CHECK(plans[1].lines[2].by_date == plans[1].lines[0].date);
  CHECK(plans[1].lines[3].length == Duration{0, 0, 3 * kHour});
}

TEST_CASE("the ways through bodies that coverage asks about, besides the tables of the module") {
  auto made = test::compile(test::campaign(
      "  stage a {\n"
      "    if lead.ready { send hello } else if lead.subscribed or lead.country is \"GB\" { send again }\n"
      "    wait 1 day\n"
      "    exit as done\n"
      "  }\n"));
  REQUIRE(!made.unit->diagnostics.failed());
  std::vector<bytecode::Spot> spots;
  auto module = codegen::lower(*made.unit, made.graphs, &spots);
  REQUIRE(module.ok());
  REQUIRE(spots.size() == 4);
  using Kind = bytecode::Spot::Kind;
  CHECK(spots[0].kind == Kind::Arm);
  CHECK(spots[0].written == "lead.ready");
  CHECK(spots[1].kind == Kind::Arm);
  CHECK(spots[1].written == "lead.subscribed or lead.country is \"GB\"");
  CHECK(spots[2].kind == Kind::Else);
  CHECK(spots[2].from > spots[0].at);
  CHECK(spots[2].from < spots[2].at);
  CHECK(spots[2].at == spots[1].at);
  CHECK(spots[2].to > spots[2].at);
  CHECK(spots[3].kind == Kind::Exit);
  CHECK(spots[3].place.line > spots[0].place.line);
  CHECK(module->code[spots[3].at] == static_cast<std::uint8_t>(bytecode::Opcode::Exit));
}

}  // namespace nurture
