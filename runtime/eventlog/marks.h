#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace nurture::eventlog {

/// The bytes by which records are cut.
enum class Marks : std::uint8_t {
  Csv,   ///< commas, line feeds, quotes
  Json,  ///< quotes, backslashes, and all below a space: line feeds too
};

/// Writes where marks stand in `size` bytes, each place counted from `base`, and tells how many. Looks at whole blocks
/// of 64 bytes: so many must be readable. `places` has room for all of them.
using FindMarks = std::size_t (*)(const char* bytes, std::size_t size, std::uint32_t base, std::uint32_t* places);
/// The ways that this machine knows, the fastest first. The last is there on every machine.
std::vector<FindMarks> ways_to_find(Marks marks);

/// Where the marks of a text stand, one after the other. The text is at most 4 GiB long, and 64 bytes behind it are
/// readable.
class MarkedPlaces {
 public:
  explicit MarkedPlaces(Marks marks) : find_(ways_to_find(marks).front()) {}

  void begin(std::string_view bytes);
  /// The place at hand; the size of the text if there is none.
  std::size_t at() const { return at_ < count_ ? places_[at_] : bytes_.size(); }
  void advance() {
    if (++at_ >= count_) find_more();
  }
  /// To the first that is not before `place`.
  void advance_to(std::size_t place) {
    while (at() < place) advance();
  }

 private:
  static constexpr std::size_t kStretch = 4096;  ///< bytes looked at in one go

  void find_more();

  FindMarks find_;
  std::array<std::uint32_t, kStretch> places_;
  std::size_t at_ = 0, count_ = 0;
  std::string_view bytes_;
  std::size_t seen_ = 0;  // bytes looked at
};

}  // namespace nurture::eventlog
