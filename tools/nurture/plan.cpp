#include <fmt/format.h>

#include "runtime/outcome/names.h"
#include "tools/nurture/command.h"
#include "tools/nurture/logs.h"
#include "tools/nurture/plan_report.h"

namespace nurture::tool {

namespace {

struct Options {
  std::string programme;
  std::string format = "text";
  std::string from;
  std::vector<double> rates;
  std::uint64_t leads = 0;
};

/// In per cent: what is assumed where nobody says.
constexpr double kUsualRates[] = {1, 2, 5, 10, 20};

Assumed assumed(const Options& options) {
  Assumed out;
  const std::vector<double> usual(std::begin(kUsualRates), std::end(kUsualRates));
  for (double rate : options.rates.empty() ? usual : options.rates) out.rates.push_back(rate / 100);
  if (options.leads > 0) out.units = options.leads;
  return out;
}

/// A date alone begins at ten in the morning, when people are at work.
constexpr std::size_t kDate = std::string_view("2026-04-03").size();
constexpr Instant kMorning = 10 * kHour;

/// What `--from` adds to the plan.
int add_calendars(const Options& options, const driver::Checked& checked, const bytecode::Module& module,
                  ProgrammePlan& plan) {
  auto from = parse_instant(options.from, outcome::programme_zone(module));
  if (!from)
    return fail({fmt::format("--from: \"{}\" is no date", options.from), "Write 2026-04-03 or \"2026-04-03 14:00\"."},
                kUsage);
  plan.from = options.from.size() == kDate ? *from + kMorning : *from;
  auto rehearsed = rehearse(checked, module, *plan.from);
  if (!rehearsed) return fail(rehearsed.error());
  for (std::size_t i = 0; i < plan.campaigns.size(); ++i) plan.campaigns[i].calendars = std::move((*rehearsed)[i]);
  return kOk;
}

int run(const Options& options, Host& host) {
  int exit_code = kOk;
  auto checked = check_programme(options.programme, host, exit_code);
  if (!checked) return exit_code;
  auto compiled = driver::compile(*checked);
  if (!compiled) return fail(compiled.error(), kFindings);
  ProgrammePlan plan = plan_of(options.programme, *checked, compiled->module);
  plan.assumed = assumed(options);
  if (!options.from.empty()) {
    if (int code = add_calendars(options, *checked, compiled->module, plan); code != kOk) return code;
  }
  const sema::Unit& unit = *checked->unit;
  if (options.format == "json") return print(plan_json(plan, unit));
  if (options.format == "markdown") return print(plan_markdown(plan, unit));
  return print(plan_text(plan, unit, host.color_out));
}

}  // namespace

void register_plan(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("plan", "Say what a programme will do to a person at most, before it does");
  auto options = std::make_shared<Options>();
  command.add_option("programme", options->programme, "a .nurture file, or a folder of them").required();
  command.add_option("--format", options->format, "text for people, json for machines, markdown for a pull request")
      .one_of({"text", "json", "markdown"})
      .shows_default();
  command.add_option("--from", options->from,
                     "also show three made-up leads' calendars that begin then: a date or an instant");
  command
      .add_option("--rate", options->rates,
                  "how many reach a goal without what a split or holdout tries, in per cent (may be repeated)")
      .between(0.001, 99.0)
      .takes_all();
  command.add_option("--experiment-leads", options->leads, "how many a split or holdout will get: which rise they show")
      .between(std::uint64_t{10}, std::uint64_t{1'000'000'000'000});
  command.footer(
      "Examples:\n  nurture plan examples/welcome\n  nurture plan examples/trial_experiment --rate 8 "
      "--experiment-leads 5000\n  nurture plan campaigns/welcome --from 2026-04-03\n"
      "  nurture plan campaigns/welcome --format markdown > plan.md\n\n"
      "Of each campaign: how long it lasts, how many messages anyone gets in all and in the worst week, how much work\n"
      "it makes for people, what it sends in which stage. No log can make it more. With --from: what it does to\n"
      "somebody who does nothing, to one of the usual kind and to one who reacts to everything, date by date.\n\n"
      "Exit codes: 0 said; 1 the programme has errors; 2 wrong command line; 3 a file could not be read.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
