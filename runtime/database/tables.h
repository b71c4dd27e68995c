#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/base/io.h"

/// What the two libraries behind DatabaseFiles have in common.
namespace nurture::database {

enum class Kind : std::uint8_t { None, Parquet, DuckDb, Sqlite };

struct Question {
  std::string path;
  std::string sql;  ///< empty: all rows of the only table
  unsigned threads = 0;
};

/// Gives its rows as CSV, a block at a time.
class RowSource : public ByteSource {
 public:
  Result<std::size_t> read(char* buffer, std::size_t size) final;

 protected:
  /// Appends some rows to `out`, or none at the end.
  virtual Status more(std::string& out) = 0;

 private:
  std::string block_;
  std::size_t taken_ = 0;
};

Result<std::unique_ptr<ByteSource>> open_duckdb(const Question& question, Kind kind);
Result<std::unique_ptr<ByteSource>> open_sqlite(const Question& question);

/// As both write a name (between ") and a text (between ').
std::string quoted(std::string_view text, char quote);
/// A line of the names of columns.
std::string header(const std::vector<std::string>& names);
/// The query that reads the only table. Error: there are none, or several.
Result<std::string> only_table(const std::string& path, const std::vector<std::string>& tables);
Error refused(const std::string& path, const std::string& why);

}  // namespace nurture::database
