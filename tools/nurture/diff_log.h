#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/compare/compare.h"
#include "runtime/base/json.h"
#include "tools/nurture/assumed_runs.h"
#include "tools/nurture/logs.h"
#include "tools/nurture/run_options.h"
#include "tools/nurture/versions.h"

/// Which leads of a log the two versions of a programme treat differently.
namespace nurture::tool {

struct DiffLogOptions {
  LogOptions logs;
  RunText run;
  AssumeText assume;
};

/// What happens otherwise, in one way, to some leads of a campaign.
struct LogRow {
  std::string campaign;
  std::string facet, fate;    ///< "messages", "lost"
  std::string before, after;  ///< names: content, goal, reason, branch, stage
  std::string what;           ///< in words: "“welcome_3” is not sent"
  std::uint64_t leads = 0, count = 0;
  // The first of them, by key
  std::string lead;
  std::string at_before, at_after;        ///< UTC; empty where it is not in that version
  std::string local_before, local_after;  ///< by the clock of the programme
  std::string place_before, place_after;
};

struct LogTotal {
  std::string facet;
  std::uint64_t before = 0, after = 0, same = 0, earlier = 0, later = 0, other = 0, lost = 0, added = 0;
};

struct LogDiff {
  std::uint64_t leads = 0, accounts = 0;
  std::uint64_t different = 0;            ///< leads and accounts
  Assuming assuming;                      ///< of the version after
  std::optional<FigureRuns> differences;  ///< with `--runs`: after minus before, run by run
  bool read_twice = false;                ///< the versions read the log in different ways
  std::vector<LogTotal> totals;
  std::vector<LogRow> rows;
};

/// Replays both. On failure `exit_code` is set and what happened is printed.
std::optional<LogDiff> diff_logs(const Version& before, const Version& after, const compare::Comparison& comparison,
                                 const DiffLogOptions& options, Host& host, int& exit_code);

std::string log_text(const LogDiff& diff, bool colour);
std::string log_markdown(const LogDiff& diff);
void log_json(const LogDiff& diff, JsonWriter& json);

}  // namespace nurture::tool
