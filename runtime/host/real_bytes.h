#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "runtime/base/io.h"

namespace nurture::host {

/// "cannot <doing> <path>: <why>", with a way forward where there is one.
Error path_error(const char* doing, const std::string& path, int error);

/// Writes everything or says which errno stopped it; 0 is success.
int write_all(int fd, std::string_view bytes);

/// Small writes, gathered until they are worth a call. What fails says which errno stopped it; 0 is success.
class GatheredWrites {
 public:
  int write(int fd, std::string_view bytes);
  int flush(int fd);

 private:
  std::string waiting_;
};

/// Somebody else appends to it.
Error being_appended(const std::string& path);

Result<std::unique_ptr<ByteSource>> open_source(const std::string& path);
Result<std::shared_ptr<const FileView>> map_file(const std::string& path);
Result<std::unique_ptr<ByteSink>> create_sink(const std::string& path);

}  // namespace nurture::host
