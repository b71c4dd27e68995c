#include "compiler/flow/walks.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "compiler/flow/blocks.h"

namespace nurture::flow {

namespace {

/// Beyond this a campaign's ways are not looked at one by one.
constexpr std::size_t kMostPlaces = 30'000;
constexpr std::int64_t kMostRuns = 1'000;

constexpr std::int64_t kShortestMonth = 28;
constexpr std::int64_t kLongestMonth = 31;
constexpr std::int64_t kDaysOfWeek = 7;

Instant of_months(const Duration& length, std::int64_t days_of_month) {
  return (length.months * days_of_month + length.days) * kDay + length.micros;
}

bool inside(const Span& part, const Span& whole) {
  return part.file == whole.file && part.begin >= whole.begin && part.end <= whole.end;
}

const ast::Repeat& repeat_at(const CampaignGraph& graph, NodeIndex node) {
  return ast::as<ast::Repeat>(*graph.nodes[node].statement);
}

Instant least_of(const sema::Model& model, const ast::Expr* length, Instant otherwise) {
  const auto constant = constant_duration(model, length);
  return constant ? at_least(*constant) : otherwise;
}

/// `at most` has the last word.
Instant least_of_until(const sema::Model& model, const ast::Wait& wait) {
  return std::min(least_of(model, wait.at_least, 0), least_of(model, wait.at_most, wait.at_most ? 0 : kNever));
}

Instant least_of_wait(const sema::Model& model, const ast::Wait& wait) {
  if (wait.window || wait.business_days) return delay_of_wait(model, wait).shortest;
  if (wait.form != ast::Wait::Form::Until) return least_of(model, wait.duration, 0);
  return std::max<Instant>(least_of_until(model, wait), wait.until.next ? 1 : 0);
}

/// Between the anchors of two runs.
Instant least_period(const sema::Model& model, const ast::Repeat& repeat) {
  if (!repeat.every) return (std::popcount(repeat.at.weekdays) == 1 ? kDaysOfWeek : 1) * kDay;
  const auto length = constant_duration(model, repeat.every);
  return length ? at_least(*length) : 0;
}

}  // namespace

Instant at_least(const Duration& length) { return of_months(length, kShortestMonth); }
Instant at_most(const Bound& length) { return length ? of_months(*length, kLongestMonth) : kNever; }

Walks::Walks(const sema::Model& model, const Working& working)
    : model_(model), working_(working), graph_(working.graph) {
  look_around();
  measure_repeats();
  explore();
}

bool Walks::is_pause_of_repeat(NodeIndex node) const {
  const NodeIndex of = graph_.nodes[node].suspension_of;
  return of != kNoIndex && graph_.nodes[of].kind == Node::Kind::RepeatStart;
}

/// A repeat's pause is inside it, its start is not.
void Walks::look_around() {
  for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
    matters_.push_back(graph_.nodes[i].kind == Node::Kind::TriggerBody && matters(i));
  }
  around_.resize(graph_.nodes.size());
  for (NodeIndex start = 0; start < graph_.nodes.size(); ++start) {
    if (graph_.nodes[start].kind != Node::Kind::RepeatStart) continue;
    const Span& whole = graph_.nodes[start].statement->span;
    for (NodeIndex i = start + 1; i < graph_.nodes.size(); ++i) {
      if (graph_.nodes[i].stage == graph_.nodes[start].stage && inside(graph_.nodes[i].span, whole))
        around_[i].push_back(start);
    }
    too_many_ = too_many_ || repeat_at(graph_, start).times > kMostRuns;
  }
}

/// Whether a body does more than come back to what it interrupted, with nothing done that is counted.
bool Walks::matters(NodeIndex body) const {
  std::vector<NodeIndex> todo{body};
  std::set<NodeIndex> seen{body};
  while (!todo.empty()) {
    const NodeIndex at = todo.back();
    todo.pop_back();
    const Node& node = graph_.nodes[at];
    const bool leaves =
        node.kind == Node::Kind::Goto || node.kind == Node::Kind::Restart || node.kind == Node::Kind::Exit;
    const bool works = node.kind == Node::Kind::Work && (node.statement->kind == ast::NodeKind::HandOff ||
                                                         node.statement->kind == ast::NodeKind::Assign);
    if (leaves || works || node.kind == Node::Kind::SendWork) return true;
    for (EdgeIndex edge : graph_.out[at]) {
      if (seen.insert(graph_.edges[edge].to).second) todo.push_back(graph_.edges[edge].to);
    }
  }
  return false;
}

/// A run begins a period or more after the one before, however its body shares that time: what the body's own waits
/// come to is taken from the pause, so that no way is charged for both.
void Walks::measure_repeats() {
  gap_.assign(graph_.nodes.size(), 0);
  for (NodeIndex start = 0; start < graph_.nodes.size(); ++start) {
    if (graph_.nodes[start].kind != Node::Kind::RepeatStart) continue;
    Instant gap = least_period(model_, repeat_at(graph_, start));
    for (NodeIndex i = start + 1; i < graph_.nodes.size(); ++i) {
      auto place = std::find(around_[i].begin(), around_[i].end(), start);
      if (place == around_[i].end() || graph_.nodes[i].suspension_of == start) continue;
      Instant charged = 0;
      if (is_pause_of_repeat(i)) {
        charged = least_period(model_, repeat_at(graph_, graph_.nodes[i].suspension_of));
      } else if (graph_.nodes[i].kind == Node::Kind::Suspension &&
                 graph_.nodes[i].statement->kind == ast::NodeKind::Wait) {
        charged = least_of_wait(model_, ast::as<ast::Wait>(*graph_.nodes[i].statement));
      }
      for (++place; charged > 0 && gap > 0 && place != around_[i].end(); ++place) {
        charged *= std::max<std::int64_t>(1, repeat_at(graph_, *place).times);
        if (charged > gap) break;
      }
      gap = std::max<Instant>(0, gap - charged);
    }
    gap_[start] = gap;
  }
}

void Walks::explore() {
  std::map<At, Place> known;
  const auto place = [&](const At& at) {
    auto [found, added] = known.try_emplace(at, static_cast<Place>(nodes_.size()));
    if (added) {
      nodes_.push_back(at);
      paces_.emplace_back();
    }
    return found->second;
  };
  place_ = place;
  place({});
  for (Place next = 0; next < nodes_.size() && !too_many_; ++next) expand(next);
  const std::size_t reached = nodes_.size();
  for (Place i = 0; i < reached; ++i) {
    At partly = nodes_[i];
    for (Turn& turn : partly.turns) turn.whole = false;
    if (partly.interrupted == kNoIndex) anywhere_.push_back(place(partly));
  }
  for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
    if (is_top_of_on_exit(i)) on_exit_ = place({.node = i});
  }
  for (Place next = static_cast<Place>(reached); next < nodes_.size() && !too_many_; ++next) expand(next);
  place_ = nullptr;
}

bool Walks::is_top_of_on_exit(NodeIndex node) const {
  const Node& at = graph_.nodes[node];
  if (at.kind != Node::Kind::BodyEnd || at.stage != kNoIndex || graph_.out[node].empty()) return false;
  return std::none_of(graph_.edges.begin(), graph_.edges.end(), [&](const Edge& edge) { return edge.to == node; });
}

void Walks::expand(Place from) {
  too_many_ = too_many_ || nodes_.size() > kMostPlaces;
  const At at = nodes_[from];
  const Node& node = graph_.nodes[at.node];
  if (at.interrupted != kNoIndex) {
    const std::uint32_t here = graph_.nodes[nodes_[at.interrupted].node].stage;
    if (node.kind == Node::Kind::BodyEnd) return come_back(from, at.interrupted);
    if (node.kind == Node::Kind::Goto) {
      const auto& out = graph_.out[at.node];
      const bool same = out.empty() || graph_.nodes[graph_.edges[out.front()].to].stage == here;
      if (same) return come_back(from, at.interrupted);
    }
    if (node.kind == Node::Kind::Restart && graph_.out[at.node].empty()) {
      // A campaign's trigger restarts the stage that it finds the membership in.
      if (here == kNoIndex) return come_back(from, at.interrupted);
      const Place start = place_({.node = graph_.stage_start[here]});
      paces_[from].push_back({.to = start});
      return;
    }
  }
  for (EdgeIndex edge : graph_.out[at.node]) follow(from, at, graph_.edges[edge]);
}

void Walks::come_back(Place from, Place to) { paces_[from].push_back({.to = to, .back = true}); }

void Walks::follow(Place from, const At& at, const Edge& edge) {
  std::optional<At> next = after(from, at, edge);
  if (!next) return;
  const Node& source = graph_.nodes[at.node];
  const Node& target = graph_.nodes[edge.to];
  Pace pace{.to = place_(*next), .least = least(at, edge), .back = edge.kind == Edge::Kind::Resume};
  const bool resumes_same_wait = source.kind == Node::Kind::Goto && target.kind == Node::Kind::Suspension;
  pace.back = pace.back || resumes_same_wait;
  if (source.kind == Node::Kind::Suspension) pace.most = at_most(working_.dwell[at.node]);
  const bool sends = source.statement && source.statement->kind == ast::NodeKind::Send;
  const bool goes_out = (source.kind == Node::Kind::SendWork && edge.kind == Edge::Kind::Next) ||
                        (source.kind == Node::Kind::Suspension && edge.kind == Edge::Kind::Timer);
  if (sends && goes_out) {
    pace.sent = &ast::as<ast::Send>(*source.statement);
    pace.later = (!source.may_wait || pace.sent->to_leads) && !pace.sent->now_or_skip;
  }
  if (target.kind == Node::Kind::Work) pace.done = target.statement;
  paces_[from].push_back(pace);
}

/// Where an edge leads to, in which runs of the repeats there.
std::optional<Walks::At> Walks::after(Place from, const At& at, const Edge& edge) const {
  At next{.node = edge.to};
  if (edge.kind == Edge::Kind::Trigger || edge.kind == Edge::Kind::CampaignTrigger) {
    if (!matters_[edge.to]) return std::nullopt;
    next.interrupted = from;
    return next;
  }
  const Node::Kind kind = graph_.nodes[edge.to].kind;
  const bool inside_trigger = kind != Node::Kind::StageStart && kind != Node::Kind::Suspension;
  if (inside_trigger) next.interrupted = at.interrupted;
  next.turns = at.turns;
  const std::size_t deep = around_[edge.to].size();
  if (graph_.nodes[at.node].kind == Node::Kind::RepeatStart && deep > at.turns.size()) {
    const bool at_once = kind != Node::Kind::Suspension || graph_.nodes[edge.to].suspension_of != at.node ||
                         repeat_at(graph_, at.node).every != nullptr;
    next.turns.push_back({static_cast<std::uint16_t>(at_once ? 1 : 0), true});
  }
  if (is_pause_of_repeat(at.node) && (edge.kind == Edge::Kind::Again || edge.kind == Edge::Kind::Timer)) {
    const bool last = at.turns.back().run >= repeat_at(graph_, graph_.nodes[at.node].suspension_of).times;
    if (last != (edge.kind == Edge::Kind::Timer)) return std::nullopt;
    if (!last) next.turns.back() = {static_cast<std::uint16_t>(at.turns.back().run + 1), true};
  }
  next.turns.resize(deep);
  return next;
}

Instant Walks::least(const At& at, const Edge& edge) const {
  const Node& node = graph_.nodes[at.node];
  if (node.kind != Node::Kind::Suspension) return 0;
  if (is_pause_of_repeat(at.node)) {
    const bool timer = edge.kind == Edge::Kind::Again || edge.kind == Edge::Kind::Timer;
    return timer && at.turns.back().whole && at.turns.back().run > 0 ? gap_[node.suspension_of] : 0;
  }
  const bool timer = edge.kind == Edge::Kind::Timer || edge.kind == Edge::Kind::MoveOn;
  if (!timer || node.statement->kind != ast::NodeKind::Wait) return 0;
  const auto& wait = ast::as<ast::Wait>(*node.statement);
  if (edge.kind == Edge::Kind::Timer) return least_of_wait(model_, wait);
  return least_of_until(model_, wait);
}

}  // namespace nurture::flow
