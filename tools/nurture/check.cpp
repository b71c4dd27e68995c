#include <algorithm>
#include <cstdio>
#include <fmt/format.h>

#include "compiler/report/report.h"
#include "runtime/bytecode/kept.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "tools/nurture/checker.h"
#include "tools/nurture/command.h"
#include "tools/nurture/evidence/evidence.h"
#include "tools/nurture/kept_checks.h"
#include "tools/nurture/mending.h"
#include "tools/nurture/pages.h"

namespace nurture::tool {

namespace {

struct Options {
  std::vector<std::string> paths;
  std::string format = "text";
  std::string fail_on = "error";
  std::string dump;
  bool kept = false;
  bool quiet = false;
  bool fix = false;
  bool diff = false;
  bool no_cache = false;
  LogOptions logs;
  bool with_log() const { return !logs.events.empty() || !logs.leads.empty(); }
};

std::string dumped(const driver::Checked& checked, const std::string& what) {
  std::string text;
  if (what == "ast") {
    for (const ast::File& file : checked.unit->files) text += ast::dump(file);
  } else {
    for (const flow::CampaignGraph& graph : checked.graphs) text += flow::dump(graph, checked.unit->model);
  }
  return text;
}

std::string tally(const report::Report& found, std::size_t campaigns) {
  std::string out = fmt::format("{} checked: {}, {}", outcome::counted(campaigns, "campaign", "campaigns"),
                                outcome::counted(found.count(Severity::Error) - found.left_out(), "error", "errors"),
                                outcome::counted(found.count(Severity::Warning), "warning", "warnings"));
  std::size_t advice = found.count(Severity::Advice);
  if (advice > 0) out += ", " + outcome::counted(advice, "piece of advice", "pieces of advice");
  return out + '\n';
}

/// What the programme keeps of each lead (§3.2).
std::string kept_text(const bytecode::Module& module) {
  constexpr unsigned kWidth = 120;
  outcome::Table table(kWidth);
  table.column("kept of each lead", outcome::Table::Align::Wrap);
  table.column("what", outcome::Table::Align::Wrap);
  table.column("asked at", outcome::Table::Align::Wrap);
  for (const bytecode::Kept& row : bytecode::kept(module)) {
    table.row({row.question, row.what, outcome::place_text(module, row.place)});
  }
  return table.empty() ? "nothing is kept of the past: no condition asks for it\n" : table.text();
}

/// Files as a build server looks for them: from the folder of the repository, or without one the working folder.
report::Naming naming(const std::string& format, Host& host) {
  if (format != "sarif" && format != "github" && format != "gitlab")
    return [](const std::string& path) { return path; };
  std::string root = findings::repository_of(host.working_folder, host.files);
  if (root.empty()) root = host.working_folder;
  return [root, working = host.working_folder](const std::string& path) {
    std::string whole = findings::absolute(path, working);
    return whole.starts_with(root + '/') ? whole.substr(root.size() + 1) : whole;
  };
}

Checker::Witness witness(const Options& options, Host& host) {
  if (!options.with_log()) return nullptr;
  return [&](const std::string& root, driver::Checked& checked, const findings::Levels& levels, FileSystem& files) {
    return evidence::look(root, checked, levels.capacity(), options.logs, files, host);
  };
}

/// One run over all programmes that were named.
class Run {
 public:
  Run(const Options& options, Host& host)
      : options_(options),
        host_(host),
        name_(naming(options.format, host)),
        mending_(options.paths, host, witness(options, host)) {
    report_.fails_from = *find_severity(options.fail_on);
  }

  int run() {
    const auto& paths = options_.paths;
    if (options_.fix && std::find(paths.begin(), paths.end(), "-") != paths.end())
      return fail({"--fix changes files, and standard input is none", "Name the file."}, kUsage);
    if (options_.fix && options_.diff) return show_changes();
    if (options_.fix) {
      int code = mending_.run(nullptr);
      if (code == kOk) code = mending_.write();
      if (code != kOk) return code;
    }
    // What is dumped, or kept of a lead, takes the programme itself; and what a log shows changes with the log.
    const bool from_memory = !options_.no_cache && options_.dump.empty() && !options_.kept && !options_.with_log();
    KeptChecks checks(options_.paths, host_);
    Checker checker(options_.paths, host_.files, host_, from_memory ? &checks.memory() : nullptr,
                    witness(options_, host_));
    int code = checker.run(options_.quiet ? report_.fails_from : Severity::Advice,
                           [&](const CheckedProgramme& each) { return programme(each); });
    checks.save();
    if (code == kOk && options_.dump.empty()) code = print(document());
    return code != kOk ? code : verdict();
  }

 private:
  int verdict() const { return report_.failed() ? kFindings : kOk; }

  /// The verdict is about what is there now, not about what would be left.
  int show_changes() {
    int code = mending_.run([&](const CheckedProgramme& each) -> int {
      add(each);
      return kOk;
    });
    if (code == kOk) code = mending_.show();
    return code != kOk ? code : verdict();
  }

  int programme(const CheckedProgramme& each) {
    campaigns_ += each.campaigns;
    add(each);
    if (int code = show(each); code != kOk) return code;
    return each.sound && options_.kept ? show_kept(*each.fresh) : int{kOk};
  }

  void add(const CheckedProgramme& each) {
    report_.programmes.push_back(report::collect(name_(each.root), each.diagnostics, each.sources, name_));
  }

  int show(const CheckedProgramme& each) {
    if (!options_.dump.empty()) return print(dumped(*each.fresh, options_.dump));
    if (options_.format == "text" && !each.diagnostics.all().empty())
      fmt::print(stderr, "{}", render_terminal(each.diagnostics, each.sources, host_.color_err));
    return kOk;
  }

  static int show_kept(const driver::Checked& checked) {
    auto compiled = driver::compile(checked);
    return compiled ? print(kept_text(compiled->module)) : fail(compiled.error());
  }

  std::string document() const {
    const std::string& format = options_.format;
    if (format == "json") return report::json(report_);
    if (format == "sarif") return report::sarif(report_, page_of, NURTURE_VERSION);
    if (format == "github") return report::github(report_, page_of);
    if (format == "gitlab") return report::gitlab(report_);
    if (format == "junit") return report::junit(report_);
    if (options_.quiet) return {};
    return (options_.fix ? mending_.text() : "") + tally(report_, campaigns_);
  }

  const Options& options_;
  Host& host_;
  report::Naming name_;
  Mending mending_;
  report::Report report_;
  std::size_t campaigns_ = 0;
};

}  // namespace

void register_check(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("check", "Say what is wrong with a programme, and how to mend it");
  auto options = std::make_shared<Options>();
  command
      .add_option("programme", options->paths,
                  "a .nurture file, or a folder of them (a folder of folders: each is a programme)")
      .required();
  command
      .add_option(
          "--format", options->format,
          "text for people; json, sarif, github, gitlab and junit for machines: one document for all programmes")
      .one_of({"text", "json", "sarif", "github", "gitlab", "junit"})
      .shows_default();
  command.add_option("--fail-on", options->fail_on, "the least finding that makes the exit code 1")
      .one_of({"error", "warning", "advice"})
      .shows_default();
  command.add_option("--dump", options->dump, "print what a stage made of it instead: ast or flow")
      .one_of({"ast", "flow"});
  command.add_flag("--kept", options->kept, "print what is kept of each lead to answer questions about the past");
  command.add_flag("--quiet", options->quiet, "only the findings that make the exit code 1, and no closing line");
  const Option fix =
      command.add_flag("--fix", options->fix, "make the changes that findings offer, then check what is left");
  command.add_flag("--diff", options->diff, "with --fix: change no file, and show what would be changed").needs(fix);
  command.add_flag("--no-cache", options->no_cache,
                   "check everything anew; without it, programmes whose files are as they were are not");
  add_log_options(command, options->logs, false);
  command.footer(
      "Examples:\n  nurture check examples\n  nurture check campaigns --format sarif --fail-on warning\n"
      "  nurture check welcome --events 'logs/*.csv.gz' --leads leads.csv\n\n"
      "Findings go to standard error, each with its code; `nurture help E0304` explains one. With another format than\n"
      "text they go to standard output. The nearest nurture.toml from the programme's folder upwards sets their "
      "levels.\n"
      "With --events the programme is replayed over a log, and what stands out is found too (W1501 to W1508).\n"
      "Exit codes: 0 nothing as grave as --fail-on; 1 something is; 2 wrong command line; 3 a file could not be read,\n"
      "or a nurture.toml is wrong.");
  command.runs([options, &host, &exit_code] { exit_code = Run(*options, host).run(); });
}

}  // namespace nurture::tool
