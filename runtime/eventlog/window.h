#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "runtime/base/io.h"

namespace nurture::eventlog {

/// A piece of a stream that moves forward: the bytes of the record at hand and what was read ahead. Behind the bytes
/// there is always room for simdjson to look into. Grows only as far as the longest record that is allowed.
class Window {
 public:
  static constexpr std::size_t kPadding = 64;
  static constexpr std::size_t kChunk = 256 * 1024;

  explicit Window(ByteSource& source) : source_(source) {}

  /// What is at hand, from the current position.
  std::string_view bytes() const { return {buffer_.get() + begin_, end_ - begin_}; }
  /// Reads more behind it; false at the end of the stream. Invalidates views.
  Result<bool> more();
  void consume(std::size_t count) {
    begin_ += count;
    position_ += count;
  }
  /// Offset of the current position in the stream.
  std::uint64_t position() const { return position_; }

 private:
  ByteSource& source_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t position_ = 0;
  bool finished_ = false;
};

}  // namespace nurture::eventlog
