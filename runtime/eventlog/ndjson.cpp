#include <simdjson.h>

#include "runtime/eventlog/plain_json.h"
#include "runtime/eventlog/reader.h"

namespace nurture::eventlog {
namespace {

namespace ondemand = simdjson::ondemand;
static_assert(Buffer::kPadding >= simdjson::SIMDJSON_PADDING);

constexpr int kDeepestName = 8;  ///< members of objects inside objects are named "a.b.c" down to here

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

class NdjsonReader final : public RecordReader {
 public:
  NdjsonReader(const Names& names, std::uint64_t line_limit) : names_(names), limit_(line_limit), plain_(names) {}

  void begin(const Chunk& chunk) override {
    chunk_ = &chunk;
    records_ = chunk.records();
    at_ = 0;
    lines_ = 0;
    valid_ = simdjson::validate_utf8(records_);
    plain_.begin(records_);
  }

  bool next(Row& row, RecordPlace& place) override {
    row.clear();
    place.bad.reset();
    place.detail.clear();
    while (at_ < records_.size()) {
      place.line = lines_++;
      place.byte = chunk_->begin + at_;
      if (read_plain(row, place) || read_any(row, place)) return true;
    }
    return false;
  }

  std::uint64_t lines() const override { return lines_; }

 private:
  bool read_plain(Row& row, RecordPlace& place) {
    if (!valid_) return false;
    const std::size_t size = plain_.read(at_, row);
    if (size == 0 || size > limit_) return false;
    place.text = records_.substr(at_, size);
    at_ += size;
    if (at_ < records_.size()) at_ += records_[at_] == '\r' ? 2 : 1;
    plain_.skip_to(at_);
    return true;
  }

  /// False if the line is blank.
  bool read_any(Row& row, RecordPlace& place) {
    row.clear();
    const Line line = first_line(records_.substr(at_), limit_);
    place.text = line.text;
    at_ += line.size;
    plain_.skip_to(at_);
    if (line.too_long) {
      place.bad = RejectReason::LineTooLong;
      return true;
    }
    if (trimmed(line.text).empty()) return false;
    if (simdjson::error_code error = parse(line.text, row)) explain(error, place);
    return true;
  }

  simdjson::error_code parse(std::string_view text, Row& row) {
    ondemand::document document;
    if (auto error = parser_.iterate(text.data(), text.size(), text.size() + Buffer::kPadding).get(document))
      return error;
    ondemand::object object;
    if (auto error = document.get_object().get(object)) return error;
    path_.clear();
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
    if (NameId name = names_.find(key); name != kNoName) row.set(name, cell);
    return simdjson::SUCCESS;
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

  const Names& names_;
  std::uint64_t limit_;
  PlainJson plain_;
  const Chunk* chunk_ = nullptr;
  std::string_view records_;
  std::size_t at_ = 0;
  std::uint64_t lines_ = 0;
  bool valid_ = false;  // all of the chunk is UTF-8
  ondemand::parser parser_;
  std::string path_;
};

}  // namespace

std::unique_ptr<RecordReader> ndjson_reader(const Names& names, std::uint64_t line_limit) {
  return std::make_unique<NdjsonReader>(names, line_limit);
}

}  // namespace nurture::eventlog
