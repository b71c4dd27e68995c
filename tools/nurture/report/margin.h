#pragma once

#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "compiler/picture/traffic.h"
#include "runtime/outcome/summary.h"

/// A programme's own source with how often each line ran.
namespace nurture::tool::report {

struct LineCount {
  std::uint32_t line = 0;  ///< from 1
  std::uint64_t count = 0;
  std::string what;  ///< what was counted: "ran", "came in", "sent"
};

struct SourceText {
  std::string path;  ///< as places name it
  std::vector<std::string> lines;
  std::vector<LineCount> counts;  ///< at most one a line, in order
};

/// One for each file of the programme's own. `observed`: as Model::campaigns. Statements and triggers count how often
/// they were reached, as the picture of the campaign does; a line with several counts the first of them.
std::vector<SourceText> source_with_counts(const driver::Checked& checked, const bytecode::Module& module,
                                           const std::vector<picture::Observed>& observed,
                                           const outcome::Summary& summary);

}  // namespace nurture::tool::report
