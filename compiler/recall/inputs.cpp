#include "compiler/recall/inputs.h"

#include "runtime/base/hash.h"

namespace nurture::recall {

namespace {

constexpr std::uint64_t kSecondSeed = 0x6e757274757265;

/// Answers as bytes; what tells success from an error comes first.
std::string bytes_of(const Result<std::string>& text) { return text ? "+" + *text : "-" + text.error().message; }

std::string bytes_of(const Result<std::vector<std::string>>& paths) {
  if (!paths) return "-" + paths.error().message;
  std::string out = "+";
  for (const std::string& path : *paths) out += path + '\n';
  return out;
}

std::string bytes_of(bool truth) { return truth ? "+" : "-"; }

Digest of_file(const Input& input, FileSystem& files, std::string& text) {
  Result<std::string> read = files.read_file(input.path, input.limit);
  Digest digest = digest_of(bytes_of(read));
  if (read) text = std::move(*read);
  return digest;
}

}  // namespace

Digest digest_of(std::string_view bytes) { return {bytes.size(), {hash64(bytes, 0), hash64(bytes, kSecondSeed)}}; }

bool holds(const Input& input, FileSystem& files, std::string& text) {
  switch (input.kind) {
    case Input::Kind::File:
      return of_file(input, files, text) == input.answer;
    case Input::Kind::List:
      return digest_of(bytes_of(files.list(input.path))) == input.answer;
    case Input::Kind::IsFolder:
      return digest_of(bytes_of(files.is_directory(input.path))) == input.answer;
    case Input::Kind::Exists:
      return digest_of(bytes_of(files.exists(input.path))) == input.answer;
  }
  return false;
}

Result<std::string> RecordingFileSystem::read_file(const std::string& path, std::uint64_t limit) {
  Result<std::string> text = base_.read_file(path, limit);
  inputs_.push_back({Input::Kind::File, path, limit, digest_of(bytes_of(text))});
  return text;
}

Result<std::unique_ptr<ByteSource>> RecordingFileSystem::open(const std::string& path) {
  complete_ = false;
  return base_.open(path);
}

Result<std::unique_ptr<ByteSink>> RecordingFileSystem::create(const std::string& path) {
  complete_ = false;
  return base_.create(path);
}

bool RecordingFileSystem::is_directory(const std::string& path) {
  bool truth = base_.is_directory(path);
  inputs_.push_back({Input::Kind::IsFolder, path, 0, digest_of(bytes_of(truth))});
  return truth;
}

bool RecordingFileSystem::exists(const std::string& path) {
  bool truth = base_.exists(path);
  inputs_.push_back({Input::Kind::Exists, path, 0, digest_of(bytes_of(truth))});
  return truth;
}

Result<std::vector<std::string>> RecordingFileSystem::list(const std::string& folder_or_glob) {
  Result<std::vector<std::string>> paths = base_.list(folder_or_glob);
  inputs_.push_back({Input::Kind::List, folder_or_glob, 0, digest_of(bytes_of(paths))});
  return paths;
}

}  // namespace nurture::recall
