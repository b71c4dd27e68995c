#include "stdlib/stdlib.h"

#include <algorithm>
#include <string>

namespace nurture {

const std::string_view* find_stdlib(std::string_view dotted) {
  std::string path(dotted);
  std::replace(path.begin(), path.end(), '.', '/');
  path += ".nurture";
  for (const EmbeddedFile& file : stdlib_modules) {
    if (file.name == path) return &file.content;
  }
  return nullptr;
}

}  // namespace nurture
