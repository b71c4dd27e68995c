#pragma once

#include <string>
#include <vector>

#include "compiler/picture/chart.h"

/// A chart with its texts broken into lines, and how much room each needs: what is laid out and drawn.
namespace nurture::tool {

struct TextLine {
  enum class Style : std::uint8_t { Main, Detail, Figure, Heading } style = Style::Main;
  std::string text;
};
double size_of(TextLine::Style style);    ///< of the letters, in pixels
double height_of(TextLine::Style style);  ///< of the line
double widened(TextLine::Style style);    ///< the size of plain letters that are as wide: bold ones are wider

struct TextBlock {
  std::vector<TextLine> lines;
  double width = 0, height = 0;  ///< in pixels, without a margin
  bool empty() const { return lines.empty(); }
};

struct Sheet {
  std::vector<TextBlock> boxes, arrows, groups;  ///< as those of the chart
  /// Room that a box takes with its margin and shape.
  std::vector<double> widths, heights;
};

Sheet sheet_of(const picture::Chart& chart);

/// Adds a text, broken into lines of at most `width`.
void add_text(TextBlock& block, TextLine::Style style, std::string_view text, double width);

/// What a replay says of it, in words; empty without one: "1,204, 37 of them there now".
std::string figures_of(const picture::Box& box);
/// Of an arrow: how many took it, and when, a line for each: "312 (26 %),", "after 2 days 6 h".
std::vector<std::string> figures_of(const picture::Arrow& arrow, const picture::Chart& chart);
std::string figures_of(const picture::Group& group);
/// "1,204 came in; 31 are still in it; 1,173 left: 900 finished, 273 opted_out".
std::string figures_of(const picture::Totals& totals);

}  // namespace nurture::tool
