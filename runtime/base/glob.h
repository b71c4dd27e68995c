#pragma once

#include <string>
#include <string_view>

namespace nurture {

/// Whether a path has `*` or `?` in it.
bool is_glob(std::string_view path);

/// `*` and `?` stay inside one folder name, a component `**` is any number of folders, also none. Names that begin with
/// a point match only a pattern that begins with one.
bool glob_matches(std::string_view pattern, std::string_view path);

/// The leading folders of a pattern that hold no wildcard: "logs/2026" of "logs/2026/*/a.csv"; empty if there are none.
std::string glob_base(std::string_view pattern);

}  // namespace nurture
