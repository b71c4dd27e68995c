#pragma once

#include <cstddef>
#include <string_view>

namespace nurture {

/// Length of the UTF-8 sequence that starts at `i`, or 0 if the bytes there are none (overlong forms, surrogates and
/// values above U+10FFFF included).
std::size_t utf8_length(std::string_view text, std::size_t i);

}  // namespace nurture
