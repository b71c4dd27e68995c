#include <algorithm>

#include "compiler/practice/hand_offs.h"
#include "compiler/practice/readiness.h"

// Where a lead goes that sales gives back: nowhere, or straight to sales again. Practice, rules 4 and 23.

namespace nurture::practice {

namespace {

using ast::NodeKind;
using flow::Edge;
using flow::Node;

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
    said.hint = fmt::format(
        "Give both sides a rest: `wait 30 days` in a stage of its own before the lead goes on, or ask `none({} in last "
        "60 "
        "days)` on the way to sales.",
        at_.facts().saying_no);
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

/// Practice, rule 4: there is a way back into nurturing.
void no_way_back(const Review& review) {
  const std::vector<bool> all = takers(review);
  for_each_case(review, [&](const Case& at) { report_no_way_back(at, all); });
}

/// Practice, rule 23: sales gets a rest, and so does the lead.
void no_cool_off(const Review& review) { for_each_case(review, report_no_cool_off); }

}  // namespace nurture::practice
