#include <algorithm>
#include <map>

#include "compiler/practice/sends.h"

namespace nurture::practice {

namespace {

const ast::AudienceChange* change_of(const flow::Node& node) {
  return ast::try_as<ast::AudienceChange>(node.statement);
}

bool removes(const flow::Node& node, const std::string& audience) {
  const ast::AudienceChange* change = change_of(node);
  return change && !change->add && change->audience.text == audience;
}

bool removes_at_the_end(const sema::Campaign& campaign, const std::string& audience) {
  if (!campaign.on_exit) return false;
  return std::any_of(campaign.on_exit->body.statements.begin(), campaign.on_exit->body.statements.end(),
                     [&](const ast::Stmt* statement) {
                       const auto* change = ast::try_as<ast::AudienceChange>(statement);
                       return change && !change->add && change->audience.text == audience;
                     });
}

/// A way out of a campaign that leaves the lead in an audience.
struct Left {
  Span span;
  std::string label;
};

/// What can end a membership wherever it waits.
std::optional<Left> ends_anywhere(const sema::Campaign& campaign) {
  if (!campaign.exits.empty()) return Left{campaign.exits.front()->span, "who leaves by this remains in it"};
  for (const sema::Goal& goal : campaign.goals) {
    if (goal.clause->reason) return Left{goal.clause->span, "who leaves by this remains in it"};
  }
  if (campaign.lasts) return Left{campaign.lasts->span, "whose time is over remains in it"};
  return std::nullopt;
}

std::optional<Left> way_out(const sema::Campaign& campaign, const flow::CampaignGraph& graph, NodeIndex added) {
  const std::string& audience = change_of(graph.nodes[added])->audience.text;
  const Reached reached =
      reach(graph, {added}, [&](const flow::Edge& edge) { return !removes(graph.nodes[edge.from], audience); });
  bool waits = false;
  for (NodeIndex i = 0; i < graph.nodes.size(); ++i) {
    if (!reached.has(i)) continue;
    if (graph.nodes[i].kind == flow::Node::Kind::Exit)
      return Left{graph.nodes[i].span, "who leaves here remains in it"};
    waits = waits || graph.nodes[i].kind == flow::Node::Kind::Suspension;
  }
  return waits ? ends_anywhere(campaign) : std::nullopt;
}

/// Audiences that some other campaign takes people out of, by name; with the campaign, or kNoIndex where several do.
std::map<std::string, std::uint32_t> removed_by(const Review& review) {
  std::map<std::string, std::uint32_t> found;
  for (const flow::CampaignGraph& graph : review.graphs) {
    for (const flow::Node& node : graph.nodes) {
      const ast::AudienceChange* change = change_of(node);
      if (!change || change->add) continue;
      auto [row, fresh] = found.emplace(change->audience.text, graph.campaign);
      if (!fresh && row->second != graph.campaign) row->second = sema::kNoIndex;
    }
  }
  return found;
}

void report(const Review& review, const sema::Campaign& campaign, const ast::AudienceChange& added, const Left& left) {
  auto home = sema::about(review.diagnostics, campaign);
  const std::string& audience = added.audience.text;
  Diagnostic& said = review.diagnostics.report(DiagnosticId::AudienceKept, added.span, audience);
  said.labels.push_back({left.span, left.label});
  said.hint = "Take them out on every way: `on exit { remove from audience " + audience + " }`.";
  if (campaign.on_exit || campaign.made_from || campaign.entries.empty()) return;
  const Span before = campaign.entries.front()->span;
  said.edits.push_back(
      {{before.file, before.begin, before.begin}, "on exit { remove from audience " + audience + " }\n  "});
}

void look(const Review& review, const flow::CampaignGraph& graph, const std::map<std::string, std::uint32_t>& removed) {
  const sema::Campaign& campaign = review.model.campaigns[graph.campaign];
  std::vector<std::string> seen;
  for (NodeIndex i = 0; i < graph.nodes.size(); ++i) {
    const ast::AudienceChange* added = change_of(graph.nodes[i]);
    if (!added || !added->add || !graph.reachable[i]) continue;
    const std::string& audience = added->audience.text;
    auto elsewhere = removed.find(audience);
    const bool by_another = elsewhere != removed.end() && elsewhere->second != graph.campaign;
    if (by_another || removes_at_the_end(campaign, audience) ||
        std::find(seen.begin(), seen.end(), audience) != seen.end())
      continue;
    seen.push_back(audience);
    if (auto left = way_out(campaign, graph, i)) report(review, campaign, *added, *left);
  }
}

}  // namespace

/// Practice, rule 24: who is through with a campaign stops seeing its advertisements.
void audience_kept(const Review& review) {
  const std::map<std::string, std::uint32_t> removed = removed_by(review);
  for (const flow::CampaignGraph& graph : review.graphs) look(review, graph, removed);
}

}  // namespace nurture::practice
