#pragma once

#include "compiler/sema/context.h"
#include "runtime/base/io.h"

/// The passes of the checker in the order in which they run. Each reports into context.out and fills context.model.
namespace nurture::sema {

class Expressions;

/// Parses what is used, fills `order` and `roots`, reports cycles and what cannot be found.
void close_uses(Context& context, const Library& library, FileSystem& files);
/// Writes out the campaigns that follow rules or come from a template, into `composed`.
void compose(Context& context);
/// Arguments that are names must name something, whether the template uses them or not.
void check_arguments(Context& context);
/// Programme, attributes, events, contents, lets, segments, campaigns, sources and tests by name; nothing is typed yet.
void declare(Context& context);
/// Reads and parses the body files of contents; nothing is typed yet.
void read_bodies(Context& context, FileSystem& files);
/// Reads the files of tables.
void read_tables(Context& context, FileSystem& files);
/// The defaults of their columns, before anything is looked up.
void fill_empty_cells(Context& context, Expressions& expressions);
/// Types and folds defaults and lets, types segments.
void check_declarations(Context& context, Expressions& expressions);
void check_scores(Context& context, Expressions& expressions);
/// Windows with their calendars, and streams.
void check_windows(Context& context, FileSystem& files);
void check_policies(Context& context, Expressions& expressions);
void check_properties(Context& context, Expressions& expressions);
void check_scenarios(Context& context, Expressions& expressions);
void check_contents(Context& context, Expressions& expressions);
void check_campaigns(Context& context, Expressions& expressions);
void check_sources(Context& context, Expressions& expressions);
void check_tests(Context& context, Expressions& expressions);
/// Names that the user's own files declare and nothing uses. Only for a programme without errors.
void warn_unused(Context& context);

}  // namespace nurture::sema
