#pragma once

#include <string>
#include <string_view>

namespace nurture::outcome::fixture {

/// The text in expected/<name>. With NURTURE_UPDATE=<folder> in the environment, `actual` is written there instead.
void check_expected(std::string_view name, const std::string& actual);

}  // namespace nurture::outcome::fixture
