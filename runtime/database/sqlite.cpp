#include <fmt/format.h>
#include <sqlite3.h>

#include "runtime/base/csv.h"
#include "runtime/database/tables.h"

namespace nurture::database {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct EndStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, EndStatement>;

Result<Database> open_database(const std::string& path) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  Database database(opened);
  if (code != SQLITE_OK) return refused(path, sqlite3_errstr(code));
  return database;
}

/// The only statement of a query that changes nothing.
Result<Statement> prepare(sqlite3* database, const Question& question, const std::string& sql) {
  sqlite3_stmt* prepared = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v2(database, sql.c_str(), -1, &prepared, &rest);
  Statement statement(prepared);
  if (code != SQLITE_OK) return refused(question.path, sqlite3_errmsg(database));
  if (!statement || sqlite3_column_count(prepared) == 0) return refused(question.path, "the query gives no rows");
  if (std::string_view(rest).find_first_not_of("; \t\r\n") != std::string_view::npos)
    return refused(question.path, "--sql is one query, and this is several");
  return statement;
}

Result<std::vector<std::string>> tables_of(sqlite3* database, const Question& question) {
  auto asked = prepare(database, question,
                       "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' "
                       "ESCAPE '\\' ORDER BY name");
  if (!asked) return asked.error();
  std::vector<std::string> names;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(asked->get())) == SQLITE_ROW)
    names.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(asked->get(), 0)));
  if (code != SQLITE_DONE) return refused(question.path, sqlite3_errmsg(database));
  return names;
}

class SqliteRows final : public RowSource {
 public:
  SqliteRows(std::string path, Database database, Statement statement)
      : path_(std::move(path)), database_(std::move(database)), statement_(std::move(statement)) {}

 private:
  static constexpr std::size_t kBlock = 1 << 16;  // bytes, about

  Status more(std::string& out) override {
    if (!begun_) append_header(out);
    while (out.size() < kBlock && !ended_) {
      const int code = sqlite3_step(statement_.get());
      ended_ = code == SQLITE_DONE;
      if (code == SQLITE_ROW)
        append_row(out);
      else if (!ended_)
        return refused(path_, sqlite3_errmsg(database_.get()));
    }
    return Done{};
  }

  void append_header(std::string& out) {
    begun_ = true;
    std::vector<std::string> names;
    for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i)
      names.emplace_back(sqlite3_column_name(statement_.get(), i));
    out += header(names);
  }

  void append_row(std::string& out) {
    for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i) {
      if (i > 0) out += ',';
      append_cell(out, i);
    }
    out += '\n';
  }

  void append_cell(std::string& out, int column) {
    // SQLite itself writes 15 digits of a number, which is less than it has.
    if (sqlite3_column_type(statement_.get(), column) == SQLITE_FLOAT) {
      fmt::format_to(std::back_inserter(out), "{}", sqlite3_column_double(statement_.get(), column));
      return;
    }
    const auto* text = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    if (sqlite3_column_type(statement_.get(), column) == SQLITE_INTEGER)
      text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    const int size = sqlite3_column_bytes(statement_.get(), column);
    if (text != nullptr) csv::append_field(out, {text, static_cast<std::size_t>(size)});
  }

  std::string path_;
  Database database_;
  Statement statement_;
  bool begun_ = false, ended_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_sqlite(const Question& question) {
  auto database = open_database(question.path);
  if (!database) return database.error();
  std::string sql = question.sql;
  if (sql.empty()) {
    auto tables = tables_of(database->get(), question);
    if (!tables) return tables.error();
    auto only = only_table(question.path, *tables);
    if (!only) return only.error();
    sql = *only;
  }
  auto statement = prepare(database->get(), question, sql);
  if (!statement) return statement.error();
  return std::unique_ptr<ByteSource>(
      std::make_unique<SqliteRows>(question.path, std::move(*database), std::move(*statement)));
}

}  // namespace nurture::database
