#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/driver/driver.h"
#include "runtime/base/io.h"
#include "runtime/base/result.h"
#include "tools/nurture/command_line.h"

/// What all commands of `nurture` share: exit codes, how they print, how a programme gets loaded.
namespace nurture::tool {

/// Exit codes, documented in docs/commands.md.
enum ExitCode : int {
  kOk = 0,
  kFindings = 1,  ///< errors in the programme, a failed test, a violated property, a rejected line with --strict
  kUsage = 2,     ///< a wrong command line
  kTrouble = 3,   ///< something could not be read or written, or is damaged
  kBelow = 4,     ///< the tests reach less of a programme than was asked for
};

/// The machine as the commands see it; main() fills it from the process.
struct Host {
  FileSystem& files;
  bool color_out = false;  ///< standard output is a terminal and NO_COLOR is not set
  bool color_err = false;
  bool terminal_err = false;         ///< progress is shown on standard error
  std::string working_folder = "/";  ///< absolute
  std::string cache_folder;          ///< for what only saves time; empty: there is none
  std::string build_id;              ///< of this very program; empty: not known
};

/// Each command adds itself to the application and sets `exit_code` when it ran.
void register_new(Command app, Host& host, int& exit_code);
void register_check(Command app, Host& host, int& exit_code);
void register_fmt(Command app, Host& host, int& exit_code);
void register_build(Command app, Host& host, int& exit_code);
void register_plan(Command app, Host& host, int& exit_code);
void register_graph(Command app, Host& host, int& exit_code);
void register_diff(Command app, Host& host, int& exit_code);
void register_simulate(Command app, Host& host, int& exit_code);
void register_report(Command app, Host& host, int& exit_code);
void register_experiment(Command app, Host& host, int& exit_code);
void register_fit(Command app, Host& host, int& exit_code);
void register_render(Command app, Host& host, int& exit_code);
void register_explain(Command app, Host& host, int& exit_code);
void register_test(Command app, Host& host, int& exit_code);
void register_log(Command app, Host& host, int& exit_code);
void register_help(Command app, Host& host, int& exit_code);

/// Prints "nurture: <message>" and the hint to standard error.
int fail(const Error& error, int exit_code = kTrouble);

/// The hint to an unknown name: which one was meant, or which there are. Not empty.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& names);

/// Writes to standard output; a failure (a full disk behind a redirection) is kTrouble.
int print(std::string_view text);

/// A programme from source (file or folder) or from a .nbc; diagnostics go to standard error.
struct Loaded {
  bytecode::Module module;
  std::vector<bytecode::TestPlan> tests;  ///< empty for a .nbc
  std::vector<bytecode::Spot> spots;      ///< empty for a .nbc
};
/// On failure `exit_code` is set and what happened is printed.
std::optional<Loaded> load_programme(const std::string& path, Host& host, int& exit_code);

/// A programme from source, without errors; diagnostics go to standard error. On failure as there.
std::optional<driver::Checked> check_programme(const std::string& path, Host& host, int& exit_code);

/// The `--format text|json` option of a command.
void add_format(Command command, std::string& format);

}  // namespace nurture::tool
