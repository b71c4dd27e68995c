#pragma once

#include <string>
#include <string_view>

namespace nurture::format {

/// What changes from one text to another, line by line, as `diff -u` shows it; empty if nothing does.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view name_before,
                         std::string_view name_after);

}  // namespace nurture::format
