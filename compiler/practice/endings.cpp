#include <algorithm>

#include "compiler/practice/sends.h"

namespace nurture::practice {

namespace {

/// The `exit` that a lead comes to at once after a message, with nobody asked to follow it up; none if there is none.
const flow::Node* exit_at_once(const flow::CampaignGraph& graph, NodeIndex send) {
  using Kind = flow::Node::Kind;
  Search search;
  search.follow = [&](const flow::Edge& edge) {
    return !is_reaction(edge) && edge.kind != flow::Edge::Kind::Else && edge.kind != flow::Edge::Kind::Deferred;
  };
  search.ends = [&](NodeIndex at) {
    const flow::Node& node = graph.nodes[at];
    if (node.kind == Kind::Suspension || node.kind == Kind::SendWork || node.kind == Kind::RepeatStart) return true;
    const bool goes_on =
        node.statement &&
        (node.statement->kind == ast::NodeKind::HandOff || node.statement->kind == ast::NodeKind::Assign ||
         node.statement->kind == ast::NodeKind::Enroll || node.statement->kind == ast::NodeKind::CallWebhook);
    return goes_on;
  };
  const std::vector<Instant> times = least_times(graph, {send}, search);
  for (NodeIndex i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].kind == Kind::Exit && times[i] != kNever) return &graph.nodes[i];
  }
  return nullptr;
}

/// What would hear an answer to the message if the membership went on.
const ast::Trigger* listener(const Review& review, const flow::CampaignGraph& graph, const flow::Node& send) {
  for (const Listener& each : review.facts.campaigns[graph.campaign].listeners) {
    const bool of_stage = each.where == Listener::Where::Stage && graph.nodes[each.body].stage == send.stage;
    if (each.where != Listener::Where::Campaign && !of_stage) continue;
    for (std::uint32_t kind : review.facts.kinds(each.trigger->event)) {
      if (review.model.kinds[kind].actor == sema::EventKind::Actor::Lead) return each.trigger;
    }
  }
  return nullptr;
}

void report(const Review& review, const flow::CampaignGraph& graph, const Sent& at, const flow::Node& exit) {
  const ast::Trigger* heard = listener(review, graph, graph.nodes[at.node]);
  if (!heard) return;
  auto home = sema::about(review.diagnostics, review.model.campaigns[graph.campaign]);
  Diagnostic& said = review.diagnostics.report(DiagnosticId::LastWordCutOff, named(*at.statement));
  said.labels.push_back({exit.span, "the membership ends here"});
  said.labels.push_back({heard->span, "this no longer hears an answer"});
  said.hint = "Leave time for an answer: `wait 7 days` before the `exit`.";
}

}  // namespace

/// Practice, rule 24: whoever answers the last message finds somebody there.
void last_word_cut_off(const Review& review) {
  for (const flow::CampaignGraph& graph : review.graphs) {
    std::unordered_set<const flow::Node*> reported;
    for (const Sent& at : review.facts.campaigns[graph.campaign].sends) {
      if (!graph.reachable[at.node] || !at.marketing || at.statement->to_leads) continue;
      const flow::Node* exit = exit_at_once(graph, at.node);
      if (exit && reported.insert(exit).second) report(review, graph, at, *exit);
    }
  }
}

}  // namespace nurture::practice
