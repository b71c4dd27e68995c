#pragma once

#include <memory>
#include <string>

#include "runtime/base/io.h"

namespace nurture::eventlog {

/// A file as it was before it was packed.
class UnpackedSource : public ByteSource {
 public:
  /// How far the file has been read as it lies there.
  virtual std::uint64_t packed_position() const = 0;
};

/// The bytes of a file as they were before gzip or zstd, told by the first bytes and not by the name; anything else
/// passes through. Concatenated gzip members and zstd frames are one stream. Damaged or truncated data is an Error that
/// names the file and the byte of the compressed file.
Result<std::unique_ptr<UnpackedSource>> decompressed(std::unique_ptr<ByteSource> source, const std::string& path);

}  // namespace nurture::eventlog
