#include "runtime/base/csv.h"

#include <algorithm>
#include <fmt/format.h>

namespace nurture::csv {

Result<std::vector<Record>> read(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<Record> records;
  Fields fields;
  std::string scratch;
  for (std::size_t line = 1; !text.empty();) {
    const QuotedRecord found = QuotedSplitter(text, true, fields, scratch).split();
    if (found.state != QuotedRecord::State::Complete) return Error{fmt::format("line {}: {}", line, found.why), ""};
    const bool blank = fields.size() == 1 && fields.front().empty() && text.front() != '"';
    if (!blank) records.push_back({line, {fields.begin(), fields.end()}});
    line += static_cast<std::size_t>(
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(found.size), '\n'));
    text.remove_prefix(found.size);
  }
  return records;
}

void append_field(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace nurture::csv
