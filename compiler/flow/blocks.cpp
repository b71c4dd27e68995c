#include "compiler/flow/blocks.h"

#include <algorithm>

#include "compiler/sema/walk.h"

namespace nurture::flow {

using ast::as;
using ast::NodeKind;
using sema::for_each_block;

namespace {

bool has_move_on(const ast::Block& block) {
  return std::any_of(block.statements.begin(), block.statements.end(), [](const ast::Stmt* statement) {
    if (statement->kind == NodeKind::MoveOn) return true;
    bool found = false;
    for_each_block(*statement, [&](const ast::Block& inner, bool in_handler) {
      found = found || (!in_handler && has_move_on(inner));
    });
    return found;
  });
}

bool wait_falls_through(const sema::Model& model, const ast::Wait& wait) {
  // Where what it waits for comes true, it is over, whatever becomes of those for whom time runs out.
  if (sema::waits_for_condition(model, wait)) return true;
  if (!wait.otherwise || falls_through(model, *wait.otherwise)) return true;
  return std::any_of(wait.handlers.begin(), wait.handlers.end(),
                     [](const ast::Trigger& handler) { return has_move_on(handler.body); });
}

bool any_arm_falls(const sema::Model& model, const ast::If& node) {
  return std::any_of(node.arms.begin(), node.arms.end(),
                     [&](const ast::IfArm& arm) { return falls_through(model, arm.body); });
}

Label runs_out_of_if(const sema::Model& model, const ast::If& node) {
  if (!any_arm_falls(model, node)) {
    if (node.otherwise) return where_it_runs_out(model, *node.otherwise);
    return {node.arms.back().condition ? node.arms.back().condition->span : node.span, "when this is false"};
  }
  for (const ast::IfArm& arm : node.arms) {
    if (falls_through(model, arm.body)) {
      if (!arm.body.statements.empty()) return where_it_runs_out(model, arm.body);
      return {arm.condition ? arm.condition->span : node.span, "when this is true"};
    }
  }
  return {node.span, "after this"};
}

Label runs_out_of_split(const sema::Model& model, const ast::SplitStmt& node) {
  for (const ast::SplitArm& arm : node.arms) {
    if (falls_through(model, arm.body)) return {arm.name.span, "in the branch \"" + arm.name.text + "\""};
  }
  return {node.span, "after this"};
}

Label runs_out_of_wait(const sema::Model& model, const ast::Wait& node) {
  if (node.otherwise && !node.otherwise->statements.empty() && falls_through(model, *node.otherwise)) {
    return where_it_runs_out(model, *node.otherwise);
  }
  Span head = node.head.end > node.head.begin ? node.head : node.span;
  return {head, node.has_handlers ? "when the time of this wait has run out" : "after this wait"};
}

bool all_paths_fall(const sema::Model& model, const ast::Stmt& statement) {
  bool all = true;
  for_each_block(statement, [&](const ast::Block& block, bool in_handler) {
    all = all && (in_handler || falls_through(model, block));
  });
  return all;
}

}  // namespace

bool falls_through(const sema::Model& model, const ast::Block& block) {
  return std::all_of(block.statements.begin(), block.statements.end(),
                     [&](const ast::Stmt* statement) { return falls_through(model, *statement); });
}

bool falls_through(const sema::Model& model, const ast::Stmt& statement) {
  switch (statement.kind) {
    case NodeKind::GoTo:
    case NodeKind::RestartStage:
    case NodeKind::ExitStmt:
    case NodeKind::Stay:
    case NodeKind::MoveOn:
    case NodeKind::KeepWaiting:
      return false;
    case NodeKind::If: {
      const auto& node = as<ast::If>(statement);
      return !node.otherwise || falls_through(model, *node.otherwise) || any_arm_falls(model, node);
    }
    case NodeKind::SplitStmt: {
      const auto& arms = as<ast::SplitStmt>(statement).arms;
      return arms.empty() || std::any_of(arms.begin(), arms.end(),
                                         [&](const ast::SplitArm& arm) { return falls_through(model, arm.body); });
    }
    case NodeKind::Wait:
      return wait_falls_through(model, as<ast::Wait>(statement));
    case NodeKind::Repeat:
      return falls_through(model, as<ast::Repeat>(statement).body);
    default:
      return true;  // every other statement goes on to the next
  }
}

Label where_it_runs_out(const sema::Model& model, const ast::Block& block) {
  if (block.statements.empty()) return {block.span, "nothing stands here"};
  const ast::Stmt& last = *block.statements.back();
  if (last.kind == NodeKind::Wait) return runs_out_of_wait(model, as<ast::Wait>(last));
  if (last.kind == NodeKind::Repeat) return {as<ast::Repeat>(last).head, "after the last run of this"};
  if (last.kind == NodeKind::If && !(!as<ast::If>(last).arms.empty() && all_paths_fall(model, last))) {
    return runs_out_of_if(model, as<ast::If>(last));
  }
  if (last.kind == NodeKind::SplitStmt && !all_paths_fall(model, last))
    return runs_out_of_split(model, as<ast::SplitStmt>(last));
  return {last.span, "after this"};
}

std::string_view keyword(NodeKind kind) {
  switch (kind) {
    case NodeKind::Send:
      return "send";
    case NodeKind::Wait:
      return "wait";
    case NodeKind::Stay:
      return "stay";
    case NodeKind::If:
      return "if";
    case NodeKind::SplitStmt:
      return "split";
    case NodeKind::Repeat:
      return "repeat";
    case NodeKind::GoTo:
      return "go to";
    case NodeKind::RestartStage:
      return "restart stage";
    case NodeKind::ExitStmt:
      return "exit";
    case NodeKind::HandOff:
      return "hand off";
    case NodeKind::TakeBack:
      return "take back";
    case NodeKind::Assign:
      return "assign";
    case NodeKind::Notify:
      return "notify";
    case NodeKind::SetStmt:
      return "set";
    case NodeKind::Remember:
      return "remember";
    case NodeKind::Enroll:
      return "enroll in";
    case NodeKind::RemoveFrom:
      return "remove from";
    case NodeKind::CallWebhook:
      return "call webhook";
    case NodeKind::MoveOn:
      return "move on";
    case NodeKind::KeepWaiting:
      return "keep waiting";
    default:
      return "statement";  // expressions, declarations, and what is not in this version
  }
}

std::optional<Duration> constant_duration(const sema::Model& model, const ast::Expr* expr) {
  if (!expr) return std::nullopt;
  std::optional<sema::ConstantValue> value = sema::constant_of(model, *expr);
  if (!value || value->type.kind != TypeKind::Duration || !value->value.known) return std::nullopt;
  return value->value.duration();
}

}  // namespace nurture::flow
