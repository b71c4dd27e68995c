#pragma once

#include <string>

#include "runtime/generate/generate.h"

namespace nurture::bench {

/// A log of the made-up world that `nurture log generate` begins with: 200,000 leads.
std::string generated_log(generate::Form form);

}  // namespace nurture::bench
