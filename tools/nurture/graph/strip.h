#pragma once

#include <vector>

#include "tools/nurture/graph/layout.h"

/// Boxes that no arrow leads to or from. They stand in rows above the picture: laid out among the others they would
/// make it wide.
namespace nurture::tool {

/// Per box: whether it is one, of a group that has no others.
std::vector<bool> in_strip(const picture::Chart& chart);

/// Puts them above everything else, group by group, and moves that down.
void place_strip(const picture::Chart& chart, const Sheet& sheet, const std::vector<bool>& strip, Placed& placed);

}  // namespace nurture::tool
