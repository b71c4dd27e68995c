#pragma once

#include <vector>

#include "compiler/ast/ast.h"

namespace nurture::findings {

/// Where each declaration, clause and statement of a file begins and ends; also answers of a wait, and what stands line
/// by line in a declaration where the tree knows its end.
std::vector<Span> constructs(const ast::File& file);

}  // namespace nurture::findings
