#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/base/io.h"

namespace nurture {

/// Bytes written behind what a file has already. Nobody else appends to it as long as this lives, and nothing of what
/// it has is touched; without `commit` it has what it had.
class Appender : public ByteSink {
 public:
  /// What is written goes to byte `at`, and what was between byte `end` of the file and there becomes zeros; what stood
  /// behind is gone. The first `held` bytes of it stay zeros until all others are on the disk: `commit` writes them,
  /// at once. They must lie in one sector, and have been zeros, or behind the end of the file. Called once, first.
  virtual Status begin(std::uint64_t end, std::uint64_t at, std::size_t held) = 0;
};

}  // namespace nurture
