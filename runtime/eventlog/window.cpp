#include "runtime/eventlog/window.h"

#include <cstring>

namespace nurture::eventlog {

Result<bool> Window::more() {
  if (finished_) return false;
  std::size_t held = end_ - begin_;
  std::size_t needed = held + kChunk + kPadding;
  if (capacity_ < needed) {
    std::size_t capacity = needed + held;  // doubles while a record grows
    std::unique_ptr<char[]> larger(new char[capacity]);
    std::memset(larger.get(), 0, capacity);
    if (held > 0) std::memcpy(larger.get(), buffer_.get() + begin_, held);
    buffer_ = std::move(larger);
    capacity_ = capacity;
  } else if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, held);
  }
  begin_ = 0;
  end_ = held;
  // A pipe gives a little at a time: fill the chunk, so that no record is looked at many times over.
  while (end_ < held + kChunk) {
    auto count = source_.read(buffer_.get() + end_, held + kChunk - end_);
    if (!count) return count.error();
    if (*count == 0) {
      finished_ = true;
      break;
    }
    end_ += *count;
  }
  return end_ > held;
}

}  // namespace nurture::eventlog
