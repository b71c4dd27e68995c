#pragma once

#include <functional>
#include <optional>
#include <string>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/sema/model.h"

/// Questions about a body of statements that need no graph.
namespace nurture::flow {

/// Whether control can come out at the end of it.
bool falls_through(const ast::Block& block);
bool falls_through(const ast::Stmt& statement);

/// Where a body that falls through runs out, and on which path.
Label where_it_runs_out(const ast::Block& block);

/// The statement that sends a handler's body back to its own wait: `keep waiting`, or `go to` the stage it is in.
const ast::Stmt* goes_back_to_wait(const ast::Block& block, std::string_view stage);

/// The campaign's own words for a statement: "go to", "wait".
std::string_view keyword(ast::NodeKind kind);

/// Calls `visit` for the bodies inside a statement; a handler's with `in_handler`.
using BlockVisitor = std::function<void(const ast::Block&, bool in_handler)>;
void for_each_block(const ast::Stmt& statement, const BlockVisitor& visit);

/// The length that an expression names in the source itself: a literal, a `let`, or a sum of such.
std::optional<Duration> constant_duration(const sema::Model& model, const ast::Expr* expr);

}  // namespace nurture::flow
