#pragma once

#include <memory>
#include <string>

#include "runtime/base/io.h"

namespace nurture::tool {

/// The files of one revision of a git repository, to be read only. Paths begin at its root.
class GitFiles final : public FileSystem {
 public:
  /// Of the repository that `folder` is in; `revision` as git names it: main, HEAD~1, a tag, the start of a hash.
  static Result<std::unique_ptr<GitFiles>> open(const std::string& folder, const std::string& revision);
  ~GitFiles() override;

  /// What `path`, seen from `folder`, is called here.
  Result<std::string> from_folder(const std::string& folder, const std::string& path) const;

  Result<std::string> read_file(const std::string& path, std::uint64_t limit) override;
  Result<std::unique_ptr<ByteSource>> open(const std::string& path) override;
  Result<std::unique_ptr<ByteSink>> create(const std::string& path) override;
  bool is_directory(const std::string& path) override;
  bool exists(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& folder_or_glob) override;

 private:
  struct Repository;
  explicit GitFiles(std::unique_ptr<Repository> repository);

  std::unique_ptr<Repository> repository_;
};

}  // namespace nurture::tool
