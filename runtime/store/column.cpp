#include "runtime/store/column.h"

#include <algorithm>

namespace nurture::store {

void Packed::widen(Width width) {
  Packed wider;
  wider.width_ = width;
  wider.resize(size_);
  for (std::size_t row = 0; row < size_; ++row) wider.put(row, at(row));
  *this = std::move(wider);
}

Packed Packed::gathered(std::span<const std::uint32_t> rows) const {
  Packed found;
  found.width_ = width_;
  found.resize(rows.size());
  if (width_ == Width::None) return found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] < size_) found.put(i, at(rows[i]));
  }
  return found;
}

void Column::set(std::size_t row, Value value) {
  const std::uint64_t bit = std::uint64_t{1} << (row & 63);
  if (!value.known) {
    if (known(row)) known_.edit(row >> 6) &= ~bit;
    return;
  }
  if (row >> 6 >= known_.size()) known_.resize((row >> 6) + 1);
  known_.edit(row >> 6) |= bit;
  bits_.set(row, value.bits);
  aux_.set(row, value.aux);
}

Column Column::gathered(std::span<const std::uint32_t> rows) const {
  Column found;
  found.otherwise_ = otherwise_;
  if (known_.empty()) return found;
  found.bits_ = bits_.gathered(rows);
  found.aux_ = aux_.gathered(rows);
  found.known_.resize((rows.size() + 63) / 64);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    found.known_.edit(i >> 6) |= std::uint64_t{known(rows[i])} << (i & 63);
  }
  return found;
}

}  // namespace nurture::store
