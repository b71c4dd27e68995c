#include "runtime/eventlog/stored.h"
#include "runtime/store/file.h"
#include "tests/catch.h"
#include "tests/eventlog/random_log.h"

// However little memory an import is given: the same file.

namespace nurture::eventlog::test {
namespace {

struct Made {
  std::string bytes;
  std::size_t scratches = 0;
  std::string rejects;
};

Made made(const Case& c, host::MemoryFileSystem& files, std::uint64_t bound) {
  Made out;
  ImportOptions options;
  options.logs = {"log." + c.extension};
  options.source = c.source;
  options.leads = "leads.ndjson";
  options.accounts = "accounts.ndjson";
  options.chunk = 512;
  options.on_reject = [&](const Rejected& reject) { out.rejects += std::to_string(reject.line) + " "; };
  MemoryBound memory;
  memory.bytes = bound;
  memory.scratch = [&] {
    ++out.scratches;
    return Result<std::unique_ptr<Scratch>>(memory_scratch());
  };
  auto sink = files.create("log.store");
  ImportTotals totals;
  const Status done = import_to_file(c.maker.module, files, options, **sink, totals, memory);
  if (!done) FAIL(done.error().message);
  REQUIRE((*sink)->commit().ok());
  out.bytes = files.content("log.store");
  const auto checked = store::load(*files.view("log.store"), "log.store", store::Trust::Verified);
  if (!checked) FAIL(checked.error().message);
  return out;
}

void check_bounds(const Case& c, unsigned seed) {
  INFO("seed " << seed);
  std::mt19937 draw(seed);
  host::MemoryFileSystem files;
  const int rows = static_cast<int>(draw() % 800);
  files.put("log." + c.extension, header(c) + random_rows(c, draw, rows));
  files.put("leads.ndjson", random_leads(draw, static_cast<int>(draw() % 120)));
  files.put("accounts.ndjson", random_accounts(draw, static_cast<int>(draw() % 30)));
  const Made whole = made(c, files, 0);
  bool spilled = false;
  for (const std::uint64_t bound : {6'000U, 30'000U, 90'000U, 200'000U, 100'000'000U}) {
    INFO("bound " << bound);
    const Made parts = made(c, files, bound);
    CHECK(parts.rejects == whole.rejects);
    REQUIRE(parts.bytes.size() == whole.bytes.size());
    REQUIRE(parts.bytes == whole.bytes);
    spilled = spilled || parts.scratches > 5;
  }
  CHECK((spilled || rows < 100));
}

}  // namespace

TEST_CASE("a log in its native form makes the same file within any memory") {
  for (unsigned seed = 1; seed <= 40; ++seed) check_bounds(native_case(), seed);
}

TEST_CASE("a log with ids and attributes in each row makes the same file within any memory") {
  for (unsigned seed = 1; seed <= 40; ++seed) check_bounds(source_case(), seed);
}

TEST_CASE("what cannot be spilled is an error") {
  const Case c = native_case();
  std::mt19937 draw(3);
  host::MemoryFileSystem files;
  files.put("log.ndjson", random_rows(c, draw, 500));
  ImportOptions options;
  options.logs = {"log.ndjson"};
  options.chunk = 512;
  MemoryBound memory;
  memory.bytes = 30'000;
  memory.scratch = [] { return Result<std::unique_ptr<Scratch>>(Error{"the disk is full", ""}); };
  auto sink = files.create("log.store");
  ImportTotals totals;
  const Status done = import_to_file(c.maker.module, files, options, **sink, totals, memory);
  REQUIRE(!done);
  CHECK(done.error().message == "the disk is full");
  CHECK(!files.exists("log.store"));
}

}  // namespace nurture::eventlog::test
