#pragma once

#include <string>
#include <string_view>

namespace nurture::outcome {

/// A text of a log as it may stand in a table: with a blank for each line break, tab and other control character.
std::string one_line(std::string_view text);

}  // namespace nurture::outcome
