#include "bench/logs.h"

#include "runtime/base/check.h"
#include "runtime/host/memory_file_system.h"

namespace nurture::bench {

std::string generated_log(generate::Form form) {
  host::MemoryFileSystem files;
  auto scenario = generate::read_scenario(generate::default_scenario(), "default");
  NURTURE_CHECK(scenario.ok());
  auto sink = files.create("log");
  NURTURE_CHECK(sink.ok());
  generate::Options options;
  options.leads = 200'000;
  options.form = form;
  NURTURE_CHECK(generate::generate(*scenario, options, **sink, nullptr).ok());
  NURTURE_CHECK((*sink)->commit().ok());
  return *files.read_file("log", UINT64_MAX);
}

}  // namespace nurture::bench
