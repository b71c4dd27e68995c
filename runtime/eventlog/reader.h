#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/io.h"
#include "runtime/bytecode/module.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/eventlog/row.h"
#include "runtime/eventlog/window.h"

namespace nurture::eventlog {

/// Where a record stands, and what is wrong with it if it can't be read at all.
struct RecordPlace {
  std::uint64_t line = 0;
  std::uint64_t byte = 0;
  std::string_view text;  ///< as it stands in the file; only the beginning of one that is too long
  std::optional<RejectReason> bad;
  std::string detail;
};

/// Reads one file record by record. What it holds is bounded by the line limit.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  /// Fills `row` and `place`; false at the end. An Error only where the stream itself fails.
  virtual Result<bool> next(Row& row, RecordPlace& place) = 0;
  /// Whether the header has this column. True where there is no header: in NDJSON, and in an empty file.
  virtual bool has_column(NameId name) const = 0;
  virtual std::uint64_t position() const = 0;
};

struct ReaderOptions {
  const Names* names = nullptr;
  std::uint64_t line_limit = 1 << 20;
  bytecode::LogFormat format = bytecode::LogFormat::Auto;
};

/// A log or table file, unpacked and read as CSV or NDJSON: by `format`, else by its name, else by its first byte.
class LogFile {
 public:
  static Result<LogFile> open(FileSystem& files, const std::string& path, const ReaderOptions& options);

  RecordReader& reader() { return *reader_; }
  bool is_csv() const { return csv_; }

 private:
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<Window> window_;
  std::unique_ptr<RecordReader> reader_;
  bool csv_ = false;
};

Result<std::unique_ptr<RecordReader>> csv_reader(Window& window, const std::string& path, const ReaderOptions& options);
std::unique_ptr<RecordReader> ndjson_reader(Window& window, const ReaderOptions& options);

}  // namespace nurture::eventlog
