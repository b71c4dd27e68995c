#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "runtime/testing/coverage.h"
#include "runtime/testing/testing.h"
#include "tools/nurture/command.h"
#include "tools/nurture/run_options.h"
#include "tools/nurture/test_report.h"

namespace nurture::tool {

namespace {

struct Options {
  std::vector<std::string> paths;
  std::vector<std::string> filters;
  std::vector<std::string> campaigns;
  bool coverage = false;
  std::string at_least;
  std::string format = "text";
  std::string jit = "off";
};

bool names(const std::vector<std::string>& list, const std::string& name) {
  return list.empty() || std::find(list.begin(), list.end(), name) != list.end();
}

const std::string& campaign_name(const bytecode::Module& module, std::uint16_t campaign) {
  return module.strings[module.campaigns[campaign].name];
}

bool chosen(const bytecode::TestPlan& plan, const bytecode::Module& module, const Options& options) {
  const bool named = options.filters.empty() ||
                     std::any_of(options.filters.begin(), options.filters.end(),
                                 [&](const auto& filter) { return plan.name.find(filter) != std::string::npos; });
  return named && names(options.campaigns, campaign_name(module, plan.campaign));
}

/// Runs one programme's tests.
std::optional<ProgrammeTests> run_programme(const std::string& path, const Options& options, Host& host,
                                            int& exit_code) {
  auto loaded = load_programme(path, host, exit_code);
  if (!loaded) return std::nullopt;
  auto native = native_code(options.jit, RunLength::Few);
  if (!native) {
    exit_code = fail(native.error(), kUsage);
    return std::nullopt;
  }
  const bytecode::Module& module = loaded->module;
  std::erase_if(loaded->tests, [&](const auto& plan) { return !chosen(plan, module, options); });
  ProgrammeTests out;
  out.path = path;
  out.covered = options.coverage;
  testing::Coverage coverage(module, loaded->spots);
  testing::TestHooks hooks = options.coverage ? coverage.hooks() : testing::TestHooks{};
  hooks.native = std::move(*native);
  out.results = testing::run_tests(module, loaded->tests, hooks);
  for (const auto& plan : loaded->tests) out.campaigns.push_back(campaign_name(module, plan.campaign));
  std::vector<std::uint16_t> rows;
  for (std::uint16_t i = 0; i < module.campaigns.size(); ++i) {
    if (names(options.campaigns, campaign_name(module, i))) rows.push_back(i);
  }
  if (options.coverage || !options.campaigns.empty()) out.coverage = programme_coverage(module, coverage.items(), rows);
  return out;
}

std::optional<std::vector<ProgrammeTests>> run_all(const Options& options, Host& host, int& exit_code) {
  std::vector<ProgrammeTests> programmes;
  for (const std::string& path : options.paths) {
    if (path.ends_with(".nbc")) {
      exit_code =
          fail({fmt::format("{}: a module carries no tests", path), "Name the programme it was built from."}, kUsage);
      return std::nullopt;
    }
    auto roots = driver::programmes(path, host.files);
    if (!roots) {
      exit_code = fail(roots.error());
      return std::nullopt;
    }
    for (const std::string& root : *roots) {
      auto ran = run_programme(root, options, host, exit_code);
      if (!ran) return std::nullopt;
      programmes.push_back(std::move(*ran));
    }
  }
  return programmes;
}

/// A choice of nothing is a slip of the pen, not a success.
Status check_choice(const std::vector<ProgrammeTests>& programmes, const Options& options) {
  for (const std::string& campaign : options.campaigns) {
    const bool known = std::any_of(programmes.begin(), programmes.end(), [&](const ProgrammeTests& programme) {
      const auto& rows = programme.coverage.campaigns;
      return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.name == campaign; });
    });
    if (!known) return Error{fmt::format("there is no campaign \"{}\" to test", campaign), ""};
  }
  const bool any =
      std::any_of(programmes.begin(), programmes.end(), [](const auto& each) { return !each.results.empty(); });
  if (any || (options.filters.empty() && options.campaigns.empty())) return Done{};
  return Error{"no test is chosen by these --filter and --campaign", "Without them, all tests run."};
}

/// `95%` or `95`; no value: not a percentage.
std::optional<double> percentage(std::string text) {
  if (text.ends_with('%')) text.pop_back();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool read = error == std::errc() && end == text.data() + text.size();
  return read && value >= 0 && value <= 100 ? std::optional(value) : std::nullopt;
}

/// Each programme has to reach it by itself.
int judge_coverage(const std::vector<ProgrammeTests>& programmes, double at_least) {
  int exit_code = kOk;
  for (const ProgrammeTests& programme : programmes) {
    const testing::Tally& all = programme.coverage.all;
    if (100.0 * static_cast<double>(all.reached) >= at_least * static_cast<double>(all.total)) continue;
    exit_code = fail({fmt::format("the tests of {} reach {} of it, and at least {} % is asked for", programme.path,
                                  percent_text(all), at_least),
                      "`nurture test --coverage` lists what no test reaches."},
                     kBelow);
  }
  return exit_code;
}

int run(const Options& options, Host& host) {
  const auto at_least = percentage(options.at_least.empty() ? "0" : options.at_least);
  if (!at_least) {
    return fail({fmt::format("--at-least takes a percentage, and \"{}\" is none", options.at_least),
                 "Write it as in --at-least 95%."},
                kUsage);
  }
  int exit_code = kOk;
  auto programmes = run_all(options, host, exit_code);
  if (!programmes) return exit_code;
  if (auto choice = check_choice(*programmes, options); !choice) return fail(choice.error(), kUsage);
  const int printed = print(options.format == "json"    ? tests_json(*programmes)
                            : options.format == "junit" ? tests_junit(*programmes)
                                                        : tests_text(*programmes));
  if (printed != kOk) return printed;
  const int below = judge_coverage(*programmes, *at_least);
  return failed(*programmes) > 0 ? kFindings : below;
}

}  // namespace

void register_test(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("test", "Run the tests that a programme carries");
  auto options = std::make_shared<Options>();
  command
      .add_option("programme", options->paths,
                  "a .nurture file or a folder of them (a folder of folders: each is a programme)")
      .required();
  command.add_option("--filter", options->filters, "only tests whose name contains this (may be repeated: or this)")
      .one_each();
  command.add_option("--campaign", options->campaigns, "only tests for this campaign (may be repeated)").one_each();
  const Option coverage =
      command.add_flag("--coverage", options->coverage,
                       "say which stages, branches, handlers, timeouts, triggers and exits no test reached");
  command
      .add_option("--at-least", options->at_least,
                  "with --coverage: fail where the tests of a programme reach less of it than this, such as 95%")
      .needs(coverage);
  add_jit_option(command, options->jit);
  command.add_option("--format", options->format, "text for people, json for machines, junit for build servers")
      .one_of({"text", "json", "junit"})
      .shows_default();
  command.footer(
      "Examples:\n  nurture test examples/welcome --filter \"raised hand\"\n"
      "  nurture test examples --coverage --at-least 95%\n\n"
      "Exit codes: 0 all passed; 1 a test failed, or the programme has errors; 2 wrong command line;\n"
      "3 a file could not be read; 4 all passed, but reach less than --at-least.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
