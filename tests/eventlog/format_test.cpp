#include "tests/catch.h"
#include "tests/eventlog/fixture.h"

namespace nurture::eventlog::test {
namespace {

const std::string kLog =
    "lead,at,event,form,pages,url\n"
    "b,2026-03-05T10:00:00Z,form.submitted,whitepaper,3,\n"
    "a,2026-03-05T11:00:00+01:00,page.viewed,,,/pricing\n"
    "a,2026-03-06T10:00:00.5Z,form.submitted,\"demo, live\",,\n";

const std::string kWanted =
    "a since 2026-03-05T10:00:00Z unknown unknown unknown\n"
    "  2026-03-05T10:00:00Z page.viewed url=/pricing\n"
    "  2026-03-06T10:00:00.5Z form.submitted form=demo, live pages=unknown\n"
    "b since 2026-03-05T10:00:00Z unknown unknown unknown\n"
    "  2026-03-05T10:00:00Z form.submitted form=whitepaper pages=3\n";

std::string imported(const std::string& path, const std::string& content) {
  bytecode::Module module = sample().module;
  return dump(module, import_text(module, path, content).store());
}

std::string with_crlf(const std::string& text) {
  std::string out;
  for (char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

}  // namespace

TEST_CASE("CSV in all its dresses is the same log") {
  CHECK(imported("log.csv", kLog) == kWanted);
  CHECK(imported("log.csv", with_crlf(kLog)) == kWanted);
  CHECK(imported("log.csv", "\xef\xbb\xbf" + kLog) == kWanted);
  CHECK(imported("log.csv", kLog.substr(0, kLog.size() - 1)) == kWanted);
  CHECK(imported("log.csv.gz", gzipped(kLog)) == kWanted);
  CHECK(imported("log.csv.zst", zstd_packed(kLog)) == kWanted);
  CHECK(imported("-", kLog) == kWanted);
  CHECK(imported("-", gzipped(kLog)) == kWanted);
  CHECK(imported("log.csv.gz", gzipped(kLog.substr(0, 40)) + gzipped(kLog.substr(40))) == kWanted);
  CHECK(imported("log.csv.gz", gzipped(kLog) + std::string(512, '\0')) == kWanted);
  CHECK(imported("log.csv.zst", zstd_packed(kLog.substr(0, 40)) + zstd_packed(kLog.substr(40))) == kWanted);
}

TEST_CASE("NDJSON says the same, with properties beside or inside") {
  std::string beside =
      R"({"lead": "b", "at": "2026-03-05T10:00:00Z", "event": "form.submitted", "form": "whitepaper", "pages": 3})"
      "\n"
      R"({"event": "page.viewed", "url": "\/pricing", "lead": "a", "at": 1772704800, "unheard": {"of": [1, {}]}})"
      "\n\n"
      R"({"lead": "a", "at": 1772791200500, "event": "form.submitted", "form": "demo, live", "pages": null})";
  CHECK(imported("log.ndjson", beside) == kWanted);
  CHECK(imported("log.jsonl", with_crlf(beside)) == kWanted);
  CHECK(imported("-", "\xef\xbb\xbf" + beside) == kWanted);
  std::string inside =
      R"({"lead":"b","at":"2026-03-05T10:00:00Z","event":"form.submitted","properties":{"form":"whitepaper","pages":3}})"
      "\n"
      R"({"lead":"a","at":"2026-03-05T10:00:00Z","event":"page.viewed","properties":{"url":"/pricing"}})"
      "\n"
      R"({"lead":"a","at":1772791200500000,"event":"form.submitted","properties":{"form":"demo, live"}})"
      "\n";
  CHECK(imported("log.ndjson", inside) == kWanted);
}

TEST_CASE("reading a byte at a time changes nothing") {
  for (const std::string& content : {kLog, gzipped(kLog), zstd_packed(kLog)}) {
    host::MemoryFileSystem files;
    files.put("-", content);
    files.limit_reads(1);
    ImportOptions options;
    options.logs = {"-"};
    bytecode::Module module = sample().module;
    CHECK(dump(module, import_files(module, files, options).store()) == kWanted);
  }
}

TEST_CASE("quoted fields keep commas, quotes and line breaks; lines are counted on") {
  std::string log =
      "lead,at,event,form\n"
      "\"a\",2026-03-05T10:00:00Z,form.submitted,\"two\r\nlines, and \"\"quotes\"\"\"\n"
      "b,soon,form.submitted,x\n";
  bytecode::Module module = sample().module;
  Outcome outcome = import_text(module, "log.csv", log);
  CHECK(dump(module, outcome.store()).find("form=two\r\nlines, and \"quotes\"") != std::string::npos);
  REQUIRE(outcome.rejects.size() == 1);
  CHECK(outcome.rejects[0].reject.line == 4);
  CHECK(outcome.rejects[0].reject.byte == log.find("b,soon"));
}

TEST_CASE("damaged compression is an error that names file and byte") {
  std::string gz = gzipped(kLog), zst = zstd_packed(kLog);
  std::string broken = gz;
  broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] ^ 0x55);
  struct Case {
    std::string path, content;
  };
  for (const Case& each : {Case{"log.csv.gz", gz.substr(0, gz.size() - 3)}, Case{"log.csv.gz", broken},
                           Case{"log.csv.gz", gz + "more"}, Case{"log.csv.gz", kLog},
                           Case{"log.csv.zst", zst.substr(0, zst.size() - 3)}, Case{"log.csv.zst", zst + "more"}}) {
    host::MemoryFileSystem files;
    files.put(each.path, each.content);
    ImportOptions options;
    options.logs = {each.path};
    bytecode::Module module = sample().module;
    auto result = import(module, files, options);
    REQUIRE(!result.ok());
    CHECK(result.error().message.find(each.path) != std::string::npos);
    CHECK(result.error().message.find("damaged at byte") != std::string::npos);
  }
}

TEST_CASE("what cannot be read is an error with a way forward") {
  host::MemoryFileSystem files;
  files.put("folder/notes.txt", "hello");
  files.put("other.csv", "user,time\n1,2\n");
  files.put("secret.csv", kLog);
  files.deny("secret.csv");
  bytecode::Module module = sample().module;
  auto message = [&](std::vector<std::string> logs, std::string source = "") {
    ImportOptions options;
    options.logs = std::move(logs);
    options.source = std::move(source);
    auto result = import(module, files, options);
    return result.ok() ? std::string("imported") : result.error().message + " | " + result.error().hint;
  };
  CHECK(message({}).starts_with("no log is named"));
  CHECK(message({"gone.csv"}).starts_with("cannot read gone.csv: no such file"));
  CHECK(message({"folder"}).starts_with("there is no log in the folder folder"));
  CHECK(message({"*.ndjson"}).starts_with("no file matches *.ndjson"));
  CHECK(message({"secret.csv"}).starts_with("cannot read secret.csv: no permission"));
  CHECK(message({"other.csv"}).starts_with("cannot read other.csv: it has no column \"lead\""));
  CHECK(message({"secret.csv"}, "crm").starts_with("the programme declares no source \"crm\""));
}

TEST_CASE("folders and globs are read in the order of their paths") {
  host::MemoryFileSystem files;
  std::string header = "lead,at,event,url\n";
  files.put("logs/b.csv", header + "a,2026-03-05T10:00:00Z,page.viewed,second\n");
  files.put("logs/a.csv.gz", gzipped(header + "a,2026-03-05T10:00:00Z,page.viewed,first\n"));
  files.put("logs/c/d.ndjson", R"({"lead":"a","at":"2026-03-05T10:00:00Z","event":"page.viewed","url":"third"})");
  files.put("logs/readme.txt", "not a log");
  bytecode::Module module = sample().module;
  ImportOptions options;
  options.logs = {"logs"};
  std::string whole = dump(module, import_files(module, files, options).store());
  CHECK(whole.find("first") < whole.find("second"));
  CHECK(whole.find("second") < whole.find("third"));
  options.logs = {"logs/c/*", "logs/*.csv", "logs/*.gz", "logs/b.csv"};
  CHECK(dump(module, import_files(module, files, options).store()) == whole);
}

TEST_CASE("an empty log is a log, and a warning") {
  for (const std::string& content : {std::string(), std::string("\n\n"), std::string("lead,at,event\n")}) {
    Outcome outcome = import_text(sample().module, "log.csv", content);
    CHECK(outcome.totals().read == 0);
    CHECK(outcome.store().first_instant == kNever);
    REQUIRE(outcome.totals().warnings.size() == 1);
    CHECK(outcome.totals().warnings[0].find("empty") != std::string::npos);
  }
}

}  // namespace nurture::eventlog::test
