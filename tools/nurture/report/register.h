#pragma once

#include "tools/nurture/command.h"

namespace nurture::tool {

/// As those in command.h.
void register_report(CLI::App& app, Host& host, int& exit_code);

}  // namespace nurture::tool
