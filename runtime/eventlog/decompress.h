#pragma once

#include <memory>
#include <string>

#include "runtime/base/io.h"

namespace nurture::eventlog {

/// The bytes of a file as they were before gzip or zstd, told by the first bytes and not by the name; anything else
/// passes through. Concatenated gzip members and zstd frames are one stream. Damaged or truncated data is an Error that
/// names the file and the byte of the compressed file.
Result<std::unique_ptr<ByteSource>> decompressed(std::unique_ptr<ByteSource> source, const std::string& path);

}  // namespace nurture::eventlog
