#include <fmt/format.h>

#include "runtime/eventlog/export.h"
#include "runtime/outcome/format.h"
#include "tools/nurture/command.h"

// `nurture log export`: from a store back to a log and its tables.

namespace nurture::tool {

void add_log_export(Command log, Host& host, int& exit_code);

namespace {

struct ExportCommand {
  std::string store;
  eventlog::ExportFiles to;
};

int run(const ExportCommand& options, Host& host) {
  auto opened = eventlog::open_store(host.files, options.store);
  if (!opened) return fail(opened.error());
  if (Status done = eventlog::export_log(opened->file, opened->facts, host.files, options.to); !done) {
    return fail(done.error());
  }
  if (options.to.log == "-") return kOk;
  const store::Store& store = opened->file.store;
  return print(fmt::format("{}: {} of {}\n", options.to.log, outcome::counted(store.events(), "event", "events"),
                           outcome::counted(store.leads.size(), "lead", "leads")));
}

}  // namespace

void add_log_export(Command log, Host& host, int& exit_code) {
  Command command = log.add_command("export", "Write a store as a log again, with its tables");
  auto options = std::make_shared<ExportCommand>();
  command.add_option("store", options->store, "a file that `nurture log import` wrote").required();
  command.add_option("-o,--output", options->to.log, "the log to write: .csv, else NDJSON; - is standard output")
      .required();
  command.add_option("--leads", options->to.leads, "the lead table to write: .csv, else NDJSON");
  command.add_option("--accounts", options->to.accounts, "the account table to write: .csv, else NDJSON");
  command.footer(
      "Example:\n"
      "  nurture log export log.store -o log.ndjson --leads leads.csv\n\n"
      "What is imported from these files is the same store, but for what an import counts: lines that were rejected,\n"
      "superseded or of no interest are not in a store. Exit codes: 0 written; 2 wrong command line; 3 a file could "
      "not\n"
      "be read or written, or a form cannot say what the store has.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
