#pragma once

#include <memory>
#include <string>

#include "runtime/base/io.h"
#include "runtime/base/result.h"
#include "runtime/bytecode/module.h"
#include "runtime/eventlog/chunk.h"
#include "runtime/eventlog/decompress.h"

namespace nurture::eventlog {

struct FileOptions {
  const Names* names = nullptr;
  std::uint64_t line_limit = 1 << 20;  ///< bytes
  std::size_t chunk = 1 << 20;         ///< bytes
  bytecode::LogFormat format = bytecode::LogFormat::Auto;
};

/// A log or table file, unpacked and cut into chunks of whole records: by `format`, else by its name, else by its first
/// byte. Where it is cut depends on nothing but the file and the options.
class LogFile {
 public:
  /// Errors: a file that can't be read, damaged compression, a header that does not read or names a column twice.
  static Result<LogFile> open(FileSystem& files, const std::string& path, const FileOptions& options);

  const FileHead& head() const { return *head_; }
  /// Whether the header has this column. True where there is no header: in NDJSON, and in an empty file.
  bool has_column(NameId name) const;
  /// Fills the chunk, whose memory is used again; false at the end of the file. The first is always there.
  Result<bool> next(Chunk& chunk);

 private:
  explicit LogFile(const FileOptions& options) : options_(options) {}

  Status read_ahead();
  Status cut(Chunk& chunk);
  Status pass_line();
  /// So many bytes more behind those of the buffer; fewer where the file ends.
  Status fill(Buffer& buffer, std::size_t count);

  FileOptions options_;
  std::unique_ptr<UnpackedSource> source_;
  std::shared_ptr<const FileHead> head_;
  std::string ahead_;      // what told the format
  std::size_t taken_ = 0;  // of it
  Chunk first_;
  std::string rest_;            // behind the chunk before
  std::uint64_t position_ = 0;  // of `rest_`
  bool ended_ = false;          // the file has nothing behind `rest_`
};

}  // namespace nurture::eventlog
