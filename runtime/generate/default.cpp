#include <span>

#include "runtime/base/embedded.h"
#include "runtime/generate/scenario.h"

namespace nurture {
extern const std::span<const EmbeddedFile> default_scenario_files;
}

namespace nurture::generate {

std::string_view default_scenario() { return default_scenario_files.front().content; }

}  // namespace nurture::generate
