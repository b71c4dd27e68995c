#pragma once

#include <optional>
#include <vector>

#include "compiler/sema/model.h"

namespace nurture::sema {

/// The row of a key, or null.
const std::vector<std::optional<ConstantValue>>* row_of(const Table& table, const ConstantValue& key);

}  // namespace nurture::sema
