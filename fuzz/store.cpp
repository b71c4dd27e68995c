#include "fuzz/log_import.h"
#include "runtime/eventlog/stored.h"
#include "tests/eventlog/sealed.h"

namespace {

using namespace nurture;

constexpr std::string_view kLog =
    R"({"lead":"ada","at":"2026-03-05T10:00:00Z","event":"all","p0":"a","p1":1,"p2":2.5,"p3":"1.25","p4":true,)"
    R"("p5":"2026-01-02","p6":"09:30","p7":"2026-03-05T10:00:00Z","p8":"90 minutes","p9":"12.5%","p10":"yes",)"
    R"("p11":[1,2],"p12":"c"}
{"lead":"ada","at":"2026-03-06T10:00:00Z","event":"lead.updated","a0":"x","a1":7,"a11":[3]}
{"lead":"ben","at":"2026-03-06T10:00:00Z","event":"e"}
{"lead":"cyd","at":"never","event":"e"}
)";

/// A programme, and the store that it makes of a small log with every type of value in it.
struct World {
  World() {
    host::MemoryFileSystem files;
    files.put("log.ndjson", std::string(kLog));
    eventlog::ImportOptions options;
    options.logs = {"log.ndjson"};
    eventlog::ImportTotals totals;
    auto sink = files.create("log.store");
    NURTURE_CHECK(eventlog::import_to_file(fixed.module, files, options, **sink, totals).ok());
    NURTURE_CHECK((*sink)->commit().ok());
    store = files.content("log.store");
  }
  fuzz::FixedModule fixed;
  std::string store;
};

/// Four bytes each: where (18 bits), from which end of the file, and what stands there now.
std::string changed(std::string file, std::string_view edits) {
  for (; edits.size() >= 4; edits.remove_prefix(4)) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(edits[i]); };
    const std::size_t at = (byte(0) | byte(1) << 8 | (byte(2) & 3) << 16) % file.size();
    file[(byte(2) & 128) != 0 ? file.size() - 1 - at : at] = edits[3];
  }
  return file;
}

}  // namespace

/// The first byte chooses: a file of these bytes, or the store with some of its bytes changed and its checksums made
/// right again. What loads is replayed from, and does no harm.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  host::MemoryFileSystem files;
  const bool raw = data[0] == 0;
  files.put("log.store", raw ? std::string(rest) : eventlog::test::sealed(changed(world.store, rest)));
  (void)store::load(*files.view("log.store"), "log.store", store::Trust::Verified, [](const Error&) {});
  if (!eventlog::is_store(files, "log.store")) return 0;
  eventlog::ImportOptions options;
  options.logs = {"log.store"};
  const auto imported = eventlog::import(world.fixed.module, files, options);
  if (imported) fuzz::read_all(imported->store);
  const auto inspection = eventlog::inspect(world.fixed.module, files, options);
  if (inspection) NURTURE_CHECK(!eventlog::to_text(*inspection).empty() && !eventlog::to_json(*inspection).empty());
  return 0;
}
