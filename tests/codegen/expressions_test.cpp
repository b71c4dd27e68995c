#include "runtime/vm/vm.h"
#include "tests/codegen/listing.h"

namespace nurture {

using test::lowered;

namespace {

std::string program(const std::string& condition) {
  return "campaign c {\n  enter on form.submitted if " + condition + "\n  stage a { exit as done }\n}\n";
}

std::string code(const std::string& condition) {
  bytecode::Module module = lowered(program(condition));
  const bytecode::Campaign& campaign = module.campaigns[0];
  return test::Listing(module, &campaign).expression(campaign.entries[0].condition);
}

/// The condition for a lead with these attributes, at noon of 2026-03-05 UTC.
bool holds(const std::string& condition, const std::map<std::string, std::string>& texts,
           const std::map<std::string, std::int64_t>& values) {
  bytecode::Module module = lowered(program(condition));
  TextPool pool;
  ListPool lists;
  vm::BoundModule bound = vm::bind(module, pool, lists);
  std::vector<Value> lead(module.schema.lead.size());
  for (std::size_t i = 0; i < lead.size(); ++i) {
    const std::string& name = module.strings[module.schema.lead[i].name];
    if (auto text = texts.find(name); text != texts.end()) lead[i] = Value::of_text(pool.intern(text->second));
    if (auto value = values.find(name); value != values.end()) lead[i] = Value::of(value->second);
  }
  vm::Frame frame;
  frame.program = &bound;
  frame.now = 1'772'712'000 * kSecond;
  frame.zone = calendar::utc();
  frame.lead = lead.data();
  return vm::holds(frame, &module.campaigns[0], module.campaigns[0].entries[0].condition);
}

}  // namespace

TEST_CASE("comparisons become the instruction of their type") {
  CHECK(code("lead.age < 5") == "load.lead age\npush.const 5\nless.int\nreturn\n");
  CHECK(code("lead.age > 5") == "push.const 5\nload.lead age\nless.int\nreturn\n");
  CHECK(code("lead.age >= 5") == "push.const 5\nload.lead age\nless_equal.int\nreturn\n");
  CHECK(code("lead.ratio <= 0.5") == "load.lead ratio\npush.const 0.5n\nless_equal.number\nreturn\n");
  CHECK(code("lead.country is \"US\"") == "load.lead country\npush.const \"US\"\nequal\nreturn\n");
  CHECK(code("lead.country is not \"US\"") == "load.lead country\npush.const \"US\"\nequal\nnot\nreturn\n");
  CHECK(code("lead.country is \"us\" ignoring case") == "load.lead country\npush.const \"us\"\nequal.fold\nreturn\n");
  CHECK(code("lead.country < \"M\"") == "load.lead country\npush.const \"M\"\nless.text\nreturn\n");
  CHECK(code("lead.plan is pro") == "load.lead plan\npush.const \"pro\"\nequal\nreturn\n");
  CHECK(code("lead.spent >= 12.5") == "push.const 125000\nload.lead spent\nless_equal.int\nreturn\n");
  CHECK(code("lead.country starts with \"U\"") == "load.lead country\npush.const \"U\"\nstarts_with 0\nreturn\n");
  CHECK(code("lead.country matches \"U*\"") == "load.lead country\npush.const \"U*\"\nmatches 0\nreturn\n");
}

TEST_CASE("lists and ranges") {
  CHECK(code("lead.country in [\"US\", \"CA\"]") == "load.lead country\npush.const [\"US\" \"CA\"]\nin.list\nreturn\n");
  CHECK(code("lead.country not in [\"US\"]") == "load.lead country\npush.const [\"US\"]\nin.list\nnot\nreturn\n");
  CHECK(code("lead.plan in [free, pro]") == "load.lead plan\npush.const [\"free\" \"pro\"]\nin.list\nreturn\n");
  CHECK(code("lead.age between 3 and 9") ==
        "push.const 3\nload.lead age\nless_equal.int\njump.false @8\nload.lead age\npush.const 9\nless_equal.int\n"
        "jump @9\npush.false\nreturn\n");
}

TEST_CASE("connectives jump") {
  CHECK(code("lead.ready and lead.age < 5") ==
        "load.lead ready\njump.false @8\nload.lead age\npush.const 5\nless.int\njump.false @8\npush.true\njump "
        "@9\npush.false\nreturn\n");
  CHECK(code("lead.ready or lead.subscribed") ==
        "load.lead ready\njump.true @4\nload.lead subscribed\njump.false @6\npush.true\njump @7\npush.false\nreturn\n");
}

TEST_CASE("unknown is never true, and its negation is") {
  for (const char* condition :
       {"lead.age < 5", "lead.age >= 5", "lead.age is 5", "lead.age between 1 and 9", "lead.subscribed",
        "lead.country in [\"US\"]", "lead.age < 5 and lead.ready", "lead.age + 1 > 0", "lead.age / 0 < 1",
        "\"a\" in lead.tags", "lead.renewal_on < today"}) {
    INFO(condition);
    CHECK(!holds(condition, {}, {{"ready", 1}}));
    CHECK(holds("not (" + std::string(condition) + ")", {}, {{"ready", 1}}));
  }
  CHECK(holds("lead.age is unknown", {}, {}));
  CHECK(holds("lead.age else 7 > 5", {}, {}));
  CHECK(!holds("lead.age else 7 > 5", {}, {{"age", 3}}));
}

TEST_CASE("expressions mean what they say") {
  CHECK(holds("lead.age * 2 + 1 is 11", {}, {{"age", 5}}));
  CHECK(holds("lead.age / 2 is 2.5", {}, {{"age", 5}}));
  CHECK(holds("lead.age * 1.5 > 7", {}, {{"age", 5}}));
  CHECK(holds("lead.spent * 20% is 2.5", {}, {{"spent", 125'000}}));
  CHECK(holds("lead.spent / 2 is 6.25", {}, {{"spent", 125'000}}));
  CHECK(holds("lead.renewal_on is 2026-03-07", {}, {{"renewal_on", 20'519}}));
  CHECK(holds("lead.renewal_on - today is 2 days", {}, {{"renewal_on", 20'519}}));
  CHECK(holds("today + 2 days is lead.renewal_on", {}, {{"renewal_on", 20'519}}));
  CHECK(holds("now < 1 day before lead.renewal_on", {}, {{"renewal_on", 20'519}}));
  CHECK(!holds("now > 1 hour before lead.renewal_on", {}, {{"renewal_on", 20'519}}));
  CHECK(holds("now - lead.called_at > 1 day", {}, {{"called_at", 1'772'600'000 * kSecond}}));
  CHECK(holds("(lead.first_name else \"x\") is \"x\" and not lead.ready or lead.plan is pro", {{"plan", "pro"}},
              {{"ready", 1}}));
  CHECK(holds("-lead.age < 0 and 2 * 1 day < 3 days", {}, {{"age", 5}}));
}

TEST_CASE("lets and segments are written out, constants folded") {
  bytecode::Module module = lowered(
      "let limit = 2 * 3\nsegment grown: lead.age >= limit\n"
      "campaign c {\n  enter on form.submitted if grown and not lead.ready\n  stage a { exit as done }\n}\n");
  const bytecode::Campaign& campaign = module.campaigns[0];
  CHECK(
      test::Listing(module, &campaign).expression(campaign.entries[0].condition) ==
      "push.const 6\nload.lead age\nless_equal.int\njump.false @8\nload.lead ready\njump.true @8\npush.true\njump @9\n"
      "push.false\nreturn\n");
}

TEST_CASE("properties of the event and of the entering event") {
  bytecode::Module module = lowered(
      "campaign c {\n  enter on form.submitted where form is \"x\"\n  enter on order.placed\n"
      "  stage a {\n    wait up to 1 day { on page.viewed where url is \"/\" and entry.form is \"x\" { move on } }\n   "
      " exit as done\n  }\n}\n");
  const bytecode::Campaign& campaign = module.campaigns[0];
  test::Listing listing(module, &campaign);
  CHECK(listing.expression(campaign.entries[0].event.where) ==
        "load.event form.submitted form\npush.const \"x\"\nequal\nreturn\n");
  CHECK(listing.expression(campaign.states[0].handlers[0].event.where) ==
        "load.event page.viewed url\npush.const \"/\"\nequal\njump.false @10\nload.entry form.submitted "
        "form\npush.const \"x\"\n"
        "equal\njump.false @10\npush.true\njump @11\npush.false\nreturn\n");
}

TEST_CASE("an entry property that several events bring is asked of each") {
  bytecode::Module module = lowered(
      "event call.made by us { form: text }\n"
      "campaign c {\n  enter on form.submitted\n  enter on call.made\n"
      "  stage a { if entry.form is \"x\" { exit as x }  exit as done }\n}\n");
  const bytecode::Campaign& campaign = module.campaigns[0];
  bytecode::Pc begin = campaign.stages[0].body;
  CHECK(test::Listing(module, &campaign).from(begin, begin + 5 + 5 + 1 + 5 + 3 + 1 + 5) ==
        "load.entry form.submitted form\njump.known @4\npop\nload.entry call.made form\npush.const \"x\"\nequal\n"
        "jump.false elsewhere\n");
}

TEST_CASE("audience clauses are joined by and, exclude clauses by or") {
  bytecode::Module module = lowered(
      "campaign c {\n  audience lead.ready\n  audience lead.age > 1\n  exclude lead.subscribed\n  exclude lead.age > "
      "9\n"
      "  enter on form.submitted\n  stage a { exit as done }\n}\n");
  const bytecode::Campaign& campaign = module.campaigns[0];
  test::Listing listing(module, &campaign);
  CHECK(listing.expression(campaign.audience) ==
        "load.lead ready\njump.false @8\npush.const 1\nload.lead age\nless.int\njump.false @8\npush.true\njump @9\n"
        "push.false\nreturn\n");
  CHECK(listing.expression(campaign.exclude) ==
        "load.lead subscribed\njump.true @8\npush.const 9\nload.lead age\nless.int\njump.true @8\npush.false\njump @9\n"
        "push.true\nreturn\n");
}

}  // namespace nurture
