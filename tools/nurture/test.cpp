#include <algorithm>
#include <fmt/format.h>

#include "runtime/base/json.h"
#include "runtime/testing/testing.h"
#include "tools/nurture/command.h"

namespace nurture::tool {

namespace {

struct Options {
  std::vector<std::string> paths;
  std::string filter;
  std::string format = "text";
};

std::string failure_text(const testing::Failure& failure) {
  std::string out = fmt::format("  {}:{}: {}\n", failure.place.file, failure.place.line, failure.written);
  out += fmt::format("    expected {}\n", failure.expected);
  if (!failure.nearest.empty()) out += fmt::format("    but {}\n", failure.nearest);
  if (!failure.draws.empty()) out += fmt::format("    where {}\n", failure.draws);
  if (!failure.timeline.empty()) out += "    what happened:\n";
  for (const std::string& line : failure.timeline) out += fmt::format("      {}\n", line);
  return out;
}

std::string result_text(const testing::TestResult& result) {
  std::string out = fmt::format("{}  {}\n", result.passed ? "passed" : "FAILED", result.name);
  if (!result.error.empty()) out += fmt::format("  {}:{}: {}\n", result.place.file, result.place.line, result.error);
  for (const testing::Failure& failure : result.failures) out += failure_text(failure);
  return out;
}

void failure_json(JsonWriter& json, const testing::Failure& failure) {
  json.begin_object().member("file", failure.place.file).member("line", failure.place.line);
  json.member("written", failure.written).member("expected", failure.expected).member("nearest", failure.nearest);
  json.member("draws", failure.draws).key("timeline").begin_array();
  for (const std::string& line : failure.timeline) json.value(line);
  json.end_array().end_object();
}

std::string results_json(const std::vector<testing::TestResult>& results, std::size_t failed) {
  JsonWriter json;
  json.begin_object().member("passed", results.size() - failed).member("failed", failed).key("tests").begin_array();
  for (const testing::TestResult& result : results) {
    json.begin_object().member("name", result.name).member("file", result.place.file).member("line", result.place.line);
    json.member("passed", result.passed).member("runs", result.runs).member("error", result.error);
    json.key("failures").begin_array();
    for (const testing::Failure& failure : result.failures) failure_json(json, failure);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return std::move(json).take() + "\n";
}

/// Adds the results of one programme's tests.
bool run_programme(const std::string& path, const Options& options, Host& host,
                   std::vector<testing::TestResult>& results, int& exit_code) {
  auto loaded = load_programme(path, host, exit_code);
  if (!loaded) return false;
  std::erase_if(loaded->tests,
                [&](const bytecode::TestPlan& plan) { return plan.name.find(options.filter) == std::string::npos; });
  auto found = testing::run_tests(loaded->module, loaded->tests);
  std::move(found.begin(), found.end(), std::back_inserter(results));
  return true;
}

int run(const Options& options, Host& host) {
  int exit_code = kOk;
  std::vector<testing::TestResult> results;
  for (const std::string& path : options.paths) {
    if (path.ends_with(".nbc"))
      return fail({fmt::format("{}: a module carries no tests", path), "Name the programme it was built from."},
                  kUsage);
    auto roots = driver::programmes(path, host.files);
    if (!roots) return fail(roots.error());
    for (const std::string& root : *roots) {
      if (!run_programme(root, options, host, results, exit_code)) return exit_code;
    }
  }
  auto failed =
      static_cast<std::size_t>(std::count_if(results.begin(), results.end(), [](const auto& r) { return !r.passed; }));
  std::string text;
  if (options.format == "json") {
    text = results_json(results, failed);
  } else {
    for (const testing::TestResult& result : results) text += result_text(result);
    text += fmt::format("\n{} passed, {} failed\n", results.size() - failed, failed);
  }
  int printed = print(text);
  return printed != kOk ? printed : failed > 0 ? kFindings : kOk;
}

}  // namespace

void register_test(CLI::App& app, Host& host, int& exit_code) {
  auto* command = app.add_subcommand("test", "Run the tests that a programme carries");
  auto options = std::make_shared<Options>();
  command
      ->add_option("programme", options->paths,
                   "a .nurture file or a folder of them (a folder of folders: each is a programme)")
      ->required();
  command->add_option("--filter", options->filter, "only tests whose name contains this");
  add_format(*command, options->format);
  command->footer(
      "Example:\n  nurture test examples/welcome --filter \"raised hand\"\n\n"
      "Exit codes: 0 all passed; 1 a test failed, or the programme has errors; 2 wrong command line;\n"
      "3 a file could not be read.");
  command->callback([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
