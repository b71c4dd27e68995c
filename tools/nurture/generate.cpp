#include "runtime/generate/generate.h"

#include <fmt/format.h>

#include "runtime/outcome/format.h"
#include "tools/nurture/logs.h"

namespace nurture::tool {

namespace {

constexpr std::uint64_t kLargestScenario = 16u << 20;

struct Options {
  std::string scenario;
  std::uint64_t count = 1'000;
  std::uint64_t seed = 1;
  std::string output;
  std::string leads;
  bool show_default = false;
};

Result<generate::Scenario> scenario_of(const Options& options, Host& host) {
  if (options.scenario.empty()) return generate::read_scenario(generate::default_scenario(), "the default scenario");
  auto text = host.files.read_file(options.scenario, kLargestScenario);
  if (!text) return text.error();
  return generate::read_scenario(*text, options.scenario);
}

Result<generate::Totals> write_log(const Options& options, Host& host) {
  auto scenario = scenario_of(options, host);
  if (!scenario) return scenario.error();
  auto log = host.files.create(options.output);
  if (!log) return log.error();
  std::unique_ptr<ByteSink> leads;
  if (!options.leads.empty()) {
    auto created = host.files.create(options.leads);
    if (!created) return created.error();
    leads = std::move(*created);
  }
  Progress progress(host, "generating");
  generate::Options how;
  how.leads = options.count;
  how.seed = options.seed;
  how.form = options.output.ends_with(".csv") ? generate::Form::Csv : generate::Form::Ndjson;
  how.progress = [&](std::uint64_t done, std::uint64_t) { progress.show(done, options.count, "leads"); };
  auto totals = generate::generate(*scenario, how, **log, leads.get());
  if (!totals) return totals.error();
  if (auto committed = (*log)->commit(); !committed) return committed.error();
  if (leads) {
    if (auto committed = leads->commit(); !committed) return committed.error();
  }
  return totals;
}

int run(const Options& options, Host& host) {
  if (options.show_default) return print(generate::default_scenario());
  if (options.output.empty())
    return fail({"where should the log go?", "Name a file: -o log.ndjson, or -o - for standard output."}, kUsage);
  auto totals = write_log(options, host);
  if (!totals) return fail(totals.error());
  if (options.output == "-") return kOk;
  return print(fmt::format("{}: {} of {}\n", options.output, outcome::counted(totals->events, "event", "events"),
                           outcome::counted(totals->leads, "lead", "leads")));
}

}  // namespace

void add_log_generate(Command log, Host& host, int& exit_code) {
  Command command = log.add_command("generate", "Write the log of a world that never was, to try a programme on");
  auto options = std::make_shared<Options>();
  command.add_option("scenario", options->scenario,
                     "a TOML file that describes the world (default: a year of B2B leads)");
  command.add_option("--count,-n", options->count, "how many leads")
      .shows_default()
      .between(std::uint64_t{1}, std::uint64_t{1'000'000'000});
  command.add_option("--seed", options->seed, "another seed, another world of the same kind").shows_default();
  command.add_option("-o,--output", options->output, "the log to write: .csv, else NDJSON; - is standard output");
  command.add_option("--leads", options->leads, "write the lead table here too, as CSV");
  command.add_flag("--show-default", options->show_default, "print the default scenario instead, to start one from");
  command.footer(
      "Examples:\n"
      "  nurture log generate --count 10000 -o log.ndjson --leads leads.csv\n"
      "  nurture log generate --show-default > mine.toml\n\n"
      "The same seed gives the same bytes on every machine, and more leads begin with the same ones.\n"
      "Exit codes: 0 written; 2 wrong command line; 3 a file could not be read or written.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
