#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "runtime/base/embedded.h"

namespace nurture {

/// The modules written in nurture itself, embedded: "std/b2b.nurture" and its siblings, named below stdlib/.
extern const std::span<const EmbeddedFile> stdlib_modules;

/// The text of a module by its dotted name ("std.b2b"), or null.
const std::string_view* find_stdlib(std::string_view dotted);

}  // namespace nurture
