#pragma once

#include <cstdint>

/// How the tables of a module name each other's rows.
namespace nurture::bytecode {

using Pc = std::uint32_t;  ///< offset into Module::code
inline constexpr Pc kNoCode = UINT32_MAX;
inline constexpr std::uint16_t kNone = UINT16_MAX;  ///< "no such row", for every 16-bit index

using StringIndex = std::uint16_t;  ///< into Module::strings
using PlaceIndex = std::uint16_t;   ///< into Module::places

}  // namespace nurture::bytecode
