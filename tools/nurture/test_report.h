#pragma once

#include <string>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/testing/coverage.h"
#include "runtime/testing/testing.h"

/// What `nurture test` prints, in each of its formats.
namespace nurture::tool {

/// One campaign's row of the coverage.
struct CampaignCoverage {
  std::string name;
  testing::Tally parts[std::size(testing::kParts)];
  testing::Tally all;
};

struct ProgrammeCoverage {
  std::vector<CampaignCoverage> campaigns;
  testing::Tally all;
  std::vector<testing::CoverageItem> missing;
  std::vector<std::string> missing_in;  ///< the campaign of each
};

/// The tests of one programme, as they ran.
struct ProgrammeTests {
  std::string path;
  std::vector<testing::TestResult> results;
  std::vector<std::string> campaigns;  ///< of each: the one it is for
  bool covered = false;                ///< `coverage` was asked for
  ProgrammeCoverage coverage;
};

/// Sums up what tests reached of the campaigns chosen.
ProgrammeCoverage programme_coverage(const bytecode::Module& module, const std::vector<testing::CoverageItem>& items,
                                     const std::vector<std::uint16_t>& campaigns);

std::size_t failed(const std::vector<ProgrammeTests>& programmes);
/// "97.5 %", rounded down.
std::string percent_text(const testing::Tally& tally);

std::string tests_text(const std::vector<ProgrammeTests>& programmes);
std::string tests_json(const std::vector<ProgrammeTests>& programmes);
std::string tests_junit(const std::vector<ProgrammeTests>& programmes);

}  // namespace nurture::tool
