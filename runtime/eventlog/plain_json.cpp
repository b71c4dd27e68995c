#include "runtime/eventlog/plain_json.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace nurture::eventlog {
namespace {

std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end - at;
}

/// Whether a backslash or a control character stands in the line.
bool has_special(std::string_view line) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHigh = 0x8080808080808080;
  std::uint64_t found = 0;
  for (std::size_t at = 0; at < line.size(); at += 8) {
    std::uint64_t eight = kOnes * ' ';  // behind the line
    std::memcpy(&eight, line.data() + at, std::min<std::size_t>(8, line.size() - at));
    const std::uint64_t slash = eight ^ (kOnes * '\\');
    found |= ((eight - kOnes * 0x20) & ~eight) | ((slash - kOnes) & ~slash);
  }
  return (found & kHigh) != 0;
}

}  // namespace

bool is_json_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  std::size_t whole = digits_from(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    std::size_t fraction = digits_from(text, at + 1);
    if (fraction == 0) return false;
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    std::size_t exponent = digits_from(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

bool PlainJson::read(std::string_view line, Row& row) {
  if (line.size() < 2 || line.front() != '{' || line.back() != '}' || has_special(line)) return false;
  at_ = line.data() + 1;
  end_ = line.data() + line.size() - 1;  // the last brace
  for (std::size_t member = 0; at_ < end_; ++member) {
    if (*at_ != '"') return false;
    const void* quote = std::memchr(at_ + 1, '"', static_cast<std::size_t>(end_ - at_ - 1));
    if (!quote) return false;
    const char* behind = static_cast<const char*>(quote) + 1;
    if (*behind != ':') return false;
    const NameId name = name_of({at_ + 1, static_cast<std::size_t>(behind - at_ - 2)}, member);
    at_ = behind + 1;
    Cell cell;
    if (!read_value(cell)) return false;
    if (name != kNoName) row.set(name, cell);
    if (at_ == end_) return true;
    if (*at_ != ',') return false;
    ++at_;
  }
  return line.size() == 2;  // a comma stands before nothing
}

bool PlainJson::read_value(Cell& cell) {
  const auto left = static_cast<std::size_t>(end_ - at_);
  if (left == 0) return false;
  if (*at_ == '"') {
    const void* quote = std::memchr(at_ + 1, '"', left - 1);
    if (!quote) return false;
    cell = {Cell::Kind::Text, {at_ + 1, static_cast<std::size_t>(static_cast<const char*>(quote) - at_ - 1)}};
    at_ = static_cast<const char*>(quote) + 1;
    return true;
  }
  const void* comma = std::memchr(at_, ',', left);
  const char* behind = comma ? static_cast<const char*>(comma) : end_;
  cell.text = {at_, static_cast<std::size_t>(behind - at_)};
  at_ = behind;
  cell.kind = Cell::Kind::Number;
  if (cell.text == "null") {
    cell = {Cell::Kind::Null, {}};
    return true;
  }
  if (cell.text == "true" || cell.text == "false") {
    cell.kind = Cell::Kind::Boolean;
    return true;
  }
  return is_json_number(cell.text);
}

/// Writers repeat their keys in one order: look first at what stood in this place of the line before.
NameId PlainJson::name_of(std::string_view key, std::size_t member) {
  if (member >= expected_.size()) return names_.find(key);
  NameId& expected = expected_[member];
  if (expected != kNoName && names_.at(expected) == key) return expected;
  return expected = names_.find(key);
}

}  // namespace nurture::eventlog
