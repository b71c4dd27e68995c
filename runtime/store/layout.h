#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/column.h"
#include "runtime/store/store.h"

/// How a store stands in a file (docs/store.md): as an image, behind which others follow that were appended, each at a
/// multiple of 4096 bytes. An image is a header of one page, the sections, each at a multiple of 64 bytes and behind it
/// zeros, then the directory. Numbers are little end first, offsets from the beginning of the image.
///
///   0     magic, 8 bytes · format version u32 · 0 u32
///   16    directory: offset u64 · bytes u64 · checksum u64 · size of the image u64
///   48    checksum of the 48 bytes before
///   56    zeros up to 4096
namespace nurture::store::layout {

static_assert(std::endian::native == std::endian::little, "columns are mapped as they stand in the file");
static_assert(sizeof(Value) == 16 && sizeof(AttributeChange) == 24);

inline constexpr std::string_view kMagic{"\x89nStore\n", 8};
inline constexpr std::uint32_t kVersion = 3;
inline constexpr std::size_t kHeader = 4096;                 ///< bytes
inline constexpr std::size_t kHeaderUsed = 56;               ///< bytes
inline constexpr std::size_t kAlignment = 64;                ///< of sections
inline constexpr std::size_t kBlock = std::size_t{1} << 20;  ///< bytes under one checksum

enum class What : std::uint8_t {
  TextBegins,
  TextBytes,
  ListBegins,
  ListItems,
  Leads,
  LeadBegin,
  LeadCreated,
  LeadAccount,
  Accounts,
  Kind,
  At,
  Row,
  Position,
  ChangeEvents,
  ChangeBegin,
  Changes,
  LeadMarks,
  AccountMarks,
  Ids,
  Rejects,
  LeadAttribute,  ///< three of these for each column: see Part
  AccountAttribute,
  Property,
  LeadCleared,
  AccountCleared,
  Said,
  Otherwise,
};
inline constexpr std::size_t kTables = 20;  ///< Whats that are no columns; each is there once
inline constexpr std::size_t kWhats = 27;

enum class Part : std::uint8_t { Bits, Aux, Known };  ///< of a Column

/// One array of the store.
struct Section {
  What what = What::TextBegins;
  Part part = Part::Bits;
  std::uint16_t kind = 0;                  ///< of a Property
  std::uint16_t field = 0;                 ///< of a Property or attribute
  std::uint8_t width = 0;                  ///< bytes of an item; 0: all of them are 0, and take no room
  std::uint64_t count = 0;                 ///< items
  std::uint64_t offset = 0;                ///< of the first in the file
  std::vector<std::uint64_t> checksums{};  ///< one for each kBlock bytes, the last of fewer

  std::uint64_t bytes() const { return count * width; }
};

inline std::uint64_t aligned(std::uint64_t offset) { return (offset + kAlignment - 1) / kAlignment * kAlignment; }
/// Where an image begins behind one that ends there.
inline std::uint64_t next_image(std::uint64_t end) { return (end + kHeader - 1) / kHeader * kHeader; }
inline std::uint64_t blocks(std::uint64_t bytes) { return (bytes + kBlock - 1) / kBlock; }

}  // namespace nurture::store::layout
