#include "compiler/picture/labels.h"

#include <fmt/format.h>

namespace nurture::picture {

using ast::as;
using ast::NodeKind;
using flow::Edge;
using flow::Node;

namespace {

const compare::Renames kNoRenames;

Box made(Box::Kind kind, std::string line, std::string detail = {}) {
  Box box;
  box.kind = kind;
  box.lines.push_back(std::move(line));
  box.detail = std::move(detail);
  return box;
}

/// The statement without what it says to people, which stands below it.
template <typename T>
std::string without_note(const ast::Stmt& stmt, compare::Words& words) {
  T bare = as<T>(stmt);
  bare.note = {};
  std::string head = compare::head_of(bare, words);
  while (head.ends_with(' ')) head.pop_back();
  return head;
}

}  // namespace

Labels::Labels(const sema::Unit& unit, const sema::Campaign& campaign)
    : unit_(unit), words_(unit.model, kNoRenames), clauses_(unit, words_) {
  words_.inside(campaign.name);
}

Box Labels::send(const ast::Send& send) {
  Box box = made(Box::Kind::Send, compare::head_of(send, words_));
  const sema::Model& model = unit_.model;
  if (send.what == ast::Send::What::Content) {
    const std::uint32_t content = model.find_content(send.content.text);
    if (content != sema::kNoIndex) box.detail = words_.raw(model.contents[content].decl->subject);
  }
  if (send.what == ast::Send::What::NextOf) {
    const std::size_t contents = model.streams[model.find_stream(send.content.text)].contents.size();
    box.detail = fmt::format("one of {}", contents);
  }
  return box;
}

Box Labels::work(const ast::Stmt& stmt) {
  switch (stmt.kind) {
    case NodeKind::HandOff:
      return made(Box::Kind::People, without_note<ast::HandOff>(stmt, words_), words_.raw(as<ast::HandOff>(stmt).note));
    case NodeKind::Assign:
      return made(Box::Kind::People, without_note<ast::Assign>(stmt, words_), words_.raw(as<ast::Assign>(stmt).note));
    case NodeKind::Notify:
      return made(Box::Kind::People, without_note<ast::Notify>(stmt, words_), words_.raw(as<ast::Notify>(stmt).note));
    case NodeKind::TakeBack:
      return made(Box::Kind::People, compare::head_of(stmt, words_));
    case NodeKind::Enroll:
    case NodeKind::RemoveFrom:
      return made(Box::Kind::Elsewhere, compare::head_of(stmt, words_));
    default:
      return made(Box::Kind::Change, compare::head_of(stmt, words_));
  }
}

Box Labels::box(const Node& node) {
  switch (node.kind) {
    case Node::Kind::SendWork:
      return send(as<ast::Send>(*node.statement));
    case Node::Kind::Suspension:
      return node.statement->kind == NodeKind::Wait
                 ? made(Box::Kind::Wait, "wait " + compare::head_of(*node.statement, words_))
                 : made(Box::Kind::Wait, "stay");
    case Node::Kind::RepeatStart:
      return made(Box::Kind::Repeat, "repeat " + compare::head_of(*node.statement, words_));
    case Node::Kind::Split: {
      const auto& split = as<ast::SplitStmt>(*node.statement);
      std::string line = compare::head_of(split, words_);
      if (split.by_account) line += " by account";
      if (split.drawn_anew) line += " drawn anew each pass";
      return made(Box::Kind::Choice, std::move(line));
    }
    case Node::Kind::Branch: {
      const auto& arms = as<ast::If>(*node.statement).arms;
      return made(Box::Kind::Choice, arms.size() == 1 ? "if " + words_.expression(arms[0].condition) : "if");
    }
    case Node::Kind::TriggerBody:
      return made(Box::Kind::Trigger, words_.head(*node.trigger));
    case Node::Kind::Exit: {
      Box box = made(Box::Kind::Exit, compare::head_of(*node.statement, words_));
      box.reason = as<ast::ExitStmt>(*node.statement).reason.text;
      return box;
    }
    case Node::Kind::Work:
      return work(*node.statement);
    case Node::Kind::BodyEnd:
      return made(Box::Kind::Trigger, "on exit");
    case Node::Kind::Entry:
    case Node::Kind::StageStart:
    case Node::Kind::Goto:
    case Node::Kind::Restart:
    case Node::Kind::MoveOn:
    case Node::Kind::KeepWaiting:
      break;
  }
  return {};
}

std::string Labels::time_out(const ast::Wait& wait) {
  if (sema::waits_for_condition(unit_.model, wait)) return "otherwise, after " + words_.length(wait.at_most);
  if (wait.form != ast::Wait::Form::UpTo) return wait.handlers.empty() ? "" : "otherwise";
  return "otherwise, after " + words_.length(wait.duration, wait.business_days, wait.window);
}

std::string Labels::arrow(const Edge& edge, const Node& from) {
  switch (edge.kind) {
    case Edge::Kind::Arm: {
      const auto& arms = as<ast::If>(*from.statement).arms;
      return arms.size() == 1 ? "yes" : words_.expression(arms[edge.index].condition);
    }
    case Edge::Kind::NoArm:
      return as<ast::If>(*from.statement).arms.size() == 1 ? "no" : "else";
    case Edge::Kind::BranchOf: {
      const ast::SplitArm& arm = as<ast::SplitStmt>(*from.statement).arms[edge.index];
      return fmt::format("{} {}", compare::percent_words(arm.share), arm.name.text);
    }
    case Edge::Kind::Handler:
      return words_.head(as<ast::Wait>(*from.statement).handlers[edge.index]);
    case Edge::Kind::MoveOn:
      return from.kind == Node::Kind::Suspension ? "as soon as it holds" : "";
    case Edge::Kind::Else:
      return as<ast::Send>(*from.statement).if_none_left ? "if none left" : "if it is not sent";
    case Edge::Kind::Again:
      return "each time";
    case Edge::Kind::Timer:
      if (from.statement->kind == NodeKind::Repeat) return "afterwards";
      return from.statement->kind == NodeKind::Wait ? time_out(as<ast::Wait>(*from.statement)) : "";
    case Edge::Kind::Next:
      return from.kind == Node::Kind::RepeatStart ? "each time" : "";
    case Edge::Kind::Trigger:
    case Edge::Kind::CampaignTrigger:
    case Edge::Kind::Deferred:
    case Edge::Kind::Resume:
    case Edge::Kind::Enter:
      break;
  }
  return {};
}

}  // namespace nurture::picture
