#include <algorithm>
#include <simdjson.h>

#include "runtime/eventlog/csv_record.h"
#include "runtime/eventlog/marks.h"
#include "runtime/eventlog/reader.h"

namespace nurture::eventlog {
namespace {

/// Takes the fields of a record as the cells of a row: those under names that mean something.
class RowCells {
 public:
  RowCells(Row& row, const std::vector<NameId>& columns) : row_(row), columns_(columns) {}
  void begin() {
    row_.clear();
    count_ = 0;
  }
  void put(std::string_view field) {
    const std::size_t column = count_++;
    if (field.empty() || column >= columns_.size() || columns_[column] == kNoName) return;
    row_.set(columns_[column], {Cell::Kind::Text, field});
  }
  std::size_t count() const { return count_; }

 private:
  Row& row_;
  const std::vector<NameId>& columns_;
  std::size_t count_ = 0;
};

/// Takes them as they are.
struct PlainFields {
  void begin() { fields.clear(); }
  void put(std::string_view field) { fields.push_back(field); }

  csv::Fields fields;
};

class CsvReader final : public RecordReader {
 public:
  explicit CsvReader(std::uint64_t line_limit) : limit_(line_limit) {}

  void begin(const Chunk& chunk) override {
    chunk_ = &chunk;
    records_ = chunk.records();
    at_ = 0;
    lines_ = 0;
    structure_.begin(records_);
    valid_ = simdjson::validate_utf8(records_);
  }

  bool next(Row& row, RecordPlace& place) override {
    const std::size_t columns = chunk_->file->columns.size();
    RowCells cells(row, chunk_->file->columns);
    if (!next_fields(cells, place)) return false;
    if (!place.bad && cells.count() != columns) {
      place.bad = RejectReason::NotARecord;
      place.detail = std::to_string(cells.count()) + (cells.count() == 1 ? " field" : " fields") +
                     " where the header has " + std::to_string(columns);
    }
    return true;
  }

  std::uint64_t lines() const override { return lines_; }

  /// Gives away the fields of the next record that is not a blank line; false at the end.
  template <typename To>
  bool next_fields(To& to, RecordPlace& place) {
    place.bad.reset();
    place.detail.clear();
    while (at_ < records_.size()) {
      place.line = lines_;
      place.byte = chunk_->begin + at_;
      to.begin();
      if (!split_line(to, place)) {
        read_quoted(place);
        to.begin();
        for (std::string_view field : quoted_) to.put(field);
      } else if (place.text.empty()) {
        continue;
      }
      if (!place.bad && !valid_ && !simdjson::validate_utf8(place.text)) place.bad = RejectReason::BadEncoding;
      return true;
    }
    return false;
  }
  std::size_t position() const { return at_; }

 private:
  /// Cuts a line without quotes into its fields; false, and none of them counts, if it has one.
  template <typename To>
  bool split_line(To& to, RecordPlace& place) {
    std::size_t field = at_, end = structure_.at();
    for (; end < records_.size() && records_[end] == ','; end = structure_.at()) {
      to.put(records_.substr(field, end - field));
      field = end + 1;
      structure_.advance();
    }
    if (end < records_.size() && records_[end] == '"') return false;
    const std::size_t next = std::min(end + 1, records_.size());
    if (end > at_ && records_[end - 1] == '\r') --end;
    to.put(records_.substr(field, end - field));
    place.text = records_.substr(at_, end - at_);
    if (place.text.size() > limit_) {
      place.bad = RejectReason::LineTooLong;
      place.text = shortened(place.text, kShownText);
    }
    move_to(next, 1);
    return true;
  }

  void read_quoted(RecordPlace& place) {
    const std::size_t from = chunk_->begin + at_;
    const RecordExtent record = quoted_record(chunk_->from(from), chunk_->at_end, limit_, quoted_, scratch_);
    place.text = records_.substr(at_, record.size);
    if (record.state != RecordExtent::State::Whole) {
      place.bad = record.too_long ? RejectReason::LineTooLong : RejectReason::NotARecord;
      if (!record.too_long) place.detail = record.why;
      place.text = first_line(place.text, limit_).text;
      return move_to(at_ + record.size, 1);
    }
    const auto feeds = static_cast<std::uint64_t>(std::count(place.text.begin(), place.text.end(), '\n'));
    if (place.text.ends_with('\n')) place.text.remove_suffix(1);
    if (place.text.ends_with('\r')) place.text.remove_suffix(1);
    move_to(at_ + record.size, feeds);
  }

  void move_to(std::size_t place, std::uint64_t lines) {
    at_ = place;
    lines_ += lines;
    structure_.advance_to(place);
  }

  std::uint64_t limit_;
  const Chunk* chunk_ = nullptr;
  std::string_view records_;
  std::size_t at_ = 0;
  std::uint64_t lines_ = 0;
  bool valid_ = false;  // all of the chunk is UTF-8
  MarkedPlaces structure_{Marks::Csv};
  csv::Fields quoted_;
  std::string scratch_;
};

}  // namespace

std::unique_ptr<RecordReader> csv_reader(std::uint64_t line_limit) { return std::make_unique<CsvReader>(line_limit); }

Result<std::vector<NameId>> read_csv_header(Chunk& first, std::uint64_t line_limit, const Names& names) {
  const std::string& path = first.file->path;
  CsvReader reader(line_limit);
  reader.begin(first);
  RecordPlace place;
  std::vector<NameId> columns;
  PlainFields header;
  if (!reader.next_fields(header, place)) return columns;
  if (place.bad) {
    return Error{"cannot read " + path + ": its header, the first line, does not read: " + place.detail, ""};
  }
  for (std::string_view field : header.fields) {
    NameId name = names.find(field);
    if (name != kNoName && std::find(columns.begin(), columns.end(), name) != columns.end()) {
      return Error{"cannot read " + path + ": it has two columns \"" + std::string(field) + "\"", "rename one of them"};
    }
    columns.push_back(name);
  }
  first.begin += reader.position();
  first.lines_before = reader.lines();
  return columns;
}

}  // namespace nurture::eventlog
