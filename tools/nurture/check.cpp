#include <cstdio>
#include <fmt/format.h>
#include <set>

#include "compiler/findings/levels.h"
#include "compiler/findings/mend.h"
#include "compiler/format/diff.h"
#include "compiler/report/report.h"
#include "runtime/bytecode/kept.h"
#include "runtime/host/overlay_file_system.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "tools/nurture/command.h"
#include "tools/nurture/pages.h"

namespace nurture::tool {

namespace {

constexpr std::uint64_t kLargestFile = 64u << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Options {
  std::vector<std::string> paths;
  std::string format = "text";
  std::string fail_on = "error";
  std::string dump;
  bool kept = false;
  bool quiet = false;
  bool fix = false;
  bool diff = false;
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

std::string count(std::size_t n, std::string_view one) { return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s"); }

std::string tally(const report::Report& found, std::size_t campaigns) {
  std::string out = fmt::format("{} checked: {}, {}", count(campaigns, "campaign"),
                                count(found.count(Severity::Error) - found.left_out(), "error"),
                                count(found.count(Severity::Warning), "warning"));
  std::size_t advice = found.count(Severity::Advice);
  if (advice > 0) out += fmt::format(", {} piece{} of advice", advice, advice == 1 ? "" : "s");
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

Severity severity_of(const std::string& name) {
  return name == "error" ? Severity::Error : name == "warning" ? Severity::Warning : Severity::Advice;
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

/// One run over all programmes that were named.
class Run {
 public:
  Run(const Options& options, Host& host)
      : options_(options),
        host_(host),
        files_(host.files),
        name_(naming(options.format, host)),
        levels_(host.files, host.working_folder) {
    report_.fails_from = severity_of(options.fail_on);
  }

  int run() {
    if (options_.fix) {
      int code = mend();
      if (code != kOk || options_.diff) return code != kOk ? code : show_changes();
      if (auto written = files_.write(); !written) return fail(written.error());
    }
    int code =
        each_programme(options_.quiet, [&](const driver::Checked& checked, const std::string& root, bool sound) -> int {
          campaigns_ += checked.unit->model.campaigns.size();
          add(checked, root);
          if (int shown = show(checked); shown != kOk) return shown;
          return sound && options_.kept ? show_kept(checked) : kOk;
        });
    if (code == kOk && options_.dump.empty()) code = print(document());
    return code != kOk ? code : verdict();
  }

 private:
  int verdict() const { return report_.failed() ? kFindings : kOk; }

  /// Calls `visit` for each programme with what is to be told of it, and whether it has no error; until one fails.
  template <typename Visit>
  int each_programme(bool quiet, Visit visit) {
    told_.clear();
    for (const std::string& path : options_.paths) {
      auto roots = driver::programmes(path, files_);
      if (!roots) return fail(roots.error());
      for (const std::string& root : *roots) {
        auto checked = driver::check(root, files_);
        if (!checked) return fail(checked.error());
        auto levels = levels_.of(root);
        if (!levels) return fail(levels.error());
        const bool sound = !checked->failed();
        judge(*checked, **levels, quiet);
        if (int code = visit(*checked, root, sound); code != kOk) return code;
      }
    }
    return kOk;
  }

  void add(const driver::Checked& checked, const std::string& root) {
    const sema::Unit& unit = *checked.unit;
    report_.programmes.push_back(report::collect(name_(root), unit.diagnostics, unit.sources, name_));
  }

  /// Takes the levels of the project, and leaves out what a programme that shares the file was told already.
  void judge(driver::Checked& checked, const findings::Levels& levels, bool quiet) {
    const SourceManager& sources = checked.unit->sources;
    checked.unit->diagnostics.judge([&](const Diagnostic& each) -> std::optional<Severity> {
      std::string file = each.span.file < sources.size() ? sources.file(each.span.file).path() : "";
      std::string whole = file.starts_with('<') ? file : findings::absolute(file, host_.working_folder);
      auto severity = levels.of(each.id, whole);
      if (!severity || (quiet && *severity > report_.fails_from)) return std::nullopt;
      bool first = told_.emplace(each.id, each.span.begin, each.span.end, whole, each.message).second;
      return first ? severity : std::nullopt;
    });
  }

  /// Makes the changes that findings offer, in `files_` alone. What is mended may bring other findings to light, so it
  /// goes on until nothing is left to change; a few times at most, in case two of them undo each other.
  int mend() {
    constexpr int kRounds = 10;
    for (int round = 0; round < kRounds; ++round) {
      findings::Mender mender;
      int code = each_programme(false, [&](const driver::Checked& checked, const std::string& root, bool) -> int {
        mender.take(checked.unit->diagnostics, checked.unit->sources);
        if (options_.diff && round == 0) add(checked, root);
        return kOk;
      });
      if (code != kOk) return code;
      findings::Mender::Result made = mender.run();
      unreadable_ = made.unreadable;
      mended_ += made.files.empty() ? 0 : made.mended;
      if (made.files.empty()) return kOk;
      for (findings::Mender::File& file : made.files) {
        if (code = put(file); code != kOk) return code;
      }
    }
    return kOk;
  }

  int put(findings::Mender::File& file) {
    auto now = files_.read_file(file.path, kLargestFile);
    if (!now) return fail(now.error());
    std::string mark(now->starts_with(kByteOrderMark) ? kByteOrderMark : "");
    if (*now != mark + file.before)
      return fail({file.path + " was changed while it was checked", "Nothing was written; try again."});
    files_.put(file.path, mark + file.after);
    return kOk;
  }

  int show_changes() {
    std::string text;
    for (const auto& [path, after] : files_.replaced()) {
      auto before = host_.files.read_file(path, kLargestFile);
      if (!before) return fail(before.error());
      text += format::unified_diff(*before, after, path, path);
    }
    int code = print(text);
    return code != kOk ? code : verdict();
  }

  int show(const driver::Checked& checked) {
    if (!options_.dump.empty()) return print(dumped(checked, options_.dump));
    const sema::Unit& unit = *checked.unit;
    if (options_.format == "text" && !unit.diagnostics.all().empty())
      fmt::print(stderr, "{}", render_terminal(unit.diagnostics, unit.sources, host_.color_err));
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
    return options_.quiet ? "" : mended_text() + tally(report_, campaigns_);
  }

  std::string mended_text() const {
    std::string out;
    if (options_.fix)
      out = fmt::format("{} mended in {}\n", count(mended_, "finding"), count(files_.replaced().size(), "file"));
    if (unreadable_ > 0)
      out += fmt::format("{} left: after the change the file could not be read\n", count(unreadable_, "finding"));
    return out;
  }

  const Options& options_;
  Host& host_;
  host::OverlayFileSystem files_;  ///< with what is mended in place
  report::Naming name_;
  findings::LevelFinder levels_;
  report::Report report_;
  std::size_t campaigns_ = 0;
  std::size_t mended_ = 0, unreadable_ = 0;  ///< findings
  std::set<std::tuple<DiagnosticId, std::uint32_t, std::uint32_t, std::string, std::string>> told_;
};

}  // namespace

void register_check(CLI::App& app, Host& host, int& exit_code) {
  auto* command = app.add_subcommand("check", "Say what is wrong with a programme, and how to mend it");
  auto options = std::make_shared<Options>();
  command
      ->add_option("programme", options->paths,
                   "a .nurture file, or a folder of them (a folder of folders: each is a programme)")
      ->required();
  command
      ->add_option(
          "--format", options->format,
          "text for people; json, sarif, github, gitlab and junit for machines: one document for all programmes")
      ->check(CLI::IsMember({"text", "json", "sarif", "github", "gitlab", "junit"}))
      ->capture_default_str();
  command->add_option("--fail-on", options->fail_on, "the least finding that makes the exit code 1")
      ->check(CLI::IsMember({"error", "warning", "advice"}))
      ->capture_default_str();
  command->add_option("--dump", options->dump, "print what a stage made of it instead: ast or flow")
      ->check(CLI::IsMember({"ast", "flow"}));
  command->add_flag("--kept", options->kept, "print what is kept of each lead to answer questions about the past");
  command->add_flag("--quiet", options->quiet, "only the findings that make the exit code 1, and no closing line");
  auto* fix = command->add_flag("--fix", options->fix, "make the changes that findings offer, then check what is left");
  command->add_flag("--diff", options->diff, "with --fix: change no file, and show what would be changed")->needs(fix);
  command->footer(
      "Examples:\n  nurture check examples\n  nurture check campaigns --format sarif --fail-on warning\n\n"
      "Findings go to standard error, each with its code; `nurture help E0304` explains one. With another format than\n"
      "text they go to standard output. The nearest nurture.toml from the programme's folder upwards sets their "
      "levels.\n"
      "Exit codes: 0 nothing as grave as --fail-on; 1 something is; 2 wrong command line; 3 a file could not be read,\n"
      "or a nurture.toml is wrong.");
  command->callback([options, &host, &exit_code] { exit_code = Run(*options, host).run(); });
}

}  // namespace nurture::tool
