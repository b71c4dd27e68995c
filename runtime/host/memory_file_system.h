#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "runtime/base/append.h"

namespace nurture::host {

/// A FileSystem in memory, for tests and fuzzers. Folders exist by having files below them. "-" is standard input if it
/// was put, and standard output for create.
class MemoryFileSystem final : public FileSystem {
 public:
  using MakeSource = std::function<std::unique_ptr<ByteSource>()>;

  void put(const std::string& path, std::string content) { files_[path] = std::move(content); }
  /// A file whose bytes are made while they are read, for what is too large to hold.
  void put_stream(const std::string& path, MakeSource make) { streams_[path] = std::move(make); }
  /// Reading and writing it fail with "no permission".
  void deny(const std::string& path) { denied_.insert(path); }
  /// Writes beyond that many bytes in all fail with "the disk is full".
  void limit_writes(std::uint64_t bytes) { room_ = bytes; }
  /// Reads give at most that many bytes at a time.
  void limit_reads(std::size_t bytes) { read_size_ = bytes; }

  /// What was put or committed, by path.
  const std::map<std::string, std::string>& files() const { return files_; }
  /// Content of a file, or an empty text.
  std::string content(const std::string& path) const;

  Result<std::string> read_file(const std::string& path, std::uint64_t limit) override;
  Result<std::unique_ptr<ByteSource>> open(const std::string& path) override;
  Result<std::unique_ptr<ByteSink>> create(const std::string& path) override;
  bool is_directory(const std::string& path) override;
  bool exists(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& folder_or_glob) override;
  /// As open_appender does on a disk; the file is changed while it is written.
  Result<std::unique_ptr<nurture::Appender>> append(const std::string& path);

 private:
  class Sink;
  class Appender;

  std::map<std::string, std::string> files_;
  std::map<std::string, MakeSource> streams_;
  std::set<std::string> denied_;
  std::set<std::string> appended_;  // to which somebody appends just now
  std::uint64_t room_ = UINT64_MAX;
  std::size_t read_size_ = SIZE_MAX;
};

}  // namespace nurture::host
