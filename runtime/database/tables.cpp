#include "runtime/database/tables.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/base/csv.h"

namespace nurture::database {

Result<std::size_t> RowSource::read(char* buffer, std::size_t size) {
  if (taken_ == block_.size()) {
    block_.clear();
    taken_ = 0;
    if (Status made = more(block_); !made) return made.error();
  }
  const std::size_t count = std::min(size, block_.size() - taken_);
  std::memcpy(buffer, block_.data() + taken_, count);
  taken_ += count;
  return count;
}

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

std::string header(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ',';
    csv::append_field(out, name);
  }
  return out + '\n';
}

Result<std::string> only_table(const std::string& path, const std::vector<std::string>& tables) {
  if (tables.size() == 1) return "SELECT * FROM " + quoted(tables.front(), '"');
  if (tables.empty()) return Error{fmt::format("there is no table in {}", path), ""};
  return Error{fmt::format("{} has {} tables: {}", path, tables.size(), fmt::join(tables, ", ")),
               fmt::format("say what to read: --sql 'select * from {}'", quoted(tables.front(), '"'))};
}

Error refused(const std::string& path, const std::string& why) {
  return Error{fmt::format("cannot read {}: {}", path, why), ""};
}

}  // namespace nurture::database
