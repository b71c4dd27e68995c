#include <algorithm>
#include <random>

#include "runtime/base/csv.h"
#include "runtime/eventlog/log_file.h"
#include "runtime/eventlog/marks.h"
#include "runtime/eventlog/reader.h"
#include "tests/catch.h"
#include "tests/eventlog/fixture.h"

// However a log is cut, and however many threads read it: the same store, the same rejects, the same totals.

namespace nurture::eventlog::test {
namespace {

std::string told(const ImportTotals& t) {
  std::string text;
  for (std::uint64_t count :
       {t.read, t.applied, t.no_interest, t.repeated, t.superseded, t.rejected, t.exact_repeats, t.outside_choice,
        t.ties, t.out_of_order, t.leads_in_table, t.leads_in_log, t.bytes, t.files}) {
    text += std::to_string(count) + " ";
  }
  for (const auto& [name, count] : t.no_interest_by) text += name + "=" + std::to_string(count) + " ";
  for (const std::string& warning : t.warnings) text += "\n" + warning;
  return text + "\n";
}

std::string told(const bytecode::Module& module, const Outcome& outcome) {
  std::string text = dump(module, outcome.store()) + told(outcome.totals());
  for (const KeptReject& kept : outcome.rejects) {
    const Rejected& reject = kept.reject;
    text += reject.file + ":" + std::to_string(reject.line) + "@" + std::to_string(reject.byte) + " " +
            std::string(reason_text(reject.reason)) + " " + reject.detail + " <" + kept.text + ">\n";
  }
  const store::Store& store = outcome.store();
  for (TextId id = 0; id < store.texts.size(); ++id) text += std::string(store.texts.at(id)) + "|";
  return text;
}

std::string told(const bytecode::Module& module, const std::string& path, const std::string& content, std::size_t chunk,
                 unsigned threads, std::uint64_t limit = 1 << 20) {
  ImportOptions options;
  options.chunk = chunk;
  options.threads = threads;
  options.line_limit = limit;
  return told(module, import_text(module, path, content, options));
}

const std::string kCsv =
    "\xef\xbb\xbf\"lead\",at,event,\"form\",pages\r\n"
    "\r\n"
    "a,2026-03-05T10:00:00Z,form.submitted,\"two\r\nlines, \"\"quoted\"\"\",3\r\n"
    "b,soon,form.submitted,x,1\n"
    "c,2026-03-05T10:00:00Z,form.submitted,5\" pipe,1\n"
    "d,\"2026-03-05T10:00:00Z,form.submitted,never closed,1\n"
    "e,2026-03-05T10:00:00Z,form.submitted,\"closed\"badly,1\n"
    "\n"
    "f,2026-03-05T10:00:00Z,invoice.paid,,\n"
    "g,2026-03-05T10:00:00Z,form.submitted,\xff,1\n"
    "a,2026-03-05T09:00:00Z,form.submitted,\"\",7\n"
    "a,2026-03-05T10:00:00Z,form.submitted,whitepaper,2";

const std::string kNdjson =
    "\xef\xbb\xbf{\"lead\":\"a\",\"at\":\"2026-03-05T10:00:00Z\",\"event\":\"page.viewed\",\"url\":\"/1\"}\r\n"
    "  \n"
    "{ \"event\" : \"page.viewed\" , \"lead\":\"\\u0062\",\"url\":\"\\/2\\n\",\"at\":1772704800 }\n"
    "not json\n"
    "{\"lead\":\"c\",\"at\":\"2026-03-05T10:00:00Z\",\"event\":\"form.submitted\",\"properties\":{\"form\":\"x\"}}\n"
    "{\"lead\":\"d\"\n"
    ",\"at\":1}\n"
    "{\"lead\":\"\xff\"}\n"
    "{\"lead\":\"a\",\"at\":\"2026-03-04T10:00:00Z\",\"event\":\"lead.updated\",\"country\":\"US\",\"seats\":null}\n"
    "{\"lead\":\"z\",\"at\":\"2026-03-04T10:00:00Z\",\"event\":\"other\"} {}\n"
    "{\"lead\":\"z\",\"at\":\"2026-03-04T10:00:00Z\",\"event\":\"other\"}";

struct Log {
  std::string path, content;
};

}  // namespace

TEST_CASE("a log cut at every byte is the same log, for any number of threads") {
  bytecode::Module module = sample().module;
  for (const Log& log : {Log{"log.csv", kCsv}, Log{"log.ndjson", kNdjson}}) {
    for (std::uint64_t limit : {std::uint64_t{1} << 20, std::uint64_t{70}, std::uint64_t{35}}) {
      const std::string wanted = told(module, log.path, log.content, 1 << 20, 1, limit);
      for (std::size_t chunk = 1; chunk <= log.content.size(); ++chunk) {
        const unsigned threads = chunk % 3 == 0 ? 1 : chunk % 3 == 1 ? 2 : 5;
        INFO(log.path << " in pieces of " << chunk << ", lines of " << limit << ", threads " << threads);
        REQUIRE(told(module, log.path, log.content, chunk, threads, limit) == wanted);
      }
    }
  }
}

TEST_CASE("many files and packed ones keep their order, with any number of threads") {
  host::MemoryFileSystem files;
  files.put("logs/a.csv", kCsv);
  files.put("logs/b.ndjson.gz", gzipped(kNdjson));
  files.put("logs/c.csv.zst", zstd_packed(kCsv));
  files.put("logs/d.csv", "lead,at,event\n");
  files.put("logs/e.ndjson", "");
  files.put("logs/f.ndjson", kNdjson);
  bytecode::Module module = sample().module;
  ImportOptions options;
  options.logs = {"logs"};
  const std::string wanted = told(module, import_files(module, files, options));
  for (unsigned threads : {1U, 2U, 5U}) {
    for (std::size_t chunk : {1UL, 50UL, 300UL}) {
      options.threads = threads;
      options.chunk = chunk;
      CHECK(told(module, import_files(module, files, options)) == wanted);
    }
  }
}

TEST_CASE("a file that can't be read is told after the rejects of those before, with any number of threads") {
  bytecode::Module module = sample().module;
  for (unsigned threads : {1U, 5U}) {
    host::MemoryFileSystem files;
    files.put("logs/a.csv", kCsv);
    files.put("logs/b.csv.gz", gzipped(kCsv).substr(0, 60));
    files.put("logs/c.csv", kCsv);
    ImportOptions options;
    options.logs = {"logs"};
    options.threads = threads;
    options.chunk = 40;
    std::uint64_t rejects = 0;
    options.on_reject = [&](const Rejected&) { ++rejects; };
    auto imported = import(module, files, options);
    REQUIRE(!imported.ok());
    CHECK(imported.error().message.find("b.csv.gz") != std::string::npos);
    CHECK(rejects >= 4);
    options.strict = true;
    auto strict = import(module, files, options);
    REQUIRE(!strict.ok());
    CHECK(strict.error().message.find("a.csv line 5") != std::string::npos);
  }
}

namespace {

using Records = std::vector<std::string>;

/// The rules of CSV by the letter, one record after the other.
Records records_by_the_letter(std::string_view text) {
  Records records;
  csv::Fields fields;
  std::string scratch;
  while (!text.empty()) {
    const std::size_t feed = text.find('\n');
    std::string_view line = text.substr(0, feed);
    std::size_t size = feed == std::string_view::npos ? text.size() : feed + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::string record;
    if (line.find('"') == std::string_view::npos) {
      fields.clear();
      for (std::size_t begin = 0; begin <= line.size();) {
        const std::size_t end = std::min(line.find(',', begin), line.size());
        fields.push_back(line.substr(begin, end - begin));
        begin = end + 1;
      }
    } else {
      auto found = csv::QuotedSplitter(text, true, fields, scratch).split();
      if (found.state == csv::QuotedRecord::State::Complete) {
        size = found.size;
      } else {
        record = std::string("bad: ") + found.why;
      }
    }
    if (record.empty()) {
      for (std::string_view field : fields) record += "[" + std::string(field) + "]";
    }
    text.remove_prefix(size);
    if (!line.empty()) records.push_back(record);
  }
  return records;
}

Records records_read(const std::string& text, std::size_t chunk_size) {
  Names names;
  std::vector<NameId> columns;
  std::string header;
  for (int column = 0; column < 4; ++column) {
    columns.push_back(names.add("c" + std::to_string(column)));
    header += (column > 0 ? ",c" : "c") + std::to_string(column);
  }
  host::MemoryFileSystem files;
  files.put("x.csv", header + "\n" + text);
  auto file = LogFile::open(files, "x.csv", {&names, 1 << 20, chunk_size, bytecode::LogFormat::Csv});
  REQUIRE(file.ok());
  auto reader = csv_reader(1 << 20);
  Records records;
  Row row(names.size());
  RecordPlace place;
  Chunk chunk;
  while (*file->next(chunk)) {
    reader->begin(chunk);
    while (reader->next(row, place)) {
      std::string record;
      for (NameId column : columns) {
        const Cell* cell = row.find(column);
        record += "[" + std::string(cell ? cell->text : "") + "]";
      }
      records.push_back(place.bad ? "bad: " + place.detail : record);
    }
  }
  return records;
}

}  // namespace

TEST_CASE("random CSV reads as by the letter, however it is cut") {
  std::mt19937_64 random(11);
  const std::vector<std::string> pieces = {",", ",", ",", "\n", "\n", "\r\n", "\"", "\"", "\"\"", "a", "bc", "\r", "é"};
  for (int round = 0; round < 3'000; ++round) {
    std::string text;
    for (std::size_t i = random() % 60; i > 0; --i) text += pieces[random() % pieces.size()];
    Records wanted = records_by_the_letter(text);
    for (std::string& record : wanted) {
      const auto fields = std::count(record.begin(), record.end(), '[');
      if (record.starts_with("bad") || fields == 4) continue;
      record = "bad: " + std::to_string(fields) + (fields == 1 ? " field" : " fields") + " where the header has 4";
    }
    INFO(text);
    REQUIRE(records_read(text, 1 + random() % 40) == wanted);
    REQUIRE(records_read(text, 1 << 20) == wanted);
  }
}

namespace {

/// The only line of a file, cell by cell, or why it is none.
std::string line_read(const Names& names, const std::string& line) {
  host::MemoryFileSystem files;
  files.put("x.ndjson", line);
  auto file = LogFile::open(files, "x.ndjson", {&names, 1 << 20, 1 << 20, bytecode::LogFormat::Ndjson});
  REQUIRE(file.ok());
  auto reader = ndjson_reader(names, 1 << 20);
  Row row(names.size());
  RecordPlace place;
  Chunk chunk;
  REQUIRE(*file->next(chunk));
  reader->begin(chunk);
  if (!reader->next(row, place)) return "nothing";
  if (place.bad) return std::string(reason_text(*place.bad));
  std::string told;
  for (NameId name = 0; name < names.size(); ++name) {
    const Cell* cell = row.find(name);
    if (cell)
      told += names.at(name) + std::to_string(static_cast<int>(cell->kind)) + "=" + std::string(cell->text) + " ";
  }
  return told;
}

}  // namespace

TEST_CASE("a line in the plain form says what it says with a space in it, which only the reader of all of JSON takes") {
  Names names;
  for (const char* name : {"a", "key", "b.a", "\xc3\xa9"}) names.add(name);
  std::mt19937_64 random(23);
  const std::vector<std::string> pieces = {
      "\"a\":", "\"key\":", "\"b\":", "\"\xc3\xa9\":", "\"text\"", "\"a,b}\"", "1", "-2.5e3", "01",
      "null",   "true",     "nulll",  "{\"a\":1}",     "[1,2]",    "{}",       ",", "\"",     "\\",
      "\xff",   "\t",       "}",      "\"\\u0041\""};
  for (int round = 0; round < 50'000; ++round) {
    std::string inside;
    for (std::size_t member = random() % 4; member > 0; --member) {
      inside += pieces[random() % 4] + pieces[4 + random() % 6] + (member > 1 ? "," : "");
    }
    for (std::size_t change = random() % 3; change > 0; --change) {
      inside.insert(random() % (inside.size() + 1), pieces[random() % pieces.size()]);
    }
    INFO(inside);
    REQUIRE(line_read(names, "{" + inside + "}") == line_read(names, "{ " + inside + "}"));
  }
}

TEST_CASE("every way to look for what cuts records finds the same") {
  const auto cuts = [](Marks marks, char byte) {
    if (marks == Marks::Csv) return byte == ',' || byte == '\n' || byte == '"';
    return byte == '"' || byte == '\\' || (byte >= 0 && byte < ' ');
  };
  std::mt19937_64 random(5);
  for (int round = 0; round < 200; ++round) {
    const std::size_t size = 1 + random() % 300;
    std::string bytes(size + 64, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = random() % 3 == 0 ? ",\n\"\xac\x8a\xa2\\\x1f\x9f "[random() % 10] : static_cast<char>(random());
    }
    for (Marks marks : {Marks::Csv, Marks::Json}) {
      std::vector<std::uint32_t> wanted;
      for (std::uint32_t i = 0; i < size; ++i) {
        if (cuts(marks, bytes[i])) wanted.push_back(1000 + i);
      }
      for (FindMarks find : ways_to_find(marks)) {
        std::vector<std::uint32_t> places(size);
        places.resize(find(bytes.data(), size, 1000, places.data()));
        CHECK(places == wanted);
      }
    }
  }
}

}  // namespace nurture::eventlog::test
