#include "tools/nurture/test_report.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/base/json.h"
#include "runtime/base/xml.h"

namespace nurture::tool {

namespace {

using testing::CoverageItem;
using testing::Failure;
using testing::Tally;
using testing::TestResult;

/// The story of a run is told once, after the last expectation that failed in it.
std::string failure_text(const Failure& failure, bool story) {
  std::string out = fmt::format("  {}:{}: {}\n", failure.place.file, failure.place.line, failure.written);
  out += fmt::format("    expected {}\n", failure.expected);
  if (!failure.nearest.empty()) out += fmt::format("    but {}\n", failure.nearest);
  if (!failure.draws.empty()) out += fmt::format("    where {}\n", failure.draws);
  if (!story || failure.timeline.empty()) return out;
  out += "    what happened:\n";
  for (const std::string& line : failure.timeline) out += fmt::format("      {}\n", line);
  return out;
}

std::string explanation(const TestResult& result) {
  std::string out;
  if (!result.error.empty()) out += fmt::format("  {}:{}: {}\n", result.place.file, result.place.line, result.error);
  for (std::size_t i = 0; i < result.failures.size(); ++i) {
    const bool last = i + 1 == result.failures.size() || result.failures[i + 1].draws != result.failures[i].draws;
    out += failure_text(result.failures[i], last);
  }
  return out;
}

// Coverage
// --------------------------------------------------------------------------------------------------------------

std::string tally_text(const Tally& tally) {
  return tally.total == 0 ? "-" : fmt::format("{}/{}", tally.reached, tally.total);
}

std::size_t index_of(testing::Part part) { return static_cast<std::size_t>(part); }

std::string table(const ProgrammeCoverage& coverage) {
  std::size_t width = std::string_view("all campaigns").size();
  for (const CampaignCoverage& row : coverage.campaigns) width = std::max(width, row.name.size());
  std::string out = fmt::format("  {:<{}}", "campaign", width);
  for (testing::Part part : testing::kParts) out += fmt::format("  {:>8}", parts_text(part));
  out += fmt::format("  {:>8}\n", "reached");
  CampaignCoverage total{"all campaigns", {}, coverage.all};
  const auto line = [&](const CampaignCoverage& row) {
    out += fmt::format("  {:<{}}", row.name, width);
    for (const Tally& tally : row.parts) out += fmt::format("  {:>8}", tally_text(tally));
    out += fmt::format("  {:>8}\n", percent_text(row.all));
  };
  for (const CampaignCoverage& row : coverage.campaigns) {
    line(row);
    for (testing::Part part : testing::kParts) {
      total.parts[index_of(part)].reached += row.parts[index_of(part)].reached;
      total.parts[index_of(part)].total += row.parts[index_of(part)].total;
    }
  }
  if (coverage.campaigns.size() > 1) line(total);
  return out;
}

std::string coverage_text(const ProgrammeTests& programme) {
  const ProgrammeCoverage& coverage = programme.coverage;
  std::string out = fmt::format("\nwhat the tests of {} reach:\n{}", programme.path, table(coverage));
  if (coverage.missing.empty()) return out;
  out += "\nwhat no test reaches:\n";
  for (std::size_t i = 0; i < coverage.missing.size(); ++i) {
    const CoverageItem& item = coverage.missing[i];
    out += fmt::format("  {}:{}: {} of {}: {}\n", item.place.file, item.place.line, part_text(item.part),
                       coverage.missing_in[i], item.what);
  }
  return out;
}

// JSON
// ------------------------------------------------------------------------------------------------------------------

void failure_json(JsonWriter& json, const Failure& failure) {
  json.begin_object().member("file", failure.place.file).member("line", failure.place.line);
  json.member("written", failure.written).member("expected", failure.expected).member("nearest", failure.nearest);
  json.member("draws", failure.draws).key("timeline").begin_array();
  for (const std::string& line : failure.timeline) json.value(line);
  json.end_array().end_object();
}

void result_json(JsonWriter& json, const TestResult& result, const std::string& campaign) {
  json.begin_object().member("name", result.name).member("campaign", campaign);
  json.member("file", result.place.file).member("line", result.place.line);
  json.member("passed", result.passed).member("runs", result.runs).member("error", result.error);
  json.key("failures").begin_array();
  for (const Failure& failure : result.failures) failure_json(json, failure);
  json.end_array().end_object();
}

void tally_json(JsonWriter& json, std::string_view name, const Tally& tally) {
  json.key(name).begin_object().member("reached", tally.reached).member("total", tally.total).end_object();
}

void coverage_json(JsonWriter& json, const ProgrammeTests& programme) {
  const ProgrammeCoverage& coverage = programme.coverage;
  json.begin_object().member("programme", programme.path).member("percent", coverage.all.permille() / 10.0);
  json.key("campaigns").begin_array();
  for (const CampaignCoverage& row : coverage.campaigns) {
    json.begin_object().member("name", row.name).member("percent", row.all.permille() / 10.0);
    for (testing::Part part : testing::kParts) tally_json(json, parts_text(part), row.parts[index_of(part)]);
    json.end_object();
  }
  json.end_array().key("missing").begin_array();
  for (std::size_t i = 0; i < coverage.missing.size(); ++i) {
    const CoverageItem& item = coverage.missing[i];
    json.begin_object().member("campaign", coverage.missing_in[i]).member("part", part_text(item.part));
    json.member("what", item.what).member("file", item.place.file).member("line", item.place.line).end_object();
  }
  json.end_array().end_object();
}

// JUnit
// -----------------------------------------------------------------------------------------------------------------

bool unjudged(const TestResult& result) { return !result.error.empty() && result.failures.empty(); }

std::string testcase(const TestResult& result, const std::string& campaign) {
  std::string out =
      fmt::format("    <testcase name=\"{}\" classname=\"{}\"", xml_text(result.name), xml_text(campaign));
  if (result.passed) return out + "/>\n";
  const char* element = unjudged(result) ? "error" : "failure";
  const std::string& message = result.error.empty() ? result.failures.front().written : result.error;
  out += fmt::format(">\n      <{0} message=\"{1}\" type=\"{0}\">", element, xml_text(message));
  return out + fmt::format("{}</{}>\n    </testcase>\n", xml_text(explanation(result)), element);
}

std::string counts(std::size_t tests, std::size_t failures, std::size_t errors) {
  return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", tests, failures, errors);
}

struct Count {
  std::size_t tests = 0, failures = 0, errors = 0;
};

Count count(const ProgrammeTests& programme) {
  Count out;
  for (const TestResult& result : programme.results) {
    ++out.tests;
    if (!result.passed) ++(unjudged(result) ? out.errors : out.failures);
  }
  return out;
}

}  // namespace

ProgrammeCoverage programme_coverage(const bytecode::Module& module, const std::vector<CoverageItem>& items,
                                     const std::vector<std::uint16_t>& campaigns) {
  ProgrammeCoverage out;
  for (std::uint16_t campaign : campaigns) {
    CampaignCoverage row{module.strings[module.campaigns[campaign].name], {}, {}};
    for (const CoverageItem& item : items) {
      if (item.campaign != campaign) continue;
      for (Tally* tally : {&row.parts[index_of(item.part)], &row.all, &out.all}) tally->add(item);
      if (item.reached) continue;
      out.missing.push_back(item);
      out.missing_in.push_back(row.name);
    }
    out.campaigns.push_back(std::move(row));
  }
  return out;
}

std::size_t failed(const std::vector<ProgrammeTests>& programmes) {
  std::size_t number = 0;
  for (const ProgrammeTests& programme : programmes) {
    number += static_cast<std::size_t>(std::count_if(programme.results.begin(), programme.results.end(),
                                                     [](const TestResult& result) { return !result.passed; }));
  }
  return number;
}

std::string percent_text(const Tally& tally) {
  return fmt::format("{}.{} %", tally.permille() / 10, tally.permille() % 10);
}

std::string tests_text(const std::vector<ProgrammeTests>& programmes) {
  std::string out;
  std::size_t tests = 0;
  for (const ProgrammeTests& programme : programmes) {
    for (const TestResult& result : programme.results) {
      out += fmt::format("{}  {}\n", result.passed ? "passed" : "FAILED", result.name) + explanation(result);
      ++tests;
    }
  }
  const std::size_t bad = failed(programmes);
  out += fmt::format("\n{} passed, {} failed\n", tests - bad, bad);
  for (const ProgrammeTests& programme : programmes) {
    if (programme.covered) out += coverage_text(programme);
  }
  return out;
}

std::string tests_json(const std::vector<ProgrammeTests>& programmes) {
  JsonWriter json;
  std::size_t tests = 0;
  for (const ProgrammeTests& programme : programmes) tests += programme.results.size();
  const std::size_t bad = failed(programmes);
  json.begin_object().member("passed", tests - bad).member("failed", bad).key("tests").begin_array();
  for (const ProgrammeTests& programme : programmes) {
    for (std::size_t i = 0; i < programme.results.size(); ++i) {
      result_json(json, programme.results[i], programme.campaigns[i]);
    }
  }
  json.end_array();
  if (std::any_of(programmes.begin(), programmes.end(), [](const auto& each) { return each.covered; })) {
    json.key("coverage").begin_array();
    for (const ProgrammeTests& programme : programmes) coverage_json(json, programme);
    json.end_array();
  }
  json.end_object();
  return std::move(json).take() + "\n";
}

std::string tests_junit(const std::vector<ProgrammeTests>& programmes) {
  std::string suites;
  Count total;
  for (const ProgrammeTests& programme : programmes) {
    const Count here = count(programme);
    total = {total.tests + here.tests, total.failures + here.failures, total.errors + here.errors};
    suites += fmt::format("  <testsuite name=\"{}\" {}>\n", xml_text(programme.path),
                          counts(here.tests, here.failures, here.errors));
    if (programme.covered) {
      const std::uint32_t reached = programme.coverage.all.permille();
      suites +=
          fmt::format("    <properties>\n      <property name=\"coverage\" value=\"{}.{}\"/>\n    </properties>\n",
                      reached / 10, reached % 10);
    }
    for (std::size_t i = 0; i < programme.results.size(); ++i) {
      suites += testcase(programme.results[i], programme.campaigns[i]);
    }
    suites += "  </testsuite>\n";
  }
  return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"nurture\" {}>\n{}</testsuites>\n",
                     counts(total.tests, total.failures, total.errors), suites);
}

}  // namespace nurture::tool
