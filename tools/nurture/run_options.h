#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/engine/engine.h"
#include "tools/nurture/command.h"

/// How a programme is run over a log: what commands that replay one share.
namespace nurture::tool {

/// `--jit`; its default is what the environment says in NURTURE_JIT, else `off`.
void add_jit_option(Command command, std::string& jit);
/// What it asks for; an error where it asks for native code and there is no LLVM. Of a run over one or a few leads
/// `auto` is off.
enum class RunLength : std::uint8_t { Few, Log };
Result<engine::MakeNative> native_code(const std::string& jit, RunLength length);

struct RunText {
  std::string until;
  std::string deployed_at;
  std::vector<std::string> campaigns;  ///< only these, whatever their status; empty: all whose status is live
  std::string jit = "off";             ///< auto, on, off
};

/// `--until`, `--deployed-at` and `--jit`. `when` is said before what each is for: "with --events: ".
void add_run_options(Command command, RunText& text, const std::string& when = "");
/// `--campaign`.
void add_campaign_option(Command command, RunText& text);

/// How people are assumed to react (§7.5).
struct AssumeText {
  std::string scenario;  ///< empty: nobody reacts but in the log
  std::string seed;
  std::string runs;
};
/// `--assume`, `--seed` and `--runs`.
void add_assume_options(Command command, AssumeText& text);
/// `--assume` and `--seed`: of one run.
void add_assumption_option(Command command, AssumeText& text);

/// What they ask for.
struct Assuming {
  std::optional<engine::Assumption> first;  ///< run 0; no value: nothing is assumed
  std::uint64_t runs = 0;                   ///< 0: `--runs` was not given
  std::string words;                        ///< "scenario baseline, seed 1"
};
Result<Assuming> assuming(const bytecode::Module& module, const AssumeText& text);
/// What is said at the head of all that hangs on assumptions.
std::string assuming_head(const Assuming& assuming);

/// What they ask for. Dates are those of the programme's time zone; `threads` 0 are all cores.
Result<engine::RunOptions> run_options(const bytecode::Module& module, const RunText& text, unsigned threads);

}  // namespace nurture::tool
