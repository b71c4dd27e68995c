#include "compiler/practice/facts.h"

#include <algorithm>
#include <set>

#include "compiler/sema/walk.h"
#include "runtime/calendar/calendar.h"

namespace nurture::practice {

namespace {

using ast::NodeKind;
using flow::Edge;
using flow::Node;
using sema::EventKind;

/// Of a name "a.b" the last part.
std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }

bool ends_with_one_of(const EventKind& kind, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), last_part(kind.name)) != words.end();
}

bool by_lead(const EventKind& kind) { return kind.actor == EventKind::Actor::Lead; }

/// Goes through a condition; into a segment once for each way of asking for it, however often it is named.
class PartVisitor {
 public:
  PartVisitor(const sema::Model& model, const std::function<void(const ast::Expr&, bool)>& visit)
      : model_(model), visit_(visit) {}

  void part(const ast::Expr& expr, bool negated) {
    visit_(expr, negated);
    const auto* unary = ast::try_as<ast::Unary>(&expr);
    if (unary && unary->op == ast::UnaryOp::Not) negated = !negated;
    sema::for_each_child(expr, [&](const ast::Expr& child) { part(child, negated); });
    if (const auto* leads = ast::try_as<ast::LeadsQuery>(&expr); leads && leads->where) {
      part(*leads->where, negated != (leads->form == ast::LeadsQuery::Form::None));
    }
    if (expr.kind != NodeKind::NameRef) return;
    auto found = model_.symbols.find(expr.id);
    if (found == model_.symbols.end() || found->second.kind != sema::Symbol::Kind::Segment) return;
    const std::uint32_t segment = found->second.index;
    if (seen_.emplace(segment, negated).second) part(*model_.segments[segment].decl->condition, negated);
  }

 private:
  const sema::Model& model_;
  const std::function<void(const ast::Expr&, bool)>& visit_;
  std::set<std::pair<std::uint32_t, bool>> seen_;
};

void sort_once(std::vector<std::uint32_t>& indices) {
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
}

Listener::Where where_of(const flow::CampaignGraph& graph, NodeIndex body) {
  const Node& node = graph.nodes[body];
  return node.stage == flow::kNoIndex ? Listener::Where::Campaign : Listener::Where::Stage;
}

/// The bodies of handlers, which only their own wait leads to.
std::vector<bool> handler_bodies(const flow::CampaignGraph& graph) {
  std::vector<bool> out(graph.nodes.size());
  for (const Edge& edge : graph.edges) {
    if (edge.kind == Edge::Kind::Handler) out[edge.to] = true;
  }
  return out;
}

}  // namespace

Facts::Facts(const sema::Model& model, const std::vector<flow::CampaignGraph>& graphs) : model_(model) {
  name_kinds();
  for (const flow::CampaignGraph& graph : graphs) campaigns.push_back(doings(graph));
  find_entries();
}

void Facts::find_entries() {
  entered.resize(model_.kinds.size());
  const auto enter = [&](const ast::EventRef& event) {
    for (std::uint32_t kind : kinds(event)) entered[kind] = true;
  };
  for (const sema::Campaign& campaign : model_.campaigns) {
    for (const ast::Clause* entry : campaign.entries) {
      enter(entry->event);
      if (entry->event || !entry->condition) continue;
      for_each_part(model_, *entry->condition, [&](const ast::Expr& part, bool negated) {
        const auto* past = ast::try_as<ast::Aggregate>(&part);
        if (past && negated == (past->function.text == "none")) enter(past->event);
      });
    }
  }
}

void Facts::name_kinds() {
  const std::size_t count = model_.kinds.size();
  raised_hand.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) kinds_[model_.kinds[i].name] = {i};
  for (const sema::EventGroup& group : model_.groups) kinds_[group.name] = group.kinds;
  if (auto group = kinds_.find("raised_hand"); group != kinds_.end()) {
    for (std::uint32_t kind : group->second) raised_hand[kind] = true;
  } else {
    for (std::uint32_t i = 0; i < count; ++i) {
      raised_hand[i] = by_lead(model_.kinds[i]) && ends_with_one_of(model_.kinds[i], {"requested"});
    }
  }
  any_raised_hand = std::find(raised_hand.begin(), raised_hand.end(), true) != raised_hand.end();
  for (std::uint32_t i = 0; i < count; ++i) {
    const EventKind& kind = model_.kinds[i];
    const bool personal = ends_with_one_of(kind, {"requested", "replied", "answered", "booked", "held", "completed"});
    speaks.push_back(raised_hand[i] || (kind.actor == EventKind::Actor::Us && !kind.records_send) ||
                     (by_lead(kind) && personal));
    rejects.push_back(kind.answers_hand_off && kind.ends_sales_hold);
    consent.push_back(ends_with_one_of(kind, {"unsubscribed", "complained", "opted_out", "bounced"}));
    if (rejects[i] && saying_no.empty()) saying_no = kind.name;
    if (raised_hand[i] && raising_a_hand.empty()) raising_a_hand = kind.name;
  }
  if (kinds_.contains("raised_hand")) raising_a_hand = "raised_hand";
}

const std::vector<std::uint32_t>& Facts::kinds(const ast::EventRef& event) const {
  static const std::vector<std::uint32_t> none;
  auto found = event ? kinds_.find(event.kind.text()) : kinds_.end();
  return found == kinds_.end() ? none : found->second;
}

bool Facts::any(const ast::EventRef& event, const Kinds& among) const {
  const auto& all_of_it = kinds(event);
  return std::any_of(all_of_it.begin(), all_of_it.end(), [&](std::uint32_t kind) { return among[kind]; });
}

bool Facts::all(const ast::EventRef& event, const Kinds& among) const {
  const auto& all_of_it = kinds(event);
  return !all_of_it.empty() &&
         std::all_of(all_of_it.begin(), all_of_it.end(), [&](std::uint32_t kind) { return among[kind]; });
}

bool Facts::asks_for(const ast::Expr& condition, const Kinds& among) const {
  bool found = false;
  for_each_part(model_, condition, [&](const ast::Expr& part, bool) {
    if (const auto* past = ast::try_as<ast::Aggregate>(&part)) found = found || any(past->event, among);
  });
  return found;
}

bool Facts::waits_for(const ast::Expr& condition, const Kinds& among) const {
  bool found = false;
  for_each_part(model_, condition, [&](const ast::Expr& part, bool negated) {
    const auto* past = ast::try_as<ast::Aggregate>(&part);
    if (past && negated == (past->function.text == "none")) found = found || any(past->event, among);
  });
  return found;
}

Doings Facts::doings(const flow::CampaignGraph& graph) const {
  Doings out;
  for (const ast::Clause* clause : model_.campaigns[graph.campaign].exits) {
    out.listeners.push_back({Listener::Where::Exit, &clause->trigger, flow::kNoIndex});
  }
  const std::vector<bool> handlers = handler_bodies(graph);
  for (NodeIndex i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.kind == Node::Kind::TriggerBody) {
      out.listeners.push_back({handlers[i] ? Listener::Where::Handler : where_of(graph, i), node.trigger, i});
    } else if (node.kind == Node::Kind::SendWork) {
      const auto& send = ast::as<ast::Send>(*node.statement);
      Sent sent{i, &send, model_.contents_of(send), false};
      sort_once(sent.contents);
      for (std::uint32_t content : sent.contents) {
        sent.marketing |= model_.contents[content].message_class == sema::Content::Class::Marketing;
      }
      out.sends_marketing |= sent.marketing;
      out.sends.push_back(std::move(sent));
    } else if (node.kind == Node::Kind::Work && node.statement->kind == NodeKind::HandOff) {
      out.hand_offs.push_back(i);
    } else if (node.kind == Node::Kind::Work && node.statement->kind == NodeKind::Assign) {
      out.assigns.push_back(i);
    }
  }
  return out;
}

void for_each_part(const sema::Model& model, const ast::Expr& condition,
                   const std::function<void(const ast::Expr&, bool)>& visit) {
  PartVisitor(model, visit).part(condition, false);
}

Reached reach(const flow::CampaignGraph& graph, const std::vector<NodeIndex>& from,
              const std::function<bool(const Edge&)>& follow) {
  Reached out{std::vector<EdgeIndex>(graph.nodes.size(), flow::kNoIndex)};
  std::vector<NodeIndex> todo;
  for (NodeIndex start : from) {
    if (!out.has(start)) todo.push_back(start);
    out.by[start] = Reached::kStart;
  }
  for (std::size_t i = 0; i < todo.size(); ++i) {
    for (EdgeIndex e : graph.out[todo[i]]) {
      const Edge& edge = graph.edges[e];
      if (out.has(edge.to) || !follow(edge)) continue;
      out.by[edge.to] = e;
      todo.push_back(edge.to);
    }
  }
  return out;
}

bool reacts(const Edge& edge) {
  return edge.kind == Edge::Kind::Handler || edge.kind == Edge::Kind::Trigger ||
         edge.kind == Edge::Kind::CampaignTrigger;
}

bool at_once(const flow::CampaignGraph& graph, const Edge& edge) {
  return graph.nodes[edge.from].kind != Node::Kind::Suspension && !reacts(edge);
}

NodeIndex hand_off_after(const flow::CampaignGraph& graph, const Doings& doings, NodeIndex from) {
  if (doings.hand_offs.empty()) return flow::kNoIndex;
  const Reached reached = reach(graph, {from}, [&](const Edge& edge) { return at_once(graph, edge); });
  auto found = std::find_if(doings.hand_offs.begin(), doings.hand_offs.end(),
                            [&](NodeIndex hand_off) { return reached.has(hand_off); });
  return found == doings.hand_offs.end() ? flow::kNoIndex : *found;
}

NodeIndex start_of(const sema::Campaign& campaign, const flow::CampaignGraph& graph, const ast::Clause& entry) {
  for (std::uint32_t i = 0; i < campaign.stages.size(); ++i) {
    if (entry.name && campaign.stages[i].name == entry.name.text) return graph.stage_start[i];
  }
  return graph.stage_start[0];
}

std::string spoken(Instant length) {
  return calendar::format_duration(Duration{0, static_cast<std::int16_t>(length / kDay), length % kDay});
}

}  // namespace nurture::practice
