#include <fstream>

#include "tests/database/scratch.h"

#ifdef NURTURE_DUCKDB

#include <duckdb.h>

namespace nurture::database::test {
namespace {

/// Runs it in a database of this path; null: in memory.
void run(const char* path, const std::string& sql) {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  REQUIRE(duckdb_open(path, &database) == DuckDBSuccess);
  REQUIRE(duckdb_connect(database, &connection) == DuckDBSuccess);
  duckdb_result result;
  const bool done = duckdb_query(connection, sql.c_str(), &result) == DuckDBSuccess;
  INFO(sql << "\n" << (done ? "" : duckdb_result_error(&result)));
  CHECK(done);
  duckdb_destroy_result(&result);
  duckdb_disconnect(&connection);
  duckdb_close(&database);
}

constexpr const char* kRows =
    "select 'ada' as lead, timestamp '2026-03-05 10:00:00.5' as \"at\", 'page.viewed' as event, 12 as pages,"
    " 1.50::decimal(9,2) as amount, 0.1::double as share, true as yes, date '2026-03-05' as \"day\","
    " interval 90 minute as took, ['a', 'b \"c\"'] as tags, timestamptz '2026-03-05 10:00:00+02' as zoned "
    "union all select 'ben, \"x\"', null, 'b', null, null, null, null, null, null, null, null";

constexpr const char* kText =
    "lead,at,event,pages,amount,share,yes,day,took,tags,zoned\n"
    "ada,2026-03-05T10:00:00.500000Z,page.viewed,12,1.50,0.1,true,2026-03-05,5400.0,"
    "\"[\"\"a\"\",\"\"b \\\"\"c\\\"\"\"\"]\",2026-03-05T08:00:00.000000Z\n"
    "\"ben, \"\"x\"\"\",,b,,,,,,,,\n";

}  // namespace

TEST_CASE("a Parquet file reads as CSV, whatever its types") {
  Scratch scratch;
  run(nullptr, std::string("copy (") + kRows + ") to '" + scratch.path("log.parquet") + "' (format parquet)");
  CHECK(scratch.read("log.parquet") == kText);
  CHECK(scratch.read("log.parquet", "select lead from log where pages = 12 ;\n") == "lead\nada\n");
  CHECK(scratch.read("log.parquet", "select lead from log -- all\n") == "lead\nada\n\"ben, \"\"x\"\"\"\n");
}

TEST_CASE("a DuckDB table reads as CSV, in its order") {
  Scratch scratch;
  run(scratch.path("log.duckdb").c_str(), std::string("create table log as ") + kRows);
  CHECK(scratch.read("log.duckdb") == kText);
  run(scratch.path("many.duckdb").c_str(), "create table log as select i as lead from range(300000) t(i)");
  std::string expected = "lead\n";
  for (int i = 0; i < 300000; ++i) expected += std::to_string(i) + "\n";
  CHECK((scratch.read("many.duckdb") == expected));
}

TEST_CASE("a DuckDB database that can't be asked says why") {
  Scratch scratch;
  run(scratch.path("two.duckdb").c_str(), "create table one (a int); create table two (b int)");
  CHECK(scratch.read("two.duckdb") ==
        "two.duckdb has 2 tables: one, two (say what to read: --sql 'select * from \"one\"')");
  CHECK(scratch.read("two.duckdb", "select * frm one") ==
        "cannot read two.duckdb: Parser Error: syntax error at or near \"one\"");
  CHECK(scratch.read("two.duckdb", "select c from one").find("cannot read two.duckdb: Binder Error: ") == 0);
  CHECK(scratch.read("two.duckdb", "drop table one").find("cannot read two.duckdb: Parser Error: ") == 0);
  CHECK(scratch.read("two.duckdb", "select 1; select 2").find("cannot read two.duckdb: Parser Error: ") == 0);
  // One that fails on the way, when rows have been read.
  CHECK(scratch.read("two.duckdb", "select if(i = 250000, error('so it ends'), i) from range(300000) t(i)") ==
        "cannot read two.duckdb: Invalid Input Error: so it ends");
}

TEST_CASE("a damaged Parquet file says so") {
  Scratch scratch;
  std::ofstream(scratch.path("log.parquet")) << "PAR1 and then nothing that it says";
  CHECK(scratch.read("log.parquet").find("cannot read log.parquet: ") == 0);
}

}  // namespace nurture::database::test

#else

TEST_CASE("without DuckDB its files say how to get it") {
  nurture::database::test::Scratch scratch;
  WARN("the tests over DuckDB are left out: this build is without it (./dev duckdb)");
  std::ofstream(scratch.path("log.parquet")) << "PAR1 and more of it";
  CHECK(scratch.read("log.parquet") ==
        "cannot read log.parquet: it is a Parquet file, and this nurture was built without DuckDB (`./dev duckdb` "
        "fetches DuckDB; then build again. CSV, NDJSON and SQLite need nothing more.)");
}

#endif
