#pragma once

#include <array>
#include <string_view>

#include "runtime/eventlog/marks.h"
#include "runtime/eventlog/row.h"

namespace nurture::eventlog {

/// Reads JSON objects in the form in which machines write them: no space, no escapes, and nothing in a member but a
/// text, a number, true, false or null. Anything else, mistakes included, it leaves to a reader of all of JSON.
class PlainJson {
 public:
  explicit PlainJson(const Names& names) : names_(names) {}

  /// Of a chunk, which is UTF-8.
  void begin(std::string_view records);
  /// Reads the line that begins at `at`; the size of it without its end, or 0 if it is of another form: `row` then
  /// holds nothing of use.
  std::size_t read(std::size_t at, Row& row);
  /// The next line begins here.
  void skip_to(std::size_t place) { places_.advance_to(place); }

 private:
  bool is(std::size_t place, char byte) const { return records_.data()[place] == byte; }
  // What is behind what was read; 0 if something else is there.
  std::size_t read_text(std::size_t at, std::string_view& text);
  std::size_t read_value(std::size_t at, Cell& cell);
  bool ends_line(std::size_t at) const;
  NameId name_of(std::string_view key, std::size_t member);

  const Names& names_;
  std::string_view records_;
  MarkedPlaces places_{Marks::Json};
  /// A key that stood in this place of a line before.
  struct Expected {
    std::string_view key;
    NameId name = kNoName;
  };
  std::array<Expected, 64> expected_;
};

/// The grammar of RFC 8259, whatever the size of the number.
bool is_json_number(std::string_view text);

}  // namespace nurture::eventlog
