#pragma once

#include "tools/nurture/command.h"

namespace nurture::tool {

/// `nurture fit`: adds itself to the application, as the commands of command.h do.
void register_fit(CLI::App& app, Host& host, int& exit_code);

}  // namespace nurture::tool
