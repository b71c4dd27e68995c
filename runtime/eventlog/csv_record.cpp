#include "runtime/eventlog/csv_record.h"

namespace nurture::eventlog {

using csv::QuotedRecord;
using State = RecordExtent::State;

RecordExtent quoted_record(std::string_view bytes, bool ended, std::uint64_t limit, csv::Fields& fields,
                           std::string& scratch) {
  const std::size_t longest = limit + 2;  // with CRLF
  const std::string_view seen = bytes.substr(0, longest + 1);
  const bool all = ended && seen.size() == bytes.size();
  QuotedRecord record = csv::QuotedSplitter(seen, all, fields, scratch).split();
  if (record.state == QuotedRecord::State::Complete && record.size <= longest) {
    return {State::Whole, record.size, false, ""};
  }
  if (record.state == QuotedRecord::State::NeedsMore) {
    if (seen.size() <= longest) return {};
    record.why = "a quote is opened and not closed within the longest line allowed";
  }
  const Line line = first_line(bytes, limit);
  const bool has_end = line.size > 0 && bytes[line.size - 1] == '\n';
  if (!has_end && !ended && !line.too_long) return {};
  return {State::FirstLine, line.size, line.too_long || record.state == QuotedRecord::State::Complete, record.why};
}

}  // namespace nurture::eventlog
