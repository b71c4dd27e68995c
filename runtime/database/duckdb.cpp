#ifdef NURTURE_DUCKDB

#include <duckdb.h>
#include <fmt/format.h>

#include "runtime/base/csv.h"
#include "runtime/database/tables.h"

namespace nurture::database {
namespace {

/// A handle of the C API, ended by its function.
template <typename T, void (*End)(T*)>
class Owned {
 public:
  Owned() = default;
  ~Owned() { End(&handle_); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  T* out() { return &handle_; }
  T get() const { return handle_; }

 private:
  T handle_{};
};

/// A database, open for reading alone, and one connection to it.
class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const Question& question, Kind kind) {
    auto session = std::make_unique<Session>(question.path);
    Owned<duckdb_config, duckdb_destroy_config> config;
    duckdb_create_config(config.out());
    // What a query needs is in the library, or the query is refused: nothing is fetched while a log is read.
    duckdb_set_config(config.get(), "autoinstall_known_extensions", "false");
    if (kind == Kind::DuckDb) duckdb_set_config(config.get(), "access_mode", "READ_ONLY");
    if (question.threads > 0) duckdb_set_config(config.get(), "threads", std::to_string(question.threads).c_str());
    char* why = nullptr;
    const char* path = kind == Kind::DuckDb ? question.path.c_str() : nullptr;
    if (duckdb_open_ext(path, session->database_.out(), config.get(), &why) != DuckDBSuccess) {
      Error error = refused(question.path, why == nullptr ? "DuckDB does not open it" : why);
      duckdb_free(why);
      return error;
    }
    if (duckdb_connect(session->database_.get(), session->connection_.out()) != DuckDBSuccess)
      return refused(question.path, "DuckDB gives no connection");
    return session;
  }

  explicit Session(std::string path) : path_(std::move(path)) {}
  const std::string& path() const { return path_; }
  duckdb_connection connection() const { return connection_.get(); }
  /// In DuckDB's words, without its picture of a query that is not the one that was written.
  Error refusal(const char* why) const {
    const std::string_view words = why == nullptr ? "DuckDB does not say why" : why;
    return refused(path_, std::string(words.substr(0, words.find('\n'))));
  }

  Status run(const std::string& sql) {
    Owned<duckdb_result, duckdb_destroy_result> result;
    if (duckdb_query(connection(), sql.c_str(), result.out()) != DuckDBSuccess)
      return refusal(duckdb_result_error(result.out()));
    return Done{};
  }

 private:
  std::string path_;
  Owned<duckdb_database, duckdb_close> database_;
  Owned<duckdb_connection, duckdb_disconnect> connection_;
};

/// The rows of a query whose columns are all texts, as they come.
class Texts {
 public:
  static Result<std::unique_ptr<Texts>> ask(const Session& session, const std::string& sql) {
    auto texts = std::make_unique<Texts>();
    if (duckdb_prepare(session.connection(), sql.c_str(), texts->statement_.out()) != DuckDBSuccess)
      return session.refusal(duckdb_prepare_error(texts->statement_.get()));
    Owned<duckdb_pending_result, duckdb_destroy_pending> pending;
    if (duckdb_pending_prepared_streaming(texts->statement_.get(), pending.out()) != DuckDBSuccess)
      return session.refusal(duckdb_pending_error(pending.get()));
    if (duckdb_execute_pending(pending.get(), texts->result_.out()) != DuckDBSuccess)
      return session.refusal(duckdb_result_error(texts->result_.out()));
    return texts;
  }

  /// Gives each row of the next chunk to `row(cells)`; false at the end. A cell without data is NULL.
  template <typename Row>
  Result<bool> next(const Session& session, Row row) {
    Owned<duckdb_data_chunk, duckdb_destroy_data_chunk> chunk;
    *chunk.out() = duckdb_fetch_chunk(*result_.out());
    if (chunk.get() == nullptr) {
      const char* why = duckdb_result_error(result_.out());
      if (why != nullptr && *why != '\0') return session.refusal(why);
      return false;
    }
    columns_.resize(duckdb_data_chunk_get_column_count(chunk.get()));
    for (idx_t i = 0; i < columns_.size(); ++i) {
      duckdb_vector vector = duckdb_data_chunk_get_vector(chunk.get(), i);
      columns_[i] = {static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector)), duckdb_vector_get_validity(vector)};
    }
    const idx_t rows = duckdb_data_chunk_get_size(chunk.get());
    for (idx_t at = 0; at < rows; ++at) row(cells(at));
    return true;
  }

 private:
  struct Column {
    duckdb_string_t* data;
    std::uint64_t* valid;  ///< null: all are
  };

  const std::vector<std::string_view>& cells(idx_t row) {
    cells_.clear();
    for (const Column& column : columns_) {
      const bool known = column.valid == nullptr || duckdb_validity_row_is_valid(column.valid, row);
      duckdb_string_t* text = column.data + row;
      cells_.push_back(known ? std::string_view(duckdb_string_t_data(text), duckdb_string_t_length(*text))
                             : std::string_view());
    }
    return cells_;
  }

  Owned<duckdb_prepared_statement, duckdb_destroy_prepare> statement_;
  Owned<duckdb_result, duckdb_destroy_result> result_;
  std::vector<Column> columns_;
  std::vector<std::string_view> cells_;
};

/// Asks, and gives every row of the answer to `row(cells)`.
template <typename Row>
Status each_row(const Session& session, const std::string& sql, Row row) {
  auto asked = Texts::ask(session, sql);
  if (!asked) return asked.error();
  while (true) {
    auto more = (*asked)->next(session, row);
    if (!more) return more.error();
    if (!*more) return Done{};
  }
}

/// A column as a text, in SQL: so DuckDB's threads write it.
std::string as_text(const std::string& name, std::string_view type) {
  constexpr std::string_view kRfc3339 = "'%Y-%m-%dT%H:%M:%S.%fZ'";
  const std::string column = quoted(name, '"');
  if (type == "TIMESTAMP WITH TIME ZONE")
    return fmt::format("strftime(make_timestamp(epoch_us({})), {})", column, kRfc3339);
  if (type.starts_with("TIMESTAMP")) return fmt::format("strftime({}::TIMESTAMP, {})", column, kRfc3339);
  if (type == "INTERVAL") return fmt::format("epoch({})::VARCHAR", column);
  const bool nested = type.ends_with("]") || type.starts_with("STRUCT") || type.starts_with("MAP");
  return (nested ? "to_json(" + column + ")" : column) + "::VARCHAR";
}

class DuckDbRows final : public RowSource {
 public:
  DuckDbRows(std::unique_ptr<Session> session, std::unique_ptr<Texts> texts, std::string header)
      : session_(std::move(session)), texts_(std::move(texts)), header_(std::move(header)) {}

 private:
  Status more(std::string& out) override {
    out.swap(header_);
    while (out.empty()) {
      auto found = texts_->next(*session_, [&](const std::vector<std::string_view>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
          if (i > 0) out += ',';
          csv::append_field(out, cells[i]);
        }
        out += '\n';
      });
      if (!found) return found.error();
      if (!*found) break;
    }
    return Done{};
  }

  std::unique_ptr<Session> session_;  // outlives what it is asked
  std::unique_ptr<Texts> texts_;
  std::string header_;
};

Result<std::vector<std::string>> tables_of(const Session& session) {
  std::vector<std::string> names;
  const Status asked =
      each_row(session, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1",
               [&](const auto& cells) { names.emplace_back(cells[0]); });
  if (!asked) return asked.error();
  return names;
}

/// The query as asked, or that of all rows.
Result<std::string> chosen_query(Session& session, const Question& question, Kind kind) {
  if (kind == Kind::Parquet) {
    const std::string view =
        fmt::format("CREATE VIEW log AS SELECT * FROM read_parquet({})", quoted(question.path, '\''));
    if (Status made = session.run(view); !made) return made.error();
  }
  if (!question.sql.empty()) {
    const std::size_t end = question.sql.find_last_not_of("; \t\r\n");
    return question.sql.substr(0, end == std::string::npos ? 0 : end + 1);
  }
  if (kind == Kind::Parquet) return std::string("SELECT * FROM log");
  auto tables = tables_of(session);
  if (!tables) return tables.error();
  return only_table(question.path, *tables);
}

}  // namespace

Result<std::unique_ptr<ByteSource>> open_duckdb(const Question& question, Kind kind) {
  auto session = Session::open(question, kind);
  if (!session) return session.error();
  auto query = chosen_query(**session, question, kind);
  if (!query) return query.error();
  std::vector<std::string> names;
  std::string selected;
  const auto column = [&](const auto& cells) {
    names.emplace_back(cells[0]);
    selected += (selected.empty() ? "" : ", ") + as_text(names.back(), cells[1]);
  };
  const std::string describe = fmt::format("SELECT column_name, column_type FROM (DESCRIBE {}\n)", *query);
  if (Status described = each_row(**session, describe, column); !described) return described.error();
  auto texts = Texts::ask(**session, fmt::format("SELECT {} FROM ({}\n) AS asked", selected, *query));
  if (!texts) return texts.error();
  return std::unique_ptr<ByteSource>(
      std::make_unique<DuckDbRows>(std::move(*session), std::move(*texts), header(names)));
}

}  // namespace nurture::database

#else

#include <fmt/format.h>

#include "runtime/database/tables.h"

namespace nurture::database {

Result<std::unique_ptr<ByteSource>> open_duckdb(const Question& question, Kind kind) {
  return Error{fmt::format("cannot read {}: it is a {}, and this nurture was built without DuckDB", question.path,
                           kind == Kind::Parquet ? "Parquet file" : "DuckDB database"),
               "`./dev duckdb` fetches DuckDB; then build again. CSV, NDJSON and SQLite need nothing more."};
}

}  // namespace nurture::database

#endif
