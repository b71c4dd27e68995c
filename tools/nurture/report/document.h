#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/findings/levels.h"
#include "runtime/eventlog/eventlog.h"
#include "tools/nurture/report/margin.h"
#include "tools/nurture/report/stories.h"

/// Everything that a report shows, as one JSON document: `nurture report --format json` prints it, and the page draws
/// it and nothing else.
namespace nurture::tool::report {

/// A picture, or why there is none.
struct Flow {
  std::string name;  ///< of the campaign; empty: of all
  std::string svg;
  std::string missing;  ///< in words, where `svg` is empty
};

struct Document {
  std::string version;      ///< of nurture
  std::string command;      ///< that makes the same report again, where it goes and threads left out
  std::string log;          ///< totals_json
  std::string simulation;   ///< outcome::to_json of the summary
  std::string experiments;  ///< experiment::to_json
  std::string review;       ///< review::to_json
  std::string assumed;      ///< assumed_figures; empty: nothing is assumed
  findings::Capacity capacity;
  std::vector<Flow> flows;
  std::vector<SourceText> sources;
  Stories stories;
};

/// One object, compact:
///
///   about       version command
///   log, simulation, experiments: as `nurture simulate --format json` says; review: as runtime/review does
///   assumed     null, or scenario figures[]{at history}: as assumed.h says
///   capacity    {calls tasks hand_offs calls_per_owner} a week, from nurture.toml; null where it says nothing
///   flows[]     name[null: of all] svg[null] missing[null]
///   sources[]   path lines[] counts[]{line count what}
///   leads       told[] {key asked_for because[] story} left_out
std::string to_json(const Document& document);
/// Its part `sources`.
std::string to_json(const std::vector<SourceText>& sources);

}  // namespace nurture::tool::report
