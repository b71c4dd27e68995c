#include "tests/catch.h"
#include "tests/eventlog/fixture.h"

namespace nurture::eventlog::test {
namespace {

/// orders.csv: customers, local times, cancellations by number, an id, missing markers, rows left out, a country.
ModuleMaker orders() {
  ModuleMaker maker;
  std::uint16_t placed = maker.kind(
      "order.placed", {maker.field("number", required(TypeKind::Text)), maker.field("due", optional(TypeKind::Date))});
  std::uint16_t cancelled = maker.kind("order.cancelled");
  maker.module.schema.kinds[placed].actor = bytecode::Actor::Us;
  maker.attribute("country", optional(TypeKind::Text));
  maker.campaign("welcome");
  bytecode::SourceSpec source = maker.source("orders");
  source.time = {maker.text("d/m/yyyy h:mm"), maker.text("Europe/London")};
  source.lead = maker.column("Customer");
  source.at = maker.column("When");
  source.id = maker.column("No");
  source.origin = maker.column("Campaign");
  source.leave_out = maker.is("Item", "POST");
  source.missing = {maker.text("?"), maker.text("NULL")};
  bytecode::PropertyMapping number{0, maker.column("No"), {}};
  bytecode::PropertyMapping due{1, maker.column("Due"), {maker.text("yyyymmdd"), bytecode::kNone}};
  source.rules.push_back({cancelled, maker.starts_with("No", "C"), {}});
  source.rules.push_back({placed, maker.starts_with("No", "5"), {number, due}});
  source.lead_attributes.push_back({0, maker.column("Country"), {}});
  source.columns = maker.module.sources.back().columns;
  maker.module.sources.back() = source;
  return maker;
}

Outcome import_orders(const std::string& rows) {
  ImportOptions options;
  options.source = "orders";
  options.executed = {0};
  return import_text(orders().module, "orders.csv", "Customer,When,No,Item,Due,Country,Campaign\n" + rows, options);
}

}  // namespace

TEST_CASE("a source maps rows to events") {
  bytecode::Module module = orders().module;
  Outcome outcome = import_orders(
      "7,1/7/2026 9:05,501,A,20260801,UK,\n"
      "7,2/7/2026 09:05,C501,A,,UK,\n"
      "7,3/7/2026 09:05,502,A,?,NULL,\n"
      "7,4/1/2026 09:05,503,A,?,France,\n"
      "7,5/7/2026 09:05,504,POST,,UK,\n"
      "7,5/7/2026 09:05,X1,A,,UK,\n"
      "7,5/7/2026 09:05,505,A,,UK,welcome\n"
      "?,5/7/2026 09:05,506,A,,UK,\n"
      "7,2026-07-05,506,A,,UK,\n"
      "7,5/7/2026 09:05,507,A,soon,UK,\n");
  CHECK(dump(module, outcome.store()) ==
        "7 since 2026-01-04T09:05:00Z unknown\n"
        "  2026-01-04T09:05:00Z order.placed number=503 due=unknown lead.country=France\n"
        "  2026-07-01T08:05:00Z order.placed number=501 due=2026-08-01 lead.country=UK\n"
        "  2026-07-02T08:05:00Z order.cancelled\n"
        "  2026-07-03T08:05:00Z order.placed number=502 due=unknown\n");
  const ImportTotals& totals = outcome.totals();
  CHECK(totals.no_interest_by.at("left out by the source") == 1);
  CHECK(totals.no_interest_by.at("no rule of the source") == 1);
  CHECK(totals.superseded == 1);
  CHECK(totals.rejected_by.at(RejectReason::NoLead) == 1);
  CHECK(totals.rejected_by.at(RejectReason::BadInstant) == 1);
  CHECK(totals.rejected_by.at(RejectReason::BadProperty) == 1);
  CHECK(totals.out_of_order == 1);
}

TEST_CASE("an id is applied once per lead, event and instant") {
  Outcome outcome = import_orders(
      "7,1/7/2026 9:05,501,A,,UK,\n"
      "8,1/7/2026 9:05,501,A,,UK,\n"
      "7,1/7/2026 9:05,502,A,,UK,\n"
      "7,1/7/2026 9:05,501,B,,UK,\n"
      "7,1/7/2026 9:06,501,A,,UK,\n");
  CHECK(outcome.totals().repeated == 1);
  CHECK(outcome.totals().applied == 4);
  CHECK(outcome.totals().ties == 1);
}

TEST_CASE("a source reads NDJSON too, members of members by their path") {
  ModuleMaker maker;
  std::uint16_t seen = maker.kind("page.viewed", {maker.field("url", required(TypeKind::Text))});
  bytecode::SourceSpec source = maker.source("web");
  source.time = {maker.text("epoch ms"), bytecode::kNone};
  source.lead = maker.column("user.id");
  source.at = maker.column("ts");
  source.rules.push_back({seen, bytecode::kNoCode, {{0, maker.column("page.url"), {}}}});
  source.columns = maker.module.sources.back().columns;
  maker.module.sources.back() = source;
  ImportOptions options;
  options.source = "web";
  Outcome outcome =
      import_text(maker.module, "web.ndjson",
                  R"({"user": {"id": 12}, "ts": 1772704800123, "page": {"url": "/a", "x": {"y": 1}}})", options);
  CHECK(dump(maker.module, outcome.store()) ==
        "12 since 2026-03-05T10:00:00.123Z\n  2026-03-05T10:00:00.123Z page.viewed url=/a\n");
}

TEST_CASE("a file without the columns of the source is an error") {
  host::MemoryFileSystem files;
  files.put("orders.csv", "Customer,When\n1,2\n");
  ImportOptions options;
  options.logs = {"orders.csv"};
  options.source = "orders";
  bytecode::Module module = orders().module;
  auto result = import(module, files, options);
  REQUIRE(!result.ok());
  CHECK(result.error().message.find("no column \"No\", which the source \"orders\" reads") != std::string::npos);
}

}  // namespace nurture::eventlog::test
