#pragma once

#include <array>
#include <string_view>

#include "runtime/eventlog/row.h"

namespace nurture::eventlog {

/// Reads JSON objects in the form in which machines write them: no space, no escapes, and nothing in a member but a
/// text, a number, true, false or null. Anything else, mistakes included, it leaves to a reader of all of JSON.
class PlainJson {
 public:
  explicit PlainJson(const Names& names) : names_(names) { expected_.fill(kNoName); }

  /// False if the line is of another form; `row` then holds nothing of use. The line is UTF-8.
  bool read(std::string_view line, Row& row);

 private:
  bool read_value(Cell& cell);
  NameId name_of(std::string_view key, std::size_t member);

  const Names& names_;
  const char* at_ = nullptr;  // in the line
  const char* end_ = nullptr;
  std::array<NameId, 64> expected_;  // what stood in this place of a line before
};

/// The grammar of RFC 8259, whatever the size of the number.
bool is_json_number(std::string_view text);

}  // namespace nurture::eventlog
