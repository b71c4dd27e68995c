#include "runtime/host/machine.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <malloc.h>
#include <string>
#include <unistd.h>

namespace nurture::host {
namespace {

std::uint64_t page_size() {
  static const auto size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

/// The bound of the group, as systemd and containers set it; UINT64_MAX if there is none.
std::uint64_t bound_of_group() {
  std::ifstream file("/sys/fs/cgroup/memory.max");
  std::uint64_t bytes = 0;
  return file >> bytes ? bytes : UINT64_MAX;
}

}  // namespace

std::uint64_t resident_memory() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  return file >> all >> resident ? resident * page_size() : 0;
}

std::uint64_t memory_of_machine() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  return pages <= 0 ? 0 : std::min(static_cast<std::uint64_t>(pages) * page_size(), bound_of_group());
}

void trim_memory() { ::malloc_trim(0); }

}  // namespace nurture::host
