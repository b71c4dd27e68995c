#pragma once

#include <span>
#include <string_view>

namespace nurture {

/// A file compiled into the binary; `name` is its path below the folder it was embedded from.
struct EmbeddedFile {
  std::string_view name;
  std::string_view content;
};

}  // namespace nurture
