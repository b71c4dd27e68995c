#include "compiler/flow/analysis.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <set>

namespace nurture::flow {

namespace {

bool is_trigger(Edge::Kind kind) { return kind == Edge::Kind::Trigger || kind == Edge::Kind::CampaignTrigger; }

bool inside_body(const Node& node) {
  return node.kind != Node::Kind::StageStart && node.kind != Node::Kind::Suspension;
}

void add_trigger_steps(const CampaignGraph& graph, const Edge& edge, const Bound& dwell, std::vector<Step>& out) {
  const std::uint32_t here = graph.nodes[edge.from].stage;
  for (auto [stage, statement] : leaving(graph, edge.to).stages) {
    if (stage == here) continue;
    std::uint32_t target = stage == kNoIndex ? here : stage;
    if (target != kNoIndex) out.push_back({graph.stage_start[target], true, dwell, statement});
  }
}

const ast::Stmt* going_of(const Node& node) {
  return node.kind == Node::Kind::Goto || node.kind == Node::Kind::Restart ? node.statement : nullptr;
}

/// Strongly connected parts (Tarjan), each with its nodes in order; only those that hold a way round.
class Parts {
 public:
  using Next = std::function<void(NodeIndex, const std::function<void(const Step&)>&)>;
  Parts(std::size_t nodes, const Next& next) : next_(next), state_(nodes) {}

  std::vector<std::vector<NodeIndex>> find(const std::vector<bool>& among) {
    for (NodeIndex i = 0; i < state_.size(); ++i) {
      if (among[i] && state_[i].order == 0) visit(i);
    }
    for (auto& part : found_) std::sort(part.begin(), part.end());
    std::sort(found_.begin(), found_.end());
    return found_;
  }

 private:
  struct State {
    std::uint32_t order = 0, low = 0;
    bool on_stack = false;
  };

  /// An explicit stack: campaigns are as long as their authors like.
  struct Visit {
    NodeIndex node;
    std::vector<NodeIndex> next;
    std::size_t at = 0;
  };

  void open(std::vector<Visit>& visits, NodeIndex node) {
    state_[node] = {++order_, order_, true};
    stack_.push_back(node);
    Visit made{node, {}};
    next_(node, [&](const Step& step) { made.next.push_back(step.to); });
    visits.push_back(std::move(made));
  }

  void visit(NodeIndex root) {
    std::vector<Visit> visits;
    open(visits, root);
    while (!visits.empty()) {
      Visit& top = visits.back();
      State& state = state_[top.node];
      if (top.at == top.next.size()) {
        close(top);
        NodeIndex done = top.node;
        visits.pop_back();
        if (!visits.empty()) {
          State& above = state_[visits.back().node];
          above.low = std::min(above.low, state_[done].low);
        }
        continue;
      }
      NodeIndex to = top.next[top.at++];
      if (state_[to].order == 0) {
        open(visits, to);
      } else if (state_[to].on_stack) {
        state.low = std::min(state.low, state_[to].order);
      }
    }
  }

  void close(const Visit& visit) {
    if (state_[visit.node].low != state_[visit.node].order) return;
    std::vector<NodeIndex> part;
    NodeIndex last;
    do {
      last = stack_.back();
      stack_.pop_back();
      state_[last].on_stack = false;
      part.push_back(last);
    } while (last != visit.node);
    bool to_itself = std::find(visit.next.begin(), visit.next.end(), visit.node) != visit.next.end();
    if (part.size() > 1 || to_itself) found_.push_back(std::move(part));
  }

  Next next_;
  std::vector<State> state_;
  std::vector<NodeIndex> stack_;
  std::vector<std::vector<NodeIndex>> found_;
  std::uint32_t order_ = 0;
};

/// The shortest way from `from` back to itself within `part`.
std::vector<NodeIndex> way_round(NodeIndex from, const std::vector<NodeIndex>& part, const Parts::Next& next) {
  std::set<NodeIndex> inside(part.begin(), part.end());
  std::vector<std::pair<NodeIndex, std::size_t>> seen{{from, 0}};  // node, index of the one before
  for (std::size_t i = 0; i < seen.size(); ++i) {
    bool back = false;
    next(seen[i].first, [&](const Step& step) {
      back = back || step.to == from;
      if (inside.erase(step.to)) seen.push_back({step.to, i});
    });
    if (!back) continue;
    std::vector<NodeIndex> way;
    for (std::size_t at = i;; at = seen[at].second) {
      way.push_back(seen[at].first);
      if (at == 0) break;
    }
    std::reverse(way.begin(), way.end());
    return way;
  }
  return {from};
}

}  // namespace

Leaving leaving(const CampaignGraph& graph, NodeIndex body) {
  Leaving result;
  std::vector<NodeIndex> todo{body};
  std::set<NodeIndex> seen{body};
  while (!todo.empty()) {
    NodeIndex at = todo.back();
    todo.pop_back();
    const Node& node = graph.nodes[at];
    if (node.kind == Node::Kind::Exit) result.exits = true;
    if (node.kind == Node::Kind::Restart) result.stages.push_back({kNoIndex, node.statement});
    for (EdgeIndex e : graph.out[at]) {
      NodeIndex to = graph.edges[e].to;
      if (node.kind == Node::Kind::Goto && graph.nodes[to].kind == Node::Kind::StageStart) {
        result.stages.push_back({graph.nodes[to].stage, node.statement});
      } else if (inside_body(graph.nodes[to]) && seen.insert(to).second) {
        todo.push_back(to);
      }
    }
  }
  std::sort(result.stages.begin(), result.stages.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second->span.begin < b.second->span.begin;
  });
  return result;
}

Steps steps_of(const Working& working, bool repeats) {
  const CampaignGraph& graph = working.graph;
  Steps steps(graph.nodes.size());
  for (EdgeIndex e = 0; e < graph.edges.size(); ++e) {
    const Edge& edge = graph.edges[e];
    const Bound& dwell = working.dwell[edge.from];
    if (edge.kind == Edge::Kind::Resume) continue;
    if (is_trigger(edge.kind)) {
      add_trigger_steps(graph, edge, dwell, steps[edge.from]);
      continue;
    }
    bool again = edge.kind == Edge::Kind::Again;
    NodeIndex start = graph.nodes[edge.from].suspension_of;
    if (again && !repeats) {
      steps[start].push_back({edge.to, true, working.whole_repeat[start], nullptr});
      continue;
    }
    bool last_run = start != kNoIndex && graph.nodes[start].kind == Node::Kind::RepeatStart;
    bool suspended = graph.nodes[edge.from].kind == Node::Kind::Suspension && !(last_run && !repeats);
    Bound longest = suspended ? dwell : Bound(Duration{});
    if (graph.nodes[edge.from].kind == Node::Kind::RepeatStart) longest = working.whole_repeat[edge.from];
    steps[edge.from].push_back({edge.to, working.waits[e], longest, going_of(graph.nodes[edge.from])});
  }
  return steps;
}

std::vector<Round> rounds(const CampaignGraph& graph, const Steps& steps, bool waiting_steps_too) {
  Parts::Next next = [&](NodeIndex node, const std::function<void(const Step&)>& visit) {
    for (const Step& step : steps[node]) {
      if ((waiting_steps_too || !step.waits) && graph.reachable[step.to]) visit(step);
    }
  };
  std::vector<Round> result;
  for (const auto& part : Parts(graph.nodes.size(), next).find(graph.reachable)) {
    // The step that leads back is the one to the earliest stage; start the way there.
    NodeIndex first = part.front();
    for (NodeIndex node : part) {
      if (graph.nodes[node].kind == Node::Kind::StageStart) {
        first = node;
        break;
      }
    }
    Round round{way_round(first, part, next), nullptr};
    next(round.nodes.back(), [&](const Step& step) {
      if (step.to == first && !round.closing) round.closing = step.going;
    });
    result.push_back(std::move(round));
  }
  return result;
}

Bound longest_way(const Steps& steps) {
  std::vector<std::optional<Bound>> known(steps.size());
  std::vector<NodeIndex> stack{0};
  while (!stack.empty()) {
    NodeIndex node = stack.back();
    bool ready = true;
    for (const Step& step : steps[node]) {
      if (known[step.to]) continue;
      if (ready) ready = false;
      stack.push_back(step.to);
    }
    if (!ready) continue;
    stack.pop_back();
    Bound longest{Duration{}};
    for (const Step& step : steps[node]) longest = longer(longest, add(step.longest, *known[step.to]));
    known[node] = longest;
  }
  return *known[0];
}

}  // namespace nurture::flow
