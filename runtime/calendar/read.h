#pragma once

#include <cstdint>
#include <string_view>

namespace nurture::calendar {

/// Reads digits from the front of a text. A failed read leaves `ok` false for good.
class DigitReader {
 public:
  explicit DigitReader(std::string_view text) : text_(text) {}

  bool ok() const { return ok_; }
  bool done() const { return ok_ && at_ == text_.size(); }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  /// A number of `least` to `most` digits, as many as there are.
  std::int32_t number(int least, int most) {
    std::int32_t value = 0;
    int digits = 0;
    for (; digits < most && is_digit(peek()); ++digits, ++at_) value = value * 10 + (text_[at_] - '0');
    if (digits < least) ok_ = false;
    return value;
  }

  void literal(char expected) {
    if (peek() == expected && at_ < text_.size()) {
      ++at_;
    } else {
      ok_ = false;
    }
  }
  void skip() { ++at_; }

  /// After a point or comma: digits as microseconds, the rest truncated. At least one digit.
  std::int64_t fraction() {
    std::int64_t micros = 0;
    int digits = 0;
    for (; is_digit(peek()); ++at_, ++digits) {
      if (digits < 6) micros = micros * 10 + (text_[at_] - '0');
    }
    if (digits == 0) ok_ = false;
    for (; digits < 6; ++digits) micros *= 10;
    return micros;
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace nurture::calendar
