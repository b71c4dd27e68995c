#include <simdjson.h>

#include "runtime/eventlog/lines.h"
#include "runtime/eventlog/reader.h"

namespace nurture::eventlog {
namespace {

namespace ondemand = simdjson::ondemand;
static_assert(Window::kPadding >= simdjson::SIMDJSON_PADDING);

constexpr std::size_t kKnownMembers = 64;
constexpr int kDeepestName = 8;  ///< members of objects inside objects are named "a.b.c" down to here

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end - at;
}

/// The grammar of RFC 8259, whatever the size of the number.
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

class NdjsonReader final : public RecordReader {
 public:
  NdjsonReader(Window& window, const ReaderOptions& options)
      : lines_(window, options.line_limit), names_(*options.names) {}

  Result<bool> next(Row& row, RecordPlace& place) override {
    row.clear();
    place.bad.reset();
    place.detail.clear();
    Lines::Line line;
    auto found = next_line(line);
    if (!found || !*found) return found;
    place.line = lines_.number();
    place.byte = lines_.position();
    place.text = line.text;
    if (line.too_long) {
      long_line_ = true;
      place.bad = RejectReason::LineTooLong;
      return true;
    }
    lines_.consume(line);
    if (simdjson::error_code error = parse(line.text, row)) explain(error, place);
    return true;
  }

  bool has_column(NameId) const override { return true; }
  std::uint64_t position() const override { return lines_.position(); }

 private:
  Result<bool> next_line(Lines::Line& line) {
    if (first_) {
      first_ = false;
      if (Status marked = lines_.skip_mark(); !marked) return marked.error();
    }
    if (long_line_) {
      long_line_ = false;
      if (Status skipped = lines_.skip_long(); !skipped) return skipped.error();
    }
    while (true) {
      auto found = lines_.peek(line);
      if (!found || !*found) return found;
      if (line.too_long || !trimmed(line.text).empty()) return true;
      lines_.consume(line);
    }
  }

  simdjson::error_code parse(std::string_view text, Row& row) {
    ondemand::document document;
    if (auto error = parser_.iterate(text.data(), text.size(), text.size() + Window::kPadding).get(document))
      return error;
    ondemand::object object;
    if (auto error = document.get_object().get(object)) return error;
    path_.clear();
    member_ = 0;
    if (auto error = read_members(object, row, 1)) return error;
    bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    return at_end ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
  }

  simdjson::error_code read_members(ondemand::object& object, Row& row, int depth) {
    const std::size_t prefix = path_.size();
    for (auto field_result : object) {
      ondemand::field field;
      if (auto error = std::move(field_result).get(field)) return error;
      std::string_view key;
      if (auto error = field.unescaped_key().get(key)) return error;
      ondemand::value value = field.value();
      if (auto error = read_member(key, value, row, depth)) return error;
      path_.resize(prefix);
    }
    return simdjson::SUCCESS;
  }

  simdjson::error_code read_member(std::string_view key, ondemand::value& value, Row& row, int depth) {
    ondemand::json_type type{};
    if (auto error = value.type().get(type)) return error;
    if (depth > 1) {
      path_ += key;
      key = path_;
    }
    if (type == ondemand::json_type::object) return read_object(key, value, row, depth);
    Cell cell;
    if (auto error = read_cell(value, type, cell)) return error;
    if (NameId name = name_of(key); name != kNoName) row.set(name, cell);
    return simdjson::SUCCESS;
  }

  /// Writers repeat their keys in one order: look first at what stood in this place of the line before.
  NameId name_of(std::string_view key) {
    if (member_ == known_.size()) {
      if (known_.size() == kKnownMembers) return names_.find(key);
      known_.emplace_back();
    }
    Known& known = known_[member_++];
    if (known.key != key) known = {std::string(key), names_.find(key)};
    return known.name;
  }

  simdjson::error_code read_object(std::string_view key, ondemand::value& value, Row& row, int depth) {
    ondemand::object inner;
    if (auto error = value.get_object().get(inner)) return error;
    if (depth == kDeepestName) return simdjson::SUCCESS;  // passed over when the iterator moves on
    if (depth == 1) path_ = key;
    path_ += '.';
    auto error = read_members(inner, row, depth + 1);
    if (depth == 1) path_.clear();
    return error;
  }

  static simdjson::error_code read_cell(ondemand::value& value, ondemand::json_type type, Cell& cell) {
    switch (type) {
      case ondemand::json_type::string:
        cell.kind = Cell::Kind::Text;
        return value.get_string().get(cell.text);
      case ondemand::json_type::null: {
        cell.kind = Cell::Kind::Null;
        bool null = false;
        if (auto error = value.is_null().get(null)) return error;
        return null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
      }
      case ondemand::json_type::boolean: {
        cell.kind = Cell::Kind::Boolean;
        bool truth = false;
        auto error = value.get_bool().get(truth);
        cell.text = truth ? "true" : "false";
        return error;
      }
      case ondemand::json_type::number: {
        cell.kind = Cell::Kind::Number;
        cell.text = trimmed(value.raw_json_token());
        return is_json_number(cell.text) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
      }
      case ondemand::json_type::array:
      case ondemand::json_type::object: {
        cell.kind = Cell::Kind::List;
        ondemand::array array;
        if (auto error = value.get_array().get(array)) return error;
        return array.raw_json().get(cell.text);
      }
    }
    return simdjson::UNEXPECTED_ERROR;
  }

  static void explain(simdjson::error_code error, RecordPlace& place) {
    if (error == simdjson::UTF8_ERROR) {
      place.bad = RejectReason::BadEncoding;
      return;
    }
    place.bad = RejectReason::NotARecord;
    place.detail = "not a JSON object";
    if (error == simdjson::TRAILING_CONTENT) place.detail = "something follows the JSON object";
  }

  Lines lines_;
  const Names& names_;
  ondemand::parser parser_;
  std::string path_;
  struct Known {
    std::string key;
    NameId name = kNoName;
  };
  std::vector<Known> known_;  // per member of a line, in order
  std::size_t member_ = 0;
  bool first_ = true;
  bool long_line_ = false;
};

}  // namespace

std::unique_ptr<RecordReader> ndjson_reader(Window& window, const ReaderOptions& options) {
  return std::make_unique<NdjsonReader>(window, options);
}

}  // namespace nurture::eventlog
