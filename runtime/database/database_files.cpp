#include "runtime/database/database_files.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/database/tables.h"

namespace nurture::database {
namespace {

constexpr std::string_view kParquet = "PAR1";
constexpr std::string_view kSqlite = "SQLite format 3";
constexpr std::string_view kDuckDb = "DUCK";
constexpr std::size_t kDuckDbAt = 8;  // behind a checksum

/// By its first bytes. What can't be read is of no kind: whoever opens it says why.
Kind kind_of(FileSystem& files, const std::string& path) {
  if (path == "-" || !files.size(path)) return Kind::None;
  auto source = files.open(path);
  if (!source) return Kind::None;
  std::string begin(kSqlite.size(), '\0');
  std::size_t have = 0;
  while (have < begin.size()) {
    auto read = (*source)->read(begin.data() + have, begin.size() - have);
    if (!read || *read == 0) break;
    have += *read;
  }
  begin.resize(have);
  if (begin.starts_with(kParquet)) return Kind::Parquet;
  if (begin == kSqlite) return Kind::Sqlite;
  return have > kDuckDbAt && std::string_view(begin).substr(kDuckDbAt).starts_with(kDuckDb) ? Kind::DuckDb : Kind::None;
}

}  // namespace

Result<std::unique_ptr<ByteSource>> DatabaseFiles::open(const std::string& path) {
  const Kind kind = kind_of(base_, path);
  const bool whole = std::find(options_.whole.begin(), options_.whole.end(), path) != options_.whole.end();
  const Question question{path, whole ? "" : options_.sql, options_.threads};
  if (kind == Kind::Sqlite) return open_sqlite(question);
  if (kind != Kind::None) return open_duckdb(question, kind);
  if (question.sql.empty()) return base_.open(path);
  return Error{fmt::format("--sql asks a database, and {} is none", path),
               "It asks Parquet files (their rows are called `log`), DuckDB databases and SQLite databases."};
}

std::optional<std::uint64_t> DatabaseFiles::size(const std::string& path) {
  return kind_of(base_, path) == Kind::None ? base_.size(path) : std::nullopt;
}

}  // namespace nurture::database
