#include "runtime/eventlog/lines.h"

#include <cstring>

namespace nurture::eventlog {

Result<bool> Lines::peek(Line& line) {
  std::size_t searched = 0;
  bool ended = false;
  while (true) {
    std::string_view bytes = window_.bytes();
    const void* found = bytes.empty() ? nullptr : std::memchr(bytes.data() + searched, '\n', bytes.size() - searched);
    if (found || ended || bytes.size() > limit_ + 1) {
      if (bytes.empty()) return false;
      std::size_t length =
          found ? static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) : bytes.size();
      line.too_long = length > limit_ + 1 || (length == limit_ + 1 && bytes[length - 1] != '\r');
      line.size = length + (found ? 1 : 0);
      line.text = bytes.substr(0, length);
      if (line.text.ends_with('\r')) line.text.remove_suffix(1);
      if (line.too_long) line.text = shortened(line.text, kShownText);
      return true;
    }
    searched = bytes.size();
    auto more = window_.more();
    if (!more) return more.error();
    ended = !*more;
  }
}

Status Lines::skip_long() {
  ++number_;
  while (true) {
    std::string_view bytes = window_.bytes();
    const void* found = bytes.empty() ? nullptr : std::memchr(bytes.data(), '\n', bytes.size());
    if (found) {
      window_.consume(static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) + 1);
      return Done{};
    }
    window_.consume(bytes.size());
    auto more = window_.more();
    if (!more) return more.error();
    if (!*more) return Done{};
  }
}

Status Lines::skip_mark() {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (window_.bytes().size() < kMark.size()) {
    auto more = window_.more();
    if (!more) return more.error();
  }
  if (window_.bytes().starts_with(kMark)) window_.consume(kMark.size());
  return Done{};
}

std::string_view shortened(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  return text.substr(0, limit);
}

}  // namespace nurture::eventlog
