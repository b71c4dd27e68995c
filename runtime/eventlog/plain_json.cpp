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

/// Keys of a chunk, behind which sixteen bytes can be read: short ones are compared without a loop.
bool same_key(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() > 16) return a == b;
  std::uint64_t a_words[2], b_words[2];
  std::memcpy(a_words, a.data(), 16);
  std::memcpy(b_words, b.data(), 16);
  constexpr std::uint64_t kAll = ~std::uint64_t{0};
  const std::size_t first = std::min<std::size_t>(a.size(), 8), second = a.size() - first;
  const auto upto = [](std::size_t bytes) { return bytes == 0 ? 0 : kAll >> (64 - 8 * bytes); };
  return (((a_words[0] ^ b_words[0]) & upto(first)) | ((a_words[1] ^ b_words[1]) & upto(second))) == 0;
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

void PlainJson::begin(std::string_view records) {
  records_ = records;
  places_.begin(records);
  expected_.fill({});
}

/// Between two quotes.
inline std::size_t PlainJson::read_text(std::size_t at, std::string_view& text) {
  if (places_.at() != at || !is(at, '"')) return 0;
  places_.advance();
  const std::size_t end = places_.at();
  if (end == records_.size() || !is(end, '"')) return 0;
  places_.advance();
  text = {records_.data() + at + 1, end - at - 1};
  return end + 1;
}

/// What is no text goes up to the byte before the next mark: a comma before a key, or the last brace.
inline std::size_t PlainJson::read_value(std::size_t at, Cell& cell) {
  if (is(at, '"')) {
    cell.kind = Cell::Kind::Text;
    return read_text(at, cell.text);
  }
  const std::size_t mark = places_.at();
  if (mark <= at) return 0;
  cell.text = {records_.data() + at, mark - 1 - at};
  cell.kind = Cell::Kind::Number;
  if (cell.text == "null") {
    cell = {Cell::Kind::Null, {}};
  } else if (cell.text == "true" || cell.text == "false") {
    cell.kind = Cell::Kind::Boolean;
  } else if (!is_json_number(cell.text)) {
    return 0;
  }
  return mark - 1;
}

inline bool PlainJson::ends_line(std::size_t at) const {
  return places_.at() == at && (at == records_.size() || is(at, '\n') || records_.substr(at).starts_with("\r\n"));
}

/// Writers repeat their keys in one order: look first at what stood in this place of the line before.
inline NameId PlainJson::name_of(std::string_view key, std::size_t member) {
  if (member >= expected_.size()) return names_.find(key);
  Expected& expected = expected_[member];
  if (expected.key.data() == nullptr || !same_key(expected.key, key)) expected = {key, names_.find(key)};
  return expected.name;
}

/// Marks are taken only where they belong to the line: where it turns out to be of another form, they stand in it
/// still.
std::size_t PlainJson::read(std::size_t at, Row& row) {
  if (!is(at, '{')) return 0;
  const std::size_t begin = at++;
  for (std::size_t member = 0; member > 0 || !is(at, '}'); ++member) {
    std::string_view key;
    const std::size_t colon = read_text(at, key);
    if (colon == 0 || !is(colon, ':')) return 0;
    Cell cell;
    at = read_value(colon + 1, cell);
    if (at == 0) return 0;
    if (const NameId name = name_of(key, member); name != kNoName) row.set(name, cell);
    if (is(at, '}')) break;
    if (!is(at++, ',')) return 0;
  }
  return ends_line(++at) ? at - begin : 0;
}

}  // namespace nurture::eventlog
