#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "tools/nurture/evidence/findings.h"

namespace nurture::tool::evidence {

/// How many leads, accounts or events have each value of one attribute or property, the most frequent first.
struct Values {
  struct Row {
    std::string_view text;
    Count count = 0;
  };
  std::vector<Row> rows;
  Count known = 0;  ///< who have any
};

/// Of texts and choices. A lead counts for each value that it had at any time, once.
Values lead_values(const store::Store& store, std::uint16_t attribute);
Values account_values(const store::Store& store, std::uint16_t attribute);
Values event_values(const store::Store& store, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& properties);

/// The leads who had, at any time, a value of this attribute for which `accept` holds.
Count leads_with(const store::Store& store, std::uint16_t attribute,
                 const std::function<bool(std::string_view)>& accept);

}  // namespace nurture::tool::evidence
