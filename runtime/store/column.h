#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "runtime/base/value.h"
#include "runtime/store/array.h"

namespace nurture::store {

/// Whole numbers in as few bytes each as the widest of them needs. One that was never set is 0.
class Packed {
 public:
  /// Numbers that stand in memory of somebody else, `width` bytes each: 0 (all of them 0), 1, 2, 4 or 8.
  static Packed view(std::uint8_t width, std::size_t size, std::span<const std::uint8_t> bytes) {
    Packed packed;
    packed.width_ = static_cast<Width>(width);
    packed.size_ = size;
    packed.bytes_ = Array<std::uint8_t>::view(bytes);
    return packed;
  }
  std::uint8_t width() const { return static_cast<std::uint8_t>(width_); }
  std::span<const std::uint8_t> bytes() const { return {bytes_.data(), bytes_.size()}; }

  std::size_t size() const { return size_; }
  std::int64_t at(std::size_t row) const {
    switch (width_) {
      case Width::None:
        return 0;
      case Width::One:
        return load<std::int8_t>(row);
      case Width::Two:
        return load<std::int16_t>(row);
      case Width::Four:
        return load<std::int32_t>(row);
      case Width::Eight:
        return load<std::int64_t>(row);
    }
    return 0;
  }
  void set(std::size_t row, std::int64_t value) {
    if (Width needed = width_of(value); needed > width_) widen(needed);
    if (row >= size_) resize(row + 1);
    put(row, value);
  }
  /// The numbers of these rows, one after the other; those beyond the end are 0.
  Packed gathered(std::span<const std::uint32_t> rows) const;

 private:
  enum class Width : std::uint8_t { None = 0, One = 1, Two = 2, Four = 4, Eight = 8 };

  static Width width_of(std::int64_t value) {
    if (value == 0) return Width::None;
    if (value == static_cast<std::int8_t>(value)) return Width::One;
    if (value == static_cast<std::int16_t>(value)) return Width::Two;
    return value == static_cast<std::int32_t>(value) ? Width::Four : Width::Eight;
  }
  template <typename Number>
  std::int64_t load(std::size_t row) const {
    Number number;
    std::memcpy(&number, bytes_.data() + row * sizeof(Number), sizeof(Number));
    return number;
  }
  template <typename Number>
  void store(std::size_t row, std::int64_t value) {
    auto number = static_cast<Number>(value);
    std::memcpy(&bytes_.edit(row * sizeof(Number)), &number, sizeof(Number));
  }
  void put(std::size_t row, std::int64_t value) {
    switch (width_) {
      case Width::None:
        return;
      case Width::One:
        return store<std::int8_t>(row, value);
      case Width::Two:
        return store<std::int16_t>(row, value);
      case Width::Four:
        return store<std::int32_t>(row, value);
      case Width::Eight:
        return store<std::int64_t>(row, value);
    }
  }
  void resize(std::size_t size) {
    size_ = size;
    bytes_.resize(size * static_cast<std::size_t>(width_));
  }
  void widen(Width width);

  Array<std::uint8_t> bytes_;
  std::size_t size_ = 0;
  Width width_ = Width::None;
};

/// The values of one property or attribute, by row. Costs what its rows say: one of which nothing is known a bit, and
/// the rows behind the last that says something nothing.
class Column {
 public:
  Column() = default;
  /// `known`: one bit a row; where it is set, `bits` has a number, and so has `aux` unless its width is 0.
  Column(Packed bits, Packed aux, Array<std::uint64_t> known)
      : bits_(std::move(bits)), aux_(std::move(aux)), known_(std::move(known)) {}
  const Packed& bits() const { return bits_; }
  const Packed& aux() const { return aux_; }
  const Array<std::uint64_t>& known_bits() const { return known_; }

  Value at(std::size_t row) const {
    if (!known(row)) return otherwise_;
    return {bits_.at(row), static_cast<std::int32_t>(aux_.at(row)), true};
  }
  /// Rows may come in any order; an unknown value takes back what the row said.
  void set(std::size_t row, Value value);
  /// What a row has that says nothing: a default, or unknown.
  void set_otherwise(Value value) { otherwise_ = value; }
  Value otherwise() const { return otherwise_; }
  bool known(std::size_t row) const { return row >> 6 < known_.size() && ((known_[row >> 6] >> (row & 63)) & 1) != 0; }
  /// The column of these rows, one after the other.
  Column gathered(std::span<const std::uint32_t> rows) const;

 private:
  Packed bits_;
  Packed aux_;                  // takes no room but for durations with a calendar part
  Array<std::uint64_t> known_;  // one bit a row
  Value otherwise_;
};

}  // namespace nurture::store
