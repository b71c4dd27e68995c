#pragma once

#include <string>
#include <string_view>

namespace nurture {

/// A text as it stands in XML, between tags and in attributes alike. What XML cannot hold becomes U+FFFD.
std::string xml_text(std::string_view text);

}  // namespace nurture
