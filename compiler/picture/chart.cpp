#include "compiler/picture/chart.h"

#include <algorithm>
#include <fmt/format.h>

#include "compiler/picture/labels.h"
#include "compiler/picture/traffic.h"

namespace nurture::picture {

using flow::CampaignGraph;
using flow::Edge;
using flow::EdgeIndex;
using flow::Node;
using flow::NodeIndex;

namespace {

/// What a member passes on the way from one box to the next, and does not see: tops of stages, `go to`, `move on`.
struct Way {
  Index to = kNoIndex;  ///< kNoIndex: it leads back to wherever the member was
  std::vector<EdgeIndex> edges;
  bool back = false;  ///< to a wait whose time runs on
};

class Builder {
 public:
  Builder(const sema::Unit& unit, const CampaignGraph& graph, const Traffic* traffic)
      : unit_(unit),
        campaign_(unit.model.campaigns[graph.campaign]),
        graph_(graph),
        traffic_(traffic),
        labels_(unit, campaign_),
        box_of_(graph.nodes.size(), kNoIndex) {}

  Chart build() {
    head();
    for (std::size_t i = 0; i < campaign_.stages.size(); ++i) stage(i);
    leaving_ = group(Group::Kind::Leaving, "leaves from any stage");
    anytime_ = group(Group::Kind::Anytime, "at any time");
    at_the_end_ = group(Group::Kind::AtTheEnd, "at the end of every membership");
    entries();
    boxes();
    clauses();
    arrows();
    join_changes();
    count_boxes();
    if (traffic_) count_rest();
    drop_empty_groups();
    return std::move(chart_);
  }

 private:
  // What the picture consists of
  void head();
  void stage(std::size_t index);
  void entries();
  void boxes();
  void clauses();
  void arrows();
  Index group(Group::Kind kind, std::string name);
  Index add(Box box, Index group, Span span);
  Index group_of(NodeIndex node) const;
  bool is_drawn(NodeIndex node) const;
  NodeIndex first_of_on_exit() const;
  void arrow(NodeIndex from, EdgeIndex edge);
  bool leads_on(const Edge& edge) const;
  Way follow(EdgeIndex edge) const;
  void exit_box(const std::string& how, const std::string& reason, Span span, std::optional<Count> count);
  void join_changes();
  void drop_empty_groups();

  // What a replay did
  void count_boxes();
  void count_rest();
  void count_arrow(Arrow& arrow) const;
  void count_left_over();
  std::optional<Count> left_by(Span span, const std::string& reason) const;

  const sema::Unit& unit_;
  const sema::Campaign& campaign_;
  const CampaignGraph& graph_;
  const Traffic* traffic_;
  Labels labels_;
  Chart chart_;
  std::vector<Index> box_of_;  ///< per node
  Index leaving_ = kNoIndex, anytime_ = kNoIndex, at_the_end_ = kNoIndex;
};

void Builder::head() {
  chart_.name = campaign_.name;
  chart_.about = campaign_.made_from ? campaign_.made_from->doc : campaign_.decl->doc;
  chart_.span = campaign_.made_from ? campaign_.made_from->name.span : campaign_.decl->name.span;
  using Kind = ast::Clause::Kind;
  for (Kind kind : {Kind::Audience, Kind::Exclude, Kind::Active, Kind::ExclusiveIn, Kind::OneMembershipPer,
                    Kind::Reenter, Kind::SendOnlyIn, Kind::Limit, Kind::Goal}) {
    for (const ast::Clause& each : campaign_.decl->clauses) {
      if (each.kind == kind) chart_.facts.push_back(labels_.clause(each));
    }
  }
}

Index Builder::group(Group::Kind kind, std::string name) {
  Group made;
  made.kind = kind;
  made.name = std::move(name);
  chart_.groups.push_back(std::move(made));
  return static_cast<Index>(chart_.groups.size() - 1);
}

void Builder::stage(std::size_t index) {
  const sema::Stage& written = campaign_.stages[index];
  Group& made = chart_.groups[group(Group::Kind::Stage, written.name)];
  made.about = written.clause->doc;
  made.span = written.clause->name.span;
}

Index Builder::add(Box box, Index group, Span span) {
  box.group = group;
  box.span = span;
  chart_.boxes.push_back(std::move(box));
  return static_cast<Index>(chart_.boxes.size() - 1);
}

/// The top of the body of `on exit`, behind all others; kNoIndex if there is none.
NodeIndex Builder::first_of_on_exit() const {
  for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
    if (graph_.nodes[i].kind == Node::Kind::BodyEnd && !graph_.out[i].empty()) return i;
  }
  return flow::kNoIndex;
}

Index Builder::group_of(NodeIndex node) const {
  if (graph_.nodes[node].stage != flow::kNoIndex) return graph_.nodes[node].stage;
  return node >= first_of_on_exit() ? at_the_end_ : anytime_;
}

/// A handler stands on the arrow that leads out of its wait.
bool Builder::is_drawn(NodeIndex index) const {
  const Node& node = graph_.nodes[index];
  switch (node.kind) {
    case Node::Kind::Work:
    case Node::Kind::SendWork:
    case Node::Kind::Branch:
    case Node::Kind::Split:
    case Node::Kind::RepeatStart:
    case Node::Kind::Exit:
      return true;
    case Node::Kind::Suspension:
      return node.suspension_of == flow::kNoIndex;
    case Node::Kind::TriggerBody:
      return std::none_of(graph_.edges.begin(), graph_.edges.end(),
                          [&](const Edge& edge) { return edge.to == index && edge.kind == Edge::Kind::Handler; });
    case Node::Kind::BodyEnd:
      return index == first_of_on_exit();
    case Node::Kind::Entry:
    case Node::Kind::StageStart:
    case Node::Kind::Goto:
    case Node::Kind::Restart:
    case Node::Kind::MoveOn:
    case Node::Kind::KeepWaiting:
      return false;
  }
  return false;
}

void Builder::boxes() {
  for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
    if (!is_drawn(i)) continue;
    const Node& node = graph_.nodes[i];
    Box made = labels_.box(node);
    made.stands.push_back(i);
    box_of_[i] = add(std::move(made), group_of(i), node.span);
  }
  // What is held back, and what pauses between two runs, stands in the box of its statement.
  for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
    const NodeIndex of = graph_.nodes[i].suspension_of;
    if (of == flow::kNoIndex) continue;
    box_of_[i] = box_of_[of];
    chart_.boxes[box_of_[of]].stands.push_back(i);
  }
}

// How somebody comes in and goes
// ---------------------------------------------------------------------------------------

void Builder::entries() {
  const auto entry = [&](std::string text, Span span, std::optional<std::int64_t> record) {
    Box box;
    box.kind = record ? Box::Kind::Entry : Box::Kind::HeldOut;
    box.lines.push_back(std::move(text));
    if (traffic_ && record) box.reached = traffic_->of({Record::Kind::Entered, {}, *record}).count;
    add(std::move(box), kNoIndex, span);
  };
  for (std::size_t i = 0; i < campaign_.entries.size(); ++i) {
    const ast::Clause& clause = *campaign_.entries[i];
    entry(labels_.clause(clause), clause.span, static_cast<std::int64_t>(i));
  }
  std::vector<std::string> by;
  for (const sema::Campaign& other : unit_.model.campaigns) {
    const auto& into = other.enrolls_in;
    if (std::find(into.begin(), into.end(), graph_.campaign) != into.end()) by.push_back(other.name);
  }
  if (!by.empty()) entry(fmt::format("enrolled by {}", fmt::join(by, ", ")), chart_.span, kEnrolled);
  if (campaign_.holdout) {
    entry(labels_.clause(*campaign_.holdout), campaign_.holdout->span, std::nullopt);
    chart_.boxes.back().detail = "for comparison: in the campaign, and gets nothing";
  }
}

std::optional<Count> Builder::left_by(Span span, const std::string& reason) const {
  if (!traffic_) return std::nullopt;
  const auto found = std::find(campaign_.reasons.begin(), campaign_.reasons.end(), reason);
  return traffic_->count(Record::Kind::Exited, span, found - campaign_.reasons.begin());
}

void Builder::exit_box(const std::string& how, const std::string& reason, Span span, std::optional<Count> count) {
  Box box;
  box.kind = Box::Kind::Exit;
  box.lines = {how, "exit as " + reason};
  box.reason = reason;
  box.reached = count;
  add(std::move(box), leaving_, span);
}

void Builder::clauses() {
  for (const ast::Clause* each : campaign_.exits) {
    exit_box(labels_.trigger(each->trigger), each->reason.text, each->span, left_by(each->span, each->reason.text));
  }
  for (const sema::Goal& goal : campaign_.goals) {
    const ast::Clause& clause = *goal.clause;
    if (clause.reason)
      exit_box("goal " + goal.name, clause.reason.text, clause.span, left_by(clause.span, clause.reason.text));
  }
  const Span whole = campaign_.decl->span;
  const ast::Clause* with_sales = campaign_.while_with_sales;
  const bool leaves = with_sales && with_sales->with_sales == ast::Clause::SalesForm::Leave;
  if (leaves)
    exit_box("with sales", with_sales->reason.text, with_sales->span, left_by(whole, with_sales->reason.text));
  if (const ast::Clause* lasts = campaign_.lasts) {
    std::string text = labels_.clause(*lasts);
    text = "after " + text.substr(std::string_view("lasts at most ").size());
    text.resize(text.size() - (" as " + lasts->reason.text).size());
    // Both are recorded for the campaign as a whole.
    const bool told = leaves && with_sales->reason.text == lasts->reason.text;
    exit_box(text, lasts->reason.text, lasts->span, told ? std::nullopt : left_by(whole, lasts->reason.text));
  }
  if (campaign_.removed && !traffic_) exit_box("removed by another campaign", "removed", chart_.span, std::nullopt);
}

// Ways
// -----------------------------------------------------------------------------------------------------------------

/// Those that a picture shows: triggers are said to hold at any time, and what is held back goes on where it would
/// have.
bool Builder::leads_on(const Edge& edge) const {
  const Node& from = graph_.nodes[edge.from];
  const bool pause_of_send =
      from.suspension_of != flow::kNoIndex && graph_.nodes[from.suspension_of].kind == Node::Kind::SendWork;
  if (pause_of_send) return false;
  switch (edge.kind) {
    case Edge::Kind::Trigger:
    case Edge::Kind::CampaignTrigger:
    case Edge::Kind::Deferred:
      return false;
    case Edge::Kind::Timer: {
      const auto* wait = ast::try_as<ast::Wait>(from.statement);
      return !wait || wait->at_most || !sema::waits_for_condition(unit_.model, *wait);
    }
    default:
      return true;
  }
}

Way Builder::follow(EdgeIndex first) const {
  Way way;
  for (EdgeIndex e = first; e != flow::kNoIndex;) {
    const Edge& edge = graph_.edges[e];
    const Node& node = graph_.nodes[edge.to];
    // What is behind the top of a stage is taken by others, too.
    if (graph_.nodes[edge.from].kind != Node::Kind::StageStart) way.edges.push_back(e);
    way.back |= edge.kind == Edge::Kind::Resume;
    if (box_of_[edge.to] != kNoIndex) {
      way.to = box_of_[edge.to];
      return way;
    }
    e = flow::kNoIndex;
    for (EdgeIndex next : graph_.out[edge.to]) {
      const Edge::Kind kind = graph_.edges[next].kind;
      const bool on = kind == Edge::Kind::Next || kind == Edge::Kind::MoveOn || kind == Edge::Kind::Resume;
      if (on && node.kind != Node::Kind::BodyEnd) e = next;
    }
  }
  return way;
}

void Builder::arrow(NodeIndex from, EdgeIndex index) {
  const Edge& edge = graph_.edges[index];
  if (!leads_on(edge)) return;
  Way way = follow(index);
  const Index source = box_of_[from];
  if (way.to == kNoIndex || (way.to == source && edge.kind != Edge::Kind::Again && way.back)) return;
  const Node& node = graph_.nodes[edge.from];
  const bool to_own_pause = node.kind == Node::Kind::RepeatStart && way.to == source;
  if (to_own_pause) return;
  Arrow made;
  made.kind = way.back                               ? Arrow::Kind::Back
              : node.kind == Node::Kind::TriggerBody ? Arrow::Kind::Jump
                                                     : Arrow::Kind::Next;
  made.from = source;
  made.to = way.to;
  made.label = labels_.arrow(edge, node);
  made.span = node.span;
  made.shortest = edge.shortest;
  made.longest = edge.longest;
  made.stands = std::move(way.edges);
  const auto same = std::find_if(chart_.arrows.begin(), chart_.arrows.end(), [&](const Arrow& other) {
    return other.from == made.from && other.to == made.to && other.label == made.label;
  });
  // The first run and the further ones of a repeat; ways that nothing tells apart.
  if (same == chart_.arrows.end())
    chart_.arrows.push_back(std::move(made));
  else
    same->others.push_back(std::move(made.stands));
}

void Builder::arrows() {
  const auto first_of = [&](std::uint32_t stage) {
    const auto& out = graph_.out[graph_.stage_start[stage]];
    for (EdgeIndex e : out) {
      if (graph_.edges[e].kind == Edge::Kind::Next) return follow(e).to;
    }
    return kNoIndex;
  };
  for (Index i = 0; i < chart_.boxes.size(); ++i) {
    const Box& box = chart_.boxes[i];
    if (box.kind != Box::Kind::Entry) continue;
    std::uint32_t stage = 0;
    if (i < campaign_.entries.size()) {
      for (std::uint32_t s = 0; s < campaign_.stages.size(); ++s) {
        if (campaign_.stages[s].name == campaign_.entries[i]->name.text) stage = s;
      }
    }
    const Index to = first_of(stage);
    if (to == kNoIndex) continue;
    Arrow made;
    made.from = i;
    made.to = to;
    made.span = box.span;
    made.count = box.reached;
    chart_.arrows.push_back(std::move(made));
  }
  for (NodeIndex i = 0; i < graph_.nodes.size(); ++i) {
    if (box_of_[i] == kNoIndex) continue;
    for (EdgeIndex e : graph_.out[i]) arrow(i, e);
  }
}

/// What is only written down stands in one box, as long as one follows the other.
void Builder::join_changes() {
  std::vector<Index> into(chart_.boxes.size());
  for (Index i = 0; i < into.size(); ++i) into[i] = i;
  const auto arrows_at = [&](Index box, bool out) {
    std::vector<const Arrow*> found;
    for (const Arrow& each : chart_.arrows) {
      if ((out ? each.from : each.to) == box) found.push_back(&each);
    }
    return found;
  };
  for (Index i = 0; i < chart_.boxes.size(); ++i) {
    if (chart_.boxes[i].kind != Box::Kind::Change) continue;
    const auto in = arrows_at(i, false);
    if (in.size() != 1 || !in[0]->others.empty() || !in[0]->label.empty()) continue;
    const Box& before = chart_.boxes[in[0]->from];
    if (before.kind != Box::Kind::Change || before.group != chart_.boxes[i].group || in[0]->from >= i) continue;
    const Index top = into[in[0]->from];
    into[i] = top;
    chart_.boxes[top].lines.push_back(chart_.boxes[i].lines[0]);
    chart_.boxes[top].stands.push_back(chart_.boxes[i].stands[0]);
  }
  std::vector<Index> place(into.size(), kNoIndex);
  std::vector<Box> kept;
  for (Index i = 0; i < into.size(); ++i) {
    if (into[i] != i) continue;
    place[i] = static_cast<Index>(kept.size());
    kept.push_back(std::move(chart_.boxes[i]));
  }
  std::erase_if(chart_.arrows, [&](const Arrow& each) { return into[each.to] != each.to; });
  for (Arrow& each : chart_.arrows) {
    each.from = place[into[each.from]];
    each.to = place[each.to];
  }
  chart_.boxes = std::move(kept);
}

void Builder::drop_empty_groups() {
  std::vector<Index> place(chart_.groups.size(), kNoIndex);
  std::vector<Group> kept;
  for (Index i = 0; i < chart_.groups.size(); ++i) {
    const bool used =
        std::any_of(chart_.boxes.begin(), chart_.boxes.end(), [&](const Box& box) { return box.group == i; });
    if (!used) continue;
    place[i] = static_cast<Index>(kept.size());
    kept.push_back(std::move(chart_.groups[i]));
  }
  chart_.groups = std::move(kept);
  for (Box& box : chart_.boxes) {
    if (box.group != kNoIndex) box.group = place[box.group];
  }
}

// What a replay did ---------------------------------------------------------------------------------------------------

void Builder::count_boxes() {
  if (!traffic_) return;
  for (Box& box : chart_.boxes) {
    if (box.kind == Box::Kind::HeldOut) {
      box.reached = traffic_->observed().totals.held_out;
      box.inside = traffic_->observed().inside_held_out;
    }
    if (box.stands.empty()) continue;
    const Node& node = graph_.nodes[box.stands[0]];
    box.reached = traffic_->reached(box.stands[0]);
    const bool takes_time = node.kind == Node::Kind::Suspension || box.stands.size() > 1;
    if (takes_time && box.kind != Box::Kind::Change) box.inside = traffic_->inside(box.stands[0]);
  }
}

/// The first edge is nobody else's; what of them is the least is what came through.
void Builder::count_arrow(Arrow& arrow) const {
  const auto of_way = [&](const std::vector<EdgeIndex>& way) {
    std::optional<Count> least = traffic_->taken(way[0]);
    for (EdgeIndex e : way) {
      const std::optional<Count> taken = traffic_->taken(e);
      if (least && taken) least = std::min(*least, *taken);
    }
    return least;
  };
  if (arrow.stands.empty()) return;
  arrow.count = of_way(arrow.stands);
  arrow.took = traffic_->took(arrow.stands[0]);
  for (const auto& other : arrow.others) {
    const std::optional<Count> more = of_way(other);
    if (arrow.count && more)
      *arrow.count += *more;
    else
      arrow.count.reset();
    arrow.took.reset();
  }
}

void Builder::count_rest() {
  for (Arrow& arrow : chart_.arrows) count_arrow(arrow);
  for (std::size_t i = 0; i < campaign_.stages.size(); ++i) {
    Group& group = chart_.groups[i];
    const auto stage = static_cast<std::int64_t>(i);
    group.entered = traffic_->of({Record::Kind::StageEntered, {}, stage}).count;
    const Times stayed = traffic_->of({Record::Kind::StageLeft, {}, stage}).took;
    if (stayed.count > 0) group.stayed = stayed;
    group.inside = traffic_->of({Record::Kind::Inside, {}, stage}).count;
  }
  chart_.totals = traffic_->observed().totals;
  count_left_over();
}

/// Those who left by none of the boxes: another campaign removed them, or two leads became one.
void Builder::count_left_over() {
  for (const auto& [reason, all] : traffic_->observed().exits) {
    const auto& held_out = traffic_->observed().exits_held_out;
    const auto out = held_out.find(reason);
    Count rest = all - (out == held_out.end() ? 0 : out->second);
    for (const Box& box : chart_.boxes) {
      if (box.reason == reason) rest -= std::min(rest, box.reached.value_or(0));
    }
    if (rest == 0) continue;
    const std::string how = reason == "removed"  ? "removed by another campaign"
                            : reason == "merged" ? "became another lead"
                                                 : "otherwise";
    exit_box(how, reason, chart_.span, rest);
  }
}

}  // namespace

Chart chart_of(const sema::Unit& unit, const CampaignGraph& graph, const Traffic* traffic) {
  return Builder(unit, graph, traffic).build();
}

std::optional<double> share_of(const Arrow& arrow, const Chart& chart) {
  const Box& from = chart.boxes[arrow.from];
  if (!arrow.count || from.kind == Box::Kind::Repeat || from.reached.value_or(0) == 0) return std::nullopt;
  return static_cast<double>(*arrow.count) / static_cast<double>(*from.reached);
}

std::string_view word_of(Box::Kind kind) {
  switch (kind) {
    case Box::Kind::Entry:
      return "entry";
    case Box::Kind::HeldOut:
      return "holdout";
    case Box::Kind::Send:
      return "send";
    case Box::Kind::Wait:
      return "wait";
    case Box::Kind::Choice:
      return "choice";
    case Box::Kind::Repeat:
      return "repeat";
    case Box::Kind::People:
      return "people";
    case Box::Kind::Change:
      return "change";
    case Box::Kind::Elsewhere:
      return "elsewhere";
    case Box::Kind::Trigger:
      return "trigger";
    case Box::Kind::Exit:
      return "exit";
    case Box::Kind::Campaign:
      return "campaign";
  }
  return "";
}

std::string_view word_of(Arrow::Kind kind) {
  switch (kind) {
    case Arrow::Kind::Next:
      return "next";
    case Arrow::Kind::Jump:
      return "jump";
    case Arrow::Kind::Back:
      return "back";
    case Arrow::Kind::Relation:
      return "relation";
  }
  return "";
}

std::string_view word_of(Group::Kind kind) {
  switch (kind) {
    case Group::Kind::Stage:
      return "stage";
    case Group::Kind::Anytime:
      return "anytime";
    case Group::Kind::Leaving:
      return "leaving";
    case Group::Kind::AtTheEnd:
      return "at_the_end";
    case Group::Kind::Exclusive:
      return "exclusive";
  }
  return "";
}

std::string_view meaning_of(Box::Kind kind) {
  switch (kind) {
    case Box::Kind::Entry:
      return "comes in";
    case Box::Kind::HeldOut:
      return "held out";
    case Box::Kind::Send:
      return "message";
    case Box::Kind::Wait:
      return "time passes";
    case Box::Kind::Choice:
      return "choice";
    case Box::Kind::Repeat:
      return "repeated";
    case Box::Kind::People:
      return "work for people";
    case Box::Kind::Change:
      return "data";
    case Box::Kind::Elsewhere:
      return "another campaign";
    case Box::Kind::Trigger:
      return "at any time";
    case Box::Kind::Exit:
      return "leaves";
    case Box::Kind::Campaign:
      return "campaign";
  }
  return "";
}

}  // namespace nurture::picture
