#include "runtime/eventlog/record_writer.h"

#include "runtime/base/csv.h"
#include "runtime/base/json.h"

namespace nurture::eventlog {
namespace {

using Kind = OutCell::Kind;

constexpr std::size_t kBuffer = 1 << 20;  ///< bytes
constexpr std::string_view kInside = "properties.";

}  // namespace

RecordWriter::RecordWriter(std::string path, std::vector<std::string> columns, std::unique_ptr<ByteSink> sink)
    : path_(std::move(path)),
      csv_(path_.ends_with(".csv")),
      columns_(std::move(columns)),
      cells_(columns_.size()),
      sink_(std::move(sink)) {
  for (std::size_t i = 0; csv_ && i < columns_.size(); ++i) {
    if (i > 0) buffer_ += ',';
    csv::append_field(buffer_, columns_[i]);
  }
  if (csv_) buffer_ += "\r\n";
}

Result<RecordWriter> RecordWriter::create(FileSystem& files, const std::string& path,
                                          std::vector<std::string> columns) {
  auto sink = files.create(path);
  if (!sink) return sink.error();
  return RecordWriter(path, std::move(columns), std::move(*sink));
}

Status RecordWriter::end() {
  if (csv_) {
    if (Status appended = append_csv(); !appended) return appended;
  } else {
    append_json();
  }
  for (OutCell& cell : cells_) cell.kind = Kind::None;
  return flush(kBuffer);
}

Status RecordWriter::commit() {
  if (Status done = flush(0); !done) return done;
  return sink_->commit();
}

Status RecordWriter::flush(std::size_t at_least) {
  if (buffer_.size() < at_least || buffer_.empty()) return Done{};
  Status done = sink_->write(buffer_);
  buffer_.clear();
  return done;
}

void RecordWriter::append_cell(std::string_view name, const OutCell& cell) {
  if (buffer_.back() != '{') buffer_ += ',';
  append_json_string(buffer_, name);
  buffer_ += ':';
  if (cell.kind == Kind::Text) return append_json_string(buffer_, cell.text);
  buffer_ += cell.kind == Kind::Null ? "null" : cell.text;
}

void RecordWriter::append_json() {
  buffer_ += '{';
  bool inside = false;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (cells_[i].kind == Kind::None) continue;
    std::string_view name = columns_[i];
    if (name.starts_with(kInside)) {
      name.remove_prefix(kInside.size());
      if (!inside) buffer_ += ",\"properties\":{";
      inside = true;
    }
    append_cell(name, cells_[i]);
  }
  buffer_ += inside ? "}}\n" : "}\n";
}

Status RecordWriter::append_csv() {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const OutCell& cell = cells_[i];
    if (i > 0) buffer_ += ',';
    if (cell.kind == Kind::None) continue;
    if (cell.kind == Kind::Null || cell.text.empty()) {
      const std::string what = cell.kind == Kind::Null ? "that a value is taken back" : "an empty text";
      return Error{"cannot write " + path_ + ": CSV cannot say " + what + ", as there is in " + columns_[i],
                   "write NDJSON: give the file a name that does not end in .csv"};
    }
    csv::append_field(buffer_, cell.text);
  }
  buffer_ += "\r\n";
  return Done{};
}

}  // namespace nurture::eventlog
