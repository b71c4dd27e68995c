#pragma once

#include <string_view>

namespace nurture::tool {

/// The page of a code, docs/diagnostics/<code>.md; empty if there is none.
std::string_view page_of(std::string_view code);

}  // namespace nurture::tool
