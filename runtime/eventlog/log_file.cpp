#include "runtime/eventlog/log_file.h"

#include <algorithm>

#include "runtime/eventlog/csv_record.h"
#include "runtime/eventlog/reader.h"

namespace nurture::eventlog {
namespace {

using bytecode::LogFormat;

constexpr std::string_view kMark = "\xef\xbb\xbf";  ///< byte order mark
constexpr std::size_t kFirst = 256 * 1024;          ///< bytes that tell the format

LogFormat format_by_name(std::string_view path) {
  for (std::string_view packed : {".gz", ".zst"}) {
    if (path.ends_with(packed)) path.remove_suffix(packed.size());
  }
  if (path.ends_with(".csv")) return LogFormat::Csv;
  if (path.ends_with(".ndjson") || path.ends_with(".jsonl")) return LogFormat::Ndjson;
  return LogFormat::Auto;
}

/// An NDJSON file begins with a brace, perhaps after a byte order mark and blank lines.
LogFormat format_by_content(std::string_view bytes) {
  if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
  std::size_t first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{' ? LogFormat::Ndjson : LogFormat::Csv;
}

/// Behind the last line that is there as a whole; 0 if none is.
std::size_t last_line_end(std::string_view bytes) { return bytes.rfind('\n') + 1; }

/// Behind the last record that is there as a whole. Only where quotes stand it takes more than looking for lines.
std::size_t last_record_end(std::string_view bytes, bool ended, std::uint64_t limit) {
  csv::Fields fields;
  std::string scratch;
  std::size_t at = 0;
  while (true) {
    const std::size_t quote = bytes.find('"', at);
    if (quote == std::string_view::npos) return std::max(at, last_line_end(bytes));
    const std::size_t begin = std::max(at, last_line_end(bytes.substr(0, quote)));
    const RecordExtent record = quoted_record(bytes.substr(begin), ended, limit, fields, scratch);
    const std::size_t end = begin + record.size;
    if (record.state == RecordExtent::State::NeedsMore || (bytes[end - 1] != '\n' && !ended)) return begin;
    at = end;
  }
}

}  // namespace

Result<LogFile> LogFile::open(FileSystem& files, const std::string& path, const FileOptions& options) {
  LogFile file(options);
  auto raw = files.open(path);
  if (!raw) return raw.error();
  auto unpacked = decompressed(std::move(*raw), path);
  if (!unpacked) return unpacked.error();
  file.source_ = std::move(*unpacked);
  if (Status read = file.read_ahead(); !read) return read.error();
  LogFormat format = options.format;
  if (format == LogFormat::Auto) format = format_by_name(path);
  if (format == LogFormat::Auto) format = format_by_content(file.ahead_);
  auto head = std::make_shared<FileHead>();
  head->path = path;
  head->csv = format == LogFormat::Csv;
  file.head_ = head;
  if (Status cut = file.cut(file.first_); !cut) return cut.error();
  file.first_.opens_file = true;
  if (!head->csv) return file;
  auto columns = read_csv_header(file.first_, options.line_limit, *options.names);
  if (!columns) return columns.error();
  head->columns = std::move(*columns);
  return file;
}

bool LogFile::has_column(NameId name) const {
  const auto& columns = head_->columns;
  return columns.empty() || std::find(columns.begin(), columns.end(), name) != columns.end();
}

Result<bool> LogFile::next(Chunk& chunk) {
  if (first_.file) {
    chunk = std::move(first_);
    first_ = Chunk();
    return true;
  }
  if (ended_ && rest_.empty()) return false;
  if (Status done = cut(chunk); !done) return done.error();
  return !chunk.records().empty();
}

/// As much as it takes to tell what the file is.
Status LogFile::read_ahead() {
  ahead_.resize(kFirst);
  std::size_t size = 0;
  for (bool more = true; more && size < kFirst;) {
    auto count = source_->read(ahead_.data() + size, kFirst - size);
    if (!count) return count.error();
    more = *count > 0;
    size += *count;
  }
  ahead_.resize(size);
  return Done{};
}

Status LogFile::cut(Chunk& chunk) {
  chunk.file = head_;
  chunk.opens_file = false;
  chunk.lines_before = chunk.begin = chunk.end = 0;
  chunk.position = position_;
  chunk.buffer.clear();
  chunk.buffer.append(rest_);
  bool long_line = false;
  while (chunk.end == chunk.begin && !ended_ && !long_line) {
    if (Status filled = fill(chunk.buffer, options_.chunk); !filled) return filled;
    const bool marked = position_ == 0 && chunk.buffer.bytes().starts_with(kMark);
    chunk.begin = marked ? kMark.size() : 0;
    const std::string_view bytes = chunk.from(chunk.begin);
    chunk.end = chunk.begin + (head_->csv ? last_record_end(bytes, ended_, options_.line_limit) : last_line_end(bytes));
    long_line = bytes.size() > std::max<std::size_t>(options_.line_limit, kShownText) + 2 &&
                bytes.find('\n') == std::string_view::npos;
  }
  if (long_line || ended_) chunk.end = chunk.buffer.bytes().size();
  chunk.at_end = ended_;
  rest_.assign(chunk.from(chunk.end));
  position_ += chunk.end;
  if (long_line) {
    if (Status passed = pass_line(); !passed) return passed;
  }
  chunk.position_after = position_;
  chunk.packed_after = source_->packed_position();
  return Done{};
}

/// Passes over what is left of a line that is too long, without holding it.
Status LogFile::pass_line() {
  Buffer piece;
  while (!ended_) {
    piece.clear();
    if (Status filled = fill(piece, std::max(options_.chunk, kFirst)); !filled) return filled;
    const std::size_t end = piece.bytes().find('\n');
    if (end != std::string_view::npos) {
      rest_.assign(piece.bytes().substr(end + 1));
      position_ += end + 1;
      return Done{};
    }
    position_ += piece.bytes().size();
  }
  return Done{};
}

Status LogFile::fill(Buffer& buffer, std::size_t count) {
  const std::size_t before = std::min(count, ahead_.size() - taken_);
  buffer.append(std::string_view(ahead_).substr(taken_, before));
  taken_ += before;
  // A pipe gives a little at a time: fill the chunk, so that no record is looked at many times over.
  for (std::size_t size = before; size < count;) {
    auto read = source_->read(buffer.room(count - size), count - size);
    if (!read) return read.error();
    if (*read == 0) {
      ended_ = true;
      break;
    }
    buffer.added(*read);
    size += *read;
  }
  return Done{};
}

}  // namespace nurture::eventlog
