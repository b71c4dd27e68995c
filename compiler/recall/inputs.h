#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/io.h"

/// What was asked of a file system, and whether it would still answer the same.
namespace nurture::recall {

/// Of some bytes: two that have the same are the same, as far as anybody will ever see.
struct Digest {
  std::uint64_t size = 0;
  std::uint64_t hashes[2] = {};
  bool operator==(const Digest&) const = default;
};
Digest digest_of(std::string_view bytes);

/// A question to a file system with the digest of its answer, an error's text being an answer too.
struct Input {
  enum class Kind : std::uint8_t { File, List, IsFolder, Exists } kind{};
  std::string path;
  std::uint64_t limit = 0;  ///< of a file: the most bytes that were asked for
  Digest answer;
};

/// Whether the same question gets the same answer today. `text` becomes what a file holds that does.
bool holds(const Input& input, FileSystem& files, std::string& text);

/// Hands every question on, and notes it. A stream that is opened or created cannot be noted: `complete` is false then.
class RecordingFileSystem final : public FileSystem {
 public:
  explicit RecordingFileSystem(FileSystem& base) : base_(base) {}

  const std::vector<Input>& inputs() const { return inputs_; }
  bool complete() const { return complete_; }

  Result<std::string> read_file(const std::string& path, std::uint64_t limit) override;
  Result<std::unique_ptr<ByteSource>> open(const std::string& path) override;
  Result<std::unique_ptr<ByteSink>> create(const std::string& path) override;
  bool is_directory(const std::string& path) override;
  bool exists(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& folder_or_glob) override;

 private:
  FileSystem& base_;
  std::vector<Input> inputs_;
  bool complete_ = true;
};

}  // namespace nurture::recall
