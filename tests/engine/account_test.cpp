// Campaigns of accounts (§5.14): their log, what they ask of their leads, and what they do to them.
#include <set>

#include "tests/catch.h"
#include "tests/engine/maker.h"

using namespace nurture;
using namespace nurture::engine;
using namespace nurture::engine::test;
using Lines = std::vector<std::string>;

namespace {

struct Accounts {
  Maker maker;
  std::uint16_t seen = maker.kind("page.viewed");
  std::uint16_t demo = maker.kind("demo");
  std::uint16_t moved = maker.kind("lead.updated");
  std::uint16_t released = maker.kind("sales.released");
  std::uint16_t company = maker.attribute("account", TypeKind::Text);
  std::uint16_t champion = maker.attribute("champion", TypeKind::Boolean);
  std::uint16_t guide = maker.content("guide");

  Accounts() {
    maker.module.schema.lead_account = company;
    maker.module.schema.kinds[moved].updates_lead = true;
    maker.module.schema.kinds[released].ends_sales_hold = true;
    maker.module.schema.kinds[released].answers_hand_off = true;
  }
  std::uint16_t query(Pc condition = bytecode::kNoCode) {
    bytecode::LeadQuery query;
    query.condition = condition;
    maker.module.lead_queries.push_back(query);
    return static_cast<std::uint16_t>(maker.module.lead_queries.size() - 1);
  }
  /// Whether at least so many leads fulfil the query.
  Pc at_least(std::uint16_t query, std::int64_t n) {
    const Pc at = maker.op(Opcode::PushConst, {maker.constant(TypeKind::Integer, Value::of(n))});
    maker.op(Opcode::CountLeads, {query});
    maker.op(Opcode::LessEqualInt);
    maker.op(Opcode::Return);
    return at;
  }
  Pc is_champion() { return maker.is_true(champion); }
};

/// for account; enter on page.viewed; one stage that stays.
struct Watching : Accounts {
  CampaignMaker campaign{maker, "c", seen};
  Watching() { campaign->for_account = true; }
  void stay() {
    campaign.stage("s");
    campaign.stay();
  }
};

}  // namespace

TEST_CASE("an account's campaign has the events of all its leads, in one membership") {
  Watching w;
  w.stay();
  bytecode::Trigger trigger = w.campaign.on(w.demo);
  w.campaign.notify("desk");
  w.maker.op(Opcode::EndBody);
  w.campaign->triggers.push_back(trigger);
  LogMaker log(w.maker);
  for (const char* lead : {"anna", "ben"}) log.account(lead, "acme");
  log.event("anna", kHour, w.seen);
  log.event("ben", 2 * kHour, w.seen);
  log.event("ben", 3 * kHour, w.demo);
  log.event("carl", 4 * kHour, w.demo);
  CHECK(only(log.run_named(), {"Entered", "Notified"}) ==
        Lines{"acme 1 hour: Entered c #0", "acme 1 hour: StageEntered s", "acme 3 hours: Notified"});
}

TEST_CASE("events of one instant come in the order of the log, whoever did them, and timers after all of them") {
  Watching w;
  w.campaign.stage("s");
  w.campaign.wait({0, 0, kHour});
  w.campaign.notify("late");
  w.campaign.stay();
  bytecode::Trigger trigger = w.campaign.on(w.demo);
  w.campaign.exit("demo");
  w.campaign->triggers.push_back(trigger);
  LogMaker log(w.maker);
  for (const char* lead : {"anna", "ben"}) log.account(lead, "acme");
  log.event("ben", 0, w.seen);
  log.event("ben", kHour, w.seen);
  log.event("anna", kHour, w.demo);
  log.event("anna", 2 * kHour, w.seen);
  CHECK(only(log.run_named(), {"Entered c", "Notified", "Exited", "Refused"}) ==
        Lines{"acme 0 seconds: Entered c #0", "acme 1 hour: Exited demo #0", "acme 2 hours: Refused re-entry"});
}

TEST_CASE("a lead that moves takes its events along, and leaves what was there") {
  Watching w;
  w.stay();
  LogMaker log(w.maker);
  log.account("anna", "acme");
  log.event("anna", kHour, w.moved, {}, {{w.company, log.text("zeta")}});
  log.event("anna", 2 * kHour, w.seen);
  CHECK(only(log.run_named(), {"Entered c"}) == Lines{"zeta 2 hours: Entered c #0"});
}

TEST_CASE("a count of leads is an edge when a lead changes, joins, leaves, or only time passes") {
  Watching w;
  const Pc two = w.at_least(w.query(w.is_champion()), 2);
  w.stay();
  bytecode::Trigger trigger = w.campaign.when(two);
  w.campaign.notify("desk");
  w.maker.op(Opcode::EndBody);
  w.campaign->triggers.push_back(trigger);
  LogMaker log(w.maker);
  for (const char* lead : {"anna", "ben"}) log.account(lead, "acme");
  log.account("carl", "zeta");
  log.lead("anna", w.champion, Value::of_bool(true));
  log.lead("carl", w.champion, Value::of_bool(true));
  log.event("anna", 0, w.seen);
  log.event("ben", kHour, w.moved, {}, {{w.champion, Value::of_bool(true)}});  // two
  log.event("anna", 2 * kHour, w.moved, {}, {{w.company, log.text("zeta")}});  // one left
  log.event("carl", 3 * kHour, w.moved, {}, {{w.company, log.text("acme")}});  // two again
  log.event("carl", 4 * kHour, w.seen);
  CHECK(only(log.run_named(), {"acme 0 seconds: Entered", "Notified"}) ==
        Lines{"acme 0 seconds: Entered c #0", "acme 1 hour: Notified", "acme 3 hours: Notified"});
}

TEST_CASE("who is sent is decided when it runs; each lead has its own rules, and the row has both") {
  Watching w;
  const Pc champions = w.is_champion();
  w.campaign.stage("s");
  w.campaign.send_to_leads(w.guide, champions);
  w.campaign.stay();
  bytecode::Rule never;
  never.everywhere = true;
  never.after.push_back(w.maker.on(w.demo));
  w.maker.module.rules.push_back(never);
  LogMaker log(w.maker);
  for (const char* lead : {"anna", "ben", "carl"}) log.account(lead, "acme");
  for (const char* lead : {"anna", "ben"}) log.lead(lead, w.champion, Value::of_bool(true));
  log.event("ben", 0, w.demo);
  log.event("carl", kHour, w.seen);
  CHECK(only(log.run_named(), {"guide", "ToLeads"}) == Lines{"acme 1 hour: SentToLeads 2",
                                                             "anna for acme 1 hour: Sent guide",
                                                             "ben for acme 1 hour: Suppressed guide"});
}

TEST_CASE("a send to leads that has to wait waits for each of them, and is dropped when the account leaves") {
  Watching w;
  const std::uint16_t taken = w.maker.kind("sales.took");
  w.maker.module.schema.kinds[taken].starts_sales_hold = true;
  w.campaign.stage("s");
  w.campaign.send_to_leads(w.guide);
  w.campaign.stay();
  bytecode::Trigger trigger = w.campaign.on(w.demo);
  w.campaign.exit("demo");
  w.campaign->triggers.push_back(trigger);
  LogMaker log(w.maker);
  for (const char* lead : {"anna", "ben"}) log.account(lead, "acme");
  log.event("anna", 0, taken);
  log.event("ben", 0, taken);
  log.event("ben", kHour, w.seen);
  log.event("anna", 2 * kHour, w.released);
  log.event("anna", 3 * kHour, w.demo);
  CHECK(only(log.run_named(), {"guide", "Exited"}) ==
        Lines{"acme 3 hours: Exited demo #0", "anna for acme 1 hour: Deferred guide",
              "anna for acme 2 hours: Sent guide", "ben for acme 1 hour: Deferred guide",
              "ben for acme 3 hours: Cancelled guide"});
}

TEST_CASE("a hand-off of the account holds all its leads; an answer to any of them is the account's") {
  Watching w;
  w.campaign.stage("s");
  w.campaign.hand_off();
  w.campaign.stay();
  const Pc held = w.maker.with_sales();
  CampaignMaker own{w.maker, "own", w.seen};
  own.stage("s");
  own.send(w.guide);
  own.stay();
  bytecode::Trigger when = own.when(held);
  own.notify("held");
  w.maker.op(Opcode::EndBody);
  own->triggers.push_back(when);
  LogMaker log(w.maker);
  for (const char* lead : {"anna", "ben"}) log.account(lead, "acme");
  log.event("anna", 0, w.seen);
  log.event("ben", kHour, w.seen);
  log.event("anna", 2 * kHour, w.released);
  CHECK(only(log.run_named(), {"Hand", "Hold", "Answered", "guide", "Notified"}) ==
        Lines{"acme 0 seconds: HandedOff", "acme 2 hours: Answered after 2 hours", "acme 2 hours: HoldEnded event",
              "anna 0 seconds: Sent guide", "anna for acme 0 seconds: HoldBegan", "anna 0 seconds: Notified",
              "anna 2 hours: HoldEnded event", "ben for acme 1 hour: HoldBegan", "ben 1 hour: Notified",
              "ben 1 hour: Deferred guide", "ben for acme 2 hours: HoldEnded event", "ben 2 hours: Sent guide"});
}

TEST_CASE("an event of the account reaches the campaigns of all its leads, and the account's once") {
  Accounts a;
  a.maker.module.schema.kinds[a.demo].of_account = true;
  CampaignMaker own{a.maker, "own", a.demo};
  own.stage("s");
  own.stay();
  CampaignMaker campaign{a.maker, "whole", a.demo};
  campaign->for_account = true;
  campaign.stage("s");
  campaign.stay();
  LogMaker log(a.maker);
  for (const char* lead : {"anna", "ben", "carl"}) log.account(lead, "acme");
  log.event("carl", 0, a.moved, {}, {{a.company, log.text("zeta")}});
  log.event("ben", kHour, a.demo);
  CHECK(only(log.run_named(), {"Entered own", "Entered whole"}) ==
        Lines{"acme 1 hour: Entered whole #0", "anna 1 hour: Entered own #0", "ben 1 hour: Entered own #0"});
}

TEST_CASE("at the event, an account's campaign sees the lead who did it") {
  Accounts a;
  const Pc champions = a.is_champion();
  CampaignMaker campaign{a.maker, "c", a.seen};
  campaign->for_account = true;
  campaign->entries[0].event.where = champions;
  campaign.stage("s");
  campaign.stay();
  LogMaker log(a.maker);
  for (const char* lead : {"anna", "ben"}) log.account(lead, "acme");
  log.lead("ben", a.champion, Value::of_bool(true));
  log.event("anna", 0, a.seen);
  log.event("ben", kHour, a.seen);
  CHECK(only(log.run_named(), {"Entered c"}) == Lines{"acme 1 hour: Entered c #0"});
}

TEST_CASE("colleagues take the same branch of a split by account") {
  Accounts a;
  CampaignMaker campaign{a.maker, "c", a.seen};
  campaign.stage("s");
  bytecode::SplitSite split;
  split.name = a.maker.text("offer");
  split.by_account = true;
  a.maker.op(Opcode::Split, {0});
  for (const char* branch : {"x", "y"}) {
    split.branches.push_back({a.maker.text(branch), 5000, a.maker.here()});
    campaign.stay();
  }
  campaign->splits.push_back(split);
  LogMaker log(a.maker);
  for (int i = 0; i < 40; ++i) {
    const std::string lead = "lead " + std::to_string(i);
    log.account(lead, i % 2 == 0 ? "acme" : "quux");
    log.event(lead, 0, a.seen);
  }
  std::set<std::string> even, odd;
  for (const std::string& line : only(log.run_named(), {"Split"})) {
    const int number = std::stoi(line.substr(5));
    (number % 2 == 0 ? even : odd).insert(line.substr(line.find(':')));
  }
  CHECK(even.size() == 1);
  CHECK(odd.size() == 1);
}

TEST_CASE("a lead's beginning turns a count of leads before the event that it begins with") {
  Watching w;
  const Pc two = w.at_least(w.query(), 2);
  w.stay();
  bytecode::Trigger when = w.campaign.when(two);
  w.campaign.notify("two");
  w.maker.op(Opcode::EndBody);
  w.campaign->triggers.push_back(when);
  bytecode::Trigger demo = w.campaign.on(w.demo);
  w.campaign.exit("demo");
  w.campaign->triggers.push_back(demo);
  LogMaker log(w.maker);
  for (const char* lead : {"anna", "ben"}) log.account(lead, "acme");
  log.event("anna", 0, w.seen);
  log.event("ben", kHour, w.demo);
  CHECK(only(log.run_named(), {"Notified", "Exited"}) == Lines{"acme 1 hour: Notified", "acme 1 hour: Exited demo #0"});
}

TEST_CASE("when a hold ends, what an account wants to send waits its turn among the lead's own") {
  Watching w;
  const std::uint16_t taken = w.maker.kind("sales.took");
  const std::uint16_t own_guide = w.maker.content("own guide");
  w.maker.module.schema.kinds[taken].starts_sales_hold = true;
  w.campaign.stage("s");
  w.campaign.send_to_leads(w.guide);
  w.campaign.stay();
  CampaignMaker own{w.maker, "own", w.demo};
  own.stage("s");
  own.send(own_guide);
  own.hand_off();
  own.stay();
  LogMaker log(w.maker);
  log.account("anna", "acme");
  log.event("anna", 0, taken);
  log.event("anna", kHour, w.seen);
  log.event("anna", 2 * kHour, w.demo);
  log.event("anna", 3 * kHour, w.released);
  CHECK(only(log.run_named(), {"Sent guide", "Sent own", "HandedOff"}) ==
        Lines{"anna for acme 3 hours: Sent guide", "anna 3 hours: Sent own guide", "anna 3 hours: HandedOff"});
}

TEST_CASE("what a property waits for may come from the account at the last instant") {
  Watching w;
  bytecode::Property property;
  property.name = w.maker.text("answered");
  property.form = bytecode::PropertyForm::LeadsTo;
  property.act.kind = bytecode::ActKind::Send;
  property.after.push_back(w.maker.on(w.seen));
  property.within = w.maker.length({0, 0, kHour});
  w.maker.module.properties.push_back(property);
  w.campaign.stage("s");
  w.campaign.wait({0, 0, kHour});
  w.campaign.send_to_leads(w.guide);
  w.campaign.stay();
  LogMaker log(w.maker);
  log.account("anna", "acme");
  log.event("anna", 0, w.seen);
  log.event("anna", 2 * kHour, w.demo);
  CHECK(only(log.run_named(), {"Sent guide", "PropertyViolated"}) == Lines{"anna for acme 1 hour: Sent guide"});
}

TEST_CASE("a rule about the work of an account knows of no lead, whoever did the event") {
  Watching w;
  bytecode::Rule never;
  never.everywhere = true;
  never.governs = bytecode::Governs::Work;
  never.condition = w.is_champion();
  w.maker.module.rules.push_back(never);
  w.stay();
  bytecode::AssignSite site;
  w.campaign->assigns.push_back(site);
  bytecode::Trigger trigger = w.campaign.on(w.demo);
  w.maker.op(Opcode::PushConst, {w.maker.constant(TypeKind::Text, Value::of(w.maker.text("desk")))});
  w.maker.op(Opcode::Assign, {0});
  w.maker.op(Opcode::EndBody);
  w.campaign->triggers.push_back(trigger);
  LogMaker log(w.maker);
  log.account("anna", "acme");
  log.lead("anna", w.champion, Value::of_bool(true));
  log.event("anna", 0, w.seen);
  log.event("anna", kHour, w.demo);
  CHECK(only(log.run_named(), {"ssigned"}) == Lines{"acme 1 hour: Assigned"});
}

TEST_CASE("what an event makes a lead be sent is known in the account's step by the same event") {
  Watching w;
  const std::uint16_t logged = w.maker.kind("email.sent", {{"content", TypeKind::Text}});
  w.maker.module.schema.kinds[logged].records_send = true;
  w.maker.module.schema.kinds[logged].content_property = 0;
  bytecode::HistorySite site;
  site.events.push_back({w.maker.on(logged), bytecode::kNone});
  site.type.kind = TypeKind::Boolean;
  w.maker.module.histories.push_back(site);
  const Pc any_sent = w.maker.op(Opcode::History, {0});
  w.maker.op(Opcode::Return);
  w.stay();
  for (bytecode::Trigger trigger : {w.campaign.on(w.demo), w.campaign.when(any_sent)}) {
    trigger.body = w.maker.here();
    w.campaign.notify("desk");
    w.maker.op(Opcode::EndBody);
    w.campaign->triggers.push_back(trigger);
  }
  CampaignMaker own{w.maker, "own", w.demo};
  own.stage("s");
  own.send(w.guide);
  own.stay();
  LogMaker log(w.maker);
  log.account("anna", "acme");
  log.event("anna", 0, w.seen);
  log.event("anna", kHour, w.demo);
  log.event("anna", 2 * kHour, w.seen);
  CHECK(only(log.run_named(), {"Notified", "Sent guide"}) ==
        Lines{"acme 1 hour: Notified", "acme 1 hour: Notified", "anna 1 hour: Sent guide"});
}
