#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/io.h"
#include "runtime/base/result.h"

namespace nurture::eventlog {

/// One cell of a record that is written.
struct OutCell {
  enum class Kind : std::uint8_t {
    None,  ///< says nothing
    Null,  ///< says that there is no value: only JSON can
    Text,
    Bare,  ///< a number, true or false: in JSON without quotes
    List,  ///< a JSON array
  };
  Kind kind = Kind::None;
  std::string text{};
};

/// Writes records with named columns to a file: as CSV with a header if its name ends in .csv, else as NDJSON, whose
/// members are those columns that say something.
class RecordWriter {
 public:
  /// A column "properties.x" is in JSON the member "x" of an object "properties": such columns come last.
  static Result<RecordWriter> create(FileSystem& files, const std::string& path, std::vector<std::string> columns);

  void set(std::size_t column, OutCell cell) { cells_[column] = std::move(cell); }
  /// Ends the record; the next begins empty. An Error if CSV cannot say what it has.
  Status end();
  Status commit();

 private:
  RecordWriter(std::string path, std::vector<std::string> columns, std::unique_ptr<ByteSink> sink);

  void append_json();
  void append_cell(std::string_view name, const OutCell& cell);
  Status append_csv();
  Status flush(std::size_t at_least);

  std::string path_;
  bool csv_;
  std::vector<std::string> columns_;
  std::vector<OutCell> cells_;
  std::unique_ptr<ByteSink> sink_;
  std::string buffer_;
};

}  // namespace nurture::eventlog
