#pragma once

#include <cstdint>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/outcome/tally.h"

namespace nurture::outcome {

/// The count at an index that a record carries.
template <typename T>
T& at(std::vector<T>& table, std::int64_t index) {
  NURTURE_CHECK(index >= 0 && static_cast<std::size_t>(index) < table.size());
  return table[static_cast<std::size_t>(index)];
}

/// Enrolments are counted behind the entries.
inline std::int64_t entry_row(const CampaignTally& c, std::int64_t entry) {
  return entry == bytecode::kNone ? static_cast<std::int64_t>(c.refused.size()) - 1 : entry;
}

}  // namespace nurture::outcome
