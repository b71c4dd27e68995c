#pragma once

#include <string>
#include <string_view>

#include "runtime/base/result.h"

namespace nurture::tool::report {

/// The page around a document (`to_json`): one file that needs nothing else. Error: this program was built without it.
Result<std::string> page_of(std::string_view title, std::string_view json);

}  // namespace nurture::tool::report
