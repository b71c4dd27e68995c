#pragma once

#include "compiler/findings/levels.h"
#include "tools/nurture/logs.h"

/// What a log says about a programme: codes W1501 to W1599.
namespace nurture::tool::evidence {

/// Reads the log, replays the programme over it and reports what stands out among the programme's diagnostics. An exit
/// code; what went wrong is printed.
int look(const std::string& root, driver::Checked& checked, const findings::Capacity& capacity,
         const LogOptions& options, FileSystem& files, Host& host);

}  // namespace nurture::tool::evidence
