#include <algorithm>
#include <functional>
#include <set>

#include "compiler/practice/lints.h"
#include "compiler/practice/readiness.h"

// What becomes of a lead after the hand-off: sales says no, or says nothing. Practice, rules 4 and 23.

namespace nurture::practice {

namespace {

using ast::NodeKind;
using flow::CampaignGraph;
using flow::Edge;
using flow::Node;

struct Case {
  const Review& review;
  const CampaignGraph& graph;
  const sema::Campaign& campaign;
  const Doings& doings;

  const Facts& facts() const { return review.facts; }
  const Node& node(NodeIndex index) const { return graph.nodes[index]; }
};

void for_each_case(const Review& review, const std::function<void(const Case&)>& look) {
  for (const CampaignGraph& graph : review.graphs) {
    const Doings& doings = review.facts.campaigns[graph.campaign];
    if (doings.hand_offs.empty() || graph.stage_start.empty()) continue;
    const sema::Campaign& campaign = review.model.campaigns[graph.campaign];
    auto about = sema::about(review.diagnostics, campaign);
    look({review, graph, campaign, doings});
  }
}

bool is(const Node& node, NodeKind kind) { return node.statement && node.statement->kind == kind; }

/// Where the lead waits in earnest: not in a send that is held back.
bool is_wait(const Node& node) { return node.kind == Node::Kind::Suspension && !is(node, NodeKind::Send); }

/// Whether a trigger is about such events, or asks for them in the past.
bool hears(const Case& at, const ast::Trigger& trigger, const Kinds& kinds) {
  return at.facts().any(trigger.event, kinds) || (trigger.condition && at.facts().asks_for(*trigger.condition, kinds));
}

bool exits_on(const Case& at, const Kinds& kinds) {
  return std::any_of(at.doings.listeners.begin(), at.doings.listeners.end(), [&](const Listener& each) {
    return each.where == Listener::Where::Exit && hears(at, *each.trigger, kinds);
  });
}

bool reacts_in(const Case& at, NodeIndex suspension, const Kinds& kinds) {
  return std::any_of(at.graph.out[suspension].begin(), at.graph.out[suspension].end(), [&](EdgeIndex e) {
    const Edge& edge = at.graph.edges[e];
    return reacts(edge) && hears(at, *at.node(edge.to).trigger, kinds);
  });
}

/// Whether a campaign takes the lead in when this happens.
bool entered_by_one_of(const Case& at, const Kinds& kinds) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i] && at.facts().entered[i]) return true;
  }
  return false;
}

/// What comes after a point if the lead and sales do nothing.
Reached in_silence(const Case& at, const std::vector<NodeIndex>& from) {
  return reach(at.graph, from, [&](const Edge& edge) {
    return !reacts(edge) && edge.kind != Edge::Kind::Resume && !is(at.node(edge.from), NodeKind::TakeBack);
  });
}

/// What comes at once after a point; a send that is held back is passed over.
Reached straight(const Case& at, NodeIndex from) {
  return reach(at.graph, {from}, [&](const Edge& edge) { return !reacts(edge) && !is_wait(at.node(edge.from)); });
}

std::vector<NodeIndex> waits_in(const Case& at, const Reached& reached) {
  std::vector<NodeIndex> out;
  for (NodeIndex i = 0; i < at.graph.nodes.size(); ++i) {
    if (reached.has(i) && is_wait(at.node(i))) out.push_back(i);
  }
  return out;
}

bool holds_any(const Kinds& kinds) { return std::find(kinds.begin(), kinds.end(), true) != kinds.end(); }

// W1204 ---------------------------------------------------------------------------------------------------------------

/// A yes of sales: an answer that is no no, and no mere call.
Kinds yes_of_sales(const Case& at) {
  Kinds out;
  for (std::size_t i = 0; i < at.review.model.kinds.size(); ++i) {
    const sema::EventKind& kind = at.review.model.kinds[i];
    out.push_back(kind.answers_hand_off && !at.facts().rejects[i] && !kind.name.ends_with("completed"));
  }
  return out;
}

constexpr std::string_view kRejectionHint =
    "Say where a lead goes that sales gives back: `on sales.rejected { go to … }` in the wait after the hand-off.";

void report_no_rejection(const Case& at) {
  if (!holds_any(at.facts().rejects) || exits_on(at, at.facts().rejects) || entered_by_one_of(at, at.facts().rejects))
    return;
  const Kinds yes = yes_of_sales(at);
  std::set<NodeIndex> said;
  for (NodeIndex hand_off : at.doings.hand_offs) {
    const std::vector<NodeIndex> waits = waits_in(at, in_silence(at, {hand_off}));
    const auto rejected = [&](NodeIndex wait) { return reacts_in(at, wait, at.facts().rejects); };
    if (std::none_of(waits.begin(), waits.end(), rejected)) {
      at.review.diagnostics.report(DiagnosticId::NoRejection, at.node(hand_off).span).hint = kRejectionHint;
      continue;
    }
    // One wait hears a no, and the one after it only a yes.
    for (NodeIndex wait : waits) {
      if (rejected(wait) || !reacts_in(at, wait, yes) || !said.insert(wait).second) continue;
      Diagnostic& found = at.review.diagnostics.report(DiagnosticId::NoRejection, at.node(wait).span);
      found.labels.push_back({at.node(hand_off).span, "to this hand-off"});
      found.hint = "A no may come in this wait as well: `on sales.rejected { go to … }`.";
    }
  }
}

// W1205 ---------------------------------------------------------------------------------------------------------------

/// What tells somebody, or takes the lead back.
bool is_remedy(const Node& node) {
  return node.kind == Node::Kind::Work &&
         (is(node, NodeKind::TakeBack) || is(node, NodeKind::Notify) || is(node, NodeKind::Assign) ||
          is(node, NodeKind::CallWebhook) || is(node, NodeKind::HandOff));
}

Kinds late(const Case& at) {
  Kinds out(at.review.model.kinds.size());
  if (std::uint32_t kind = at.review.model.find_kind("handoff.late"); kind != sema::kNoIndex) out[kind] = true;
  return out;
}

bool hears_lateness(const Case& at, const Kinds& kinds) {
  return entered_by_one_of(at, kinds) ||
         std::any_of(at.doings.listeners.begin(), at.doings.listeners.end(),
                     [&](const Listener& each) { return hears(at, *each.trigger, kinds); });
}

/// What comes after these waits, when their time is over.
bool remedied(const Case& at, const std::vector<NodeIndex>& waits) {
  std::vector<NodeIndex> after;
  for (NodeIndex wait : waits) {
    for (EdgeIndex e : at.graph.out[wait]) {
      if (!reacts(at.graph.edges[e])) after.push_back(at.graph.edges[e].to);
    }
  }
  const Reached reached = in_silence(at, after);
  for (NodeIndex i = 0; i < at.graph.nodes.size(); ++i) {
    if (reached.has(i) && is_remedy(at.node(i))) return true;
  }
  return false;
}

void report_no_end(const Case& at) {
  if (hears_lateness(at, late(at))) return;
  for (NodeIndex hand_off : at.doings.hand_offs) {
    const std::vector<NodeIndex> waits = waits_in(at, straight(at, hand_off));
    if (remedied(at, waits)) continue;
    Diagnostic& said = at.review.diagnostics.report(DiagnosticId::NoAnswerNoEnd, at.node(hand_off).span);
    if (!waits.empty()) said.labels.push_back({at.node(waits.front()).span, "when this is over, nobody is told"});
    said.hint =
        "Tell somebody and take the lead back when the wait is over: `otherwise { take back from sales  notify \"sales "
        "manager\" \"…\" }`; or react to `handoff.late`.";
  }
}

// W1206 ---------------------------------------------------------------------------------------------------------------

/// Whether leads of before may come in by it again and again, or once more at least.
bool may_take_again(const sema::Model& model, const Facts& facts, const ast::Clause& entry) {
  using Form = ast::Clause::EntryForm;
  if (entry.entry == Form::Once) return false;
  if (entry.entry != Form::On) return true;
  const auto& kinds = facts.kinds(entry.event);
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](std::uint32_t kind) { return !model.kinds[kind].name.ends_with(".created"); });
}

/// Per campaign: whether it nurtures leads that were elsewhere before.
std::vector<bool> takers(const Review& review) {
  std::vector<bool> out;
  for (std::size_t i = 0; i < review.model.campaigns.size(); ++i) {
    const auto& entries = review.model.campaigns[i].entries;
    out.push_back(review.facts.campaigns[i].sends_marketing &&
                  std::any_of(entries.begin(), entries.end(), [&](const ast::Clause* entry) {
                    return may_take_again(review.model, review.facts, *entry);
                  }));
  }
  return out;
}

bool comes_back(const Case& at, const std::vector<bool>& takers) {
  const auto index = at.graph.campaign;
  const bool itself = takers[index];
  if (std::count(takers.begin(), takers.end(), true) > (itself ? 1 : 0)) return true;
  const ast::Clause* again = at.campaign.reenter;
  return itself && again && again->reenter != ast::Clause::ReenterForm::Never;
}

/// The exit that a body comes to at once, if it comes to nothing else.
const ast::Stmt* only_exits(const Case& at, NodeIndex body) {
  const Reached reached = straight(at, body);
  const ast::Stmt* exit = nullptr;
  for (NodeIndex i = 0; i < at.graph.nodes.size(); ++i) {
    if (!reached.has(i)) continue;
    const Node& node = at.node(i);
    if (is_wait(node) || is(node, NodeKind::Send) || is(node, NodeKind::Enroll) || is(node, NodeKind::CallWebhook) ||
        node.kind == Node::Kind::BodyEnd || node.kind == Node::Kind::KeepWaiting)
      return nullptr;
    if (node.kind == Node::Kind::Exit && !exit) exit = node.statement;
  }
  return exit;
}

void report_no_way_back(const Case& at, const std::vector<bool>& takers) {
  if (!holds_any(at.facts().rejects) || at.campaign.on_exit || comes_back(at, takers) ||
      entered_by_one_of(at, at.facts().rejects))
    return;
  std::vector<Span> exits;
  for (const Listener& each : at.doings.listeners) {
    if (!at.facts().any(each.trigger->event, at.facts().rejects)) continue;
    const ast::Stmt* exit = each.body == flow::kNoIndex ? nullptr : only_exits(at, each.body);
    if (each.body != flow::kNoIndex && !exit) return;  // one way leads on
    exits.push_back(exit ? exit->span : each.trigger->span);
  }
  if (exits.empty()) return;
  at.review.diagnostics.report(DiagnosticId::NoWayBack, exits.front()).hint =
      "Let the lead go on in another stage, or in a campaign that keeps in touch: `enroll in campaign keep_in_touch`.";
}

// W1207 ---------------------------------------------------------------------------------------------------------------

class CoolOff {
 public:
  explicit CoolOff(const Case& at) : at_(at) {}

  void after(const Listener& no) {
    if (no.body == flow::kNoIndex) return;
    const Reached reached = ways(no.body);
    if (NodeIndex hand_off = hand_off_in(reached); hand_off != flow::kNoIndex)
      return report(no, {at_.node(hand_off).span, "at once"});
    spent_ = spends(reached);
    for (NodeIndex wait = 0; wait < at_.graph.nodes.size(); ++wait) {
      if (reached.has(wait) && at_.node(wait).kind == Node::Kind::Suspension && by_trigger(no, wait)) return;
    }
    if (leaves(reached)) by_entry(no);
  }

 private:
  /// What comes at once, apart from what looks at the rejection first.
  Reached ways(NodeIndex from) const {
    return reach(at_.graph, {from}, [&](const Edge& edge) {
      if (reacts(edge) || is_wait(at_.node(edge.from))) return false;
      if (edge.kind != Edge::Kind::Arm) return true;
      const ast::Expr* condition = ast::as<ast::If>(*at_.node(edge.from).statement).arms[edge.index].condition;
      return !condition || !minds(*condition);
    });
  }

  bool minds(const ast::Expr& condition) const { return at_.facts().asks_for(condition, at_.facts().rejects); }

  NodeIndex hand_off_in(const Reached& reached) const {
    for (NodeIndex hand_off : at_.doings.hand_offs) {
      if (reached.has(hand_off)) return hand_off;
    }
    return flow::kNoIndex;
  }

  bool spends(const Reached& reached) const {
    for (NodeIndex i = 0; i < at_.graph.nodes.size(); ++i) {
      if (reached.has(i) && is(at_.node(i), NodeKind::ResetScore)) return true;
    }
    return false;
  }

  bool leaves(const Reached& reached) const {
    for (NodeIndex i = 0; i < at_.graph.nodes.size(); ++i) {
      if (reached.has(i) && at_.node(i).kind == Node::Kind::Exit) return true;
    }
    return false;
  }

  bool by_trigger(const Listener& no, NodeIndex wait) {
    for (EdgeIndex e : at_.graph.out[wait]) {
      const Edge& edge = at_.graph.edges[e];
      if (!reacts(edge) || !is_hasty(edge) || hand_off_in(ways(edge.to)) == flow::kNoIndex) continue;
      report(no, {at_.node(edge.to).span, "this leads to sales again, a moment later"});
      return true;
    }
    return false;
  }

  /// A trigger that needs no more than the next click, or what held before.
  bool is_hasty(const Edge& edge) const {
    const ast::Trigger& trigger = *at_.node(edge.to).trigger;
    if (trigger.event)
      return !is_request(at_.facts(), trigger.event) && !at_.facts().any(trigger.event, at_.facts().rejects);
    if (!trigger.condition || trigger.becomes_true || edge.kind == Edge::Kind::CampaignTrigger) return false;
    return !minds(*trigger.condition) && !(spent_ && !thresholds(at_.review.model, *trigger.condition).empty());
  }

  /// Out and in again.
  void by_entry(const Listener& no) {
    const ast::Clause* again = at_.campaign.reenter;
    if (!again || again->reenter != ast::Clause::ReenterForm::Always) return;
    const auto asks = [&](const ast::Clause* clause) { return clause->condition && minds(*clause->condition); };
    if (std::any_of(at_.campaign.audience.begin(), at_.campaign.audience.end(), asks) ||
        std::any_of(at_.campaign.exclude.begin(), at_.campaign.exclude.end(), asks))
      return;
    for (const ast::Clause* entry : at_.campaign.entries) {
      if (!entry->event || is_request(at_.facts(), entry->event) || asks(entry)) continue;
      if (hand_off_in(ways(start_of(at_.campaign, at_.graph, *entry))) == flow::kNoIndex) continue;
      return report(no, {entry->span, "this leads to sales again, a moment later"});
    }
  }

  void report(const Listener& no, Label way) const {
    Diagnostic& said = at_.review.diagnostics.report(DiagnosticId::NoCoolOff, no.trigger->span);
    said.labels.push_back(std::move(way));
    said.hint =
        "Give both sides a rest: `wait 30 days` in a stage of its own before the lead goes on, or ask "
        "`none(sales.rejected "
        "in last 60 days)` on the way to sales.";
  }

  const Case& at_;
  bool spent_ = false;
};

void report_no_cool_off(const Case& at) {
  for (const Listener& each : at.doings.listeners) {
    if (at.facts().any(each.trigger->event, at.facts().rejects)) CoolOff(at).after(each);
  }
}

}  // namespace

/// Practice, rule 4: whom sales gives back is not lost.
void no_rejection(const Review& review) { for_each_case(review, report_no_rejection); }

/// Practice, rules 4 and 6: what happens if nobody answers is said.
void no_answer_no_end(const Review& review) { for_each_case(review, report_no_end); }

/// Practice, rule 4: there is a way back into nurturing.
void no_way_back(const Review& review) {
  const std::vector<bool> all = takers(review);
  for_each_case(review, [&](const Case& at) { report_no_way_back(at, all); });
}

/// Practice, rule 23: sales gets a rest, and so does the lead.
void no_cool_off(const Review& review) { for_each_case(review, report_no_cool_off); }

}  // namespace nurture::practice
