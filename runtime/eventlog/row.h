#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
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
    auto [found, added] = ids_.try_emplace(std::string(name), static_cast<NameId>(ids_.size()));
    if (added) names_.push_back(found->first);
    return found->second;
  }
  NameId find(std::string_view name) const {
    auto found = ids_.find(name);
    return found == ids_.end() ? kNoName : found->second;
  }
  const std::string& at(NameId id) const { return names_[id]; }
  std::size_t size() const { return ids_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, NameId, Hash, std::equal_to<>> ids_;
  std::vector<std::string> names_;
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
