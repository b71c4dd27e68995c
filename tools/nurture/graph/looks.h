#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "compiler/picture/chart.h"

/// Colours and shapes: what kind of thing a box is shows in both, for those who do not see the one or the other.
namespace nurture::tool {

enum class Shape : std::uint8_t {
  Card,     ///< a rectangle with round corners
  Pill,     ///< round ends
  Hexagon,  ///< a choice
  Tag,      ///< a pointed left side: it comes from outside
};

struct Paint {
  std::string_view fill, stroke;
};

struct Look {
  Shape shape = Shape::Card;
  Paint light, dark;
};

const Look& look_of(picture::Box::Kind kind);

/// Of the paper, its letters and its lines.
struct Theme {
  std::string_view paper, ink, quiet, line, jump, group_fill, group_line;
};
const Theme& light_theme();
const Theme& dark_theme();

/// The kinds that are in a chart, each once, in the order of a legend.
std::vector<picture::Box::Kind> kinds_in(const picture::Chart& chart);

}  // namespace nurture::tool
