#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"

/// Going through trees without knowing what is looked for.
namespace nurture::sema {

/// Its parts; not the `where` of a question about the past, which sees something else.
void for_each_child(const ast::Expr& expr, const std::function<void(const ast::Expr&)>& visit);
/// Whether a bare `name` stands anywhere in it.
bool mentions(const ast::Expr& expr, std::string_view name);
/// Calls `visit` for the bodies inside a statement; a handler's with `in_handler`.
using BlockVisitor = std::function<void(const ast::Block&, bool in_handler)>;
void for_each_block(const ast::Stmt& statement, const BlockVisitor& visit);
/// The statement that sends a handler's body back to its own wait: `keep waiting`, or `go to` the stage it is in
/// (§5.9).
const ast::Stmt* goes_back_to_wait(const ast::Block& block, std::string_view stage);
/// Every statement of a block, those in its inner blocks and handlers included, in the order written.
void for_each_statement(const ast::Block& block, const std::function<void(const ast::Stmt&)>& visit);

/// What clauses ask, whatever it is for, those of their bodies included, in the order written: conditions whole, and
/// the events that are listened to. The `where` of such an event comes as a condition after it.
struct Questions {
  std::function<void(const ast::Expr&)> condition;
  std::function<void(const ast::EventRef&)> event = [](const ast::EventRef&) {};
};
void for_each_question(const std::vector<ast::Clause>& clauses, const Questions& questions);

}  // namespace nurture::sema
