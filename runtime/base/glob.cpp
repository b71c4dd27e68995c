#include "runtime/base/glob.h"

#include <vector>

namespace nurture {
namespace {

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t slash; (slash = path.find('/', begin)) != std::string_view::npos; begin = slash + 1) {
    parts.push_back(path.substr(begin, slash - begin));
  }
  parts.push_back(path.substr(begin));
  return parts;
}

/// Bytes of the code point that begins at `at`: `?` is one character, not one byte.
std::size_t character_size(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return end - at;
}

bool name_matches(std::string_view pattern, std::string_view name) {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  std::size_t p = 0, n = 0;
  std::size_t star = std::string_view::npos, retry = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = n;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      n += character_size(name, n);
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

bool is_glob(std::string_view path) { return path.find_first_of("*?") != std::string_view::npos; }

bool glob_matches(std::string_view pattern, std::string_view path) {
  std::vector<std::string_view> wanted = components(pattern);
  std::vector<std::string_view> parts = components(path);
  // reach[i]: the pattern so far matches the first i components.
  std::vector<bool> reach(parts.size() + 1, false);
  reach[0] = true;
  for (std::string_view one : wanted) {
    std::vector<bool> next(parts.size() + 1, false);
    if (one == "**") {
      next[0] = reach[0];
      for (std::size_t i = 0; i < parts.size(); ++i)
        next[i + 1] = reach[i + 1] || (next[i] && !parts[i].starts_with('.'));
    } else {
      for (std::size_t i = 0; i < parts.size(); ++i) next[i + 1] = reach[i] && name_matches(one, parts[i]);
    }
    reach = std::move(next);
  }
  return reach[parts.size()];
}

std::string glob_base(std::string_view pattern) {
  std::size_t wildcard = pattern.find_first_of("*?");
  std::size_t slash = pattern.substr(0, wildcard).rfind('/');
  if (slash == std::string_view::npos) return "";
  return std::string(slash == 0 ? "/" : pattern.substr(0, slash));
}

}  // namespace nurture
