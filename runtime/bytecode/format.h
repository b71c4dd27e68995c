#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The envelope of a `.nbc`, little endian:
///   0  "NBC\n"
///   4  u32 format version
///   8  u64 bytes that follow the header
///  16  u64 XXH64 of those bytes
///  24  the module, field by field in the order of layout.h
namespace nurture::bytecode {

inline constexpr std::string_view kMagic = "NBC\n";
inline constexpr std::uint32_t kFormatVersion = 8;
inline constexpr std::size_t kHeaderSize = 24;

}  // namespace nurture::bytecode
