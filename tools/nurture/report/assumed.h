#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/result.h"

/// Which figures of a report hang on what a run assumed (§7.5): those that are others than what history alone comes to.
namespace nurture::tool::report {

/// One part of the document, as JSON: of the run, and of what in it is history.
struct Compared {
  std::string_view part;  ///< its name in the document: "simulation"
  std::string run, history;
};

/// {scenario figures[{at history}]}: `at` is the place of a figure in the document (a JSON pointer), `history` its
/// value by history alone, null where history has none. Rows of a list are matched by what they are about, not by where
/// they stand. Error: a part is no JSON.
Result<std::string> assumed_figures(const std::string& scenario, const std::vector<Compared>& parts);

}  // namespace nurture::tool::report
