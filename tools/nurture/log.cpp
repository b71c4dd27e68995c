#include <fmt/format.h>

#include "runtime/eventlog/inspect.h"
#include "tools/nurture/logs.h"

namespace nurture::tool {

void add_log_generate(CLI::App& log, Host& host, int& exit_code);

namespace {

struct Options {
  std::string programme;
  LogOptions logs;
  std::string format = "text";
};

void add_log_inspect(CLI::App&, Host&, int&) {}

}  // namespace

void register_log(CLI::App& app, Host& host, int& exit_code) {
  auto* log = app.add_subcommand("log", "Look into event logs, or make one up");
  log->require_subcommand(1);
  add_log_inspect(*log, host, exit_code);
  add_log_generate(*log, host, exit_code);
}

}  // namespace nurture::tool
