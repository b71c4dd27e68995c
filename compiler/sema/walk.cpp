#include "compiler/sema/walk.h"

namespace nurture::sema {

namespace {

void inner_blocks(const ast::Stmt& statement, const std::function<void(const ast::Block&)>& visit) {
  if (const auto* send = ast::try_as<ast::Send>(&statement)) {
    if (send->otherwise) visit(*send->otherwise);
  } else if (const auto* wait = ast::try_as<ast::Wait>(&statement)) {
    for (const ast::Trigger& handler : wait->handlers) visit(handler.body);
    if (wait->otherwise) visit(*wait->otherwise);
  } else if (const auto* branch = ast::try_as<ast::If>(&statement)) {
    for (const ast::IfArm& arm : branch->arms) visit(arm.body);
    if (branch->otherwise) visit(*branch->otherwise);
  } else if (const auto* split = ast::try_as<ast::SplitStmt>(&statement)) {
    for (const ast::SplitArm& arm : split->arms) visit(arm.body);
  } else if (const auto* repeat = ast::try_as<ast::Repeat>(&statement)) {
    visit(repeat->body);
  }
}

}  // namespace

void for_each_child(const ast::Expr& expr, const std::function<void(const ast::Expr&)>& visit) {
  auto go = [&](const ast::Expr* child) {
    if (child) visit(*child);
  };
  if (const auto* list = ast::try_as<ast::ListLit>(&expr)) {
    for (const ast::Expr* item : list->items) go(item);
  } else if (const auto* unary = ast::try_as<ast::Unary>(&expr)) {
    go(unary->operand);
  } else if (const auto* binary = ast::try_as<ast::Binary>(&expr)) {
    go(binary->left);
    go(binary->right);
  } else if (const auto* in = ast::try_as<ast::InTest>(&expr)) {
    go(in->value);
    go(in->list);
  } else if (const auto* between = ast::try_as<ast::Between>(&expr)) {
    go(between->value);
    go(between->low);
    go(between->high);
  } else if (const auto* known = ast::try_as<ast::KnownTest>(&expr)) {
    go(known->value);
  } else if (const auto* shift = ast::try_as<ast::DateShift>(&expr)) {
    go(shift->amount);
    go(shift->target);
  }
}

bool mentions(const ast::Expr& expr, std::string_view name) {
  if (const auto* ref = ast::try_as<ast::NameRef>(&expr))
    return ref->path.parts.size() == 1 && ref->path.parts.front().text == name;
  bool found = false;
  for_each_child(expr, [&](const ast::Expr& child) { found = found || mentions(child, name); });
  return found;
}

void for_each_statement(const ast::Block& block, const std::function<void(const ast::Stmt&)>& visit) {
  for (const ast::Stmt* statement : block.statements) {
    if (!statement) continue;
    visit(*statement);
    inner_blocks(*statement, [&](const ast::Block& inner) { for_each_statement(inner, visit); });
  }
}

}  // namespace nurture::sema
