#pragma once

#include <memory>
#include <string>

#include "runtime/base/io.h"

namespace nurture::host {

/// "cannot <doing> <path>: <why>", with a way forward where there is one.
Error path_error(const char* doing, const std::string& path, int error);

Result<std::unique_ptr<ByteSource>> open_source(const std::string& path);
Result<std::shared_ptr<const FileView>> map_file(const std::string& path);
Result<std::unique_ptr<ByteSink>> create_sink(const std::string& path);

}  // namespace nurture::host
