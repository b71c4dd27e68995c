#include <algorithm>
#include <random>

#include "runtime/eventlog/inspect.h"
#include "tests/catch.h"
#include "tests/eventlog/fixture.h"

namespace nurture::eventlog::test {
namespace {

std::string view(const std::string& lead, const std::string& at, const std::string& url) {
  return R"({"lead":")" + lead + R"(","at":")" + at + R"(","event":"page.viewed","url":")" + url + "\"}\n";
}

bool has_warning(const ImportTotals& totals, const std::string& part) {
  return std::any_of(totals.warnings.begin(), totals.warnings.end(),
                     [&](const std::string& warning) { return warning.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("rows of different leads may come in any order") {
  std::vector<std::vector<std::string>> leads(20);
  std::mt19937_64 random(7);
  for (std::size_t lead = 0; lead < leads.size(); ++lead) {
    for (int i = 0; i < 30; ++i) {
      auto at = static_cast<Instant>(1'772'704'800 + random() % 50) * kSecond;
      leads[lead].push_back(view("lead" + std::to_string(lead), calendar::format_utc(at), std::to_string(i)));
    }
  }
  bytecode::Module module = sample().module;
  std::string wanted;
  for (int round = 0; round < 5; ++round) {
    std::vector<std::size_t> next(leads.size(), 0);
    std::string log;
    for (std::size_t left = leads.size() * 30; left > 0;) {
      std::size_t lead = random() % leads.size();
      if (next[lead] == 30) continue;
      log += leads[lead][next[lead]++];
      --left;
    }
    std::string got = dump(module, import_text(module, "log.ndjson", log).store());
    if (round == 0) wanted = got;
    CHECK(got == wanted);
  }
}

TEST_CASE("ties, disorder and repeats are counted; source order decides ties") {
  std::string log = view("a", "2026-03-05T10:00:00Z", "/1") + view("a", "2026-03-05T10:00:00Z", "/2") +
                    view("a", "2026-03-05T09:00:00Z", "/0") + view("a", "2026-03-05T10:00:00Z", "/1") +
                    view("b", "2026-03-05T08:00:00Z", "/1");
  bytecode::Module module = sample().module;
  Outcome outcome = import_text(module, "log.ndjson", log);
  CHECK(outcome.totals().ties == 2);
  CHECK(outcome.totals().out_of_order == 1);
  CHECK(outcome.totals().exact_repeats == 1);
  std::string text = dump(module, outcome.store());
  CHECK(text.find("/0") < text.find("/2"));
  CHECK(text.find("/1") < text.find("/2"));
}

TEST_CASE("undeclared kinds are of no interest, yet their leads live and the log's span counts them") {
  std::string log = R"({"lead":"a","at":"2026-01-01T00:00:00Z","event":"invoice.paid"})"
                    "\n" +
                    view("a", "2026-03-05T10:00:00Z", "/") +
                    R"({"lead":"z","at":"2026-04-01T00:00:00Z","event":"invoice.paid"})"
                    "\n";
  Outcome outcome = import_text(sample().module, "log.ndjson", log);
  CHECK(outcome.totals().no_interest == 2);
  CHECK(outcome.totals().no_interest_by.at("invoice.paid") == 2);
  CHECK(outcome.totals().leads_in_log == 2);
  CHECK(calendar::format_utc(outcome.store().lead_created[0]) == "2026-01-01T00:00:00Z");
  CHECK(calendar::format_utc(outcome.store().last_instant) == "2026-04-01T00:00:00Z");
}

TEST_CASE("what a campaign of this run did is superseded; reactions and what others did stand") {
  ModuleMaker maker = sample();
  std::uint16_t sent = maker.kind("email.sent");
  std::uint16_t accepted = maker.kind("sales.accepted");
  for (std::uint16_t kind : {sent, accepted}) maker.module.schema.kinds[kind].actor = bytecode::Actor::Us;
  maker.module.schema.kinds[accepted].answers_hand_off = true;
  maker.campaign("resting");
  auto row = [](const std::string& event, const std::string& origin) {
    return R"({"lead":"a","at":"2026-01-01T00:00:00Z","form":"x","event":")" + event + R"(","origin":")" + origin +
           "\"}\n";
  };
  ImportOptions options;
  options.executed = {0};
  auto superseded = [&](const std::string& rows) {
    return import_text(maker.module, "log.ndjson", rows, options).totals().superseded;
  };
  CHECK(superseded(row("email.sent", "welcome")) == 1);
  CHECK(superseded(row("email.sent", "another tool")) == 0);
  CHECK(superseded(row("email.sent", "resting")) == 0);
  CHECK(superseded(row("form.submitted", "welcome")) == 0);
  CHECK(superseded(row("sales.accepted", "welcome")) == 0);
  options.executed = {1};
  CHECK(superseded(row("email.sent", "welcome") + row("email.sent", "resting")) == 1);
}

TEST_CASE("a value outside its choice is counted once, in an update too") {
  ModuleMaker maker = sample();
  maker.attribute("plan", maker.choice({"free"}));
  auto& schema = maker.module.schema;
  for (auto& kind : schema.kinds) {
    if (kind.updates_lead) kind.properties = schema.lead;
  }
  std::string log = R"({"lead":"a","at":"2026-01-01T00:00:00Z","event":"lead.updated","plan":"gold"})";
  CHECK(import_text(maker.module, "log.ndjson", log + "\n").totals().outside_choice == 1);
}

TEST_CASE("lead.updated changes attributes; null clears, absence says nothing") {
  std::string log = R"({"lead":"a","at":"2026-01-01T00:00:00Z","event":"lead.updated","country":"US","seats":5})"
                    "\n"
                    R"({"lead":"a","at":"2026-01-02T00:00:00Z","event":"lead.updated","properties":{"seats":null}})"
                    "\n";
  bytecode::Module module = sample().module;
  std::string text = dump(module, import_text(module, "log.ndjson", log).store());
  CHECK(text.find("2026-01-01T00:00:00Z lead.updated lead.country=US lead.seats=5\n") != std::string::npos);
  CHECK(text.find("2026-01-02T00:00:00Z lead.updated lead.seats=unknown\n") != std::string::npos);
}

TEST_CASE("a value outside its choice list is unknown, and counted") {
  ModuleMaker maker;
  maker.kind("poll.answered", {maker.field("answer", maker.choice({"yes", "no"}))});
  std::string log =
      "lead,at,event,answer\na,2026-01-01T00:00:00Z,poll.answered,yes\na,2026-01-02T00:00:00Z,poll.answered,perhaps\n";
  Outcome outcome = import_text(maker.module, "log.csv", log);
  CHECK(outcome.totals().outside_choice == 1);
  std::string text = dump(maker.module, outcome.store());
  CHECK(text.find("answer=yes") != std::string::npos);
  CHECK(text.find("answer=unknown") != std::string::npos);
}

TEST_CASE("every type reads from text") {
  ModuleMaker maker;
  bytecode::Type list = optional(TypeKind::List);
  list.element = TypeKind::Integer;
  maker.kind("x", {maker.field("b", optional(TypeKind::Boolean)), maker.field("n", optional(TypeKind::Number)),
                   maker.field("d", optional(TypeKind::Decimal)), maker.field("date", optional(TypeKind::Date)),
                   maker.field("time", optional(TypeKind::Time)), maker.field("dt", optional(TypeKind::DateTime)),
                   maker.field("len", optional(TypeKind::Duration)), maker.field("p", optional(TypeKind::Percent)),
                   maker.field("l", list)});
  std::string log =
      "lead,at,event,b,n,d,date,time,dt,len,p,l\n"
      "a,2026-01-01T00:00:00Z,x,Yes,-1.5e3,12.34565,2026-02-28,9:30,2026-01-01T01:00:00+01:00,90 minutes,12.5%,1;2;3\n";
  store::Store store = import_text(maker.module, "log.csv", log).imported.store;
  auto bits = [&](std::size_t column) { return store.blocks[0].columns[column].at(0).bits; };
  CHECK(bits(0) == 1);
  CHECK(store.blocks[0].columns[1].at(0).number() == -1500.0);
  CHECK(bits(2) == 123'456);  // half to even
  CHECK(bits(3) == calendar::days_from_civil(2026, 2, 28));
  CHECK(bits(4) == 9 * kHour + 30 * kMinute);
  CHECK(calendar::format_utc(bits(5)) == "2026-01-01T00:00:00Z");
  CHECK(bits(6) == 90 * kMinute);
  CHECK(bits(7) == 125'000);
  CHECK(store.lists.at(static_cast<ListId>(bits(8))).size() == 3);
}

TEST_CASE("the lead table gives starting values, beginnings, accounts, and is warned about") {
  host::MemoryFileSystem files;
  files.put("log.ndjson", view("b", "2026-03-05T10:00:00Z", "/"));
  files.put("leads.csv",
            "lead,created,country,timezone,seats,account,as_of,extra\n"
            "b,2026-01-02,US,America/New_York,7,acme,2026-05-01T00:00:00Z,x\n"
            "c,,,Mars/Olympus,,,,\n"
            ",,US,,,,,\n"
            "d,2027-01-01T00:00:00Z,,,many,,,\n");
  ImportOptions options;
  options.logs = {"log.ndjson"};
  options.leads = "leads.csv";
  bytecode::Module module = sample().module;
  Outcome outcome = import_files(module, files, options);
  const store::Store& store = outcome.store();
  CHECK(dump(module, store) ==
        "b since 2026-01-02T00:00:00Z US America/New_York 7\n"
        "  2026-03-05T10:00:00Z page.viewed url=/\n"
        "c since 2026-03-05T10:00:00Z unknown Mars/Olympus unknown\n"
        "d since 2027-01-01T00:00:00Z unknown unknown unknown\n");
  CHECK(outcome.totals().leads_in_table == 3);
  CHECK(outcome.totals().leads_in_log == 1);
  CHECK(outcome.totals().leads_without_zone == 2);
  CHECK(outcome.rejects.size() == 2);
  CHECK(store.texts.at(store.accounts[store.lead_account[0]]) == "acme");
  CHECK(store.lead_account[1] == store::kNoAccount);
  CHECK(has_warning(outcome.totals(), "true as of 2026-05-01"));
  CHECK(has_warning(outcome.totals(), "2 rows of the tables could not be used"));
}

TEST_CASE("one date far ahead is warned about") {
  std::string log;
  for (int day = 10; day < 30; ++day) log += view("a", "2026-03-" + std::to_string(day) + "T10:00:00Z", "/");
  CHECK(import_text(sample().module, "log.ndjson", log).totals().warnings.empty());
  Outcome outcome = import_text(sample().module, "log.ndjson", log + view("a", "2062-03-01T10:00:00Z", "/"));
  CHECK(has_warning(outcome.totals(), "lies far from the one before"));
}

TEST_CASE("inspect tells kinds, order and rejects, also without a programme") {
  host::MemoryFileSystem files;
  files.put("log.ndjson", view("a", "2026-03-05T10:00:00Z", "/1") + view("b", "2026-03-05T10:00:00Z", "/1") +
                              view("a", "2026-03-05T09:00:00Z", "/1") + "not json\n" +
                              R"({"lead":"a","at":"2026-03-05T09:00:00Z","event":"form.seen"})" + "\n");
  ImportOptions options;
  options.logs = {"log.ndjson"};
  for (const bytecode::Module& module : {bytecode::Module{}, sample().module}) {
    auto inspection = inspect(module, files, options);
    REQUIRE(inspection.ok());
    REQUIRE(inspection->kinds.size() == 2);
    CHECK(inspection->kinds[0].name == "page.viewed");
    CHECK(inspection->kinds[0].declared == !module.strings.empty());
    CHECK(inspection->kinds[0].rows == 3);
    CHECK(inspection->kinds[0].leads == 2);
    CHECK(inspection->ties == 1);
    CHECK(inspection->out_of_order == 1);
    REQUIRE(inspection->rejects.size() == 1);
    CHECK(inspection->rejects[0].examples.at(0).line == 4);
    CHECK(to_text(*inspection).find("rejected, not a record: 1 row") != std::string::npos);
    CHECK(to_json(*inspection).find("\"out_of_order\": 1") != std::string::npos);
  }
}

}  // namespace nurture::eventlog::test
