#pragma once

#include <vector>

#include "compiler/compare/portrait.h"

namespace nurture::compare {

/// An item of one version, what it is in the other, or none. Not both are null.
struct Match {
  const Item* before = nullptr;
  const Item* after = nullptr;
  const Item* previous = nullptr;  ///< of `after`: what stands before it, where that matters
  bool moved = false;              ///< the same, elsewhere
};

/// Which items are which, in the order of the version after; what is gone stands where it stood.
std::vector<Match> align(const std::vector<Item>& before, const std::vector<Item>& after);

}  // namespace nurture::compare
