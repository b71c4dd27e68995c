#pragma once

#include <functional>
#include <string_view>

#include "compiler/ast/ast.h"

/// Going through trees without knowing what is looked for.
namespace nurture::sema {

void for_each_child(const ast::Expr& expr, const std::function<void(const ast::Expr&)>& visit);
/// Whether a bare `name` stands anywhere in it.
bool mentions(const ast::Expr& expr, std::string_view name);
/// Every statement of a block, those in its inner blocks and handlers included, in the order written.
void for_each_statement(const ast::Block& block, const std::function<void(const ast::Stmt&)>& visit);

}  // namespace nurture::sema
