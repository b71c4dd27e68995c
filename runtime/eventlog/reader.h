#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/eventlog/chunk.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/eventlog/row.h"

namespace nurture::eventlog {

/// Where a record stands, and what is wrong with it if it can't be read at all.
struct RecordPlace {
  std::uint64_t line = 0;  ///< lines of the chunk before it
  std::size_t byte = 0;    ///< where in the chunk's buffer it begins
  std::string_view text;   ///< as it stands in the file; only the beginning of one that is too long
  std::optional<RejectReason> bad;
  std::string detail;
};

/// Reads the records of one chunk after the other. Views live as long as the chunk, or until the next record where the
/// text had to be put together (escapes, doubled quotes).
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  virtual void begin(const Chunk& chunk) = 0;
  /// Fills `row` and `place`; false behind the last record.
  virtual bool next(Row& row, RecordPlace& place) = 0;
  /// Lines of the chunk that have been read.
  virtual std::uint64_t lines() const = 0;
};

std::unique_ptr<RecordReader> csv_reader(std::uint64_t line_limit);
/// Reads the header of a CSV file off its first chunk, which goes on behind it. Gives per column its name's id, or
/// kNoName. An Error if it does not read, or names a column twice.
Result<std::vector<NameId>> read_csv_header(Chunk& first, std::uint64_t line_limit, const Names& names);
std::unique_ptr<RecordReader> ndjson_reader(const Names& names, std::uint64_t line_limit);

}  // namespace nurture::eventlog
