#include <algorithm>
#include <set>

#include "compiler/practice/lints.h"

// A lead whom sales has is theirs (§5.7). Practice, rules 5, 8 and 25.

namespace nurture::practice {

namespace {

using ast::NodeKind;
using flow::CampaignGraph;
using flow::Edge;
using flow::Node;
using sema::Content;
using sema::EventKind;

// W1208 ---------------------------------------------------------------------------------------------------------------

/// Marketing by what it says of itself, whatever its class.
bool persuades(const Content& content) {
  return content.message_class == Content::Class::Transactional && (content.decl->for_stage || content.decl->offers);
}

void report_round_the_hold(const Review& review, const Content& content, const Sent& sent) {
  const ast::ContentDecl& decl = *content.decl;
  Diagnostic& said = review.diagnostics.report(DiagnosticId::RoundTheHold, decl.message_class.span, content.name);
  const ast::Name& shows = decl.for_stage ? decl.for_stage : decl.offers;
  said.labels.push_back({shows.span, "this is meant to win somebody over"});
  said.labels.push_back({sent.statement->span, "sent here"});
  said.hint =
      "Leave the class at `marketing`; what answers something the lead just did says so: `answers …` with the event.";
  said.edits.push_back({decl.message_class.span, "marketing"});
}

// W1209 ---------------------------------------------------------------------------------------------------------------

std::string_view family(std::string_view name) { return name.substr(0, name.rfind('.')); }

/// The end of a deal, by its name.
bool is_over(const EventKind& kind) {
  for (std::string_view word : {".won", ".lost", ".closed", ".closed_won", ".closed_lost", ".cancelled"}) {
    if (kind.name.ends_with(word)) return true;
  }
  return false;
}

/// What begins like this kind and is its end, and lets nobody go.
const EventKind* end_that_holds(const sema::Model& model, const EventKind& begins) {
  for (const EventKind& kind : model.kinds) {
    if (is_over(kind) && !kind.ends_sales_hold && family(kind.name) == family(begins.name)) return &kind;
  }
  return nullptr;
}

/// Some campaign takes leads back from sales.
bool takes_back(const Review& review) {
  return std::any_of(review.graphs.begin(), review.graphs.end(), [](const CampaignGraph& graph) {
    return std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) {
      return node.kind == Node::Kind::Work && node.statement->kind == NodeKind::TakeBack;
    });
  });
}

// W1213 ---------------------------------------------------------------------------------------------------------------

bool is_call(const Node& node) {
  return node.kind == Node::Kind::Work && node.statement->kind == NodeKind::Assign &&
         ast::as<ast::Assign>(*node.statement).what.text == "call";
}

/// Whether it shows that the lead, or the call, came to something: not that somebody took their leave.
bool shows_interest(const Review& review, const ast::Trigger& trigger) {
  if (!trigger.event) return true;
  const auto& kinds = review.facts.kinds(trigger.event);
  return std::any_of(kinds.begin(), kinds.end(), [&](std::uint32_t kind) {
    return !review.facts.consent[kind] && !review.model.kinds[kind].starts_sales_hold;
  });
}

/// What happens from one call to the next if nobody looks at what the lead does.
class Blindly {
 public:
  Blindly(const Review& review, const CampaignGraph& graph, const Doings& doings)
      : review_(review), graph_(graph), doings_(doings) {}

  void look() {
    for (const Listener& each : doings_.listeners) {
      if (each.where == Listener::Where::Exit && shows_interest(review_, *each.trigger)) return;
    }
    std::set<NodeIndex> said;
    for (NodeIndex first : doings_.assigns) {
      if (!is_call(graph_.nodes[first])) continue;
      const Reached later = after(first, false), soon = after(first, true);
      for (NodeIndex next : doings_.assigns) {
        if (is_call(graph_.nodes[next]) && later.has(next) && !soon.has(next) && said.insert(next).second)
          report(first, next);
      }
    }
  }

 private:
  bool reacting(NodeIndex suspension) const {
    return std::any_of(graph_.out[suspension].begin(), graph_.out[suspension].end(), [&](EdgeIndex e) {
      const Edge& edge = graph_.edges[e];
      return reacts(edge) && shows_interest(review_, *graph_.nodes[edge.to].trigger);
    });
  }

  /// Ways without a decision: no condition, nothing that listens; or those of them that take no time.
  Reached after(NodeIndex call, bool soon) const {
    std::vector<NodeIndex> from;
    for (EdgeIndex e : graph_.out[call]) from.push_back(graph_.edges[e].to);
    return reach(graph_, from, [&](const Edge& edge) {
      const Node& node = graph_.nodes[edge.from];
      if (reacts(edge) || node.kind == Node::Kind::Branch || node.kind == Node::Kind::Split) return false;
      return node.kind != Node::Kind::Suspension || (!soon && !reacting(edge.from));
    });
  }

  void report(NodeIndex first, NodeIndex next) const {
    Diagnostic& said = review_.diagnostics.report(DiagnosticId::CallsOnTimer, graph_.nodes[next].span);
    if (first != next) said.labels.push_back({graph_.nodes[first].span, "after this one"});
    said.hint =
        "Call where there is a reason, in an `on …` or after `if any(… in last 30 days)`; and react to what came of "
        "the "
        "call before.";
  }

  const Review& review_;
  const CampaignGraph& graph_;
  const Doings& doings_;
};

}  // namespace

/// Practice, rule 5: a class is not a way round the sales hold.
void round_the_hold(const Review& review) {
  std::set<std::uint32_t> said;
  for (std::size_t i = 0; i < review.facts.campaigns.size(); ++i) {
    const Doings& doings = review.facts.campaigns[i];
    if (!doings.sends_marketing && doings.hand_offs.empty()) continue;
    for (const Sent& sent : doings.sends) {
      for (std::uint32_t content : sent.contents) {
        if (persuades(review.model.contents[content]) && said.insert(content).second)
          report_round_the_hold(review, review.model.contents[content], sent);
      }
    }
  }
}

/// Practice, rule 5: a deal that is won or lost lets go of the lead.
void hold_not_released(const Review& review) {
  const auto& kinds = review.model.kinds;
  const bool any_end = takes_back(review) || std::any_of(kinds.begin(), kinds.end(),
                                                         [](const EventKind& kind) { return kind.ends_sales_hold; });
  for (const EventKind& kind : kinds) {
    if (!kind.starts_sales_hold) continue;
    const EventKind* end = end_that_holds(review.model, kind);
    if (!end && any_end) continue;
    const std::string what = end ? fmt::format("\"{}\" does not let go of it", end->name) : "nothing lets go of it";
    Diagnostic& said =
        review.diagnostics.report(DiagnosticId::HoldNotReleased, end ? end->span : kind.span, kind.name, what);
    if (end) {
      said.labels.push_back({kind.span, "begins here"});
      said.edits.push_back({{end->span.file, end->span.end, end->span.end}, " ends sales hold"});
    }
    said.hint = end ? fmt::format("Say of \"{}\" that it `ends sales hold`.", end->name)
                    : "Say of the event with which sales is done that it `ends sales hold`.";
  }
}

/// Practice, rule 8: nobody is rung up every six weeks to be asked whether anything has changed.
void calls_on_timer(const Review& review) {
  for (const CampaignGraph& graph : review.graphs) {
    const Doings& doings = review.facts.campaigns[graph.campaign];
    if (doings.assigns.empty()) continue;
    auto about = sema::about(review.diagnostics, review.model.campaigns[graph.campaign]);
    Blindly(review, graph, doings).look();
  }
}

}  // namespace nurture::practice
