#include "tools/nurture/run_options.h"

#include <algorithm>
#include <fmt/format.h>

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

}  // namespace

void add_run_options(CLI::App& command, RunText& text, const std::string& when) {
  command.add_option("--until", text.until, when + "end here instead of at the log's last event: a date or an instant");
  command.add_option(
      "--deployed-at", text.deployed_at,
      when + "the campaigns are there from then on: those for whom an entry is true already do not enter");
}

void add_campaign_option(CLI::App& command, RunText& text) {
  command.add_option("--campaign", text.campaigns, "run only this campaign, whatever its status (may be repeated)");
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
  return run;
}

}  // namespace nurture::tool
