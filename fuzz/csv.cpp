#include "fuzz/log_import.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nurture::fuzz::import_bytes("log.csv", {reinterpret_cast<const char*>(data), size});
  return 0;
}
