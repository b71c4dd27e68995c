#include <cstdio>
#include <fmt/format.h>

#include "runtime/bytecode/kept.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "tools/nurture/command.h"

namespace nurture::tool {

namespace {

struct Options {
  std::vector<std::string> paths;
  std::string format = "text";
  std::string dump;
  bool kept = false;
  bool quiet = false;
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

std::string tally(std::size_t errors, std::size_t warnings, std::size_t campaigns) {
  auto count = [](std::size_t n, std::string_view one) { return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s"); };
  return fmt::format("{} checked: {}, {}\n", count(campaigns, "campaign"), count(errors, "error"),
                     count(warnings, "warning"));
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

/// One programme; its findings are printed, its errors counted.
int check_one(const driver::Checked& checked, const Options& options, Host& host) {
  const Diagnostics& found = checked.unit->diagnostics;
  if (!options.dump.empty()) {
    if (int code = print(dumped(checked, options.dump)); code != kOk) return code;
  } else if (options.format == "json") {
    if (int code = print(render_json(found, checked.unit->sources)); code != kOk) return code;
  } else if (!found.all().empty()) {
    fmt::print(stderr, "{}", render_terminal(found, checked.unit->sources, host.color_err));
  }
  if (found.failed()) return kFindings;
  if (!options.kept) return kOk;
  auto compiled = driver::compile(checked);
  return compiled ? print(kept_text(compiled->module)) : fail(compiled.error());
}

int run(const Options& options, Host& host) {
  int worst = kOk;
  std::size_t errors = 0, warnings = 0, campaigns = 0;
  for (const std::string& path : options.paths) {
    auto roots = driver::programmes(path, host.files);
    if (!roots) return fail(roots.error());
    for (const std::string& root : *roots) {
      auto checked = driver::check(root, host.files);
      if (!checked) return fail(checked.error());
      worst = std::max(worst, check_one(*checked, options, host));
      errors += checked->unit->diagnostics.errors();
      warnings += checked->unit->diagnostics.warnings();
      campaigns += checked->unit->model.campaigns.size();
    }
  }
  if (worst > kFindings || options.quiet || options.format == "json" || !options.dump.empty()) return worst;
  int code = print(tally(errors, warnings, campaigns));
  return code != kOk ? code : worst;
}

}  // namespace

void register_check(CLI::App& app, Host& host, int& exit_code) {
  auto* command = app.add_subcommand("check", "Say what is wrong with a programme, and how to mend it");
  auto options = std::make_shared<Options>();
  command
      ->add_option("programme", options->paths,
                   "a .nurture file, or a folder of them (a folder of folders: each is a programme)")
      ->required();
  add_format(*command, options->format);
  command->add_option("--dump", options->dump, "print what a stage made of it instead: ast or flow")
      ->check(CLI::IsMember({"ast", "flow"}));
  command->add_flag("--kept", options->kept, "print what is kept of each lead to answer questions about the past");
  command->add_flag("--quiet", options->quiet, "no closing line");
  command->footer(
      "Example:\n  nurture check examples\n\n"
      "Findings go to standard error, each with its code; `nurture help E0304` explains one.\n"
      "Exit codes: 0 no errors (there may be warnings); 1 errors; 2 wrong command line; 3 a file could not be read.");
  command->callback([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
