#pragma once

#include <string_view>

/// Comparisons of texts by code point. `fold` ignores case by Unicode simple case folding, one code point to one. A
/// byte that is not UTF-8 counts as a code point of its own, equal only to itself.
namespace nurture::vm::text {

bool equal_fold(std::string_view a, std::string_view b);
bool starts_with(std::string_view a, std::string_view b, bool fold);
bool ends_with(std::string_view a, std::string_view b, bool fold);
bool contains(std::string_view a, std::string_view b, bool fold);
/// `*` stands for any run of code points, `?` for one; everything else for itself.
bool matches(std::string_view a, std::string_view glob, bool fold);

char32_t fold_code_point(char32_t c);

}  // namespace nurture::vm::text
