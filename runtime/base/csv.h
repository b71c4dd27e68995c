#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"

/// Comma-separated values (RFC 4180), one record at a time or a whole text.
namespace nurture::csv {

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

struct Record {
  std::size_t line = 0;  ///< that it begins in, from 1
  std::vector<std::string> fields;
};
/// Every record of a whole text, its header first; blank lines are left out. Error: a record that does not read, with
/// its line.
Result<std::vector<Record>> read(std::string_view text);

/// A field as it is written: in quotes where it must be.
void append_field(std::string& out, std::string_view text);

}  // namespace nurture::csv
