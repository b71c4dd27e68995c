#include "compiler/picture/traffic.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace nurture::picture {

using ast::as;
using ast::NodeKind;
using flow::Edge;
using flow::EdgeIndex;
using flow::Node;
using flow::NodeIndex;

namespace {

constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();

/// Whether a replay writes a record each time that such a statement is carried out.
bool leaves_a_record(NodeKind kind) {
  switch (kind) {
    case NodeKind::HandOff:
    case NodeKind::Assign:
    case NodeKind::Notify:
    case NodeKind::SetStmt:
    case NodeKind::Remember:
    case NodeKind::AudienceChange:
    case NodeKind::Enroll:
    case NodeKind::RemoveFrom:
    case NodeKind::CallWebhook:
      return true;
    default:
      return false;  // points that are not known add nothing, and a lead that is not with sales is not taken back
  }
}

}  // namespace

Spot spot_of(const sema::Unit& unit, Span span) {
  const LineColumn at = unit.sources.file(span.file).locate(span.begin);
  return {span.file, at.line, at.column};
}

Traffic::Traffic(const sema::Unit& unit, const flow::CampaignGraph& graph, Observed observed)
    : unit_(unit),
      graph_(graph),
      observed_(std::move(observed)),
      nodes_(graph.nodes.size()),
      edges_(graph.edges.size()) {
  observe_nodes();
  observe_edges();
  write_equations();
  solve();
}

// What was recorded ---------------------------------------------------------------------------------------------------

Count Traffic::count(Record::Kind kind, Span span, std::int64_t detail) const {
  return of({kind, spot_of(unit_, span), detail}).count;
}

Recorded Traffic::of(const Record& record) const {
  const auto found = observed_.records.find(record);
  return found == observed_.records.end() ? Recorded{} : found->second;
}

/// Whatever its detail.
Count Traffic::in_all(Record::Kind kind, Spot spot) const {
  Count sum = 0;
  for (auto it = observed_.records.lower_bound({kind, spot, kFirst}); it != observed_.records.end(); ++it) {
    if (it->first.kind != kind || it->first.spot != spot) break;
    sum += it->second.count;
  }
  return sum;
}

Count Traffic::inside(NodeIndex node) const {
  const ast::Stmt* stmt = graph_.nodes[node].statement;
  return stmt ? in_all(Record::Kind::Inside, spot_of(unit_, stmt->span)) : 0;
}

void Traffic::observe_nodes() {
  for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_.nodes[i];
    const Span span = node.statement ? node.statement->span : node.span;
    switch (node.kind) {
      case Node::Kind::StageStart:
        nodes_[i] = of({Record::Kind::StageEntered, {}, node.stage}).count;
        break;
      case Node::Kind::Work:
        if (leaves_a_record(node.statement->kind)) nodes_[i] = in_all(Record::Kind::Did, spot_of(unit_, span));
        break;
      case Node::Kind::SendWork:
        observe_send(i);
        break;
      case Node::Kind::Split:
        nodes_[i] = in_all(Record::Kind::Drew, spot_of(unit_, span));
        break;
      case Node::Kind::Suspension:
        if (!is_pause_of_send(i) && !may_be_over_at_once(i))
          nodes_[i] = in_all(Record::Kind::Began, spot_of(unit_, span));
        break;
      case Node::Kind::TriggerBody:
        nodes_[i] = in_all(Record::Kind::Fired, spot_of(unit_, node.trigger->span));
        break;
      case Node::Kind::Exit:
        nodes_[i] = in_all(Record::Kind::Exited, spot_of(unit_, span));
        break;
      case Node::Kind::Entry:
      case Node::Kind::Branch:
      case Node::Kind::RepeatStart:
      case Node::Kind::Goto:
      case Node::Kind::Restart:
      case Node::Kind::BodyEnd:
      case Node::Kind::MoveOn:
      case Node::Kind::KeepWaiting:
        break;
    }
  }
}

/// Its two ways out: with what is held back for a time counted as if it went straight on.
void Traffic::observe_send(NodeIndex index) {
  const Node& node = graph_.nodes[index];
  const auto& send = as<ast::Send>(*node.statement);
  const Spot spot = spot_of(unit_, send.span);
  const Count asked = in_all(Record::Kind::Asked, spot);
  const Count exhausted = of({Record::Kind::NotSent, spot, kExhausted}).count;
  Count otherwise = send.if_none_left ? exhausted : in_all(Record::Kind::NotSent, spot);
  const Count stopped = node.may_wait ? in_all(Record::Kind::Stopped, spot) : 0;
  if (!send.otherwise) otherwise = 0;
  nodes_[index] = asked;
  for (EdgeIndex e : graph_.out[index]) {
    const Edge::Kind kind = graph_.edges[e].kind;
    if (kind == Edge::Kind::Next) edges_[e] = asked - std::min(asked, stopped + otherwise);
    if (kind == Edge::Kind::Else) edges_[e] = otherwise;
  }
}

void Traffic::observe_edges() {
  for (EdgeIndex e = 0; e < graph_.edges.size(); ++e) {
    const Edge& edge = graph_.edges[e];
    const Node& from = graph_.nodes[edge.from];
    const Spot spot = from.statement ? spot_of(unit_, from.statement->span) : Spot{};
    if (edge.kind == Edge::Kind::BranchOf) edges_[e] = of({Record::Kind::Drew, spot, edge.index}).count;
    if (edge.kind == Edge::Kind::Enter) edges_[e] = entered(edge);
    if (from.kind == Node::Kind::Goto || from.kind == Node::Kind::Restart)
      edges_[e] = in_all(Record::Kind::StageLeft, spot);
    if (from.kind != Node::Kind::Suspension || from.suspension_of != flow::kNoIndex) continue;
    if (edge.kind == Edge::Kind::Timer && !may_be_over_at_once(edge.from))
      edges_[e] = in_all(Record::Kind::TimeRanOut, spot);
    if (edge.kind == Edge::Kind::MoveOn) edges_[e] = condition_came_true(from).count;
  }
}

/// By the entries that lead to that stage; enrolments lead to the first.
Count Traffic::entered(const Edge& edge) const {
  const sema::Campaign& campaign = unit_.model.campaigns[graph_.campaign];
  const std::uint32_t stage = graph_.nodes[edge.to].stage;
  if (stage != 0) return of({Record::Kind::Entered, {}, edge.index}).count;
  Count sum = of({Record::Kind::Entered, {}, kEnrolled}).count;
  for (std::size_t i = 0; i < campaign.entries.size(); ++i) {
    const std::string& at = campaign.entries[i]->name.text;
    if (at.empty() || at == campaign.stages[0].name)
      sum += of({Record::Kind::Entered, {}, static_cast<std::int64_t>(i)}).count;
  }
  return sum;
}

/// Of a `wait until` a condition holds: counted behind its handlers.
Recorded Traffic::condition_came_true(const Node& suspension) const {
  const auto* wait = ast::try_as<ast::Wait>(suspension.statement);
  if (!wait) return {};
  return of({Record::Kind::Answered, spot_of(unit_, wait->span), static_cast<std::int64_t>(wait->handlers.size())});
}

std::optional<Times> Traffic::took(EdgeIndex index) const {
  const Edge& edge = graph_.edges[index];
  const Node& from = graph_.nodes[edge.from];
  Recorded found;
  if (from.kind == Node::Kind::SendWork && edge.kind == Edge::Kind::Next)
    found = of({Record::Kind::Did, spot_of(unit_, from.statement->span), 0});
  if (from.kind == Node::Kind::Suspension && from.suspension_of == flow::kNoIndex) {
    const Spot spot = spot_of(unit_, from.statement->span);
    if (edge.kind == Edge::Kind::Timer) found = of({Record::Kind::TimeRanOut, spot, 0});
    if (edge.kind == Edge::Kind::Handler) found = of({Record::Kind::Answered, spot, edge.index});
    if (edge.kind == Edge::Kind::MoveOn) found = condition_came_true(from);
  }
  return found.took.count == 0 ? std::nullopt : std::optional(found.took);
}

// What follows from it ------------------------------------------------------------------------------------------------

bool Traffic::is_pause_of_send(NodeIndex index) const {
  const NodeIndex of = graph_.nodes[index].suspension_of;
  return of != flow::kNoIndex && graph_.nodes[of].kind == Node::Kind::SendWork;
}

/// Not the ways that lead into a trigger from every suspension, nor back to one whose time runs on, nor those that a
/// send which is held back takes a second time.
bool Traffic::counts_in(const Edge& edge) const {
  switch (edge.kind) {
    case Edge::Kind::Trigger:
    case Edge::Kind::CampaignTrigger:
    case Edge::Kind::Resume:
    case Edge::Kind::Deferred:
      return false;
    default:
      return !is_pause_of_send(edge.from);
  }
}

/// At the top of a stage a `when` that holds already comes before what the stage does.
bool Traffic::a_when_comes_first(NodeIndex stage_start) const {
  const auto& triggers = unit_.model.campaigns[graph_.campaign].triggers;
  const auto& out = graph_.out[stage_start];
  return std::any_of(triggers.begin(), triggers.end(),
                     [](const ast::Clause* each) { return each->trigger.condition; }) ||
         std::any_of(out.begin(), out.end(), [&](EdgeIndex e) { return graph_.edges[e].kind == Edge::Kind::Trigger; });
}

/// Whether everybody who comes there goes on at the same instant.
bool Traffic::passes_all(NodeIndex index) const {
  switch (graph_.nodes[index].kind) {
    case Node::Kind::Work:
    case Node::Kind::Branch:
    case Node::Kind::Split:
    case Node::Kind::RepeatStart:
    case Node::Kind::TriggerBody:
    case Node::Kind::MoveOn:
    case Node::Kind::BodyEnd:
      return true;
    case Node::Kind::StageStart:
      return !a_when_comes_first(index);
    default:
      return false;
  }
}

/// Where an instant that is now, past or unknown lets everybody through, and nothing is recorded.
bool Traffic::may_be_over_at_once(NodeIndex index) const {
  const Node& node = graph_.nodes[index];
  if (node.kind != Node::Kind::Suspension || is_pause_of_send(index)) return false;
  const auto* wait = ast::try_as<ast::Wait>(node.statement);
  if (!wait) return node.statement->kind == NodeKind::Repeat;
  return wait->form == ast::Wait::Form::Until && !sema::waits_for_condition(unit_.model, *wait);
}

void Traffic::write_equations() {
  std::vector<Equation> in(graph_.nodes.size());
  for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
    const bool over_at_once = may_be_over_at_once(i);
    Equation out{i, {}, 0};
    for (EdgeIndex e : graph_.out[i]) {
      if (!counts_in(graph_.edges[e])) continue;
      in[graph_.edges[e].to].edges.push_back(e);
      // Of a wait, only the way out by its time is open to those who do not wait.
      if (!over_at_once || graph_.edges[e].kind != Edge::Kind::Handler) out.edges.push_back(e);
    }
    in[i].node = i;
    if (over_at_once) {
      const Spot spot = spot_of(unit_, graph_.nodes[i].statement->span);
      out.kept = in_all(Record::Kind::Began, spot) - in_all(Record::Kind::TimeRanOut, spot);
    }
    if (!out.edges.empty() && (passes_all(i) || over_at_once)) equations_.push_back(std::move(out));
  }
  for (Equation& each : in) {
    if (!each.edges.empty()) equations_.push_back(std::move(each));
  }
}

bool Traffic::solve(const Equation& equation) {
  Count known = 0;
  EdgeIndex open = flow::kNoIndex;
  for (EdgeIndex e : equation.edges) {
    if (edges_[e]) {
      known += *edges_[e];
    } else if (open != flow::kNoIndex) {
      return false;
    } else {
      open = e;
    }
  }
  const std::optional<Count> total = nodes_[equation.node];
  known += equation.kept;
  if (open == flow::kNoIndex && !total) {
    nodes_[equation.node] = known;
    return true;
  }
  if (open == flow::kNoIndex || !total) return false;
  edges_[open] = *total - std::min(*total, known);
  return true;
}

void Traffic::solve() {
  for (bool again = true; again;) {
    again = false;
    for (const Equation& each : equations_) again |= solve(each);
  }
}

std::vector<std::string> Traffic::contradictions() const {
  std::vector<std::string> found;
  for (const Equation& each : equations_) {
    const std::optional<Count> total = nodes_[each.node];
    Count sum = each.kept;
    bool known = total.has_value();
    for (EdgeIndex e : each.edges) {
      known = known && edges_[e];
      sum += edges_[e].value_or(0);
    }
    if (!known || sum == *total) continue;
    found.push_back(fmt::format("{} at node {} ({}), {} on the edges {}", *total, each.node,
                                unit_.sources.text(graph_.nodes[each.node].span), sum, fmt::join(each.edges, " ")));
  }
  return found;
}

}  // namespace nurture::picture
