#include "runtime/eventlog/decompress.h"
#include "runtime/eventlog/reader.h"

namespace nurture::eventlog {
namespace {

using bytecode::LogFormat;

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
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  std::size_t first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{' ? LogFormat::Ndjson : LogFormat::Csv;
}

}  // namespace

Result<LogFile> LogFile::open(FileSystem& files, const std::string& path, const ReaderOptions& options) {
  auto raw = files.open(path);
  if (!raw) return raw.error();
  auto unpacked = decompressed(std::move(*raw), path);
  if (!unpacked) return unpacked.error();
  LogFile file;
  file.source_ = std::move(*unpacked);
  file.window_ = std::make_unique<Window>(*file.source_);
  if (auto more = file.window_->more(); !more) return more.error();
  LogFormat format = options.format;
  if (format == LogFormat::Auto) format = format_by_name(path);
  if (format == LogFormat::Auto) format = format_by_content(file.window_->bytes());
  file.csv_ = format == LogFormat::Csv;
  if (file.csv_) {
    auto reader = csv_reader(*file.window_, path, options);
    if (!reader) return reader.error();
    file.reader_ = std::move(*reader);
  } else {
    file.reader_ = ndjson_reader(*file.window_, options);
  }
  return file;
}

}  // namespace nurture::eventlog
