#include "runtime/base/csv.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace nurture::csv {

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

}  // namespace nurture::csv
