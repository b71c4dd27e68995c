#include "bench/harness.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

#include "runtime/host/memory_file_system.h"

namespace nurture::bench {

namespace {

double seconds_on(Clock clock) {
  timespec now{};
  clock_gettime(clock == Clock::Wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double time_once(const Contender& contender, Clock clock) {
  static volatile std::uint64_t keep;
  const double start = seconds_on(clock);
  keep = contender.run();
  (void)keep;
  return seconds_on(clock) - start;
}

}  // namespace

std::vector<double> race(const std::vector<Contender>& contenders, Clock clock) {
  std::vector<std::vector<double>> times(contenders.size());
  for (int run = 0; run <= kRuns; ++run) {
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      double seconds = time_once(contenders[i], clock);
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
