#include <cstdio>
#include <fmt/format.h>
#include <string_view>

#include "bench/harness.h"

namespace {

struct Group {
  std::string_view name;
  void (*run)();
  bool always = true;  ///< else only if it is named
};
constexpr Group kGroups[] = {
    {"check", nurture::bench::bench_check},          {"store", nurture::bench::bench_store},
    {"replay", nurture::bench::bench_replay},        {"import", nurture::bench::bench_import},
#ifdef NURTURE_DUCKDB
    {"duckdb", nurture::bench::bench_duckdb},
#endif
    {"native", nurture::bench::bench_native, false}, {"growth", nurture::bench::bench_growth, false},
};

}  // namespace

/// Runs the groups that are named, or all that do not take long.
int main(int argc, char** argv) {
  fmt::print("Medians of {} runs; the last column is the speed relative to the first line of its group.\n",
             nurture::bench::kRuns);
  for (const Group& group : kGroups) {
    bool asked = argc < 2 && group.always;
    for (int i = 1; i < argc; ++i) asked |= group.name == argv[i];
    if (asked) group.run();
  }
  return 0;
}
