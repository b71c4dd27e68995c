#pragma once

#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostics.h"

namespace nurture::findings {

/// Whether the programme was looked at with a log at hand. Without one, what only a log shows (W1501 to W1599) is not
/// missed where it is allowed.
enum class Log : std::uint8_t { None, Read };

/// Takes out of the diagnostics what comments `// allow(W0501): reason` allow, and reports what is wrong with such a
/// comment. Where the programme has no error, one that allows nothing is reported too; among the first `own` files
/// only, because what another file allows may be found in another programme.
void apply_exceptions(const std::vector<ast::File>& files, std::size_t own, const SourceManager& sources,
                      Diagnostics& diagnostics, Log log = Log::None);

}  // namespace nurture::findings
