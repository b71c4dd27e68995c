#include "tools/nurture/command.h"
#include "tools/nurture/plan_report.h"

namespace nurture::tool {

namespace {

struct Options {
  std::string programme;
  std::string format = "text";
};

int run(const Options& options, Host& host) {
  int exit_code = kOk;
  auto checked = check_programme(options.programme, host, exit_code);
  if (!checked) return exit_code;
  auto compiled = driver::compile(*checked);
  if (!compiled) return fail(compiled.error(), kFindings);
  const ProgrammePlan plan = plan_of(options.programme, *checked, compiled->module);
  const sema::Unit& unit = *checked->unit;
  if (options.format == "json") return print(plan_json(plan, unit));
  if (options.format == "markdown") return print(plan_markdown(plan, unit));
  return print(plan_text(plan, unit, host.color_out));
}

}  // namespace

void register_plan(CLI::App& app, Host& host, int& exit_code) {
  auto* command = app.add_subcommand("plan", "Say what a programme will do to a person at most, before it does");
  auto options = std::make_shared<Options>();
  command->add_option("programme", options->programme, "a .nurture file, or a folder of them")->required();
  command->add_option("--format", options->format, "text for people, json for machines, markdown for a pull request")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->capture_default_str();
  command->footer(
      "Examples:\n  nurture plan examples/welcome\n  nurture plan campaigns/welcome --format markdown > plan.md\n\n"
      "Of each campaign: how long it lasts, how many messages anyone gets in all and in the worst week, how much work\n"
      "it makes for people, what it sends in which stage. No log can make it more.\n\n"
      "Exit codes: 0 said; 1 the programme has errors; 2 wrong command line; 3 a file could not be read.");
  command->callback([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
