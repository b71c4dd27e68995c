#include <algorithm>
#include <set>

#include "compiler/practice/lints.h"
#include "compiler/sema/walk.h"

// Robots open and click everything, and mail programs open what nobody reads. Practice, rule 21; §3.3.

namespace nurture::practice {

namespace {

using ast::NodeKind;
using flow::Edge;
using flow::Node;

/// Why an event is no sign of anybody; empty if it is one.
std::string weakness(const Review& review, const ast::EventRef& event) {
  for (std::uint32_t index : review.facts.kinds(event)) {
    const sema::EventKind& kind = review.model.kinds[index];
    if (kind.machine_property == sema::kNoIndex) continue;
    if (event.including_machine) return fmt::format("robots decide here: this counts their \"{}\", too", kind.name);
    if (kind.name.ends_with(".opened"))
      return fmt::format("\"{}\" decides here, and mail programs open what nobody reads", kind.name);
  }
  return {};
}

class Robots {
 public:
  explicit Robots(const Review& review) : review_(review) {}

  void campaign(const flow::CampaignGraph& graph) {
    const sema::Campaign& campaign = review_.model.campaigns[graph.campaign];
    auto about = sema::about(review_.diagnostics, campaign);
    for (const ast::Clause* entry : campaign.entries) {
      event(entry->event);
      condition(entry->condition);
      condition(entry->condition2);
    }
    for (const auto* clauses : {&campaign.audience, &campaign.exclude}) {
      for (const ast::Clause* clause : *clauses) condition(clause->condition);
    }
    for (const Listener& each : review_.facts.campaigns[graph.campaign].listeners) {
      if (each.body == flow::kNoIndex || leads_on(graph, each.body)) event(each.trigger->event);
      condition(each.trigger->condition);
    }
    for (const Node& node : graph.nodes) {
      if (node.kind != Node::Kind::Branch) continue;
      const auto& branch = ast::as<ast::If>(*node.statement);
      if (!decides(branch)) continue;
      for (const ast::IfArm& arm : branch.arms) condition(arm.condition);
    }
  }

  void score(const sema::Score& score) {
    for (const ast::ScoreRow& row : score.decl->rows) event(row.event);
  }

 private:
  /// Whether a body changes what becomes of the lead; telling a colleague of it does no harm.
  static bool leads_on(const flow::CampaignGraph& graph, NodeIndex body) {
    const Reached reached = reach(graph, {body}, [&](const Edge& edge) {
      return at_once(graph, edge) && graph.nodes[edge.to].kind != Node::Kind::StageStart;
    });
    for (NodeIndex i = 0; i < graph.nodes.size(); ++i) {
      if (reached.has(i) && changes_course(graph.nodes[i])) return true;
    }
    return false;
  }

  static bool decides(const ast::If& branch) {
    bool out = false;
    sema::for_each_block(branch, [&](const ast::Block& body, bool) {
      out = out || std::any_of(body.statements.begin(), body.statements.end(),
                               [](const ast::Stmt* statement) { return statement->kind != NodeKind::Notify; });
    });
    return out;
  }

  static bool changes_course(const Node& node) {
    switch (node.kind) {
      case Node::Kind::Goto:
      case Node::Kind::Restart:
      case Node::Kind::Exit:
      case Node::Kind::MoveOn:
      case Node::Kind::SendWork:
        return true;
      case Node::Kind::Work:
        return node.statement->kind == NodeKind::HandOff || node.statement->kind == NodeKind::Assign ||
               node.statement->kind == NodeKind::Enroll || node.statement->kind == NodeKind::AddScore;
      default:
        return false;
    }
  }

  void event(const ast::EventRef& event) {
    if (event) say(event.span, weakness(review_, event));
  }

  void condition(const ast::Expr* condition) {
    if (!condition) return;
    for_each_part(review_.model, *condition, [&](const ast::Expr& part, bool) {
      if (const auto* past = ast::try_as<ast::Aggregate>(&part)) say(part.span, weakness(review_, past->event));
      const auto* content = ast::try_as<ast::ContentPast>(&part);
      if (content && content->verb.text == "opened")
        say(part.span, "whether it was opened decides here, and mail programs open what nobody reads");
    });
  }

  void say(Span place, const std::string& why) {
    if (why.empty() || !said_.insert({place.file, place.begin}).second) return;
    review_.diagnostics.report(DiagnosticId::RobotsDecide, place, why).hint =
        "Let a click, a reply or a visit decide, without `including machine`: those are people.";
  }

  const Review& review_;
  std::set<std::pair<FileId, std::uint32_t>> said_;
};

}  // namespace

/// Practice, rule 21: nobody is sent anywhere, scored or handed to sales because a robot clicked.
void robots_decide(const Review& review) {
  Robots robots(review);
  for (const sema::Score& score : review.model.scores) robots.score(score);
  for (const flow::CampaignGraph& graph : review.graphs) robots.campaign(graph);
}

}  // namespace nurture::practice
