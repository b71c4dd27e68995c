#include <algorithm>
#include <map>
#include <set>

#include "compiler/flow/blocks.h"
#include "compiler/practice/lints.h"
#include "compiler/practice/readiness.h"
#include "runtime/calendar/calendar.h"

// When a lead goes to sales, and how soon. Practice, rules 1 and 3.

namespace nurture::practice {

namespace {

using flow::CampaignGraph;
using flow::Edge;
using flow::Node;

constexpr Instant kAtOnce = 5 * kMinute;

/// One campaign under review.
struct Case {
  const Review& review;
  const CampaignGraph& graph;
  const sema::Campaign& campaign;
  const Doings& doings;
};

std::vector<Case> cases(const Review& review) {
  std::vector<Case> out;
  for (const CampaignGraph& graph : review.graphs) {
    const Doings& doings = review.facts.campaigns[graph.campaign];
    if (doings.hand_offs.empty() || graph.stage_start.empty()) continue;
    out.push_back({review, graph, review.model.campaigns[graph.campaign], doings});
  }
  return out;
}

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
          "Agree with sales in one segment who is ready, and let that lead here: `when sales_ready { go to … }`; beside "
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
  for (const Case& at : cases(review)) {
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
  }
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

// W1203 ---------------------------------------------------------------------------------------------------------------

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
    const std::string window = statement.window ? " of " + statement.window.text : std::string(" of business_hours");
    said->hint = "Promise an answer in five minutes, while sales is there: `answer within 5 minutes" + window + "`.";
    if (!statement.business_days) said->edits.push_back({statement.answer_within->span, "5 minutes"});
  }

  const Case& at_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> said_;
};

}  // namespace

/// Practice, rule 1: who is ready for sales is agreed, and everybody else is nurtured.
void hand_off_unguarded(const Review& review) {
  for (const Case& at : cases(review)) {
    auto about = sema::about(review.diagnostics, at.campaign);
    unguarded(at);
  }
}

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
  std::string names;
  for (std::uint32_t segment : order) {
    names += (names.empty() ? "\"" : ", \"") + review.model.segments[segment].name + "\"";
  }
  Diagnostic& said =
      review.diagnostics.report(DiagnosticId::TwoReadies, first[order[1]]->span, std::to_string(order.size()), names);
  said.labels.push_back({first[order[0]]->span, "another one here"});
  said.hint =
      "Agree with sales on one segment that says who is ready, and hand off by it alone. Where two product lines have "
      "two, say so: `// allow(W1202): two product lines`.";
}

/// Practice, rule 3: a raised hand is answered at once.
void hand_off_late(const Review& review) {
  for (const Case& at : cases(review)) {
    auto about = sema::about(review.diagnostics, at.campaign);
    Lateness lateness(at);
    for (const Origin& origin : origins(at)) lateness.from(origin);
  }
}

/// Practice, rule 3: nobody can be late who promised nothing.
void no_promise(const Review& review) {
  for (const Case& at : cases(review)) {
    auto about = sema::about(review.diagnostics, at.campaign);
    for (NodeIndex hand_off : at.doings.hand_offs) {
      const auto& statement = ast::as<ast::HandOff>(*at.graph.nodes[hand_off].statement);
      if (statement.answer_within) continue;
      review.diagnostics.report(DiagnosticId::NoPromise, statement.span).hint =
          "Say how soon sales answers, and the miss is an event to react to: `answer within 1 day of business_hours`, "
          "and `5 minutes` for those who ask.";
    }
  }
}

}  // namespace nurture::practice
