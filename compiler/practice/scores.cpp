#include <algorithm>

#include "compiler/practice/watches.h"

// What a score sets off, and a lead at its edge. Practice, rule 23.

namespace nurture::practice {

namespace {

using flow::CampaignGraph;
using flow::Edge;
using flow::Node;
using sema::Campaign;

const Threshold* first_from_below(const std::vector<Threshold>& all) {
  auto found = std::find_if(all.begin(), all.end(), [](const Threshold& each) { return each.from_below; });
  return found == all.end() ? nullptr : &*found;
}

// W1402 ---------------------------------------------------------------------------------------------------------------

bool resets(const sema::Model& model, const Node& node, std::uint32_t score) {
  const auto* reset = ast::try_as<ast::ResetScore>(node.statement);
  return reset && reset->target.parts.back().text == model.scores[score].name;
}

/// What comes within the day after a hand-off, as long as the points stay.
Reached soon_after(const Review& review, const CampaignGraph& graph, NodeIndex hand_off, std::uint32_t score) {
  return reach(graph, {hand_off}, [&](const Edge& edge) {
    return !resets(review.model, graph.nodes[edge.from], score) &&
           (edge.kind != Edge::Kind::Timer || edge.shortest < kDay);
  });
}

bool sends_in_stage(const Watch& watch, std::uint32_t stage) {
  return std::any_of(watch.doings.sends.begin(), watch.doings.sends.end(),
                     [&](const Sent& sent) { return sent.marketing && watch.graph.nodes[sent.node].stage == stage; });
}

/// Whether the same trigger waits for the lead again where it is nurtured on.
bool waits_again(const Watch& watch, const Reached& reached, NodeIndex hand_off) {
  for (const Edge& edge : watch.graph.edges) {
    const Node& node = watch.graph.nodes[edge.from];
    if (edge.to != watch.to || !reacts(edge) || node.kind != Node::Kind::Suspension || !reached.has(edge.from))
      continue;
    if (node.stage != watch.graph.nodes[hand_off].stage && sends_in_stage(watch, node.stage)) return true;
  }
  return false;
}

/// Whether the lead leaves and the same entry stands open.
bool enters_again(const Campaign& campaign, const Watch& watch, const Reached& reached) {
  if (!campaign.reenter || campaign.reenter->reenter != ast::Clause::ReenterForm::Always) return false;
  for (NodeIndex i = 0; i < watch.graph.nodes.size(); ++i) {
    if (reached.has(i) && watch.graph.nodes[i].kind == Node::Kind::Exit) return true;
  }
  return false;
}

bool minds_rejection(const Review& review, const Campaign& campaign, const Watch& watch) {
  const auto minds = [&](const ast::Expr* condition) {
    return condition && review.facts.asks_for(*condition, review.facts.rejects);
  };
  if (minds(watch.condition)) return true;
  if (!watch.entry) return false;
  const auto clause_minds = [&](const ast::Clause* clause) { return minds(clause->condition); };
  return minds(watch.entry->condition2) ||
         std::any_of(campaign.audience.begin(), campaign.audience.end(), clause_minds) ||
         std::any_of(campaign.exclude.begin(), campaign.exclude.end(), clause_minds);
}

void look_for_edge(const Review& review, const Watch& watch) {
  const Campaign& campaign = review.model.campaigns[watch.graph.campaign];
  if (watch.trigger && watch.trigger->becomes_true) return;
  const std::vector<Threshold> all = thresholds(review.model, *watch.condition);
  const Threshold* threshold = first_from_below(all);
  if (!threshold || minds_rejection(review, campaign, watch)) return;
  const NodeIndex hand_off = hand_off_after(watch.graph, watch.doings, watch.to);
  if (hand_off == flow::kNoIndex) return;
  const Reached reached = soon_after(review, watch.graph, hand_off, threshold->score);
  if (watch.trigger ? !waits_again(watch, reached, hand_off) : !enters_again(campaign, watch, reached)) return;
  Diagnostic& said =
      review.diagnostics.report(DiagnosticId::NoHysteresis, watch.condition->span, points_of(review.model, *threshold));
  said.labels.push_back({watch.graph.nodes[hand_off].span, "to sales"});
  const std::string& score = review.model.scores[threshold->score].name;
  said.hint = fmt::format("Let the points be spent where sales gives the lead back: `reset score.{}`", score);
  if (watch.entry) said.hint += "; or say `reenter after 60 days`";
  if (!review.facts.saying_no.empty())
    said.hint += fmt::format("; or ask `none({} in last 60 days)` as well", review.facts.saying_no);
  said.hint += ".";
}

}  // namespace

std::vector<Watch> watches(const Review& review, const CampaignGraph& graph) {
  std::vector<Watch> out;
  const Doings& doings = review.facts.campaigns[graph.campaign];
  const Campaign& campaign = review.model.campaigns[graph.campaign];
  for (const Listener& each : doings.listeners) {
    if (each.trigger->condition && each.body != flow::kNoIndex)
      out.push_back({graph, doings, each.trigger->condition, each.trigger, nullptr, each.body});
  }
  for (const ast::Clause* entry : campaign.entries) {
    if (entry->entry == ast::Clause::EntryForm::WhenTrue && entry->condition && !graph.stage_start.empty())
      out.push_back({graph, doings, entry->condition, nullptr, entry, start_of(campaign, graph, *entry)});
  }
  return out;
}

void for_each_watch(const Review& review, void (*look)(const Review&, const Watch&)) {
  for (const CampaignGraph& graph : review.graphs) {
    auto about = sema::about(review.diagnostics, review.model.campaigns[graph.campaign]);
    for (const Watch& watch : watches(review, graph)) look(review, watch);
  }
}

std::string points_of(const sema::Model& model, const Threshold& threshold) {
  return fmt::format("{} points of \"{}\"", threshold.points, model.scores[threshold.score].name);
}

/// Practice, rule 23: a lead at a threshold does not go to sales with every click.
void no_hysteresis(const Review& review) { for_each_watch(review, look_for_edge); }

}  // namespace nurture::practice
