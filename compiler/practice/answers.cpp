#include <algorithm>
#include <set>

#include "compiler/practice/hand_offs.h"

// What becomes of a lead after the hand-off: sales says no, or says nothing. Practice, rules 4 and 23.

namespace nurture::practice {

namespace {

using ast::NodeKind;
using flow::Edge;
using flow::Node;

/// Whether a trigger is about such events, or waits for one to have happened.
bool hears(const Case& at, const ast::Trigger& trigger, const Kinds& kinds) {
  return at.facts().any(trigger.event, kinds) || (trigger.condition && at.facts().waits_for(*trigger.condition, kinds));
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

/// What comes after a point if the lead and sales do nothing.
Reached in_silence(const Case& at, const std::vector<NodeIndex>& from) {
  return reach(at.graph, from, [&](const Edge& edge) {
    return !reacts(edge) && edge.kind != Edge::Kind::Resume && !is(at.node(edge.from), NodeKind::TakeBack);
  });
}

std::vector<NodeIndex> waits_in(const Case& at, const Reached& reached) {
  std::vector<NodeIndex> out;
  for (NodeIndex i = 0; i < at.graph.nodes.size(); ++i) {
    if (reached.has(i) && is_wait(at.node(i))) out.push_back(i);
  }
  return out;
}

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

/// Nobody but a wait after the hand-off could hear a no.
bool unheard(const Case& at) {
  const Kinds& no = at.facts().rejects;
  return holds_any(no) && !exits_on(at, no) && !entered_by_one_of(at, no);
}

std::string rejection_hint(const Case& at, bool waits) {
  const std::string& no = at.facts().saying_no;
  if (waits)
    return fmt::format("Say where a lead goes that sales gives back: `on {} {{ go to … }}` in the wait after it.", no);
  return fmt::format(
      "Wait for what sales says, and say what follows: `wait up to 14 days {{ on {} {{ go to … }}  otherwise {{ take "
      "back from sales }} }}`.",
      no);
}

void report_no_rejection(const Case& at) {
  if (!unheard(at)) return;
  const Kinds yes = yes_of_sales(at);
  std::set<NodeIndex> said;
  for (NodeIndex hand_off : at.doings.hand_offs) {
    const std::vector<NodeIndex> waits = waits_in(at, in_silence(at, {hand_off}));
    const auto rejected = [&](NodeIndex wait) { return reacts_in(at, wait, at.facts().rejects); };
    if (std::none_of(waits.begin(), waits.end(), rejected)) {
      at.review.diagnostics.report(DiagnosticId::NoRejection, at.node(hand_off).span).hint =
          rejection_hint(at, !waits.empty());
      continue;
    }
    // One wait hears a no, and the one after it only a yes.
    for (NodeIndex wait : waits) {
      if (rejected(wait) || !reacts_in(at, wait, yes) || !said.insert(wait).second) continue;
      Diagnostic& found = at.review.diagnostics.report(DiagnosticId::NoRejection, at.node(wait).span);
      found.labels.push_back({at.node(hand_off).span, "to this hand-off"});
      found.hint = fmt::format("A no may come in this wait as well: `on {} {{ go to … }}`.", at.facts().saying_no);
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
    if (remedied(at, waits) || (waits.empty() && unheard(at))) continue;  // then there is no wait: see W1204
    Diagnostic& said = at.review.diagnostics.report(DiagnosticId::NoAnswerNoEnd, at.node(hand_off).span);
    if (!waits.empty()) said.labels.push_back({at.node(waits.front()).span, "when this is over, nobody is told"});
    said.hint =
        "Tell somebody and take the lead back when the time is over: `otherwise { take back from sales  notify \"sales "
        "manager\" \"…\" }`.";
  }
}

}  // namespace

/// Practice, rule 4: whom sales gives back is not lost.
void no_rejection(const Review& review) { for_each_case(review, report_no_rejection); }

/// Practice, rules 4 and 6: what happens if nobody answers is said.
void no_answer_no_end(const Review& review) { for_each_case(review, report_no_end); }

}  // namespace nurture::practice
