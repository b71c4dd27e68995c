#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <vector>

#include "bench/harness.h"
#include "bench/logs.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/host/memory_file_system.h"

namespace nurture::bench {

namespace {

/// The lines in the order of their instants, as most systems write them: a lead's rows lie far apart.
std::string in_order_of_time(const std::string& log) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin < log.size();) {
    const std::size_t end = log.find('\n', begin) + 1;
    lines.push_back(std::string_view(log).substr(begin, end - begin));
    begin = end;
  }
  const auto at = [](std::string_view line) { return line.substr(line.find("\"at\":\""), 27); };
  std::stable_sort(lines.begin(), lines.end(), [&](std::string_view a, std::string_view b) { return at(a) < at(b); });
  std::string sorted;
  for (std::string_view line : lines) sorted += line;
  return sorted;
}

}  // namespace

void bench_import() {
  driver::Compiled compiled = compile("use std.b2b\nprogram { name \"bench\" }\n");
  host::MemoryFileSystem files;
  const std::string log = generated_log(generate::Form::Ndjson);
  files.put("by_time.ndjson", in_order_of_time(log));
  files.put("log.ndjson", log);
  files.put("log.csv", generated_log(generate::Form::Csv));
  auto import = [&](const std::string& path, unsigned threads) {
    eventlog::ImportOptions options;
    options.logs = {path};
    options.threads = threads;
    auto imported = eventlog::import(compiled.module, files, options);
    NURTURE_CHECK(imported.ok());
    return *&imported->totals;
  };
  auto totals = import("log.csv", 1);
  headline(fmt::format("Import into sorted columns: {} rows, {} MB of CSV, {} MB of NDJSON", totals.read,
                       totals.bytes / 1'000'000, log.size() / 1'000'000));
  std::vector<Contender> contenders;
  for (unsigned threads : {1U, 2U}) {
    const std::string with = threads == 1 ? ", one thread" : ", two threads";
    contenders.push_back({"CSV" + with, [&import, threads] { return import("log.csv", threads).applied; }});
    contenders.push_back({"NDJSON" + with, [&import, threads] { return import("log.ndjson", threads).applied; }});
    contenders.push_back(
        {"NDJSON in order of time" + with, [&import, threads] { return import("by_time.ndjson", threads).applied; }});
  }
  report(contenders, race(contenders), static_cast<double>(totals.read), "rows");
  fmt::print("  {:<44} {:>9.0f} MB\n", "peak memory of this process so far", static_cast<double>(peak_memory()) / 1e6);
}

}  // namespace nurture::bench
