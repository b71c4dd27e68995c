#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/base/value.h"

namespace nurture {

/// Bytes read from front to back: a file, a pipe, a decompressor over another source.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills up to `size` bytes; 0 means the end. An error names the place.
  virtual Result<std::size_t> read(char* buffer, std::size_t size) = 0;
};

/// Bytes written under a temporary name beside the target; `commit` makes them appear there whole, and without it
/// nothing remains. A target of "-" is standard output and is written through.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Status write(std::string_view bytes) = 0;
  virtual Status commit() = 0;
};

/// A whole file in memory: what the machine has of it anyway, not a copy. At an address that every number may have.
class FileView {
 public:
  virtual ~FileView() = default;
  virtual std::string_view bytes() const = 0;
};

/// The only way the core reaches files. `host::real_file_system` is the machine's; tests pass an in-memory twin.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// The whole file, at most `limit` bytes; larger is an error that says so.
  virtual Result<std::string> read_file(const std::string& path, std::uint64_t limit) = 0;
  virtual Result<std::unique_ptr<ByteSource>> open(const std::string& path) = 0;
  /// A regular file; nobody may cut it short while it is looked at (a sink replaces files, and leaves the old one be).
  /// A file system that has no better way reads it.
  virtual Result<std::shared_ptr<const FileView>> view(const std::string& path);
  virtual Result<std::unique_ptr<ByteSink>> create(const std::string& path) = 0;
  virtual bool is_directory(const std::string& path) = 0;
  virtual bool exists(const std::string& path) = 0;
  /// Bytes of a regular file, if that is known: for showing how much is left.
  virtual std::optional<std::uint64_t> size(const std::string&) { return std::nullopt; }
  /// Paths of the regular files below a folder, or matching a glob (`*`, `?`, `**`), sorted by code point.
  virtual Result<std::vector<std::string>> list(const std::string& folder_or_glob) = 0;
};

}  // namespace nurture
