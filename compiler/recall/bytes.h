#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

/// Two coders with one face, so that a form is described once for both directions. Numbers take eight bytes in the
/// order of the machine: the bytes are for the machine that wrote them.
namespace nurture::recall {

class Writer {
 public:
  template <typename T>
  void number(T& value) {
    auto wide = static_cast<std::uint64_t>(value);
    out_.append(reinterpret_cast<const char*>(&wide), sizeof wide);
  }
  void text(std::string& value) {
    std::size_t size = value.size();
    number(size);
    out_ += value;
  }
  template <typename T, typename Each>
  void list(std::vector<T>& values, Each each) {
    std::size_t size = values.size();
    number(size);
    for (T& value : values) each(value);
  }
  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

/// Never reads beyond the bytes: what is not there is zero or empty, and `sound` is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <typename T>
  void number(T& value) {
    std::uint64_t wide = 0;
    if (rest_.size() < sizeof wide) {
      fail();
    } else {
      std::memcpy(&wide, rest_.data(), sizeof wide);
      rest_.remove_prefix(sizeof wide);
    }
    value = static_cast<T>(wide);
  }
  void text(std::string& value) {
    std::size_t size = 0;
    number(size);
    if (size > rest_.size()) return fail();
    value = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  template <typename T, typename Each>
  void list(std::vector<T>& values, Each each) {
    std::size_t size = 0;
    number(size);
    for (std::size_t i = 0; i < size && sound_; ++i) each(values.emplace_back());
  }
  bool sound() const { return sound_; }
  bool at_end() const { return rest_.empty(); }

 private:
  void fail() {
    sound_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool sound_ = true;
};

}  // namespace nurture::recall
