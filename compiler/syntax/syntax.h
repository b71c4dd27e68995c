#pragma once

#include <cstdint>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source.h"

namespace nurture::syntax {

struct Limits {
  std::uint32_t max_bytes = 4u << 20;  ///< of one file
  std::uint32_t max_nesting = 200;     ///< of braces, brackets, parentheses and operators
};

/// Parses one file. Never throws: what cannot be read is reported and leaves an ErrorExpr, an ErrorStmt or nothing, so
/// that a broken file still has a tree.
ast::File parse(const SourceFile& source, ast::Tree& tree, Diagnostics& diagnostics, const Limits& limits = {});

/// Parses the body of a message: text, Markdown or HTML with `{expression}` in it.
ast::Message parse_body(const SourceFile& source, ast::Tree& tree, Diagnostics& diagnostics, const Limits& limits = {});

}  // namespace nurture::syntax
