#include "tools/nurture/planning.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "runtime/outcome/names.h"

namespace nurture::tool {

namespace {

std::string place_of(const sema::Unit& unit, Span span) {
  const SourceFile& file = unit.sources.file(span.file);
  return fmt::format("{}:{}", file.path(), file.locate(span.begin).line);
}

class Planner {
 public:
  explicit Planner(const driver::Checked& checked) : unit_(*checked.unit), model_(unit_.model) {}

  CampaignPlan campaign(const flow::CampaignGraph& graph) {
    const sema::Campaign& source = model_.campaigns[graph.campaign];
    CampaignPlan plan;
    plan.name = source.name;
    plan.for_account = source.decl->for_account;
    plan.about = source.made_from ? source.made_from->doc : source.decl->doc;
    plan.reasons = source.reasons;
    plan.figures = flow::figures(model_, graph);
    for (const sema::Stage& stage : source.stages) plan.stages.push_back({stage.name, {}});
    PlannedStage anywhere;
    for (const flow::Node& node : graph.nodes) {
      if (node.kind != flow::Node::Kind::SendWork) continue;
      auto& sends = node.stage == flow::kNoIndex ? anywhere.sends : plan.stages[node.stage].sends;
      sends.push_back(send(ast::as<ast::Send>(*node.statement)));
    }
    for (PlannedStage& stage : plan.stages) sort(stage);
    sort(anywhere);
    if (!anywhere.sends.empty()) plan.stages.push_back(std::move(anywhere));
    plan.twice = twice(plan.stages);
    plan.dated = dated(plan.stages);
    return plan;
  }

  std::vector<std::string> never_sent() const {
    std::vector<std::string> found;
    for (const sema::Content& content : model_.contents) {
      if (!sent_.contains(content.name)) found.push_back(content.name);
    }
    return found;
  }

 private:
  PlannedSend send(const ast::Send& stmt) {
    PlannedSend made{.what = stmt.content.text,
                     .contents = {},
                     .channels = {},
                     .place = place_of(unit_, stmt.span),
                     .span = stmt.span};
    std::set<std::string> channels;
    for (std::uint32_t each : model_.contents_of(stmt)) {
      made.contents.push_back(model_.contents[each].name);
      channels.insert(model_.contents[each].channel);
    }
    if (stmt.what == ast::Send::What::NextOf) made.what = "next of " + stmt.content.text;
    if (stmt.what == ast::Send::What::FirstPermitted)
      made.what = fmt::format("first of {}", fmt::join(made.contents, ", "));
    made.channels.assign(channels.begin(), channels.end());
    sent_.insert(made.contents.begin(), made.contents.end());
    return made;
  }

  /// As they are written, whatever the order in which the graph has grown.
  static void sort(PlannedStage& stage) {
    std::stable_sort(stage.sends.begin(), stage.sends.end(), [](const PlannedSend& a, const PlannedSend& b) {
      return a.span.file != b.span.file ? a.span.file < b.span.file : a.span.begin < b.span.begin;
    });
  }

  std::vector<DatedContent> dated(const std::vector<PlannedStage>& stages) const {
    std::set<std::string> sent;
    for (const PlannedStage& stage : stages) {
      for (const PlannedSend& send : stage.sends) sent.insert(send.contents.begin(), send.contents.end());
    }
    std::vector<DatedContent> found;
    for (const std::string& name : sent) {
      const ast::ContentDecl& decl = *model_.contents[model_.find_content(name)].decl;
      DatedContent each{name, day(decl.available_from), day(decl.available_until)};
      if (each.from || each.until) found.push_back(std::move(each));
    }
    return found;
  }

  std::optional<std::int64_t> day(const ast::Expr* date) const {
    auto constant = date ? sema::constant_of(model_, *date) : std::nullopt;
    return constant ? std::optional(constant->value.bits) : std::nullopt;
  }

  static std::vector<SentTwice> twice(const std::vector<PlannedStage>& stages) {
    std::map<std::string, std::vector<std::string>> places;
    for (const PlannedStage& stage : stages) {
      for (const PlannedSend& send : stage.sends) {
        for (const std::string& each : send.contents) places[each].push_back(send.place);
      }
    }
    std::vector<SentTwice> found;
    for (auto& [content, at] : places) {
      const std::size_t times = at.size();
      at.erase(std::unique(at.begin(), at.end()), at.end());
      if (times > 1) found.push_back({content, times, std::move(at)});
    }
    return found;
  }

  const sema::Unit& unit_;
  const sema::Model& model_;
  std::set<std::string> sent_;
};

}  // namespace

std::string limit_text(const sema::Unit& unit, const sema::Rule& rule) {
  return fmt::format("{} ({})", unit.sources.text(rule.clause->span), place_of(unit, rule.clause->span));
}

ProgrammePlan plan_of(const std::string& path, const driver::Checked& checked, const bytecode::Module& module) {
  ProgrammePlan plan{.path = path,
                     .name = checked.unit->model.program.name,
                     .campaigns = {},
                     .never_sent = {},
                     .kept = {},
                     .from = {},
                     .experiments = experiment::planned(module),
                     .assumed = {}};
  Planner planner(checked);
  for (const flow::CampaignGraph& graph : checked.graphs) plan.campaigns.push_back(planner.campaign(graph));
  plan.never_sent = planner.never_sent();
  for (const bytecode::Kept& row : bytecode::kept(module))
    plan.kept.push_back({row.question, row.what, outcome::place_text(module, row.place)});
  return plan;
}

}  // namespace nurture::tool
