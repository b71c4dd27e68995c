#include "compiler/practice/hand_offs.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/practice/readiness.h"

// When a lead goes to sales, and how soon. Practice, rules 1 and 3.

namespace nurture::practice {

namespace {

using flow::CampaignGraph;
using flow::Edge;
using flow::Node;

// W1201 ---------------------------------------------------------------------------------------------------------------

/// Whether who passes here has asked, or was found to be ready.
bool guards(const Case& at, const Edge& edge) {
  const Node& to = at.graph.nodes[edge.to];
  if (reacts(edge)) return to.trigger->condition || is_request(at.review.facts, to.trigger->event);
  const auto* branch = ast::try_as<ast::If>(at.graph.nodes[edge.from].statement);
  if (!branch || at.graph.nodes[edge.from].kind != Node::Kind::Branch) return false;
  const auto asks = [&](const ast::IfArm& arm) { return arm.condition && decides(at.review.model, *arm.condition); };
  if (edge.kind == Edge::Kind::Arm) return asks(branch->arms[edge.index]);
  return std::all_of(branch->arms.begin(), branch->arms.end(), asks);
}

bool audience_is_ready(const Case& at) {
  return std::any_of(at.campaign.audience.begin(), at.campaign.audience.end(), [&](const ast::Clause* clause) {
    return clause->condition && tells_ready(at.review.model, *clause->condition);
  });
}

/// Where leads begin of whom nothing is known yet, with the entry that lets each of them in.
std::map<NodeIndex, const ast::Clause*> unknown_starts(const Case& at) {
  std::map<NodeIndex, const ast::Clause*> out;
  if (audience_is_ready(at)) return out;
  for (const ast::Clause* entry : at.campaign.entries) {
    if (!enters_ready(at.review.model, at.review.facts, *entry))
      out.emplace(start_of(at.campaign, at.graph, *entry), entry);
  }
  return out;
}

/// The last thing on the way that let the lead through although it tells nothing.
Label way_in(const Case& at, const std::map<NodeIndex, const ast::Clause*>& starts, const Reached& reached,
             NodeIndex node) {
  while (reached.by[node] != Reached::kStart) {
    const Edge& edge = at.graph.edges[reached.by[node]];
    if (reacts(edge)) return {at.graph.nodes[edge.to].span, "this leads there"};
    node = edge.from;
  }
  return {starts.at(node)->span, "who enters here comes there"};
}

/// Where such leads are sent to the stage of the hand-off, and go on to it unasked; the hand-off itself where nothing
/// sends them.
std::vector<NodeIndex> ways_to(const Case& at, const Reached& reached, NodeIndex hand_off) {
  const std::uint32_t stage = at.graph.nodes[hand_off].stage;
  if (stage == flow::kNoIndex) return {hand_off};
  const auto unasked = [&](const Edge& edge) { return !guards(at, edge); };
  const NodeIndex start = at.graph.stage_start[stage];
  if (reached.by[start] == Reached::kStart || !reach(at.graph, {start}, unasked).has(hand_off)) return {hand_off};
  std::vector<NodeIndex> senders;
  for (const Edge& edge : at.graph.edges) {
    if (edge.to == start && at.graph.nodes[edge.from].kind == Node::Kind::Goto && reached.has(edge.from))
      senders.push_back(edge.from);
  }
  return senders;
}

void unguarded(const Case& at) {
  const auto starts = unknown_starts(at);
  if (starts.empty()) return;
  std::vector<NodeIndex> from;
  for (const auto& [node, entry] : starts) from.push_back(node);
  const Reached reached = reach(at.graph, from, [&](const Edge& edge) { return !guards(at, edge); });
  for (NodeIndex hand_off : at.doings.hand_offs) {
    if (!reached.has(hand_off)) continue;
    for (NodeIndex place : ways_to(at, reached, hand_off)) {
      Diagnostic& said = at.review.diagnostics.report(DiagnosticId::HandOffUnguarded, at.graph.nodes[place].span);
      said.labels.push_back(way_in(at, starts, reached, place));
      said.hint =
          "Agree with sales in one segment who is ready, and let that lead here: `when sales_ready { go to … }`; "
          "beside "
          "it only those who ask.";
    }
  }
}

// W1202 ---------------------------------------------------------------------------------------------------------------

void add_segments(const sema::Model& model, const ast::Expr* condition, std::vector<Asked>& out) {
  if (!condition) return;
  for (const Asked& each : segments_asked(model, *condition)) {
    if (tells_ready(model, *each.at)) out.push_back(each);
  }
}

/// The segments that send leads to sales, wherever that is said.
std::vector<Asked> definitions(const Review& review) {
  std::vector<Asked> out;
  for_each_case(review, [&](const Case& at) {
    const auto leads_there = [&](NodeIndex from) {
      return hand_off_after(at.graph, at.doings, from) != flow::kNoIndex;
    };
    for (const Listener& each : at.doings.listeners) {
      if (each.trigger->condition && each.body != flow::kNoIndex && leads_there(each.body))
        add_segments(review.model, each.trigger->condition, out);
    }
    for (const ast::Clause* entry : at.campaign.entries) {
      if (!entry->event && leads_there(start_of(at.campaign, at.graph, *entry)))
        add_segments(review.model, entry->condition, out);
    }
    for (const Edge& edge : at.graph.edges) {
      if (edge.kind == Edge::Kind::Arm && at.graph.reachable[edge.from] && leads_there(edge.to))
        add_segments(review.model, ast::as<ast::If>(*at.graph.nodes[edge.from].statement).arms[edge.index].condition,
                     out);
    }
  });
  return out;
}

/// Without those that are part of another: they belong to its definition.
void keep_outermost(const sema::Model& model, std::vector<Asked>& asked) {
  std::set<std::uint32_t> parts;
  for (const Asked& each : asked) {
    for (const Asked& inner : segments_asked(model, *model.segments[each.segment].decl->condition)) {
      parts.insert(inner.segment);
    }
  }
  std::erase_if(asked, [&](const Asked& each) { return parts.contains(each.segment); });
}

}  // namespace

bool is(const Node& node, ast::NodeKind kind) { return node.statement && node.statement->kind == kind; }

bool is_wait(const Node& node) { return node.kind == Node::Kind::Suspension && !is(node, ast::NodeKind::Send); }

void for_each_case(const Review& review, const std::function<void(const Case&)>& look) {
  for (const CampaignGraph& graph : review.graphs) {
    const Doings& doings = review.facts.campaigns[graph.campaign];
    if (doings.hand_offs.empty() || graph.stage_start.empty()) continue;
    const sema::Campaign& campaign = review.model.campaigns[graph.campaign];
    auto about = sema::about(review.diagnostics, campaign);
    look({review, graph, campaign, doings});
  }
}

bool entered_by_one_of(const Case& at, const Kinds& kinds) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i] && at.facts().entered[i]) return true;
  }
  return false;
}

Reached straight(const Case& at, NodeIndex from) {
  return reach(at.graph, {from}, [&](const Edge& edge) { return !reacts(edge) && !is_wait(at.node(edge.from)); });
}

bool holds_any(const Kinds& kinds) { return std::find(kinds.begin(), kinds.end(), true) != kinds.end(); }

/// Practice, rule 1: who is ready for sales is agreed, and everybody else is nurtured.
void hand_off_unguarded(const Review& review) { for_each_case(review, unguarded); }

/// Practice, rule 1: there is one definition of it.
void two_definitions(const Review& review) {
  std::vector<Asked> asked = definitions(review);
  keep_outermost(review.model, asked);
  std::map<std::uint32_t, const ast::Expr*> first;
  std::vector<std::uint32_t> order;
  for (const Asked& each : asked) {
    if (first.emplace(each.segment, each.at).second) order.push_back(each.segment);
  }
  if (order.size() < 2) return;
  constexpr std::size_t kNamed = 5;
  std::string names;
  for (std::size_t i = 0; i < std::min(order.size(), kNamed); ++i) {
    names += (i == 0 ? "\"" : ", \"") + review.model.segments[order[i]].name + "\"";
  }
  if (order.size() > kNamed) names += fmt::format(" and {} more", order.size() - kNamed);
  Diagnostic& said =
      review.diagnostics.report(DiagnosticId::TwoReadies, first[order[1]]->span, std::to_string(order.size()), names);
  said.labels.push_back({first[order[0]]->span, "another one here"});
  said.hint =
      "Agree with sales on one segment that says who is ready, and hand off by it alone. Where two product lines have "
      "two, say so: `// allow(W1202): two product lines`.";
}

}  // namespace nurture::practice
