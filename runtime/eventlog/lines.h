#pragma once

#include <string_view>

#include "runtime/eventlog/reader.h"
#include "runtime/eventlog/window.h"

namespace nurture::eventlog {

/// The physical lines of a stream. A line over the limit is told by its beginning and passed over in pieces.
class Lines {
 public:
  Lines(Window& window, std::uint64_t limit) : window_(window), limit_(limit) {}

  struct Line {
    std::string_view text;  ///< without its end (LF or CRLF)
    std::size_t size = 0;   ///< bytes to consume, its end included
    bool too_long = false;  ///< `text` is the beginning; call skip_long
  };

  /// The line at the window's position, not consumed; false at the end of the stream.
  Result<bool> peek(Line& line);
  void consume(const Line& line) {
    window_.consume(line.size);
    ++number_;
  }
  /// Passes over the rest of a line that is too long. Invalidates its text.
  Status skip_long();
  /// Passes over a byte order mark at the very beginning.
  Status skip_mark();

  std::uint64_t number() const { return number_; }
  std::uint64_t position() const { return window_.position(); }
  void count_more(std::uint64_t lines) { number_ += lines; }
  Window& window() { return window_; }
  std::uint64_t limit() const { return limit_; }

 private:
  Window& window_;
  std::uint64_t limit_;
  std::uint64_t number_ = 1;  // of the line at the window's position
};

inline constexpr std::size_t kShownText = 1'000;  ///< bytes of a rejected line that are kept

/// At most `limit` bytes of a text, not cut inside a character.
std::string_view shortened(std::string_view text, std::size_t limit);

}  // namespace nurture::eventlog
