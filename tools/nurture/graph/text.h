#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Text on a drawing. Widths are those of Helvetica and its like, and a little more for fonts that are wider: what is
/// drawn does not depend on the fonts of the machine that draws it.
namespace nurture::tool {

/// In pixels, in letters of this size.
double width_of(std::string_view text, double size);

/// How wide a drawing makes it, whatever the font: as Helvetica has it. Nothing where it has letters whose widths are
/// only guessed: those are as wide as their font makes them.
std::optional<double> drawn_width(std::string_view text, double size);

/// Lines of at most this width, broken where there are spaces; a longer word is broken behind `.`, `_`, `/`, or
/// anywhere.
std::vector<std::string> wrap(std::string_view text, double width, double size);

}  // namespace nurture::tool
