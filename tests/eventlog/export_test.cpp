#include "runtime/eventlog/export.h"

#include "tests/catch.h"
#include "tests/eventlog/fixture.h"

// A store as a log again: what is imported from that is the same.

namespace nurture::eventlog::test {
namespace {

/// Imports, exports, imports and exports again.
class Round {
 public:
  explicit Round(bytecode::Module module) : module_(std::move(module)) {}

  void import(const std::string& log, const std::string& store, const std::string& leads = "",
              const std::string& accounts = "") {
    ImportOptions options;
    options.logs = {log};
    options.leads = leads;
    options.accounts = accounts;
    auto sink = files.create(store);
    ImportTotals totals;
    REQUIRE(import_to_file(module_, files, options, **sink, totals).ok());
    REQUIRE((*sink)->commit().ok());
    rejected = totals.rejected;
  }
  std::string exported(const std::string& store, const ExportFiles& to) {
    auto opened = open_store(files, store);
    REQUIRE(opened);
    const Status done = export_log(opened->file, opened->facts, files, to);
    return done ? "" : done.error().message;
  }
  std::string dumped(const std::string& store) {
    ImportOptions options;
    options.logs = {store};
    const auto imported = eventlog::import(module_, files, options);
    REQUIRE(imported);
    span = {imported->store.first_instant, imported->store.last_instant};
    return dump(module_, imported->store);
  }
  /// What was imported from `log`, and what comes back from an export of it in that form: the same columns; and from
  /// then on the same bytes.
  void check(const std::string& form) {
    const ExportFiles first{"a." + form, "a_leads." + form, "a_accounts." + form};
    const ExportFiles second{"b." + form, "b_leads." + form, "b_accounts." + form};
    REQUIRE(exported("log.store", first) == "");
    import(first.log, "again.store", first.leads, first.accounts);
    CHECK(rejected == 0);
    const std::string before = dumped("log.store");
    const auto span_before = span;
    CHECK(dumped("again.store") == before);
    CHECK(span == span_before);
    REQUIRE(exported("again.store", second) == "");
    CHECK(files.content(second.log) == files.content(first.log));
    CHECK(files.content(second.leads) == files.content(first.leads));
    CHECK(files.content(second.accounts) == files.content(first.accounts));
    import(second.log, "third.store", second.leads, second.accounts);
    CHECK(files.content("third.store") == files.content("again.store"));
  }

  host::MemoryFileSystem files;
  std::uint64_t rejected = 0;
  std::pair<Instant, Instant> span;

 private:
  bytecode::Module module_;
};

constexpr const char* kLog =
    R"({"lead":"eva","at":"2026-03-07T10:00:00Z","event":"page.viewed","url":"/b,\"c\"\n"}
{"lead":"ada","at":"2026-03-05T10:00:00.000001Z","event":"form.submitted","form":"whitepaper","pages":12}
{"lead":"ada","at":"2026-03-05T10:00:00.000001Z","event":"page.viewed","url":"/a"}
{"lead":"ben","at":"2026-03-06T10:00:00Z","event":"lead.updated","country":"US","seats":700}
{"lead":"ben","at":"2026-03-04T10:00:00Z","event":"unknown.kind"}
{"lead":"ada","at":"soon","event":"page.viewed"}
{"lead":"ben","at":"2026-03-09T10:00:00Z","event":"page.viewed"}
{"lead":"zoe","at":"2026-04-09T10:00:00Z","event":"unknown.kind"}
)";

TEST_CASE("an export is imported as what it was exported from") {
  Round round(sample().module);
  round.files.put("log.ndjson", kLog);
  round.files.put("leads.csv", "lead,country,timezone,seats\nada,GB,Europe/London,3\nzoe,,,\n\"a,b\",,,4\n");
  round.import("log.ndjson", "log.store", "leads.csv");
  SECTION("NDJSON") { round.check("ndjson"); }
  SECTION("CSV") { round.check("csv"); }
}

TEST_CASE("an export of an empty store is empty") {
  Round round(sample().module);
  round.files.put("log.ndjson", "");
  round.import("log.ndjson", "log.store");
  round.check("ndjson");
}

TEST_CASE("every type of value comes back as it was") {
  ModuleMaker maker = sample();
  const auto kind = maker.kind("all.types");
  for (int type = 0; type <= static_cast<int>(TypeKind::Content); ++type) {
    bytecode::Type each = optional(static_cast<TypeKind>(type));
    if (each.kind == TypeKind::List) each.element = TypeKind::Percent;
    maker.module.schema.kinds[kind].properties.push_back(maker.field("p" + std::to_string(type), each));
  }
  maker.module.schema.kinds[kind].properties.push_back(maker.field("at", optional(TypeKind::Text)));
  Round round(maker.module);
  round.files.put("log.ndjson",
                  R"({"lead":"ada","at":"2026-03-05T10:00:00Z","event":"all.types","p0":"a","p1":-1,"p2":0.1,)"
                  R"("p3":"-1.2345","p4":true,"p5":"2026-01-02","p6":"09:30:00.5","p7":"2026-03-05T10:00:00.25Z",)"
                  R"("p8":"90 minutes","p9":"12.5%","p10":"x","p11":["1%",2.5],"p12":"c","properties":{"at":"when"}}
{"lead":"ada","at":"2026-03-06T10:00:00Z","event":"all.types","p1":9223372036854775807,"p2":1e300,"p3":0,)"
                  R"("p4":false,"p8":-0.000001,"p11":[]}
{"lead":"ada","at":"2026-03-07T10:00:00Z","event":"all.types","p2":-0.0,"p8":0,"p9":"-0.0001%"}
)");
  round.import("log.ndjson", "log.store");
  REQUIRE(round.rejected == 0);
  SECTION("NDJSON") { round.check("ndjson"); }
  SECTION("CSV") { round.check("csv"); }
}

TEST_CASE("what a form cannot say is an error") {
  Round round(sample().module);
  SECTION("an empty text") {
    round.files.put("log.ndjson", R"({"lead":"eva","at":"2026-03-07T10:00:00Z","event":"page.viewed","url":""})");
    round.import("log.ndjson", "log.store");
    CHECK(round.exported("log.store", {"x.csv", "", ""}) ==
          "cannot write x.csv: CSV cannot say an empty text, as there is in url");
    CHECK(round.files.content("x.csv").empty());
    round.check("ndjson");
  }
  SECTION("a value that is taken back") {
    round.files.put("log.ndjson",
                    R"({"lead":"eva","at":"2026-03-07T10:00:00Z","event":"lead.updated","country":null})");
    round.import("log.ndjson", "log.store");
    CHECK(round.exported("log.store", {"x.csv", "", ""}) ==
          "cannot write x.csv: CSV cannot say that a value is taken back, as there is in country");
    round.check("ndjson");
  }
  SECTION("leads of a table") {
    round.files.put("log.ndjson", "");
    round.files.put("leads.csv", "lead,country\nada,GB\n");
    round.import("log.ndjson", "log.store", "leads.csv");
    CHECK(round.exported("log.store", {"x.csv", "", ""}) ==
          "cannot export the store: it knows of its leads what no event says");
  }
  SECTION("what a campaign logged") {
    ModuleMaker maker = sample();
    maker.module.schema.kinds[1].actor = bytecode::Actor::Us;
    Round other(maker.module);
    other.files.put("log.ndjson",
                    R"({"lead":"ada","at":"2026-03-06T10:00:00Z","event":"page.viewed","origin":"other"})");
    other.import("log.ndjson", "log.store");
    CHECK(other.exported("log.store", {"x.csv", "", ""}).find("that the campaign \"other\" logged") !=
          std::string::npos);
  }
}

}  // namespace
}  // namespace nurture::eventlog::test
