#include "tools/nurture/report/margin.h"

#include <map>
#include <optional>

#include "runtime/outcome/names.h"

namespace nurture::tool::report {

namespace {

using flow::Node;

/// Whether the node is what somebody wrote, and not what becomes of it: a deferred send waits in a node of its own.
bool is_written(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Work:
    case Node::Kind::SendWork:
    case Node::Kind::Branch:
    case Node::Kind::Split:
    case Node::Kind::RepeatStart:
    case Node::Kind::Goto:
    case Node::Kind::Restart:
    case Node::Kind::Exit:
    case Node::Kind::TriggerBody:
    case Node::Kind::MoveOn:
    case Node::Kind::KeepWaiting:
      return true;
    case Node::Kind::Suspension:
      return node.suspension_of == flow::kNoIndex;
    case Node::Kind::Entry:
    case Node::Kind::StageStart:
    case Node::Kind::BodyEnd:
      return false;
  }
  return false;
}

class Margin {
 public:
  /// The same statement may stand in several campaigns, by a template, or several times in one: their counts add up.
  void flow(const flow::CampaignGraph& graph, const picture::Traffic& traffic) {
    for (flow::NodeIndex i = 0; i < graph.nodes.size(); ++i) {
      const Node& node = graph.nodes[i];
      if (!is_written(node) || node.span.end == 0) continue;
      if (const auto reached = traffic.reached(i)) statements_[spot(node.span)] += *reached;
    }
  }

  /// A line that has none yet; `where` is "welcome.nurture:12".
  void at(const std::string& where, std::uint64_t count, std::string_view what) {
    const std::size_t colon = where.rfind(':');
    if (colon == std::string::npos) return;
    Row& row = declared_[{where.substr(0, colon), static_cast<std::uint32_t>(std::stoul(where.substr(colon + 1)))}];
    if (!row.what.empty() && row.what != what) return;
    row.what = what;
    row.count += count;
  }

  std::vector<LineCount> of(const SourceFile& file) const {
    std::map<std::uint32_t, LineCount> rows;
    for (const auto& [spot, count] : statements_) {
      if (spot.first == file.id()) rows.try_emplace(file.locate(spot.second).line, line(file, spot.second, count));
    }
    for (const auto& [place, row] : declared_) {
      if (place.first == file.path()) rows.try_emplace(place.second, LineCount{place.second, row.count, row.what});
    }
    std::vector<LineCount> out;
    for (auto& [number, row] : rows) out.push_back(std::move(row));
    return out;
  }

 private:
  struct Row {
    std::string what;
    std::uint64_t count = 0;
  };
  static std::pair<FileId, std::uint32_t> spot(const Span& span) { return {span.file, span.begin}; }
  static LineCount line(const SourceFile& file, std::uint32_t offset, std::uint64_t count) {
    return {file.locate(offset).line, count, "ran"};
  }

  std::map<std::pair<FileId, std::uint32_t>, std::uint64_t> statements_;  ///< by where they begin
  std::map<std::pair<std::string, std::uint32_t>, Row> declared_;         ///< by file and line
};

/// What is no statement of a flow: what the summary says of it.
void add_declared(Margin& margin, const bytecode::Module& module, const outcome::Summary& summary) {
  for (std::size_t i = 0; i < summary.campaigns.size(); ++i) {
    const outcome::CampaignSummary& campaign = summary.campaigns[i];
    const bytecode::Campaign& row = module.campaigns[i];
    margin.at(outcome::place_text(module, row.place), campaign.entered, "came in");
    for (const outcome::EntrySummary& entry : campaign.entries)
      if (!entry.where.empty()) margin.at(entry.where, entry.treated + entry.held_out, "came in");
    for (std::size_t s = 0; s < campaign.stages.size(); ++s)
      margin.at(outcome::place_text(module, row.stages[s].place), campaign.stages[s].entered, "came in");
    for (std::size_t g = 0; g < campaign.goals.size(); ++g) {
      const outcome::GoalSummary& goal = campaign.goals[g];
      margin.at(outcome::place_text(module, row.goals[g].place),
                goal.treated.all_reached() + goal.held_out.all_reached(), "reached it");
    }
    for (const outcome::RuleSummary& rule : campaign.rules) {
      const outcome::RuleTally& counts = rule.counts;
      margin.at(rule.where, counts.deferred + counts.suppressed + counts.skipped + counts.gave_up + counts.work,
                "held back");
    }
  }
}

std::vector<std::string> lines_of(const SourceFile& file) {
  std::vector<std::string> lines;
  for (std::uint32_t i = 1; i <= file.lines(); ++i) lines.emplace_back(file.line(i));
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace

std::vector<SourceText> source_with_counts(const driver::Checked& checked, const bytecode::Module& module,
                                           const std::vector<picture::Observed>& observed,
                                           const outcome::Summary& summary) {
  const sema::Unit& unit = *checked.unit;
  Margin margin;
  for (const flow::CampaignGraph& graph : checked.graphs) {
    margin.flow(graph, picture::Traffic(unit, graph, observed[graph.campaign]));
  }
  add_declared(margin, module, summary);
  std::vector<SourceText> out;
  for (std::size_t i = 0; i < unit.own_files; ++i) {
    const SourceFile& file = unit.sources.file(unit.files[i].file);
    out.push_back({file.path(), lines_of(file), margin.of(file)});
  }
  return out;
}

}  // namespace nurture::tool::report
