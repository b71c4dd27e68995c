#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "runtime/base/embedded.h"

namespace nurture {

/// The modules written in nurture itself, embedded: "std/b2b.nurture" and its siblings, named below stdlib/.
extern const std::span<const EmbeddedFile> stdlib_modules;

}  // namespace nurture
