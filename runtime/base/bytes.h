#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace nurture {

/// Numbers and texts as bytes, little end first.
class ByteWriter {
 public:
  template <std::integral Integer>
  void put(Integer value) {
    auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
    for (std::size_t i = 0; i < sizeof bits; ++i) out_.push_back(static_cast<char>(bits >> (8 * i) & 0xff));
  }
  void text(std::string_view text) {
    put(std::uint64_t{text.size()});
    out_ += text;
  }
  const std::string& bytes() const { return out_; }
  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

/// Reads what a ByteWriter wrote, from bytes of a stranger: what is not there reads as 0 or an empty text, and `ok`
/// says so afterwards.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <std::integral Integer>
  Integer get() {
    using Bits = std::make_unsigned_t<Integer>;
    if (!has(sizeof(Bits))) return 0;
    Bits bits = 0;
    for (std::size_t i = 0; i < sizeof bits; ++i) {
      bits = static_cast<Bits>(bits |
                               static_cast<Bits>(static_cast<Bits>(static_cast<unsigned char>(rest_[i])) << (8 * i)));
    }
    rest_.remove_prefix(sizeof bits);
    return static_cast<Integer>(bits);
  }
  std::string text() {
    const auto size = get<std::uint64_t>();
    if (!has(size)) return "";
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  /// How many rows follow, each of `least` bytes or more: never more than there is room for.
  std::uint64_t rows(std::size_t least) {
    const auto count = get<std::uint64_t>();
    return count <= rest_.size() / least && has(count * least) ? count : (ok_ = false, 0);
  }
  /// Nothing was missing, and nothing is left over.
  bool finished() const { return ok_ && rest_.empty(); }
  bool ok() const { return ok_; }
  /// What was read makes no sense.
  void reject() { ok_ = false; }

 private:
  bool has(std::uint64_t size) {
    if (size <= rest_.size()) return ok_;
    ok_ = false;
    rest_ = {};
    return false;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace nurture
