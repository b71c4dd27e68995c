#include "runtime/base/csv.h"

#include <algorithm>
#include <cstring>
#include <simdjson.h>

#include "runtime/eventlog/lines.h"
#include "runtime/eventlog/reader.h"

namespace nurture::eventlog {
namespace {

using csv::Fields;
using csv::QuotedRecord;
using csv::QuotedSplitter;

class CsvReader final : public RecordReader {
 public:
  CsvReader(Window& window, const ReaderOptions& options) : lines_(window, options.line_limit) {}

  Status read_header(const std::string& path, const Names& names) {
    if (Status marked = lines_.skip_mark(); !marked) return marked;
    RecordPlace place;
    auto found = next_fields(place);
    if (!found) return found.error();
    if (!*found) return Done{};
    if (place.bad)
      return Error{"cannot read " + path + ": its header, the first line, does not read: " + place.detail, ""};
    for (std::string_view field : fields_) {
      NameId name = names.find(field);
      if (name != kNoName && std::find(columns_.begin(), columns_.end(), name) != columns_.end()) {
        return Error{"cannot read " + path + ": it has two columns \"" + std::string(field) + "\"",
                     "rename one of them"};
      }
      columns_.push_back(name);
    }
    return Done{};
  }

  Result<bool> next(Row& row, RecordPlace& place) override {
    row.clear();
    place.bad.reset();
    place.detail.clear();
    auto found = next_fields(place);
    if (!found || !*found || place.bad) return found;
    if (fields_.size() != columns_.size()) {
      place.bad = RejectReason::NotARecord;
      place.detail = std::to_string(fields_.size()) + (fields_.size() == 1 ? " field" : " fields") +
                     " where the header has " + std::to_string(columns_.size());
      return true;
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (columns_[i] != kNoName && !fields_[i].empty()) row.set(columns_[i], {Cell::Kind::Text, fields_[i]});
    }
    return true;
  }

  bool has_column(NameId name) const override {
    return columns_.empty() || std::find(columns_.begin(), columns_.end(), name) != columns_.end();
  }
  std::uint64_t position() const override { return lines_.position(); }

 private:
  /// The fields of the next record that is not a blank line; false at the end.
  Result<bool> next_fields(RecordPlace& place) {
    if (long_line_) {
      long_line_ = false;
      if (Status skipped = lines_.skip_long(); !skipped) return skipped.error();
    }
    Lines::Line line;
    while (true) {
      auto found = lines_.peek(line);
      if (!found || !*found) return found;
      if (!line.text.empty()) break;
      lines_.consume(line);
    }
    place.line = lines_.number();
    place.byte = lines_.position();
    if (std::memchr(line.text.data(), '"', line.text.size())) return quoted_record(line, place);
    return one_line(line, place);
  }

  Result<bool> one_line(const Lines::Line& line, RecordPlace& place) {
    place.text = line.text;
    if (line.too_long) {
      long_line_ = true;
      place.bad = RejectReason::LineTooLong;
      return true;
    }
    csv::split_plain(line.text, fields_);
    lines_.consume(line);
    check_encoding(place);
    return true;
  }

  Result<bool> quoted_record(Lines::Line line, RecordPlace& place) {
    bool ended = false;
    QuotedRecord record;
    while (true) {
      record = QuotedSplitter(lines_.window().bytes(), ended, fields_, scratch_).split();
      if (record.state != QuotedRecord::State::NeedsMore) break;
      if (lines_.window().bytes().size() > lines_.limit()) {
        record.state = QuotedRecord::State::Malformed;
        record.why = "a quote is opened and not closed within the longest line allowed";
        break;
      }
      auto more = lines_.window().more();
      if (!more) return more.error();
      ended = !*more;
    }
    auto found = lines_.peek(line);  // reading more has moved it
    if (!found) return found;
    if (record.state == QuotedRecord::State::Complete && record.size <= lines_.limit() + 2) {
      whole_record(record.size, place);
      return true;
    }
    // Only the first line is given up: a stray quote must not swallow the rest of the file.
    if (record.state == QuotedRecord::State::Complete || line.too_long) return long_record(line, place);
    place.text = line.text;
    place.bad = RejectReason::NotARecord;
    place.detail = record.why;
    lines_.consume(line);
    return true;
  }

  Result<bool> long_record(const Lines::Line& line, RecordPlace& place) {
    place.text = line.text;
    place.bad = RejectReason::LineTooLong;
    if (line.too_long) {
      long_line_ = true;
    } else {
      lines_.consume(line);
    }
    return true;
  }

  void whole_record(std::size_t size, RecordPlace& place) {
    place.text = lines_.window().bytes().substr(0, size);
    lines_.count_more(static_cast<std::uint64_t>(std::count(place.text.begin(), place.text.end(), '\n')));
    lines_.window().consume(size);
    if (place.text.ends_with('\n')) place.text.remove_suffix(1);
    if (place.text.ends_with('\r')) place.text.remove_suffix(1);
    check_encoding(place);
  }

  static void check_encoding(RecordPlace& place) {
    if (!simdjson::validate_utf8(place.text)) place.bad = RejectReason::BadEncoding;
  }

  Lines lines_;
  std::vector<NameId> columns_;  // per column of the header: its name's id, or kNoName
  Fields fields_;
  std::string scratch_;
  bool long_line_ = false;  // the line at hand is still to be passed over
};

}  // namespace

Result<std::unique_ptr<RecordReader>> csv_reader(Window& window, const std::string& path,
                                                 const ReaderOptions& options) {
  auto reader = std::make_unique<CsvReader>(window, options);
  if (Status header = reader->read_header(path, *options.names); !header) return header.error();
  return std::unique_ptr<RecordReader>(std::move(reader));
}

}  // namespace nurture::eventlog
