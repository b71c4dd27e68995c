#include "bench/harness.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

#include "runtime/host/memory_file_system.h"

namespace nurture::bench {

namespace {

double time_once(const Contender& contender) {
  static volatile std::uint64_t keep;
  auto start = std::chrono::steady_clock::now();
  keep = contender.run();
  (void)keep;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

std::vector<double> race(const std::vector<Contender>& contenders) {
  std::vector<std::vector<double>> times(contenders.size());
  for (int run = 0; run <= kRuns; ++run) {
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      double seconds = time_once(contenders[i]);
      if (run > 0) times[i].push_back(seconds);
    }
  }
  std::vector<double> medians;
  for (auto& runs : times) {
    std::sort(runs.begin(), runs.end());
    medians.push_back(runs[runs.size() / 2]);
  }
  return medians;
}

std::uint64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

Folder::Folder() : path_(std::filesystem::temp_directory_path() / fmt::format("nurture-bench-{}", ::getpid())) {
  std::filesystem::create_directories(path_);
}

void Folder::put(const std::string& name, const std::string& text) const {
  std::filesystem::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name) << text;
}

driver::Compiled compile(const std::string& text) {
  host::MemoryFileSystem files;
  files.put("bench.nurture", text);
  auto checked = driver::check("bench.nurture", files);
  NURTURE_CHECK(checked.ok());
  if (checked->failed()) fmt::print("{}", render_terminal(checked->unit->diagnostics, checked->unit->sources, false));
  auto compiled = driver::compile(*checked);
  NURTURE_CHECK(compiled.ok());
  return std::move(*compiled);
}

void headline(const std::string& text) { fmt::print("\n{}\n", text); }

void report(const std::vector<Contender>& contenders, const std::vector<double>& seconds, double units,
            const std::string& unit) {
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    fmt::print("  {:<44} {:>9.1f} ms  {:>9.2f} M {}/s  {:>6.2f} x\n", contenders[i].name, seconds[i] * 1e3,
               units / seconds[i] / 1e6, unit, seconds[0] / seconds[i]);
  }
  std::fflush(stdout);
}

}  // namespace nurture::bench
