#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace nurture::eventlog {

/// What stands in one column of a row, or under one key of a JSON object.
struct Cell {
  enum class Kind : std::uint8_t {
    Text,     ///< a CSV field that is not empty, or a JSON string
    Number,   ///< a JSON number as written
    Boolean,  ///< true or false of JSON
    Null,     ///< JSON's null: said to be unknown
    List,     ///< a JSON array as written
  };
  Kind kind = Kind::Text;
  std::string_view text;
};

using NameId = std::uint32_t;
inline constexpr NameId kNoName = UINT32_MAX;

/// The names that the reader of a log cares about; cells under other names are passed over.
class Names {
 public:
  NameId add(std::string_view name) {
    if (NameId found = find(name); found != kNoName) return found;
    names_.emplace_back(name);
    if (names_.size() * 2 > slots_.size()) {
      grow();
    } else {
      slots_[slot_of(name)] = static_cast<NameId>(names_.size() - 1);
    }
    return static_cast<NameId>(names_.size() - 1);
  }
  NameId find(std::string_view name) const { return slots_.empty() ? kNoName : slots_[slot_of(name)]; }
  const std::string& at(NameId id) const { return names_[id]; }
  std::size_t size() const { return names_.size(); }

 private:
  /// Names are few and looked up all the time: their length and both ends tell most of them apart.
  static std::uint64_t hash(std::string_view name) {
    const std::size_t size = name.size();
    const char* bytes = name.data();
    std::uint64_t ends = size;
    if (size >= 4) {
      std::uint32_t begin = 0, end = 0;
      std::memcpy(&begin, bytes, 4);
      std::memcpy(&end, bytes + size - 4, 4);
      ends ^= std::uint64_t{begin} << 32 ^ std::uint64_t{end} << 8;
    } else if (size > 0) {
      for (char byte : {bytes[0], bytes[size / 2], bytes[size - 1]})
        ends = ends << 8 | static_cast<unsigned char>(byte);
    }
    ends *= 0x9e3779b97f4a7c15;
    return ends ^ ends >> 32;
  }
  /// Where the name stands, or the empty slot where it would.
  std::size_t slot_of(std::string_view name) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash(name) & mask;
    while (slots_[at] != kNoName && names_[slots_[at]] != name) at = (at + 1) & mask;
    return at;
  }
  void grow() {
    slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), kNoName);
    for (NameId id = 0; id < names_.size(); ++id) slots_[slot_of(names_[id])] = id;
  }

  std::vector<std::string> names_;  // by id
  std::vector<NameId> slots_;       // a power of two, at most half full
};

/// One row: cells by name. Clearing costs nothing. Views are valid until the reader moves on.
class Row {
 public:
  explicit Row(std::size_t names) : cells_(names), written_(names, 0) {}

  void clear() { ++now_; }
  void set(NameId name, Cell cell) {
    cells_[name] = cell;
    written_[name] = now_;
  }
  /// Null if nothing stands there (an empty CSV field included).
  const Cell* find(NameId name) const { return written_[name] == now_ ? &cells_[name] : nullptr; }

 private:
  std::vector<Cell> cells_;
  std::vector<std::uint64_t> written_;
  std::uint64_t now_ = 1;
};

}  // namespace nurture::eventlog
