#include "tools/nurture/run_options.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <mutex>

#include "runtime/jit/jit.h"
#include "runtime/outcome/names.h"
#include "tools/nurture/logs.h"

namespace nurture::tool {

namespace {

Result<std::vector<std::uint16_t>> chosen_campaigns(const bytecode::Module& module,
                                                    const std::vector<std::string>& wanted) {
  std::vector<std::string_view> names;
  for (const bytecode::Campaign& each : module.campaigns) names.emplace_back(module.strings[each.name]);
  std::vector<std::uint16_t> chosen;
  for (const std::string& name : wanted) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      return Error{fmt::format("there is no campaign \"{}\" in this programme", name), did_you_mean(name, names)};
    chosen.push_back(static_cast<std::uint16_t>(found - names.begin()));
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

/// Of a shorter run, less time goes into its conditions than into compiling them (docs/performance.md).
constexpr std::uint64_t kWorthwhile = 5'000'000;

}  // namespace

void add_jit_option(Command command, std::string& jit) {
  command
      .add_option("--jit", jit,
                  "compile to native code: on, off, or auto, which does where the log is long enough; the result is "
                  "the same")
      .one_of({"auto", "on", "off"})
      .shows_default()
      .or_from_environment("NURTURE_JIT");
}

namespace {

using Native = std::shared_ptr<const vm::NativeCode>;

/// What a command has run of a programme, part by part. Runs may begin on several threads.
struct SoFar {
  std::uint64_t events = 0;
  bool tried = false;
  Native code;
};

}  // namespace

Result<engine::MakeNative> native_code(const std::string& jit, RunLength length) {
  const bool asked = jit == "on";
  if (jit == "off" || (!asked && length == RunLength::Few)) return engine::MakeNative{};
  if (asked) {
    if (Status can = jit::available(); !can) return can.error();
  }
  auto programmes = std::make_shared<std::map<const bytecode::Module*, SoFar>>();
  auto one_at_a_time = std::make_shared<std::mutex>();
  return engine::MakeNative(
      [asked, programmes, one_at_a_time](const vm::BoundModule& program, std::uint64_t events) -> Result<Native> {
        const std::lock_guard lock(*one_at_a_time);
        SoFar& so_far = (*programmes)[program.module];
        so_far.events += events;
        if (so_far.tried || (!asked && so_far.events < kWorthwhile)) return so_far.code;
        so_far.tried = true;
        auto code = jit::compile(program);
        if (code) so_far.code = std::move(*code);
        if (!code && asked) return code.error();
        return so_far.code;
      });
}

void add_run_options(Command command, RunText& text, const std::string& when) {
  command.add_option("--until", text.until, when + "end here instead of at the log's last event: a date or an instant");
  command.add_option(
      "--deployed-at", text.deployed_at,
      when + "the campaigns are there from then on: those for whom an entry is true already do not enter");
  add_jit_option(command, text.jit);
}

void add_campaign_option(Command command, RunText& text) {
  command.add_option("--campaign", text.campaigns, "run only this campaign, whatever its status (may be repeated)");
}

void add_assumption_option(Command command, AssumeText& text) {
  command.add_option("--assume", text.scenario,
                     "a `scenario` of the programme: how people react to what this run sends and hands off");
  command.add_option("--seed", text.seed,
                     "with --assume: whose draws (default 1); the same seed meets the same people");
}

void add_assume_options(Command command, AssumeText& text) {
  add_assumption_option(command, text);
  command.add_option(
      "--runs", text.runs,
      "with --assume: draw so many times, and show every figure with its mean and the range of 95 % of the "
      "runs");
}

namespace {

constexpr std::uint64_t kMostRuns = 100'000;
constexpr std::uint64_t kUsualRuns = 200;

/// `low` to `high`; the option was not given: `otherwise`.
Result<std::uint64_t> whole_number(std::string_view option, const std::string& text, std::uint64_t otherwise,
                                   std::uint64_t low, std::uint64_t high) {
  if (text.empty()) return otherwise;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= low && value <= high) return value;
  return Error{fmt::format("{} \"{}\" is not a whole number from {} to {}", option, text, low, high),
               fmt::format("Write `{} {}`.", option, otherwise)};
}

}  // namespace

Result<Assuming> assuming(const bytecode::Module& module, const AssumeText& text) {
  if (text.scenario.empty()) {
    if (text.seed.empty() && text.runs.empty()) return Assuming{};
    return Error{
        fmt::format("{} says how assumptions are drawn, and nothing is assumed",
                    text.runs.empty() ? "--seed" : "--runs"),
        "Add `--assume` and the name of a scenario, or leave it out: what comes from the log alone is the same in "
        "every run."};
  }
  std::vector<std::string_view> names;
  for (const bytecode::Scenario& each : module.scenarios) names.emplace_back(module.strings[each.name]);
  const auto found = std::find(names.begin(), names.end(), text.scenario);
  if (names.empty()) {
    return Error{"this programme has no scenario",
                 "Write one, `scenario baseline { after send of email { … } }`, or "
                 "learn one from a log: `nurture fit`."};
  }
  if (found == names.end()) {
    return Error{fmt::format("there is no scenario \"{}\" in this programme", text.scenario),
                 did_you_mean(text.scenario, names)};
  }
  auto seed = whole_number("--seed", text.seed, 1, 0, UINT64_MAX);
  if (!seed) return seed.error();
  auto runs = whole_number("--runs", text.runs, text.runs.empty() ? 0 : kUsualRuns, 1, kMostRuns);
  if (!runs) return runs.error();
  return Assuming{engine::Assumption{static_cast<std::uint16_t>(found - names.begin()), *seed, 0}, *runs,
                  fmt::format("scenario {}, seed {}", text.scenario, *seed)};
}

std::string assuming_head(const Assuming& assuming) {
  return fmt::format(
      "Assumed ({}): how people react to what this run sends and hands off. All else is history: the log and the "
      "programme alone.",
      assuming.words);
}

Result<engine::RunOptions> run_options(const bytecode::Module& module, const RunText& text, unsigned threads) {
  engine::RunOptions run;
  run.threads = thread_count(threads);
  auto until = parse_until(text.until, outcome::programme_zone(module));
  if (!until) return until.error();
  run.until = *until;
  if (!text.deployed_at.empty()) {
    auto deployed = parse_until(text.deployed_at, outcome::programme_zone(module), "--deployed-at");
    if (!deployed) return deployed.error();
    run.deployed_at = *deployed;
  }
  auto chosen = chosen_campaigns(module, text.campaigns);
  if (!chosen) return chosen.error();
  run.campaigns = std::move(*chosen);
  auto native = native_code(text.jit, RunLength::Log);
  if (!native) return native.error();
  run.native = std::move(*native);
  return run;
}

}  // namespace nurture::tool
