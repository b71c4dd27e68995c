#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nurture::syntax {

/// How a token of this type should be written, wherever it stands.
std::string canonical_text(std::size_t type, std::string_view written);

/// "Tue" is "Tuesday".
std::string canonical_weekday(std::string_view written);

/// "day" or "days", as its number asks.
std::string canonical_unit(std::string_view number, std::string_view written);

}  // namespace nurture::syntax
