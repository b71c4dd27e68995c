#include <cstdio>
#include <fmt/format.h>

#include "bench/harness.h"

int main() {
  fmt::print("Medians of {} runs; the last column is the speed relative to the first line of its group.\n",
             nurture::bench::kRuns);
  nurture::bench::bench_check();
  nurture::bench::bench_replay();
  nurture::bench::bench_import();
  return 0;
}
