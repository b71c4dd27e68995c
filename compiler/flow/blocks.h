#pragma once

#include <functional>
#include <optional>
#include <string>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/sema/model.h"

/// Questions about a body of statements that need no graph.
namespace nurture::flow {

/// Whether control can come out at the end of it.
bool falls_through(const sema::Model& model, const ast::Block& block);
bool falls_through(const sema::Model& model, const ast::Stmt& statement);

/// Where a body that falls through runs out, and on which path.
Label where_it_runs_out(const sema::Model& model, const ast::Block& block);

/// The campaign's own words for a statement: "go to", "wait".
std::string_view keyword(ast::NodeKind kind);

/// The length that an expression names in the source itself: a literal, a `let`, or a sum of such.
std::optional<Duration> constant_duration(const sema::Model& model, const ast::Expr* expr);

}  // namespace nurture::flow
