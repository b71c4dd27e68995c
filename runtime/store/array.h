#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace nurture::store {

/// One column: its own memory, or a view of memory that somebody else keeps alive and never writes (a mapped file).
/// Reads like a vector either way, through one pointer. What changes it first makes a view its own.
template <typename T>
class Array {
 public:
  using value_type = T;

  Array() = default;
  Array(std::vector<T> values) : own_(std::move(values)) { show_own(); }  // NOLINT(google-explicit-constructor)
  static Array view(std::span<const T> values) {
    Array array;
    array.data_ = values.data();
    array.size_ = values.size();
    return array;
  }
  Array(const Array& other) : own_(other.own_), data_(other.data_), size_(other.size_) {
    if (!own_.empty()) show_own();
  }
  Array(Array&& other) noexcept
      : own_(std::move(other.own_)),
        data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, std::size_t{0})) {}
  Array& operator=(Array other) noexcept {
    own_.swap(other.own_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Array() = default;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T* data() const { return data_; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  const T& back() const { return data_[size_ - 1]; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  bool operator==(const Array& other) const { return std::equal(begin(), end(), other.begin(), other.end()); }

  /// One value, to be changed.
  T& edit(std::size_t i) { return own()[i]; }
  void push_back(const T& value) {
    own().push_back(value);
    show_own();
  }
  template <typename From>
  void append(From first, From last) {
    own().insert(own().end(), first, last);
    show_own();
  }
  void reserve(std::size_t size) {
    own().reserve(size);
    show_own();
  }
  void resize(std::size_t size) {
    own().resize(size);
    show_own();
  }
  void assign(std::size_t size, const T& value) {
    own_.assign(size, value);
    show_own();
  }

 private:
  /// A view has a size, but no values of its own.
  std::vector<T>& own() {
    if (own_.empty() && size_ > 0) {
      own_.assign(begin(), end());
      show_own();
    }
    return own_;
  }
  void show_own() {
    data_ = own_.data();
    size_ = own_.size();
  }

  std::vector<T> own_;
  const T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace nurture::store
