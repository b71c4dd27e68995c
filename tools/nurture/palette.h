#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "compiler/sema/model.h"

namespace nurture::tool {

/// The values that make a difference to a programme: those that its conditions compare attributes and properties with,
/// as JSON, each once and in the order of the source.
struct Palette {
  using Values = std::map<std::string, std::vector<std::string>>;  ///< by name of the attribute or property
  Values lead, account;
  std::map<std::uint32_t, Values> events;  ///< by kind: every kind that some campaign, score or question names
};

Palette palette_of(const sema::Model& model);

}  // namespace nurture::tool
