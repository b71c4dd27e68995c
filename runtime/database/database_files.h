#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/base/io.h"

/// Logs that are tables: Parquet files, DuckDB and SQLite databases, and what a query makes of them.
namespace nurture::database {

/// Another file system, in which such a file reads as CSV: a line of column names, then the rows in the order that the
/// query gives them. So everything that holds for CSV holds for tables: sources, rejects, totals. What a file is, its
/// first bytes tell. Files of other kinds are those of the file system below.
///
/// Cells: instants as RFC 3339 in UTC (a timestamp without a zone is taken for UTC), intervals as seconds, lists and
/// records as JSON, all else as DuckDB or SQLite writes it; NULL is an empty cell.
class DatabaseFiles final : public FileSystem {
 public:
  struct Options {
    /// One SELECT over the tables of a database, or over `log`, the rows of a Parquet file. Empty: all rows of `log`,
    /// or of the only table.
    std::string sql;
    std::vector<std::string> whole;  ///< paths that `sql` is not asked: all their rows are read
    unsigned threads = 0;            ///< that DuckDB may use; 0: as many as it likes
  };

  DatabaseFiles(FileSystem& base, Options options) : base_(base), options_(std::move(options)) {}

  /// Errors: those of the file system; a query that does not run, with the database's words; no query where there are
  /// several tables; a query where there is no database; no DuckDB in this build.
  Result<std::unique_ptr<ByteSource>> open(const std::string& path) override;
  Result<std::string> read_file(const std::string& path, std::uint64_t limit) override {
    return base_.read_file(path, limit);
  }
  Result<std::shared_ptr<const FileView>> view(const std::string& path) override { return base_.view(path); }
  Result<std::unique_ptr<ByteSink>> create(const std::string& path) override { return base_.create(path); }
  bool is_directory(const std::string& path) override { return base_.is_directory(path); }
  bool exists(const std::string& path) override { return base_.exists(path); }
  /// Unknown for databases: how much CSV they make shows at their end.
  std::optional<std::uint64_t> size(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& folder_or_glob) override {
    return base_.list(folder_or_glob);
  }

 private:
  FileSystem& base_;
  Options options_;
};

}  // namespace nurture::database
