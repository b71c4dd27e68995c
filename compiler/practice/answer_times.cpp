#include <algorithm>
#include <set>

#include "compiler/flow/blocks.h"
#include "compiler/practice/hand_offs.h"
#include "runtime/calendar/calendar.h"

// How soon sales hears of a lead, and answers. Practice, rule 3.

namespace nurture::practice {

namespace {

using flow::CampaignGraph;
using flow::Edge;
using flow::Node;

constexpr Instant kAtOnce = 5 * kMinute;

/// The quickest way to each node from one: how long it takes at least, and by which edge.
struct Quickest {
  std::vector<Instant> after;
  std::vector<flow::EdgeIndex> by;
};

/// A call that somebody is asked to make answers as well as a hand-off does.
bool is_answer(const CampaignGraph& graph, NodeIndex node) {
  const ast::Stmt* statement = graph.nodes[node].statement;
  return statement && (statement->kind == ast::NodeKind::HandOff || statement->kind == ast::NodeKind::Assign);
}

Quickest quickest(const CampaignGraph& graph, NodeIndex from) {
  Quickest out{std::vector<Instant>(graph.nodes.size(), kNever),
               std::vector<flow::EdgeIndex>(graph.nodes.size(), flow::kNoIndex)};
  std::set<std::pair<Instant, NodeIndex>> todo{{0, from}};
  out.after[from] = 0;
  while (!todo.empty()) {
    const auto [after, node] = *todo.begin();
    todo.erase(todo.begin());
    if (is_answer(graph, node)) continue;
    for (flow::EdgeIndex e : graph.out[node]) {
      const Edge& edge = graph.edges[e];
      const Instant then = after + edge.shortest;
      if (reacts(edge) || edge.kind == Edge::Kind::Resume || then >= out.after[edge.to]) continue;
      todo.erase({out.after[edge.to], edge.to});
      out.after[edge.to] = then;
      out.by[edge.to] = e;
      todo.insert({then, edge.to});
    }
  }
  return out;
}

/// Where who asks begins.
struct Origin {
  NodeIndex node;
  const ast::EventRef* event;
};

std::vector<Origin> origins(const Case& at) {
  std::vector<Origin> out;
  for (const Listener& each : at.doings.listeners) {
    if (each.body != flow::kNoIndex && at.review.facts.all(each.trigger->event, at.review.facts.raised_hand))
      out.push_back({each.body, &each.trigger->event});
  }
  for (const ast::Clause* entry : at.campaign.entries) {
    if (at.review.facts.all(entry->event, at.review.facts.raised_hand))
      out.push_back({start_of(at.campaign, at.graph, *entry), &entry->event});
  }
  return out;
}

class Lateness {
 public:
  explicit Lateness(const Case& at) : at_(at) {}

  void from(const Origin& origin) {
    const Quickest ways = quickest(at_.graph, origin.node);
    for (NodeIndex hand_off : at_.doings.hand_offs) {
      if (ways.after[hand_off] == kNever) continue;
      if (ways.after[hand_off] > kAtOnce) {
        waits(origin, ways, hand_off);
      } else {
        held_back(origin, ways, hand_off);
        promise(origin, hand_off);
      }
    }
  }

 private:
  Diagnostic* report(const Origin& origin, Span place, const std::string& length) {
    if (!said_.insert({place.begin, place.end}).second) return nullptr;
    Diagnostic& said = at_.review.diagnostics.report(DiagnosticId::HandOffLate, place, length);
    said.labels.push_back({origin.event->span, "for who does this"});
    return &said;
  }

  /// The longest wait on the way.
  void waits(const Origin& origin, const Quickest& ways, NodeIndex hand_off) {
    NodeIndex worst = hand_off;
    Instant most = 0;
    for (NodeIndex node = hand_off; node != origin.node; node = at_.graph.edges[ways.by[node]].from) {
      const Edge& edge = at_.graph.edges[ways.by[node]];
      if (edge.shortest <= most) continue;
      most = edge.shortest;
      worst = edge.from;
    }
    Diagnostic* said = report(origin, at_.graph.nodes[worst].span, spoken(ways.after[hand_off]));
    if (!said) return;
    said->labels.push_back({at_.graph.nodes[hand_off].span, "only then sales hears of it"});
    said->hint = "Put the hand-off first, and what can wait after it.";
  }

  /// A message before the hand-off holds it up as long as a window or a limit holds up the message.
  void held_back(const Origin& origin, const Quickest& ways, NodeIndex hand_off) {
    for (NodeIndex node = hand_off; node != origin.node; node = at_.graph.edges[ways.by[node]].from) {
      const NodeIndex before = at_.graph.edges[ways.by[node]].from;
      const Edge* deferred = deferral(before, *origin.event);
      if (!deferred) continue;
      Diagnostic* said = report(origin, at_.graph.nodes[before].span, longest(*deferred));
      if (!said) return;
      said->labels.push_back({at_.graph.nodes[hand_off].span, "waits until that has gone out"});
      said->hint = "Put the hand-off before it, or say `now or skip`.";
      return;
    }
  }

  const Edge* deferral(NodeIndex node, const ast::EventRef& event) const {
    if (at_.graph.nodes[node].kind != Node::Kind::SendWork || !is_ruled() || answers(node, event)) return nullptr;
    for (flow::EdgeIndex e : at_.graph.out[node]) {
      if (at_.graph.edges[e].kind == Edge::Kind::Deferred) return &at_.graph.edges[e];
    }
    return nullptr;
  }

  bool is_ruled() const {
    const auto holds = [](const sema::Rule& rule) {
      return rule.governs == sema::Rule::Governs::Sends && rule.clause->kind != ast::Clause::Kind::Never;
    };
    const auto& own = at_.campaign.rules;
    const auto& all = at_.review.model.rules;
    return std::any_of(own.begin(), own.end(), holds) || std::any_of(all.begin(), all.end(), holds);
  }

  /// A direct answer to what was just done waits for nothing (§5.5).
  bool answers(NodeIndex node, const ast::EventRef& event) const {
    for (const Sent& sent : at_.doings.sends) {
      if (sent.node != node) continue;
      return std::all_of(sent.contents.begin(), sent.contents.end(), [&](std::uint32_t index) {
        const sema::Content& content = at_.review.model.contents[index];
        if (content.message_class != sema::Content::Class::Answers) return false;
        const auto& kinds = at_.review.facts.kinds(event);
        return std::includes(content.answers.begin(), content.answers.end(), kinds.begin(), kinds.end());
      });
    }
    return false;
  }

  std::string longest(const Edge& deferred) const {
    Instant most = 0;
    for (flow::EdgeIndex e : at_.graph.out[deferred.to]) {
      if (at_.graph.edges[e].kind == Edge::Kind::Timer) most = at_.graph.edges[e].longest;
    }
    return most == 0 || most == kNever ? "for a message that may be held back" : "up to " + spoken(most);
  }

  void promise(const Origin& origin, NodeIndex hand_off) {
    const auto& statement = ast::as<ast::HandOff>(*at_.graph.nodes[hand_off].statement);
    const std::optional<Duration> within = flow::constant_duration(at_.review.model, statement.answer_within);
    if (!within || (within->nominal() <= kAtOnce && !statement.business_days)) return;
    std::string length = calendar::format_duration(*within);
    if (statement.business_days)
      length = within->days == 1 ? "1 business day" : std::to_string(within->days) + " business days";
    Diagnostic* said = report(origin, statement.answer_within->span, "up to " + length);
    if (!said) return;
    const std::string window = statement.window ? " of " + statement.window.text : std::string();
    said->hint = "Promise an answer in five minutes, while sales is there: `answer within 5 minutes" + window + "`.";
    if (!statement.business_days) said->edits.push_back({statement.answer_within->span, "5 minutes"});
  }

  const Case& at_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> said_;
};

}  // namespace

/// Practice, rule 3: a raised hand is answered at once.
void hand_off_late(const Review& review) {
  for_each_case(review, [](const Case& at) {
    Lateness lateness(at);
    for (const Origin& origin : origins(at)) lateness.from(origin);
  });
}

/// Practice, rule 3: nobody can be late who promised nothing.
void no_promise(const Review& review) {
  for_each_case(review, [](const Case& at) {
    for (NodeIndex hand_off : at.doings.hand_offs) {
      const auto& statement = ast::as<ast::HandOff>(*at.node(hand_off).statement);
      if (statement.answer_within) continue;
      at.review.diagnostics.report(DiagnosticId::NoPromise, statement.span).hint =
          "Say how soon sales answers, and the miss is an event to react to: `answer within 1 day`, and `5 "
          "minutes` for those who ask.";
    }
  });
}

}  // namespace nurture::practice
