#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "compiler/flow/figures.h"
#include "runtime/outcome/format.h"
#include "tools/nurture/diff_report.h"

namespace nurture::tool {

namespace {

using flow::Count;
using flow::Touches;

std::string figure(const Count& count) {
  return count ? outcome::count_text(static_cast<std::uint64_t>(*count)) : "no bound";
}

std::string time_text(Instant time) {
  return time == kNever ? "no bound" : time < kMinute ? "at once" : outcome::duration_text(time);
}

using Row = std::pair<std::string, std::string>;

/// What there is to compare of a campaign, by name and value.
std::vector<Row> rows(const flow::Figures& figures) {
  if (!figures.known) return {};
  std::vector<Row> out{{"over at the latest after", time_text(figures.stay.most)}};
  for (const Touches& each : figures.touches) {
    // All of one channel are all of that channel.
    if (each.channel.empty() && figures.touches.size() == 2) continue;
    const std::string what = each.channel.empty() ? "messages" : each.channel + " messages";
    out.emplace_back(what + " at most", figure(each.in_all.either()));
    out.emplace_back(what + " at most in any 7 days", figure(each.within[Touches::Week].either()));
  }
  out.emplace_back("hand-offs to sales at most", figure(figures.work.hand_offs));
  out.emplace_back("calls at most", figure(figures.work.calls));
  out.emplace_back("tasks at most", figure(figures.work.tasks));
  return out;
}

const flow::CampaignGraph* graph_of(const Version& version, const std::string& campaign) {
  const std::uint32_t index = version.checked.unit->model.find_campaign(campaign);
  for (const flow::CampaignGraph& each : version.checked.graphs) {
    if (each.campaign == index) return &each;
  }
  return nullptr;
}

std::vector<Row> rows(const Version& version, const std::string& campaign) {
  const flow::CampaignGraph* graph = graph_of(version, campaign);
  return graph ? rows(flow::figures(version.checked.unit->model, *graph)) : std::vector<Row>{};
}

std::string value_of(const std::vector<Row>& rows, const std::string& name) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.first == name; });
  return found == rows.end() ? "none" : found->second;
}

void compare_figures(const Version& before, const Version& after, const std::pair<std::string, std::string>& campaign,
                     std::vector<FigureChange>& out) {
  const std::vector<Row> was = rows(before, campaign.first), is = rows(after, campaign.second);
  if (was.empty() || is.empty()) return;
  for (const auto& [what, value] : is) {
    const std::string old = value_of(was, what);
    if (old != value) out.push_back({campaign.second, what, old, value});
  }
  for (const auto& [what, value] : was) {
    if (value_of(is, what) == "none") out.push_back({campaign.second, what, value, "none"});
  }
}

}  // namespace

/// Figures of the campaigns that a change reaches; the others have the same.
VersionsDiff diff_of(const Version& before, const Version& after) {
  VersionsDiff diff{before, after, compare::compare(*before.checked.unit, *after.checked.unit), {}, std::nullopt};
  std::set<std::string> touched;
  bool all = false;
  for (const compare::Change& each : diff.comparison.changes) {
    touched.insert(each.campaigns.begin(), each.campaigns.end());
    all |= each.everywhere;
  }
  for (const auto& campaign : diff.comparison.campaigns) {
    if (all || touched.contains(campaign.second)) compare_figures(before, after, campaign, diff.figures);
  }
  return diff;
}

}  // namespace nurture::tool
