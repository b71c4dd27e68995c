#include "runtime/host/memory_file_system.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/base/glob.h"
#include "runtime/host/real_bytes.h"

namespace nurture::host {
namespace {

class MemorySource final : public ByteSource {
 public:
  MemorySource(const std::string& content, std::size_t read_size) : rest_(content), read_size_(read_size) {}

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    std::size_t count = std::min({size, read_size_, rest_.size()});
    std::memcpy(buffer, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  std::size_t read_size_;
};

}  // namespace

class MemoryFileSystem::Sink final : public ByteSink {
 public:
  Sink(MemoryFileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  Status write(std::string_view bytes) override {
    if (bytes.size() > files_.room_) return path_error("write", path_, ENOSPC);
    files_.room_ -= bytes.size();
    content_.append(bytes);
    return Done{};
  }

  Status commit() override {
    files_.files_[path_] = std::move(content_);
    return Done{};
  }

 private:
  MemoryFileSystem& files_;
  std::string path_;
  std::string content_;
};

/// Writes into the file itself: who looks at it meanwhile sees how far it has come.
class MemoryFileSystem::Appender final : public nurture::Appender {
 public:
  Appender(MemoryFileSystem& files, std::string path) : files_(files), path_(std::move(path)) {
    files_.appended_.insert(path_);
  }
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  ~Appender() override {
    discard();
    files_.appended_.erase(path_);
  }

  Status begin(std::uint64_t end, std::uint64_t at, std::size_t held) override {
    begun_ = true;
    end_ = end;
    at_ = at;
    held_ = held;
    content().resize(end);
    content().resize(at + held);
    return Done{};
  }
  Status write(std::string_view bytes) override {
    const std::string_view first = bytes.substr(0, held_ - first_.size());
    first_.append(first);
    bytes.remove_prefix(first.size());
    if (bytes.size() > files_.room_) {
      discard();
      return path_error("append to", path_, ENOSPC);
    }
    files_.room_ -= bytes.size();
    content().append(bytes);
    return Done{};
  }
  Status commit() override {
    content().replace(at_, first_.size(), first_);
    begun_ = false;
    return Done{};
  }

 private:
  std::string& content() { return files_.files_[path_]; }
  void discard() {
    if (begun_) content().resize(end_);
    begun_ = false;
  }

  MemoryFileSystem& files_;
  std::string path_;
  bool begun_ = false;
  std::uint64_t end_ = 0, at_ = 0;
  std::size_t held_ = 0;
  std::string first_;
};

std::string MemoryFileSystem::content(const std::string& path) const {
  auto found = files_.find(path);
  return found == files_.end() ? "" : found->second;
}

Result<std::unique_ptr<ByteSource>> MemoryFileSystem::open(const std::string& path) {
  if (denied_.contains(path)) return path_error("read", path, EACCES);
  if (auto stream = streams_.find(path); stream != streams_.end()) return stream->second();
  auto found = files_.find(path);
  if (found != files_.end()) return std::unique_ptr<ByteSource>(new MemorySource(found->second, read_size_));
  return path_error("read", path, is_directory(path) ? EISDIR : ENOENT);
}

Result<std::string> MemoryFileSystem::read_file(const std::string& path, std::uint64_t limit) {
  auto source = open(path);
  if (!source) return source.error();
  std::string content;
  char buffer[4096];
  while (true) {
    auto count = (*source)->read(buffer, sizeof buffer);
    if (!count) return count.error();
    if (*count == 0) return content;
    content.append(buffer, *count);
    if (content.size() > limit) {
      return Error{"cannot read " + path + ": it is larger than " + std::to_string(limit) + " bytes", ""};
    }
  }
}

Result<std::unique_ptr<ByteSink>> MemoryFileSystem::create(const std::string& path) {
  if (denied_.contains(path)) return path_error("write", path, EACCES);
  if (is_directory(path)) return path_error("write", path, EISDIR);
  return std::unique_ptr<ByteSink>(new Sink(*this, path));
}

Result<std::unique_ptr<nurture::Appender>> MemoryFileSystem::append(const std::string& path) {
  if (denied_.contains(path)) return path_error("append to", path, EACCES);
  if (!files_.contains(path)) return path_error("append to", path, is_directory(path) ? EISDIR : ENOENT);
  if (appended_.contains(path)) return being_appended(path);
  return std::unique_ptr<nurture::Appender>(new Appender(*this, path));
}

bool MemoryFileSystem::is_directory(const std::string& path) {
  std::string prefix = path.ends_with('/') ? path : path + "/";
  auto has = [&](const auto& map) {
    auto at = map.lower_bound(prefix);
    return at != map.end() && at->first.starts_with(prefix);
  };
  return has(files_) || has(streams_);
}

bool MemoryFileSystem::exists(const std::string& path) {
  return files_.contains(path) || streams_.contains(path) || is_directory(path);
}

Result<std::vector<std::string>> MemoryFileSystem::list(const std::string& folder_or_glob) {
  if (files_.contains(folder_or_glob) || streams_.contains(folder_or_glob)) return std::vector{folder_or_glob};
  bool folder = is_directory(folder_or_glob);
  if (!folder && !is_glob(folder_or_glob)) return path_error("read", folder_or_glob, ENOENT);
  std::string prefix = folder_or_glob.ends_with('/') ? folder_or_glob : folder_or_glob + "/";
  std::set<std::string> found;
  auto collect = [&](const auto& map) {
    for (const auto& [path, content] : map) {
      if (folder ? path.starts_with(prefix) : glob_matches(folder_or_glob, path)) found.insert(path);
    }
  };
  collect(files_);
  collect(streams_);
  return std::vector<std::string>(found.begin(), found.end());
}

}  // namespace nurture::host
