#pragma once

#include <memory>
#include <string>

#include "runtime/base/append.h"

namespace nurture::host {

/// Writes behind a regular file that is there. Error: somebody else does just now.
Result<std::unique_ptr<Appender>> open_appender(const std::string& path);

}  // namespace nurture::host
