#pragma once

#include <vector>

#include "compiler/compare/compare.h"
#include "compiler/compare/portrait.h"

namespace nurture::compare {

/// Says what is different in two items that are the same thing: its parts, and what stands in it. `about` is its label,
/// or the rules or template that a part of it comes from.
void inside(const Item& before, const Item& after, std::vector<Change>& out);

}  // namespace nurture::compare
