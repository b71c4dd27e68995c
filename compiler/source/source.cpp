#include "compiler/source/source.h"

#include <algorithm>

namespace nurture {

SourceFile::SourceFile(FileId id, std::string path, std::string content)
    : id_(id), path_(std::move(path)), content_(std::move(content)) {
  if (content_.starts_with("\xEF\xBB\xBF")) content_.erase(0, 3);
  line_starts_.push_back(0);
  for (std::uint32_t i = 0; i < content_.size(); ++i) {
    if (content_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

LineColumn SourceFile::locate(std::uint32_t offset) const {
  offset = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(content_.size()));
  auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  auto line = static_cast<std::uint32_t>(after - line_starts_.begin());
  std::uint32_t column = 1;
  for (std::uint32_t i = line_starts_[line - 1]; i < offset; ++i) {
    // A continuation byte of UTF-8 belongs to the code point before it.
    if ((static_cast<unsigned char>(content_[i]) & 0xC0) != 0x80) ++column;
  }
  return {line, column};
}

std::string_view SourceFile::line(std::uint32_t number) const {
  if (number == 0 || number > lines()) return {};
  std::uint32_t begin = line_starts_[number - 1];
  std::uint32_t end = number < lines() ? line_starts_[number] - 1 : static_cast<std::uint32_t>(content_.size());
  if (end > begin && content_[end - 1] == '\r') --end;
  return std::string_view(content_).substr(begin, end - begin);
}

const SourceFile& SourceManager::add(std::string path, std::string content) {
  auto id = static_cast<FileId>(files_.size());
  files_.push_back(std::make_unique<const SourceFile>(id, std::move(path), std::move(content)));
  return *files_.back();
}

const SourceFile& SourceManager::share(std::shared_ptr<const SourceFile> file) {
  shared_.push_back(std::move(file));
  return *shared_.back();
}

std::vector<const SourceFile*> SourceManager::all() const {
  std::vector<const SourceFile*> out;
  for (const auto& each : files_) out.push_back(each.get());
  for (const auto& each : shared_) out.push_back(each.get());
  return out;
}

const SourceFile* SourceManager::shared(FileId id) const {
  auto found = std::find_if(shared_.begin(), shared_.end(), [&](const auto& each) { return each->id() == id; });
  return found == shared_.end() ? nullptr : found->get();
}

}  // namespace nurture
