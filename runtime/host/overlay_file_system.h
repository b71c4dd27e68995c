#pragma once

#include <map>
#include <string>

#include "runtime/base/io.h"

namespace nurture::host {

/// Another file system with some of its files replaced for the time being: what would be, before it is written.
class OverlayFileSystem final : public FileSystem {
 public:
  explicit OverlayFileSystem(FileSystem& base) : base_(base) {}

  void put(const std::string& path, std::string content);
  /// What was put, by path.
  const std::map<std::string, std::string>& replaced() const { return files_; }
  /// Writes what was put, each file whole; stops at the first that fails.
  Status write();

  Result<std::string> read_file(const std::string& path, std::uint64_t limit) override;
  Result<std::unique_ptr<ByteSource>> open(const std::string& path) override;
  Result<std::unique_ptr<ByteSink>> create(const std::string& path) override { return base_.create(path); }
  bool is_directory(const std::string& path) override { return base_.is_directory(path); }
  bool exists(const std::string& path) override { return base_.exists(path); }
  Result<std::vector<std::string>> list(const std::string& folder_or_glob) override {
    return base_.list(folder_or_glob);
  }

 private:
  FileSystem& base_;
  std::map<std::string, std::string> files_;
};

}  // namespace nurture::host
