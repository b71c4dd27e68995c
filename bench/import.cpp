#include <fmt/format.h>

#include "bench/harness.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/generate/generate.h"
#include "runtime/host/memory_file_system.h"

namespace nurture::bench {

namespace {

constexpr std::uint64_t kLeads = 200'000;

std::string generated(generate::Form form) {
  host::MemoryFileSystem files;
  auto scenario = generate::read_scenario(generate::default_scenario(), "default");
  NURTURE_CHECK(scenario.ok());
  auto sink = files.create("log");
  NURTURE_CHECK(sink.ok());
  generate::Options options;
  options.leads = kLeads;
  options.form = form;
  NURTURE_CHECK(generate::generate(*scenario, options, **sink, nullptr).ok());
  NURTURE_CHECK((*sink)->commit().ok());
  return *files.read_file("log", UINT64_MAX);
}

}  // namespace

void bench_import() {
  driver::Compiled compiled = compile("use std.b2b\nprogram { name \"bench\" }\n");
  host::MemoryFileSystem files;
  files.put("log.ndjson", generated(generate::Form::Ndjson));
  files.put("log.csv", generated(generate::Form::Csv));
  auto import = [&](const std::string& path) {
    eventlog::ImportOptions options;
    options.logs = {path};
    auto imported = eventlog::import(compiled.module, files, options);
    NURTURE_CHECK(imported.ok());
    return *&imported->totals;
  };
  auto totals = import("log.csv");
  headline(fmt::format("Import into sorted columns: {} rows, {} MB of CSV", totals.read, totals.bytes / 1'000'000));
  std::vector<Contender> contenders = {
      {"CSV", [&] { return import("log.csv").applied; }},
      {"NDJSON", [&] { return import("log.ndjson").applied; }},
  };
  report(contenders, race(contenders), static_cast<double>(totals.read), "rows");
  fmt::print("  {:<44} {:>9.0f} MB\n", "peak memory of this process so far", static_cast<double>(peak_memory()) / 1e6);
}

}  // namespace nurture::bench
