#include <fstream>
#include <sqlite3.h>

#include "tests/database/scratch.h"

namespace nurture::database::test {
namespace {

void make(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  char* why = nullptr;
  sqlite3_exec(database, sql, nullptr, nullptr, &why);
  INFO((why == nullptr ? "" : why));
  CHECK(why == nullptr);
  sqlite3_free(why);
  sqlite3_close(database);
}

}  // namespace

TEST_CASE("an SQLite table reads as CSV") {
  Scratch scratch;
  make(scratch.path("log.db"),
       "create table log (lead text, at, \"event\" text, \"a, b\" real);"
       "insert into log values ('ada', 1767225600, 'page.viewed', 0.1);"
       "insert into log values ('say \"hi\"', '2026-01-01T00:00:00Z', null, 1e300);"
       "insert into log values ('two\nlines', '', 'x,y', 2.5);");
  CHECK(scratch.read("log.db") ==
        "lead,at,event,\"a, b\"\n"
        "ada,1767225600,page.viewed,0.1\n"
        "\"say \"\"hi\"\"\",2026-01-01T00:00:00Z,,1e+300\n"
        "\"two\nlines\",,\"x,y\",2.5\n");
  CHECK(scratch.read("log.db", "select lead from log where at = 1767225600;") == "lead\nada\n");
  CHECK(scratch.read("log.db", "select lead from log where 0") == "lead\n");
}

TEST_CASE("an SQLite database that can't be asked says why") {
  Scratch scratch;
  make(scratch.path("two.db"), "create table one (a); create view two as select 1 as b;");
  make(scratch.path("none.db"), "create table gone (a); drop table gone; vacuum");
  CHECK(scratch.read("two.db") == "two.db has 2 tables: one, two (say what to read: --sql 'select * from \"one\"')");
  CHECK(scratch.read("none.db") == "there is no table in none.db");
  CHECK(scratch.read("two.db", "select * frm one") == "cannot read two.db: near \"frm\": syntax error");
  CHECK(scratch.read("two.db", "select a from one; select b from two") ==
        "cannot read two.db: --sql is one query, and this is several");
  CHECK(scratch.read("two.db", "delete from one") == "cannot read two.db: the query gives no rows");
  CHECK(scratch.read("two.db", "insert into one values (1) returning a") ==
        "cannot read two.db: attempt to write a readonly database");
  CHECK(scratch.read("two.db", "") != "");
}

TEST_CASE("a damaged SQLite database says so") {
  Scratch scratch;
  make(scratch.path("log.db"), "create table log (lead); insert into log values ('ada');");
  std::ofstream(scratch.path("log.db"), std::ios::in | std::ios::out | std::ios::binary).seekp(100) << "no page at all";
  CHECK(scratch.read("log.db").find("cannot read log.db: ") == 0);
}

TEST_CASE("other files are those of the file system, and are not asked") {
  Scratch scratch;
  std::ofstream(scratch.path("log.csv")) << "lead,at\n";
  CHECK(scratch.read("log.csv") == "lead,at\n");
  CHECK(scratch.read("log.csv", "select 1") ==
        "--sql asks a database, and log.csv is none (It asks Parquet files (their rows are called `log`), DuckDB "
        "databases and SQLite databases.)");
  CHECK(scratch.read("nothing.db").find("cannot read nothing.db: no such file") == 0);
}

}  // namespace nurture::database::test
