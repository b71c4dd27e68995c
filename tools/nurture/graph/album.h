#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "compiler/picture/chart.h"
#include "compiler/picture/traffic.h"
#include "runtime/base/result.h"

namespace nurture::tool {

/// The charts of a programme: of each campaign and, where there are several, of all.
struct Album {
  std::optional<picture::Chart> overview;
  std::vector<picture::Chart> campaigns;
};

/// `observed`: as Model::campaigns, or empty without a replay. `only`: the one campaign that is asked for, or kNoIndex.
Album album_of(const driver::Checked& checked, const std::vector<picture::Observed>& observed,
               std::uint32_t only = sema::kNoIndex);

/// Laid out and written. Errors as of `lay_out`.
Result<std::string> svg_of(const picture::Chart& chart, const sema::Unit& unit);

}  // namespace nurture::tool
