#include <algorithm>
#include <cstring>
#include <simdjson.h>

#include "runtime/eventlog/lines.h"
#include "runtime/eventlog/reader.h"

namespace nurture::eventlog {
namespace {

using Fields = std::vector<std::string_view>;

/// What became of reading a record that has quotes in it.
struct QuotedRecord {
  enum class State : std::uint8_t { Complete, NeedsMore, Malformed } state = State::NeedsMore;
  std::size_t size = 0;  ///< bytes, its end included
  const char* why = "";  ///< if malformed
};

/// Splits a record with quoted fields (RFC 4180). A quote inside an unquoted field is an ordinary character.
class QuotedSplitter {
 public:
  /// `ended`: nothing follows `bytes`. Unescaped fields live in `scratch`, which must not move while they are used.
  QuotedSplitter(std::string_view bytes, bool ended, Fields& fields, std::string& scratch)
      : bytes_(bytes), ended_(ended), fields_(fields), scratch_(scratch) {
    fields_.clear();
    scratch_.clear();
    scratch_.reserve(bytes.size());
  }

  QuotedRecord split() {
    using enum QuotedRecord::State;
    while (true) {
      bool quoted = at_ < bytes_.size() && bytes_[at_] == '"';
      if (!(quoted ? read_quoted() : read_plain())) return incomplete();
      if (at_ == bytes_.size()) return ended_ ? QuotedRecord{Complete, at_, ""} : incomplete();
      char next = bytes_[at_];
      if (next == '\r' && at_ + 1 == bytes_.size() && !ended_) return incomplete();
      if (next == '\r' && bytes_.substr(at_ + 1).starts_with('\n')) return {Complete, at_ + 2, ""};
      if (next == '\n') return {Complete, at_ + 1, ""};
      if (next != ',') return {Malformed, 0, "text follows a closing quote"};
      ++at_;
    }
  }

 private:
  QuotedRecord incomplete() const {
    using enum QuotedRecord::State;
    if (ended_) return {Malformed, 0, "a quote is opened and never closed"};
    return {NeedsMore, 0, ""};
  }

  bool read_quoted() {
    std::size_t begin = at_ + 1;
    bool doubled = false;
    for (std::size_t quote = bytes_.find('"', begin);; quote = bytes_.find('"', quote + 2)) {
      if (quote == std::string_view::npos || (quote + 1 == bytes_.size() && !ended_)) return false;
      if (quote + 1 < bytes_.size() && bytes_[quote + 1] == '"') {
        doubled = true;
        continue;
      }
      std::string_view content = bytes_.substr(begin, quote - begin);
      fields_.push_back(doubled ? unescaped(content) : content);
      at_ = quote + 1;
      return true;
    }
  }

  bool read_plain() {
    std::size_t end = bytes_.find_first_of(",\n", at_);
    if (end == std::string_view::npos) {
      if (!ended_) return false;
      end = bytes_.size();
    }
    std::string_view field = bytes_.substr(at_, end - at_);
    if ((end == bytes_.size() || bytes_[end] == '\n') && field.ends_with('\r')) field.remove_suffix(1);
    fields_.push_back(field);
    at_ = end;
    return true;
  }

  std::string_view unescaped(std::string_view content) {
    std::size_t begin = scratch_.size();
    for (std::size_t i = 0; i < content.size(); ++i) {
      scratch_ += content[i];
      if (content[i] == '"') ++i;
    }
    return std::string_view(scratch_).substr(begin);
  }

  std::string_view bytes_;
  bool ended_;
  Fields& fields_;
  std::string& scratch_;
  std::size_t at_ = 0;
};

void split_plain(std::string_view text, Fields& fields) {
  fields.clear();
  const char* at = text.data();
  const char* end = at + text.size();
  while (const void* found = std::memchr(at, ',', static_cast<std::size_t>(end - at))) {
    const char* comma = static_cast<const char*>(found);
    fields.emplace_back(at, static_cast<std::size_t>(comma - at));
    at = comma + 1;
  }
  fields.emplace_back(at, static_cast<std::size_t>(end - at));
}

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
    split_plain(line.text, fields_);
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
