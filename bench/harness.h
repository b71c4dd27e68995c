#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "runtime/vm/vm.h"

/// What the benchmarks share. Every figure is the median of `kRuns` runs after one that is not counted; what is
/// compared is run in turn, so that a machine that slows down slows both.
namespace nurture::bench {

inline constexpr int kRuns = 5;

struct Contender {
  std::string name;
  std::function<std::uint64_t()> run;  ///< gives something computed, so that nothing is optimised away
};

/// Of the processor: what other processes do beside it tells less, and threads add up.
enum class Clock : std::uint8_t { Wall, Processor };
/// Median seconds of each, run in turn.
std::vector<double> race(const std::vector<Contender>& contenders, Clock clock = Clock::Wall);

/// Peak resident memory of the process so far, in bytes.
std::uint64_t peak_memory();

/// A folder of its own for as long as it lives.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  void put(const std::string& name, const std::string& text) const;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// A programme from its text.
driver::Compiled compile(const std::string& text);

void headline(const std::string& text);
/// "name   median   rate/s   ratio to the first".
void report(const std::vector<Contender>& contenders, const std::vector<double>& seconds, double units,
            const std::string& unit);

void bench_replay();
void bench_growth();  ///< of the replay, from 1 to 100 million events: some minutes and 5 GB
void bench_native();  ///< interpreted against native code, where LLVM is installed
void bench_import();
void bench_duckdb();  ///< where DuckDB is installed
void bench_check();
void bench_store();

}  // namespace nurture::bench
