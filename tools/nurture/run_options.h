#pragma once

#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/engine/engine.h"
#include "tools/nurture/command.h"

/// How a programme is run over a log: what commands that replay one share.
namespace nurture::tool {

struct RunText {
  std::string until;
  std::string deployed_at;
  std::vector<std::string> campaigns;  ///< only these, whatever their status; empty: all whose status is live
};

/// `--until` and `--deployed-at`. `when` is said before what each is for: "with --events: ".
void add_run_options(CLI::App& command, RunText& text, const std::string& when = "");
/// `--campaign`.
void add_campaign_option(CLI::App& command, RunText& text);

/// What they ask for. Dates are those of the programme's time zone; `threads` 0 are all cores.
Result<engine::RunOptions> run_options(const bytecode::Module& module, const RunText& text, unsigned threads);

}  // namespace nurture::tool
