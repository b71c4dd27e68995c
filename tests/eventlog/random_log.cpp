#include "tests/eventlog/random_log.h"

namespace nurture::eventlog::test {
namespace {

int up_to(std::mt19937& draw, int most) { return std::uniform_int_distribution<int>(0, most)(draw); }

std::string name_of(std::mt19937& draw, const char* begin, int most) {
  return begin + std::to_string(up_to(draw, most));
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

bytecode::Type list_of(TypeKind element) { return {TypeKind::List, true, element, bytecode::kNone}; }

void add_lead(ModuleMaker& maker) {
  maker.attribute("country", optional(TypeKind::Text));
  maker.attribute("timezone", optional(TypeKind::Text));
  maker.attribute("seats", optional(TypeKind::Integer));
  maker.module.schema.lead_account = maker.attribute("account", optional(TypeKind::Text));
  maker.module.schema.account = {maker.field("size", optional(TypeKind::Integer)),
                                 maker.field("branch", optional(TypeKind::Text))};
}

std::string instant(std::mt19937& draw, int year) {
  const int day = 1 + up_to(draw, 8), hour = up_to(draw, 2);
  return std::to_string(up_to(draw, 40) == 0 ? 2024 : year) + "-03-0" + std::to_string(day) + "T1" +
         std::to_string(hour) + ":00:00Z";
}

std::string native_row(std::mt19937& draw, int year) {
  std::string row = R"({"lead":)" + quoted(name_of(draw, "lead", 40)) + R"(,"at":)" + quoted(instant(draw, year));
  switch (up_to(draw, 11)) {
    case 0:
      return row + R"(,"event":"unknown.kind"})";
    case 1:
      return up_to(draw, 1) == 0 ? "no record" : R"({"lead":"x","at":"never","event":"page.viewed"})";
    case 2:
      return row + R"(,"event":"lead.merged","into":)" + quoted(name_of(draw, "lead", 60)) + "}";
    case 3:
    case 4:
      row += R"(,"event":"lead.updated")";
      if (up_to(draw, 1) == 0) row += R"(,"country":)" + quoted(name_of(draw, "country", 6));
      if (up_to(draw, 2) == 0) row += R"(,"account":)" + quoted(name_of(draw, "account", 5));
      if (up_to(draw, 2) == 0) row += R"(,"seats":null)";
      return row + "}";
    case 5:
    case 6:
      row += R"(,"event":"form.submitted","form":)" + quoted(name_of(draw, "form", 300));
      if (up_to(draw, 1) == 0)
        row += R"(,"tags":[)" + quoted(name_of(draw, "t", 5)) + "," + quoted(name_of(draw, "u", 5)) + "]";
      if (up_to(draw, 1) == 0) row += R"(,"counts":[)" + std::to_string(up_to(draw, 9)) + ",3]";
      if (up_to(draw, 3) == 0) row += R"(,"after":"2 days")";
      return row + "}";
    case 7:
      return row + R"(,"event":"page.viewed","origin":"welcome","url":"/w"})";
    default:
      return row + R"(,"event":"page.viewed","url":)" + quoted(name_of(draw, "/", 9)) + "}";
  }
}

std::string source_row(std::mt19937& draw, int year) {
  const std::string kind = up_to(draw, 3) == 0 ? "C" : up_to(draw, 20) == 0 ? "X" : "5";
  const std::string at = up_to(draw, 30) == 0 ? "soon" : instant(draw, year);
  const std::string country = up_to(draw, 2) == 0 ? "" : name_of(draw, "country", 3);
  const std::string account = up_to(draw, 3) == 0 ? name_of(draw, "account", 3) : "";
  return name_of(draw, "lead", 25) + "," + at + "," + name_of(draw, kind.c_str(), 15) + "," + country + "," + account;
}

}  // namespace

Case native_case() {
  Case c{{}, "", "ndjson"};
  ModuleMaker& maker = c.maker;
  maker.kind("form.submitted",
             {maker.field("form", required(TypeKind::Text)), maker.field("tags", list_of(TypeKind::Text)),
              maker.field("counts", list_of(TypeKind::Integer)), maker.field("after", optional(TypeKind::Duration))});
  maker.kind("page.viewed", {maker.field("url", optional(TypeKind::Text))});
  maker.kind("lead.updated");
  const auto merged = maker.kind("lead.merged", {maker.field("into", required(TypeKind::Text))});
  maker.module.schema.kinds[merged].merges_into = 0;
  add_lead(maker);
  maker.module.schema.kinds[2].properties = maker.module.schema.lead;
  maker.campaign("welcome");
  return c;
}

Case source_case() {
  Case c{{}, "orders", "csv"};
  ModuleMaker& maker = c.maker;
  const auto placed = maker.kind("order.placed", {maker.field("number", required(TypeKind::Text))});
  const auto cancelled = maker.kind("order.cancelled");
  add_lead(maker);
  bytecode::SourceSpec source = maker.source("orders");
  source.lead = maker.column("Customer");
  source.at = maker.column("When");
  source.id = maker.column("No");
  source.rules.push_back({cancelled, maker.starts_with("No", "C"), {}});
  source.rules.push_back({placed, maker.starts_with("No", "5"), {{0, maker.column("No"), {}}}});
  source.lead_attributes.push_back({0, maker.column("Country"), {}});
  source.lead_attributes.push_back({3, maker.column("Account"), {}});
  source.columns = maker.module.sources.back().columns;
  maker.module.sources.back() = source;
  return c;
}

std::string header(const Case& c) { return c.source.empty() ? "" : "Customer,When,No,Country,Account\n"; }

std::string random_rows(const Case& c, std::mt19937& draw, int rows, int year) {
  std::string log;
  for (int i = 0; i < rows; ++i) log += (c.source.empty() ? native_row(draw, year) : source_row(draw, year)) + "\n";
  return log;
}

std::string random_leads(std::mt19937& draw, int rows) {
  std::string table;
  for (int i = 0; i < rows; ++i) {
    table += R"({"lead":)" + quoted(name_of(draw, "lead", 70));
    if (up_to(draw, 1) == 0)
      table += R"(,"country":)" + (up_to(draw, 2) == 0 ? "null" : quoted(name_of(draw, "country", 9)));
    if (up_to(draw, 1) == 0)
      table += R"(,"timezone":)" + std::string(up_to(draw, 1) == 0 ? R"("Europe/Paris")" : R"("Moon")");
    if (up_to(draw, 2) == 0) table += R"(,"account":)" + quoted(name_of(draw, "account", 12));
    if (up_to(draw, 2) == 0) table += R"(,"created":"2025-0)" + std::to_string(1 + up_to(draw, 8)) + R"(-01")";
    if (up_to(draw, 2) == 0)
      table += R"(,"seats":)" + (up_to(draw, 5) == 0 ? "\"few\"" : std::to_string(up_to(draw, 1000)));
    table += "}\n";
  }
  return table;
}

std::string random_accounts(std::mt19937& draw, int rows) {
  std::string table;
  for (int i = 0; i < rows; ++i) {
    table += R"({"account":)" + quoted(name_of(draw, "account", 20));
    if (up_to(draw, 1) == 0)
      table += R"(,"size":)" + (up_to(draw, 3) == 0 ? "null" : std::to_string(up_to(draw, 70'000)));
    if (up_to(draw, 1) == 0) table += R"(,"branch":)" + quoted(name_of(draw, "branch", 9));
    table += "}\n";
  }
  return table;
}

}  // namespace nurture::eventlog::test
