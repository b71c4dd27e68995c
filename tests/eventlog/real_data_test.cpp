#include <filesystem>
#include <iostream>

#include "runtime/calendar/calendar.h"
#include "runtime/host/file_system.h"
#include "tests/catch.h"
#include "tests/eventlog/fixture.h"

// Real logs that are not part of the product: without them these tests say so and end.

namespace nurture::eventlog::test {
namespace {

/// The path of a file of real data, or empty.
std::string real_data(const std::string& name) {
  std::string path = std::string(NURTURE_SHARED_DATA) + "/" + name;
  if (std::filesystem::exists(path)) return path;
  std::cout << "SKIPPED: the real log " << name << " is not on this machine\n";
  return "";
}

ModuleMaker retail() {
  ModuleMaker maker;
  auto text = optional(TypeKind::Text);
  std::uint16_t placed = maker.kind("order.placed", {maker.field("invoice", text)});
  std::uint16_t cancelled = maker.kind("order.cancelled", {maker.field("invoice", text)});
  std::uint16_t country = maker.attribute("country", text);
  bytecode::SourceSpec source = maker.source("online_retail");
  source.time = {maker.text("yyyy-mm-dd hh:mm:ss"), maker.text("Europe/London")};
  source.lead = maker.column("CustomerID");
  source.at = maker.column("InvoiceDate");
  source.id = maker.column("InvoiceNo");
  bytecode::PropertyMapping invoice{0, maker.column("InvoiceNo"), {}};
  source.rules.push_back({cancelled, maker.starts_with("InvoiceNo", "C"), {invoice}});
  source.rules.push_back({placed, bytecode::kNoCode, {invoice}});
  source.lead_attributes.push_back({country, maker.column("Country"), {}});
  source.columns = maker.module.sources.back().columns;
  maker.module.sources.back() = source;
  return maker;
}

}  // namespace

TEST_CASE("a year of invoices becomes one event per invoice and instant") {
  std::string path = real_data("online_retail/online_retail.csv.gz");
  if (path.empty()) return;
  ModuleMaker maker = retail();
  ImportOptions options;
  options.logs = {path};
  options.source = "online_retail";
  Outcome outcome = import_files(maker.module, host::real_file_system(), options);
  CHECK(outcome.totals().read == 541'909);
  CHECK(outcome.totals().rejected == 135'080);
  CHECK(outcome.totals().rejected_by.at(RejectReason::NoLead) == 135'080);
  CHECK(outcome.store().leads.size() == 4'372);
  CHECK(outcome.totals().out_of_order == 0);
  std::size_t buyers = 0;
  for (std::size_t lead = 0; lead < outcome.store().leads.size(); ++lead) {
    auto begin = outcome.store().lead_begin[lead], end = outcome.store().lead_begin[lead + 1];
    bool bought = false;
    for (auto event = begin; event < end; ++event) bought |= outcome.store().kind[event] == 0;
    buyers += bought ? 1 : 0;
  }
  CHECK(buyers == 4'339);
}

TEST_CASE("a year of incidents is accounted for to the last row") {
  std::string path = real_data("incident_log/incident_event_log.csv.gz");
  if (path.empty()) return;
  ModuleMaker maker;
  std::uint16_t updated = maker.kind("incident.updated", {maker.field("state", optional(TypeKind::Text))});
  bytecode::SourceSpec source = maker.source("incidents");
  source.time = {maker.text("d/m/yyyy h:mm"), maker.text("UTC")};
  source.lead = maker.column("number");
  source.at = maker.column("sys_updated_at");
  source.missing = {maker.text("?"), maker.text("-100")};
  source.rules.push_back({updated, bytecode::kNoCode, {{0, maker.column("incident_state"), {}}}});
  source.columns = maker.module.sources.back().columns;
  maker.module.sources.back() = source;
  ImportOptions options;
  options.logs = {path};
  options.source = "incidents";
  Outcome outcome = import_files(maker.module, host::real_file_system(), options);
  CHECK(outcome.totals().read == 141'712);
  CHECK(outcome.totals().applied == 141'712);
  CHECK(outcome.store().leads.size() == 24'918);
  CHECK(calendar::format_utc(outcome.store().first_instant) == "2016-02-29T01:23:00Z");
  CHECK(calendar::format_utc(outcome.store().last_instant) == "2017-02-18T15:00:00Z");
}

}  // namespace nurture::eventlog::test
