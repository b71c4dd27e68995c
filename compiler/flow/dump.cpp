#include <fmt/format.h>

#include "compiler/flow/blocks.h"
#include "compiler/flow/graph.h"

namespace nurture::flow {

namespace {

std::string_view name_of(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::Entry:
      return "entry";
    case Node::Kind::StageStart:
      return "stage";
    case Node::Kind::Work:
      return "work";
    case Node::Kind::SendWork:
      return "send";
    case Node::Kind::Branch:
      return "branch";
    case Node::Kind::Split:
      return "split";
    case Node::Kind::RepeatStart:
      return "repeat";
    case Node::Kind::Suspension:
      return "suspension";
    case Node::Kind::Goto:
      return "go to";
    case Node::Kind::Restart:
      return "restart";
    case Node::Kind::Exit:
      return "exit";
    case Node::Kind::TriggerBody:
      return "body";
    case Node::Kind::BodyEnd:
      return "body end";
    case Node::Kind::MoveOn:
      return "move on";
    case Node::Kind::KeepWaiting:
      return "keep waiting";
  }
  return "";
}

std::string_view name_of(Edge::Kind kind) {
  switch (kind) {
    case Edge::Kind::Next:
      return "next";
    case Edge::Kind::Arm:
      return "arm";
    case Edge::Kind::NoArm:
      return "no arm";
    case Edge::Kind::BranchOf:
      return "branch";
    case Edge::Kind::Timer:
      return "timer";
    case Edge::Kind::Handler:
      return "handler";
    case Edge::Kind::Trigger:
      return "trigger";
    case Edge::Kind::CampaignTrigger:
      return "campaign trigger";
    case Edge::Kind::Else:
      return "else";
    case Edge::Kind::Deferred:
      return "deferred";
    case Edge::Kind::Again:
      return "again";
    case Edge::Kind::MoveOn:
      return "moved on";
    case Edge::Kind::Resume:
      return "resume";
    case Edge::Kind::Enter:
      return "enter";
  }
  return "";
}

bool numbered(Edge::Kind kind) {
  return kind == Edge::Kind::Arm || kind == Edge::Kind::BranchOf || kind == Edge::Kind::Handler ||
         kind == Edge::Kind::Trigger || kind == Edge::Kind::CampaignTrigger;
}

/// The largest units that say it exactly.
std::string length(Instant time) {
  if (time == kNever) return "no bound";
  if (time == 0) return "0";
  struct Unit {
    Instant size;
    const char* name;
  };
  for (Unit unit : {Unit{kDay, "d"}, Unit{kHour, "h"}, Unit{kMinute, "min"}, Unit{kSecond, "s"}}) {
    if (time % unit.size == 0) return fmt::format("{} {}", time / unit.size, unit.name);
  }
  return fmt::format("{} us", time);
}

std::string delays(const Edge& edge) {
  if (edge.shortest == 0 && edge.longest == 0) return "";
  if (edge.shortest == edge.longest) return fmt::format(" after {}", length(edge.shortest));
  return fmt::format(" after {} to {}", length(edge.shortest), length(edge.longest));
}

std::string describe(const Node& node, const sema::Campaign& campaign) {
  std::string text(name_of(node.kind));
  if (node.kind == Node::Kind::StageStart) text += " " + campaign.stages[node.stage].name;
  if (node.kind == Node::Kind::Work || node.kind == Node::Kind::Suspension) {
    text += fmt::format(" ({})", keyword(node.statement->kind));
  }
  if (node.kind == Node::Kind::SendWork) text += " " + ast::as<ast::Send>(*node.statement).content.text;
  if (node.kind == Node::Kind::SendWork && !node.may_wait) text += " (detached)";
  if (node.kind == Node::Kind::Exit) text += " as " + ast::as<ast::ExitStmt>(*node.statement).reason.text;
  return text;
}

}  // namespace

std::string dump(const CampaignGraph& graph, const sema::Model& model) {
  const sema::Campaign& campaign = model.campaigns[graph.campaign];
  std::string out = fmt::format("campaign {}\n", campaign.name);
  for (NodeIndex i = 0; i < graph.nodes.size(); ++i) {
    out += fmt::format("  {} {}{}\n", i, describe(graph.nodes[i], campaign), graph.reachable[i] ? "" : " (never)");
    for (EdgeIndex e : graph.out[i]) {
      const Edge& edge = graph.edges[e];
      std::string number = numbered(edge.kind) ? fmt::format(" {}", edge.index) : "";
      out += fmt::format("    {}{} -> {}{}\n", name_of(edge.kind), number, edge.to, delays(edge));
    }
  }
  if (graph.longest_stay) out += fmt::format("  longest stay {}\n", length(graph.longest_stay->nominal()));
  return out;
}

}  // namespace nurture::flow
