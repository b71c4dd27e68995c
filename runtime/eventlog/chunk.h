#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/eventlog/row.h"

namespace nurture::eventlog {

/// Bytes that only grow at the end. Behind them there is always room for a reader to look into.
class Buffer {
 public:
  static constexpr std::size_t kPadding = 64;

  std::string_view bytes() const { return {data_.get(), size_}; }
  /// Room for `count` bytes behind those that are there; they count once they are `added`. Moves the bytes.
  char* room(std::size_t count) {
    if (capacity_ < size_ + count + kPadding) grow(size_ + count + kPadding);
    return data_.get() + size_;
  }
  void added(std::size_t count) {
    size_ += count;
    std::memset(data_.get() + size_, 0, kPadding);
  }
  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
    added(bytes.size());
  }
  void clear() { size_ = 0; }

 private:
  void grow(std::size_t needed) {
    std::unique_ptr<char[]> larger(new char[needed + needed / 4]);
    if (size_ > 0) std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
    capacity_ = needed + needed / 4;
  }

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

/// What holds for all of a file.
struct FileHead {
  std::string path;
  bool csv = false;
  std::vector<NameId> columns;  ///< of a CSV file: per column its name's id, or kNoName
};

/// Whole records of one file, one after the other, and some of what follows them: the largest piece that is ever held.
struct Chunk {
  std::shared_ptr<const FileHead> file;
  Buffer buffer;
  std::size_t begin = 0, end = 0;  ///< of the records, in the buffer
  bool at_end = false;             ///< the buffer ends where the file does
  bool opens_file = false;
  std::uint64_t lines_before = 0;    ///< lines of the file between the chunk before and this one: the header
  std::uint64_t position = 0;        ///< of the buffer's first byte, in the unpacked file
  std::uint64_t position_after = 0;  ///< of what follows the chunk and what was passed over behind it
  std::uint64_t packed_after = 0;    ///< the same in the file as it lies there

  std::string_view records() const { return buffer.bytes().substr(begin, end - begin); }
  /// What is known of the file from a place of the buffer on.
  std::string_view from(std::size_t place) const { return buffer.bytes().substr(place); }
};

/// The physical line that bytes begin with.
struct Line {
  std::string_view text;  ///< without its end (LF or CRLF); of one that is too long its beginning
  std::size_t size = 0;   ///< its end included
  bool too_long = false;
};
Line first_line(std::string_view bytes, std::uint64_t limit);

inline constexpr std::size_t kShownText = 1'000;  ///< bytes of a rejected line that are kept

/// At most `limit` bytes of a text, not cut inside a character.
std::string_view shortened(std::string_view text, std::size_t limit);

/// How messages name a file.
inline std::string shown_path(const std::string& path) { return path == "-" ? "standard input" : path; }

}  // namespace nurture::eventlog
