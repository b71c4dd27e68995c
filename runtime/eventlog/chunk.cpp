#include "runtime/eventlog/chunk.h"

namespace nurture::eventlog {

std::string_view shortened(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  return text.substr(0, limit);
}

Line first_line(std::string_view bytes, std::uint64_t limit) {
  const void* found = bytes.empty() ? nullptr : std::memchr(bytes.data(), '\n', bytes.size());
  const std::size_t length =
      found ? static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) : bytes.size();
  Line line{bytes.substr(0, length), length + (found ? 1 : 0), false};
  line.too_long = length > limit + 1 || (length == limit + 1 && bytes[length - 1] != '\r');
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  if (line.too_long) line.text = shortened(line.text, kShownText);
  return line;
}

}  // namespace nurture::eventlog
