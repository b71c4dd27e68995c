#pragma once

#include "compiler/sema/context.h"
#include "runtime/base/io.h"

/// The passes of the checker in the order in which they run. Each reports into context.out and fills context.model.
namespace nurture::sema {

class Expressions;

/// Parses what is used, fills `order` and `roots`, reports cycles and what cannot be found.
void close_uses(Context& context, const Library& library, FileSystem& files);
/// Programme, attributes, events, contents, lets, segments, campaigns, sources and tests by name; nothing is typed yet.
void declare(Context& context);
/// Types and folds defaults and lets, types segments.
void check_declarations(Context& context, Expressions& expressions);
void check_scores(Context& context, Expressions& expressions);
void check_contents(Context& context, Expressions& expressions);
void check_campaigns(Context& context, Expressions& expressions);
void check_sources(Context& context, Expressions& expressions);
void check_tests(Context& context, Expressions& expressions);
/// Names that the user's own files declare and nothing uses. Only for a programme without errors.
void warn_unused(Context& context);

}  // namespace nurture::sema
