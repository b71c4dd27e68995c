// What somebody who knows SQL well would do instead, in DuckDB: the sparse campaign as a query over a warm table, and a
// log read from CSV and sorted.
#include <algorithm>
#include <duckdb.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

#include "bench/logs.h"
#include "bench/world.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/host/file_system.h"

namespace nurture::bench {

namespace {

class Duck {
 public:
  Duck() {
    NURTURE_CHECK(duckdb_open(nullptr, &database_) == DuckDBSuccess);
    NURTURE_CHECK(duckdb_connect(database_, &connection_) == DuckDBSuccess);
  }
  ~Duck() {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
  }
  Duck(const Duck&) = delete;
  Duck& operator=(const Duck&) = delete;
  duckdb_connection connection() { return connection_; }

  /// The first row of the answer, as whole numbers.
  std::vector<std::int64_t> ask(const std::string& sql) {
    duckdb_result result;
    const bool done = duckdb_query(connection_, sql.c_str(), &result) == DuckDBSuccess;
    if (!done) fmt::print(stderr, "{}\n", duckdb_result_error(&result));
    NURTURE_CHECK(done);
    std::vector<std::int64_t> row;
    if (duckdb_row_count(&result) > 0) {
      for (idx_t i = 0; i < duckdb_column_count(&result); ++i) row.push_back(duckdb_value_int64(&result, i, 0));
    }
    duckdb_destroy_result(&result);
    return row;
  }

 private:
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

/// The log as a table of (lead, instant, kind), in the store's order.
class Events {
 public:
  Events(Duck& duck, const store::Store& store) {
    duck.ask("CREATE TABLE events (lead UINTEGER, at_us BIGINT, kind UTINYINT)");
    NURTURE_CHECK(duckdb_appender_create(duck.connection(), nullptr, "events", &appender_) == DuckDBSuccess);
    duckdb_logical_type types[] = {duckdb_create_logical_type(DUCKDB_TYPE_UINTEGER),
                                   duckdb_create_logical_type(DUCKDB_TYPE_BIGINT),
                                   duckdb_create_logical_type(DUCKDB_TYPE_UTINYINT)};
    chunk_ = duckdb_create_data_chunk(types, std::size(types));
    for (std::uint32_t lead = 0; lead < store.lead_count(); ++lead) {
      for (auto event = store.lead_begin[lead]; event < store.lead_begin[lead + 1]; ++event)
        add(lead, store.at[event], store.kind[event]);
    }
    flush();
    NURTURE_CHECK(duckdb_appender_destroy(&appender_) == DuckDBSuccess);
    duckdb_destroy_data_chunk(&chunk_);
    for (duckdb_logical_type& type : types) duckdb_destroy_logical_type(&type);
  }

 private:
  template <typename T>
  T* column(idx_t index) {
    return static_cast<T*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk_, index)));
  }
  void add(std::uint32_t lead, Instant at, std::uint8_t kind) {
    column<std::uint32_t>(0)[rows_] = lead;
    column<std::int64_t>(1)[rows_] = at;
    column<std::uint8_t>(2)[rows_] = kind;
    if (++rows_ == duckdb_vector_size()) flush();
  }
  void flush() {
    duckdb_data_chunk_set_size(chunk_, rows_);
    NURTURE_CHECK(duckdb_append_data_chunk(appender_, chunk_) == DuckDBSuccess);
    duckdb_data_chunk_reset(chunk_);
    rows_ = 0;
  }

  duckdb_appender appender_ = nullptr;
  duckdb_data_chunk chunk_ = nullptr;
  idx_t rows_ = 0;
};

/// The sparse campaign where nobody enters twice: first entry, then what ends it first within 15 days.
Counts sparse_in_sql(Duck& duck, Instant last) {
  const auto row = duck.ask(fmt::format(R"(
WITH entries AS (SELECT lead, min(at_us) AS entered FROM events WHERE kind = 0 GROUP BY lead),
ends AS (SELECT lead, arg_min(kind, at_us) AS kind FROM events JOIN entries USING (lead)
         WHERE kind IN (1, 2) AND at_us > entered AND at_us <= entered + {0} GROUP BY lead)
SELECT count(*), count(*) FILTER (ends.kind = 1), count(*) FILTER (ends.kind = 2),
       count(*) FILTER (ends.kind IS NULL AND entered + {0} <= {1}), count(*) FILTER (ends.kind IS NULL AND entered + {0} > {1})
FROM entries LEFT JOIN ends USING (lead))",
                                        15 * kDay, last));
  const auto at = [&](std::size_t i) { return static_cast<std::uint64_t>(row.at(i)); };
  return {at(0), at(1), at(2), at(3), at(4)};
}

void bench_query() {
  const auto world = make_world(sparse_once_programme(), {});
  const store::Store& store = world->store;
  Duck duck;
  const Events events(duck, store);
  duck.ask("SET threads = 2");
  const Counts counted = simulate(*world);
  NURTURE_CHECK(counted == sparse_in_sql(duck, store.last_instant) && counted == simulate(*world, {.threads = 2}));
  headline(
      fmt::format("W1 where nobody enters twice, against SQL: {} events, {} enter", store.events(), counted.entered));
  const std::vector<Contender> contenders = {
      {"SQL in DuckDB, a warm table, two threads", [&] { return sparse_in_sql(duck, store.last_instant).sum(); }},
      {"campaign from text, one thread", [&] { return simulate(*world).sum(); }},
      {"campaign from text, two threads", [&] { return simulate(*world, {.threads = 2}).sum(); }},
  };
  report(contenders, race(contenders), static_cast<double>(store.events()), "events");
}

/// A file that goes with the benchmark.
class ScratchFile {
 public:
  explicit ScratchFile(const char* name) : path_(std::filesystem::temp_directory_path() / name) {
    std::filesystem::remove(path_);
  }
  ~ScratchFile() { std::filesystem::remove(path_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  std::string path() const { return path_.string(); }
  std::uint64_t size() const { return std::filesystem::file_size(path_); }
  void put(const std::string& piece) { std::ofstream(path_, std::ios::binary | std::ios::app) << piece; }

 private:
  std::filesystem::path path_;
};

std::uint64_t imported(const driver::Compiled& compiled, const std::string& path) {
  eventlog::ImportOptions options;
  options.logs = {path};
  options.threads = 2;
  auto log = eventlog::import(compiled.module, host::real_file_system(), options);
  NURTURE_CHECK(log.ok());
  return log->totals.read;
}

constexpr const char* kNarrow =
    "program { name \"bench\" }\nevent k0 {}\nevent k1 {}\nevent k2 {}\nevent k3 {}\nevent k4 {}\nevent k5 {}\n"
    "event k6 {}\nevent k7 {}\nevent k {}\nevent m {}\nevent p {}\nevent q {}\n";

void bench_sorting(const std::string& what, const ScratchFile& file, const std::string& programme) {
  const driver::Compiled compiled = compile(programme);
  Duck duck;
  duck.ask("SET threads = 2");
  const std::string sql =
      fmt::format("CREATE OR REPLACE TABLE sorted AS SELECT * FROM read_csv('{}') ORDER BY lead, \"at\"", file.path());
  const std::uint64_t rows = imported(compiled, file.path());
  duck.ask(sql);
  NURTURE_CHECK(duck.ask("SELECT count(*) FROM sorted").at(0) == static_cast<std::int64_t>(rows));
  headline(
      fmt::format("{}: {} rows in {} MB of CSV, read and sorted, two threads", what, rows, file.size() / 1'000'000));
  const std::vector<Contender> contenders = {
      {"DuckDB: read_csv, order by lead, at", [&] { return duck.ask(sql).size(); }},
      {"import into a store", [&] { return imported(compiled, file.path()); }},
  };
  report(contenders, race(contenders), static_cast<double>(rows), "rows");
}

/// Writes so many lines with numbers that look random, a piece at a time: more than is good to hold at once.
template <typename Line>
void put_lines(ScratchFile& file, std::uint32_t count, Line line) {
  constexpr std::uint32_t kPiece = 1 << 18;
  std::uint64_t drawn = 7;
  for (std::uint32_t begin = 0; begin < count; begin += kPiece) {
    std::string piece;
    for (std::uint32_t i = begin; i < std::min(count, begin + kPiece); ++i) {
      drawn = drawn * 6364136223846793005u + 1442695040888963407u;
      line(std::back_inserter(piece), i, drawn);
    }
    file.put(piece);
  }
}

/// Three short columns: what is left to do when there is hardly anything to read.
void bench_short_rows() {
  constexpr std::uint32_t kRows = 5'000'000, kLeads = 100'000;
  ScratchFile file("nurture-bench.csv");
  file.put("lead,at,event\n");
  put_lines(file, kRows, [](auto out, std::uint32_t i, std::uint64_t drawn) {
    fmt::format_to(out, "{},{},k{}\n", (drawn >> 33) % kLeads, 1767225600 + i, (drawn >> 20) % 8);
  });
  bench_sorting("Short rows", file, kNarrow);
}

/// The same of so many leads that what is known of them does not fit into a cache, at instants to the microsecond.
void bench_many_leads() {
  constexpr std::uint32_t kRows = 20'000'000, kLeads = 2'000'000;
  ScratchFile file("nurture-bench.csv");
  file.put("lead,event,at\n");
  put_lines(file, kRows, [](auto out, std::uint32_t i, std::uint64_t drawn) {
    const std::uint64_t at = 1767225600'000'000 + std::uint64_t{i} * 777'777;
    fmt::format_to(out, "{},{},{}\n", 1'000'000 + (drawn >> 33) % kLeads, "kmpq"[(drawn >> 20) % 4], at);
  });
  bench_sorting("Many leads", file, kNarrow);
}

void bench_wide_rows() {
  ScratchFile file("nurture-bench.csv");
  file.put(generated_log(generate::Form::Csv));
  bench_sorting("A log of std.b2b", file, "use std.b2b\nprogram { name \"bench\" }\n");
}

}  // namespace

void bench_duckdb() {
  bench_query();
  bench_short_rows();
  bench_many_leads();
  bench_wide_rows();
}

}  // namespace nurture::bench
