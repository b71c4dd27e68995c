#include <fmt/format.h>

#include "runtime/database/database_files.h"
#include "runtime/eventlog/inspect.h"
#include "tools/nurture/logs.h"

namespace nurture::tool {

void add_log_export(Command log, Host& host, int& exit_code);
void add_log_generate(Command log, Host& host, int& exit_code);
void add_log_import(Command log, Host& host, int& exit_code);
void add_log_compact(Command log, Host& host, int& exit_code);
void add_log_verify(Command log, Host& host, int& exit_code);

namespace {

struct Options {
  std::string programme;
  std::string source;
  std::string sql;
  std::vector<std::string> logs;
  std::string format = "text";
};

int inspect(const Options& options, Host& host) {
  int exit_code = kOk;
  Loaded loaded;
  if (!options.programme.empty()) {
    auto found = load_programme(options.programme, host, exit_code);
    if (!found) return exit_code;
    loaded = std::move(*found);
  }
  Progress progress(host, "reading");
  eventlog::ImportOptions import;
  import.logs = options.logs;
  import.source = options.source;
  import.threads = thread_count(0);
  import.executed = executed_campaigns(loaded.module, {});
  import.progress = [&](const eventlog::ImportProgress& made) { progress.show(made); };
  database::DatabaseFiles files(host.files, {options.sql, {}, import.threads});
  auto facts = eventlog::inspect(loaded.module, files, import);
  if (!facts) return fail(facts.error());
  return print(options.format == "json" ? eventlog::to_json(*facts) : eventlog::to_text(*facts));
}

void add_log_inspect(Command log, Host& host, int& exit_code) {
  Command command = log.add_command("inspect", "Tell what a log holds, and what would be rejected");
  auto options = std::make_shared<Options>();
  command.add_option("log", options->logs, fmt::format("{}; or a store", kReadableLogs)).required();
  add_sql_option(command, options->sql);
  const Option programme = command.add_option("--programme", options->programme,
                                              "tell which kinds this programme listens to, and read by its source");
  command.add_option("--source", options->source, "the `source` of the programme that describes these logs")
      .needs(programme);
  add_format(command, options->format);
  command.footer(
      "Examples:\n"
      "  nurture log inspect log.ndjson.gz\n"
      "  nurture log inspect shop.csv --programme shop.nurture --source invoices\n"
      "  nurture log inspect log.store\n\n"
      "Nothing is written. Exit codes: 0 told; 1 the programme has errors; 2 wrong command line; 3 a file could\n"
      "not be read.");
  command.runs([options, &host, &exit_code] { exit_code = inspect(*options, host); });
}

}  // namespace

void register_log(Command app, Host& host, int& exit_code) {
  Command log = app.add_command("log", "Look into event logs, keep them as stores, or make one up");
  log.needs_command();
  add_log_inspect(log, host, exit_code);
  add_log_import(log, host, exit_code);
  add_log_compact(log, host, exit_code);
  add_log_export(log, host, exit_code);
  add_log_verify(log, host, exit_code);
  add_log_generate(log, host, exit_code);
}

}  // namespace nurture::tool
