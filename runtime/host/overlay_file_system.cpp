#include "runtime/host/overlay_file_system.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

namespace nurture::host {

namespace {

std::string normal(const std::string& path) { return std::filesystem::path(path).lexically_normal().generic_string(); }

/// A text, read from front to back.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(char* buffer, std::size_t size) override {
    std::size_t count = std::min(size, text_.size() - at_);
    std::memcpy(buffer, text_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace

void OverlayFileSystem::put(const std::string& path, std::string content) { files_[normal(path)] = std::move(content); }

Result<std::string> OverlayFileSystem::read_file(const std::string& path, std::uint64_t limit) {
  auto found = files_.find(normal(path));
  if (found == files_.end()) return base_.read_file(path, limit);
  return found->second;
}

Result<std::unique_ptr<ByteSource>> OverlayFileSystem::open(const std::string& path) {
  auto found = files_.find(normal(path));
  if (found == files_.end()) return base_.open(path);
  return std::unique_ptr<ByteSource>(std::make_unique<TextSource>(found->second));
}

Status OverlayFileSystem::write() {
  for (const auto& [path, content] : files_) {
    auto sink = base_.create(path);
    if (!sink) return sink.error();
    if (auto written = (*sink)->write(content); !written) return written;
    if (auto done = (*sink)->commit(); !done) return done;
  }
  return Done{};
}

}  // namespace nurture::host
