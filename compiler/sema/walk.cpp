#include "compiler/sema/walk.h"

namespace nurture::sema {

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
  } else if (const auto* since = ast::try_as<ast::DaysSince>(&expr)) {
    go(since->target);
  } else if (const auto* lookup = ast::try_as<ast::Lookup>(&expr)) {
    go(lookup->key);
  } else if (const auto* last = ast::try_as<ast::InLast>(&expr)) {
    go(last->value);
  } else if (const auto* next = ast::try_as<ast::WithinNext>(&expr)) {
    go(next->value);
  }
}

bool mentions(const ast::Expr& expr, std::string_view name) {
  if (const auto* ref = ast::try_as<ast::NameRef>(&expr))
    return ref->path.parts.size() == 1 && ref->path.parts.front().text == name;
  bool found = false;
  for_each_child(expr, [&](const ast::Expr& child) { found = found || mentions(child, name); });
  return found;
}

void for_each_block(const ast::Stmt& statement, const BlockVisitor& visit) {
  if (const auto* send = ast::try_as<ast::Send>(&statement)) {
    if (send->otherwise) visit(*send->otherwise, false);
  } else if (const auto* wait = ast::try_as<ast::Wait>(&statement)) {
    for (const ast::Trigger& handler : wait->handlers) visit(handler.body, true);
    if (wait->otherwise) visit(*wait->otherwise, false);
  } else if (const auto* branch = ast::try_as<ast::If>(&statement)) {
    for (const ast::IfArm& arm : branch->arms) visit(arm.body, false);
    if (branch->otherwise) visit(*branch->otherwise, false);
  } else if (const auto* split = ast::try_as<ast::SplitStmt>(&statement)) {
    for (const ast::SplitArm& arm : split->arms) visit(arm.body, false);
  } else if (const auto* repeat = ast::try_as<ast::Repeat>(&statement)) {
    visit(repeat->body, false);
  }
}

const ast::Stmt* goes_back_to_wait(const ast::Block& block, std::string_view stage) {
  for (const ast::Stmt* statement : block.statements) {
    if (!statement) continue;
    if (statement->kind == ast::NodeKind::KeepWaiting) return statement;
    const auto* going = ast::try_as<ast::GoTo>(statement);
    if (going && going->stage.text == stage) return statement;
    const ast::Stmt* inner = nullptr;
    for_each_block(*statement, [&](const ast::Block& body, bool in_handler) {
      if (!inner && !in_handler) inner = goes_back_to_wait(body, stage);
    });
    if (inner) return inner;
  }
  return nullptr;
}

void for_each_statement(const ast::Block& block, const std::function<void(const ast::Stmt&)>& visit) {
  for (const ast::Stmt* statement : block.statements) {
    if (!statement) continue;
    visit(*statement);
    for_each_block(*statement, [&](const ast::Block& inner, bool) { for_each_statement(inner, visit); });
  }
}

namespace {

class Asker {
 public:
  explicit Asker(const Questions& questions) : questions_(questions) {}

  void clause(const ast::Clause& clause) {
    condition(clause.condition);
    condition(clause.condition2);
    event(clause.event);
    for (const ast::EventRef& each : clause.after) event(each);
    for (const ast::EventRef& each : clause.until) event(each);
    trigger(clause.trigger);
    block(clause.body);
    for (const ast::Trigger& each : clause.triggers) trigger(each);
  }

 private:
  void condition(const ast::Expr* expr) {
    if (expr) questions_.condition(*expr);
  }

  void event(const ast::EventRef& event) {
    if (event) questions_.event(event);
    condition(event.where);
  }

  void head(const ast::Trigger& trigger) {
    event(trigger.event);
    condition(trigger.condition);
    for (const ast::EventRef& each : trigger.silence_of) event(each);
  }

  void trigger(const ast::Trigger& trigger) {
    head(trigger);
    block(trigger.body);
  }

  void block(const ast::Block& block) {
    for_each_statement(block, [&](const ast::Stmt& each) { statement(each); });
  }

  /// Without what its inner blocks ask.
  void statement(const ast::Stmt& statement) {
    if (const auto* branch = ast::try_as<ast::If>(&statement)) {
      for (const ast::IfArm& arm : branch->arms) condition(arm.condition);
    } else if (const auto* wait = ast::try_as<ast::Wait>(&statement)) {
      condition(wait->until.target);
      for (const ast::Trigger& handler : wait->handlers) head(handler);
    } else if (const auto* send = ast::try_as<ast::Send>(&statement)) {
      condition(send->to_leads_where);
    }
  }

  const Questions& questions_;
};

}  // namespace

void for_each_question(const std::vector<ast::Clause>& clauses, const Questions& questions) {
  Asker asker(questions);
  for (const ast::Clause& clause : clauses) asker.clause(clause);
}

}  // namespace nurture::sema
