#include "runtime/eventlog/append.h"

#include "runtime/eventlog/export.h"
#include "tests/catch.h"
#include "tests/eventlog/random_log.h"
#include "tests/eventlog/sealed.h"

// Logs that are appended one after the other make what an import of all of them at once makes.

namespace nurture::eventlog::test {
namespace {

/// Logs in memory, and what becomes of them.
struct Appended {
  explicit Appended(const Case& of) : c(of) {}

  ImportOptions reading(std::vector<std::string> logs) const {
    ImportOptions options;
    options.logs = std::move(logs);
    options.source = c.source;
    options.chunk = 512;
    return options;
  }
  void import(const std::string& store, const ImportOptions& options) {
    auto sink = files.create(store);
    ImportTotals counted;
    const Status done = import_to_file(c.maker.module, files, options, **sink, counted);
    if (!done) FAIL(done.error().message);
    REQUIRE((*sink)->commit().ok());
  }
  /// The message with which it is refused, or "".
  std::string append(const std::string& store, const ImportOptions& options, const MemoryBound& memory = {}) {
    auto file = files.append(store);
    if (!file) return file.error().message;
    auto to = begin_append(files, std::move(*file), store);
    if (!to) return to.error().message;
    const Status done = append_to_file(c.maker.module, files, options, *to, totals, memory);
    if (!done) return done.error().message;
    warnings = to->all.facts.totals.warnings;
    REQUIRE(to->file->commit().ok());
    return "";
  }
  /// As a file of one part.
  std::string compacted(const std::string& store) {
    auto parts = open_parts(files, store);
    if (!parts) FAIL(parts.error().message);
    store::Workspace space;
    auto sink = files.create("compacted.store");
    REQUIRE(write_joined(std::move(*parts), store, space, **sink).ok());
    REQUIRE((*sink)->commit().ok());
    return files.content("compacted.store");
  }
  std::string refused(const std::string& store) {
    auto opened = open_store(files, store);
    return opened ? "" : opened.error().message;
  }
  std::string dumped(const std::string& store) {
    ImportOptions options;
    options.logs = {store};
    const auto imported = eventlog::import(c.maker.module, files, options);
    if (!imported) FAIL(imported.error().message);
    return dump(c.maker.module, imported->store);
  }
  std::string exported(const std::string& store) {
    auto opened = open_store(files, store);
    REQUIRE(opened);
    const ExportFiles to{"out.ndjson", "out_leads.ndjson", "out_accounts.ndjson"};
    const Status done = export_log(opened->file, opened->facts, files, to);
    if (!done) return done.error().message;
    return files.content(to.log) + files.content(to.leads) + files.content(to.accounts);
  }
  std::string facts(const std::string& store) {
    auto opened = open_store(files, store);
    REQUIRE(opened);
    return encode(opened->facts);
  }

  const Case& c;
  host::MemoryFileSystem files;
  ImportTotals totals;
  std::vector<std::string> warnings;
};

/// Logs "log1", "log2"…, of any size, also none.
std::vector<std::string> random_logs(Appended& of, std::mt19937& draw) {
  std::vector<std::string> logs;
  const std::size_t count = 2 + draw() % 3;
  while (logs.size() < count) {
    logs.push_back("log" + std::to_string(logs.size() + 1) + "." + of.c.extension);
    const int rows = draw() % 6 == 0 ? 0 : static_cast<int>(draw() % 250);
    const int year = draw() % 3 == 0 ? 2026 : 2026 + static_cast<int>(logs.size());
    of.files.put(logs.back(), header(of.c) + random_rows(of.c, draw, rows, year));
  }
  return logs;
}

void check_alike(Appended& made) {
  CHECK(made.dumped("parts.store") == made.dumped("whole.store"));
  CHECK(made.exported("parts.store") == made.exported("whole.store"));
}

void check_appends(const Case& c, unsigned seed) {
  INFO("seed " << seed);
  std::mt19937 draw(seed);
  Appended made(c);
  const std::vector<std::string> logs = random_logs(made, draw);
  made.files.put("leads.ndjson", random_leads(draw, static_cast<int>(draw() % 120)));
  made.files.put("accounts.ndjson", random_accounts(draw, static_cast<int>(draw() % 30)));
  MemoryBound small;
  small.bytes = 30'000;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    ImportOptions options = made.reading({logs[i]});
    if (i == 0) {
      options.leads = "leads.ndjson";
      options.accounts = "accounts.ndjson";
      made.import("parts.store", options);
    } else {
      const std::string before = made.files.content("parts.store");
      REQUIRE(made.append("parts.store", options, i % 2 == 0 ? small : MemoryBound()) == "");
      REQUIRE(made.files.content("parts.store").starts_with(before));
    }
  }
  ImportOptions all = made.reading(logs);
  all.leads = "leads.ndjson";
  all.accounts = "accounts.ndjson";
  made.import("whole.store", all);
  check_alike(made);
  CHECK(made.facts("parts.store") == made.facts("whole.store"));
  REQUIRE(made.compacted("parts.store") == made.files.content("whole.store"));
  auto whole = open_store(made.files, "whole.store");
  CHECK(made.warnings == whole->facts.totals.warnings);
}

/// Tables come with each log; in one import they are one behind the other.
void check_tables(const Case& c, unsigned seed) {
  INFO("seed " << seed);
  std::mt19937 draw(seed);
  Appended made(c);
  const std::vector<std::string> logs = random_logs(made, draw);
  std::string leads, accounts;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    made.files.put("leads.ndjson", random_leads(draw, 1 + static_cast<int>(draw() % 60)));
    made.files.put("accounts.ndjson", random_accounts(draw, 1 + static_cast<int>(draw() % 20)));
    leads += made.files.content("leads.ndjson");
    accounts += made.files.content("accounts.ndjson");
    ImportOptions options = made.reading({logs[i]});
    options.leads = "leads.ndjson";
    options.accounts = "accounts.ndjson";
    if (i == 0) {
      made.import("parts.store", options);
    } else {
      REQUIRE(made.append("parts.store", options) == "");
    }
  }
  made.files.put("leads.ndjson", leads);
  made.files.put("accounts.ndjson", accounts);
  ImportOptions all = made.reading(logs);
  all.leads = "leads.ndjson";
  all.accounts = "accounts.ndjson";
  made.import("whole.store", all);
  check_alike(made);
}

/// A store of one log, and another log to append.
struct Two : Appended {
  explicit Two(const Case& of) : Appended(of) {
    std::mt19937 draw(7);
    files.put("log1." + c.extension, header(c) + random_rows(c, draw, 60));
    files.put("log2." + c.extension, header(c) + random_rows(c, draw, 40, 2027));
    import("log.store", reading({"log1." + c.extension}));
    old = files.content("log.store");
  }
  ImportOptions later() const { return reading({"log2." + c.extension}); }
  std::string old;
};

}  // namespace

TEST_CASE("logs in their native form, appended, are what they are at once") {
  const Case c = native_case();
  for (unsigned seed = 1; seed <= 60; ++seed) check_appends(c, seed);
}

TEST_CASE("logs with ids and attributes in each row, appended, are what they are at once") {
  const Case c = source_case();
  for (unsigned seed = 1; seed <= 60; ++seed) check_appends(c, seed);
}

TEST_CASE("tables that are appended count as if they stood behind those before") {
  const Case native = native_case(), source = source_case();
  for (unsigned seed = 1; seed <= 40; ++seed) {
    check_tables(native, seed);
    check_tables(source, seed);
  }
}

TEST_CASE("a store that was made one is appended to as if it had been imported at once") {
  const Case c = native_case();
  Two two(c);
  REQUIRE(two.append("log.store", two.later()) == "");
  const std::string parts = two.dumped("log.store");
  two.files.put("log.store", two.compacted("log.store"));
  CHECK(two.dumped("log.store") == parts);
  std::mt19937 draw(8);
  two.files.put("log3.ndjson", random_rows(c, draw, 50));
  REQUIRE(two.append("log.store", two.reading({"log3.ndjson"})) == "");
  two.import("whole.store", two.reading({"log1.ndjson", "log2.ndjson", "log3.ndjson"}));
  CHECK(two.compacted("log.store") == two.files.content("whole.store"));
}

TEST_CASE("an append that was not finished belongs to nothing, and the next one takes its place") {
  const Case c = native_case();
  Two two(c);
  const std::string before = two.dumped("log.store");
  std::string unfinished;
  {
    auto file = two.files.append("log.store");
    REQUIRE(file);
    auto to = begin_append(two.files, std::move(*file), "log.store");
    REQUIRE(to);
    REQUIRE(append_to_file(c.maker.module, two.files, two.later(), *to, two.totals).ok());
    unfinished = two.files.content("log.store");
    CHECK(unfinished.size() > two.old.size() + 4096);
    CHECK(two.files.append("log.store").error().message == "cannot append to log.store: another process does just now");
  }
  CHECK(two.files.content("log.store") == two.old);
  REQUIRE(two.append("log.store", two.later()) == "");
  const std::string appended = two.files.content("log.store");
  for (std::size_t size = two.old.size(); size <= unfinished.size(); size += 97) {
    two.files.put("log.store", unfinished.substr(0, size));
    REQUIRE(two.dumped("log.store") == before);
    REQUIRE(view_store(two.files, "log.store")->images.unfinished == (size > two.old.size()));
  }
  REQUIRE(two.append("log.store", two.later()) == "");
  CHECK(two.files.content("log.store") == appended);
}

TEST_CASE("a disk that is full while something is appended leaves what was there") {
  const Case c = native_case();
  Two two(c);
  two.files.limit_writes(5000);
  CHECK(two.append("log.store", two.later()) == "cannot append to log.store: the disk is full");
  CHECK(two.files.content("log.store") == two.old);
}

TEST_CASE("what one import would not have read alike is not appended") {
  Case c = native_case();
  Two two(c);
  ImportOptions options = two.later();
  SECTION("another bound") {
    options.not_after = 0;
    CHECK(two.append("log.store", options) ==
          "cannot append to log.store: it was imported with a later --not-after, or none");
  }
  SECTION("a bound that left something out") {
    ImportOptions bound = two.reading({"log1.ndjson"});
    bound.not_after = *calendar::parse_rfc3339("2026-03-04T12:00:00Z");
    two.import("log.store", bound);
    CHECK(two.append("log.store", options) ==
          "cannot append to log.store: its --not-after, 2026-03-04T12:00:00Z, left out what a later one would not");
    options.not_after = bound.not_after;
    CHECK(two.append("log.store", options).empty());
  }
  SECTION("another source") {
    options.source = "orders";
    CHECK(two.append("log.store", options) ==
          "cannot append to log.store: it was read in the native form, and this log would be by the source \"orders\"");
  }
  SECTION("another type") {
    c.maker.module.schema.kinds[1].properties[0].type = required(TypeKind::Text);
    CHECK(two.append("log.store", options).starts_with("the store does not fit the programme: the property "));
  }
  SECTION("another event") {
    c.maker.kind("demo.requested");
    CHECK(two.append("log.store", options).starts_with("cannot append to log.store: the programme declares more"));
  }
  SECTION("a campaign that ran") {
    c.maker.module.schema.kinds[1].actor = bytecode::Actor::Us;
    two.import("log.store", two.reading({"log1.ndjson"}));
    CHECK(two.append("log.store", options).empty());
    options.executed = {0};
    CHECK(two.append("log.store", options).starts_with("the store does not fit this run: it has what the campaign"));
  }
  SECTION("a store of another version") {
    std::string older = two.old;
    older[8] = 2;
    two.files.put("log.store", sealed(older));
    CHECK(two.append("log.store", options) ==
          "the store log.store has version 2 of the format, and this nurture reads version 3");
    CHECK(two.files.content("log.store") == sealed(older));
  }
  SECTION("a damaged directory") {
    std::string damaged = two.old;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    two.files.put("log.store", damaged);
    CHECK(two.append("log.store", options).starts_with("the store log.store is damaged: the directory (bytes "));
    CHECK(two.files.content("log.store") == damaged);
  }
  SECTION("behind columns that are damaged, nothing is lost: they are told when they are read") {
    std::string damaged = two.old;
    damaged[4096] = static_cast<char>(damaged[4096] ^ 1);
    two.files.put("log.store", damaged);
    CHECK(two.append("log.store", options).empty());
    CHECK(two.refused("log.store").find("is damaged: block 0 of ") != std::string::npos);
    std::string mended = two.files.content("log.store");
    mended[4096] = two.old[4096];
    two.files.put("log.store", mended);
    CHECK(two.refused("log.store").empty());
  }
  SECTION("no store") {
    CHECK(two.append("log1.ndjson", options) == "log1.ndjson is not a store");
    CHECK(two.append("none.store", options) == "cannot append to none.store: no such file");
  }
}

TEST_CASE("every flipped bit and every cut of an appended part is found") {
  const Case c = source_case();
  Two two(c);
  REQUIRE(two.append("log.store", two.later()) == "");
  const std::string file = two.files.content("log.store");
  std::size_t missed = 0;
  const auto refuses = [&](const std::string& content) {
    two.files.put("other.store", content);
    return !store::load(*two.files.view("other.store"), "other.store", store::Trust::Verified).ok();
  };
  const std::size_t second = (two.old.size() + 4095) / 4096 * 4096;
  for (std::size_t at = two.old.size() - 50; at < file.size(); at += at < second + 64 || at > second + 4090 ? 1 : 211) {
    std::string other = file;
    other[at] = static_cast<char>(other[at] ^ (1 << (at % 8)));
    if (!refuses(other)) ++missed;
  }
  CHECK(missed == 0);
  for (std::size_t size = second + 1; size < file.size(); size += 113) missed += refuses(file.substr(0, size)) ? 0 : 1;
  CHECK(missed == 0);
  std::string other = file;
  other[second + 20] = 'x';
  two.files.put("other.store", other);
  CHECK(two.refused("other.store") == "the store other.store is damaged: the header (bytes " + std::to_string(second) +
                                          " to " + std::to_string(second + 4096) + ") is not what was written");
}

TEST_CASE("an appended part that is made to look whole is refused, or leads nowhere that it should not") {
  for (const Case& c : {native_case(), source_case()}) {
    Two two(c);
    REQUIRE(two.append("log.store", two.later()) == "");
    const std::string file = two.files.content("log.store");
    const std::size_t second = (two.old.size() + 4095) / 4096 * 4096;
    std::size_t refused = 0, loaded = 0;
    for (std::size_t at = 4096; at < file.size() - second; at += 19) {
      for (const int value : {0, 1, 0x7f, 0xff}) {
        std::string image = file.substr(second);
        image[at] = static_cast<char>(value);
        two.files.put("other.store", file.substr(0, second) + sealed(std::move(image)));
        ImportOptions options;
        options.logs = {"other.store"};
        const auto imported = eventlog::import(c.maker.module, two.files, options);
        ++(imported ? loaded : refused);
        if (imported) REQUIRE(!dump(c.maker.module, imported->store).empty());
      }
    }
    CHECK(refused > 100);
    CHECK(loaded > 100);
  }
}

TEST_CASE("parts that no append writes are refused") {
  const Case c = native_case(), other = source_case();
  Two two(c), another(other);
  std::string file = two.old;
  file.resize((file.size() + 4095) / 4096 * 4096);
  two.files.put("log.store", file + another.old);
  CHECK(two.refused("log.store") == "the store log.store is damaged: its parts do not belong together");
}

}  // namespace nurture::eventlog::test
