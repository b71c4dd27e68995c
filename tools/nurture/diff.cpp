#include "tools/nurture/command.h"
#include "tools/nurture/diff_report.h"

namespace nurture::tool {

namespace {

struct Options {
  VersionOptions versions;
  DiffLogOptions log;
  std::string format = "text";
};

std::string rendered(const VersionsDiff& diff, const Options& options, const Host& host) {
  if (options.format == "json") return diff_json(diff);
  if (options.format == "markdown") return diff_markdown(diff);
  return diff_text(diff, host.color_out);
}

int run(const Options& options, Host& host) {
  int exit_code = kOk;
  const LogOptions& logs = options.log.logs;
  const bool has_log = !logs.events.empty() || !logs.leads.empty();
  if (!has_log && !(logs.accounts + logs.source + options.log.run.until + options.log.run.deployed_at +
                    options.log.assume.scenario + options.log.assume.seed + options.log.assume.runs)
                       .empty())
    return fail({"there is no log to replay both versions over", "Name it: `--events log.ndjson`."}, kUsage);
  const auto versions = read_versions(options.versions, host, exit_code);
  if (!versions) return exit_code;
  VersionsDiff diff = diff_of(versions->first, versions->second);
  if (has_log) {
    diff.log = diff_logs(versions->first, versions->second, diff.comparison, options.log, host, exit_code);
    if (!diff.log) return exit_code;
  }
  const int printed = print(rendered(diff, options, host));
  return printed == kOk && diff.any() ? kFindings : printed;
}

}  // namespace

void register_diff(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("diff", "Say what changed between two versions of a programme: in meaning");
  auto options = std::make_shared<Options>();
  command.add_option("versions", options->versions.paths,
                     "two of: a .nurture file, a folder of them, or REV:PATH in the git repository around");
  command
      .add_option("--git", options->versions.revisions,
                  "REV or REV REV2, then -- PATH: from that revision to what is there now, or to the second")
      .takes(1, 2);
  add_log_options(command, options->log.logs, false);
  add_run_options(command, options->log.run);
  add_assume_options(command, options->log.assume);
  command.add_option("--format", options->format, "text for people, json for machines, markdown for a pull request")
      .one_of({"text", "json", "markdown"})
      .shows_default();
  command.footer(
      "Examples:\n"
      "  nurture diff welcome.nurture new_welcome.nurture\n"
      "  nurture diff main:campaigns/welcome campaigns/welcome\n"
      "  nurture diff --format markdown --git main -- campaigns/welcome > diff.md\n"
      "  nurture diff main:campaigns/welcome campaigns/welcome --events log.ndjson --leads leads.csv\n"
      "  nurture diff main:campaigns/welcome campaigns/welcome --events log.ndjson --assume baseline --runs 200\n\n"
      "Layout, comments, the order of declarations and the names of constants mean nothing. What several campaigns\n"
      "share is said once, with the campaigns that it reaches. With a log, both versions are replayed over it: how "
      "many\n"
      "leads are treated differently, and how.\n\n"
      "Exit codes: 0 nothing has changed in meaning; 1 something has; 2 wrong command line; 3 a version could not be\n"
      "read, or has errors.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
