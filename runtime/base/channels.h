#pragma once

#include <algorithm>
#include <array>
#include <string_view>

/// The ways in which a message reaches somebody: the one list of them.
namespace nurture {

inline constexpr std::array<std::string_view, 8> kChannels = {"email", "sms",    "push",      "letter",
                                                              "ad",    "social", "voicemail", "call_script"};

constexpr bool is_channel(std::string_view word) {
  return std::find(kChannels.begin(), kChannels.end(), word) != kChannels.end();
}

}  // namespace nurture
