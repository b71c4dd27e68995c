#pragma once

#include <optional>
#include <vector>

#include "runtime/base/result.h"
#include "tools/nurture/graph/sheet.h"

/// Where everything stands on a drawing. Pixels, from the top left.
namespace nurture::tool {

struct Point {
  double x = 0, y = 0;
};
struct Area {
  double left = 0, top = 0, right = 0, bottom = 0;
};

struct Placed {
  double width = 0, height = 0;
  std::vector<Point> boxes;  ///< centres
  struct Curve {
    std::vector<Point> points;  ///< of cubic Bézier curves, one after the other: 3 n + 1
    Point tip;                  ///< of the arrow
    Point label;                ///< centre
  };
  std::vector<Curve> arrows;
  std::vector<Area> groups;
  std::vector<Point> headings;  ///< of the groups: centre
};

inline constexpr double kScreen = 1360;  ///< what is wider has to be scrolled

/// By Graphviz, if this machine has it. Error: it has not, or that cannot lay the picture out.
Result<Placed> lay_out(const picture::Chart& chart, const Sheet& sheet);

}  // namespace nurture::tool
