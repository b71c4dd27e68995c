#pragma once

#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostics.h"

namespace nurture::findings {

/// Takes out of the diagnostics what comments `// allow(W0501): reason` allow, and reports what is wrong with such a
/// comment. Where the programme has no error, one that allows nothing is reported too; among the first `own` files
/// only, because what another file allows may be found in another programme.
void apply_exceptions(const std::vector<ast::File>& files, std::size_t own, const SourceManager& sources,
                      Diagnostics& diagnostics);

}  // namespace nurture::findings
