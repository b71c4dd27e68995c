#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "runtime/base/glob.h"
#include "runtime/host/file_system.h"
#include "runtime/host/real_bytes.h"

namespace nurture::host {
namespace {

namespace fs = std::filesystem;

bool hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

/// Every regular file below a folder, hidden ones and links to folders left out.
Result<std::vector<std::string>> files_below(const std::string& folder, const std::string& shown_prefix) {
  std::vector<std::string> found;
  std::error_code error;
  fs::recursive_directory_iterator it(folder, error), end;
  if (error) return path_error("read", folder, error.value());
  for (; it != end; it.increment(error)) {
    if (error) return path_error("read", folder, error.value());
    if (hidden(it->path())) {
      it.disable_recursion_pending();
      continue;
    }
    if (it->is_regular_file(error))
      found.push_back(shown_prefix + fs::path(it->path()).lexically_relative(folder).string());
  }
  if (error) return path_error("read", folder, error.value());
  std::sort(found.begin(), found.end());
  return found;
}

std::string with_slash(std::string folder) {
  if (!folder.empty() && folder.back() != '/') folder += '/';
  return folder;
}

Result<std::vector<std::string>> files_matching(const std::string& pattern) {
  std::string base = glob_base(pattern);
  auto found = files_below(base.empty() ? "." : base, with_slash(base));
  if (!found) return found.error();
  std::erase_if(*found, [&](const std::string& path) { return !glob_matches(pattern, path); });
  return found;
}

class RealFileSystem final : public FileSystem {
 public:
  Result<std::string> read_file(const std::string& path, std::uint64_t limit) override {
    auto source = open_source(path);
    if (!source) return source.error();
    std::string content;
    char buffer[64 * 1024];
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

  Result<std::unique_ptr<ByteSource>> open(const std::string& path) override { return open_source(path); }
  Result<std::shared_ptr<const FileView>> view(const std::string& path) override { return map_file(path); }
  Result<std::unique_ptr<ByteSink>> create(const std::string& path) override { return create_sink(path); }

  bool is_directory(const std::string& path) override {
    std::error_code error;
    return fs::is_directory(path, error);
  }

  bool exists(const std::string& path) override {
    std::error_code error;
    return fs::exists(path, error);
  }

  std::optional<std::uint64_t> size(const std::string& path) override {
    std::error_code error;
    const std::uintmax_t bytes = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
    return error || bytes == 0 ? std::nullopt : std::optional<std::uint64_t>(bytes);
  }

  Result<std::vector<std::string>> list(const std::string& folder_or_glob) override {
    if (is_directory(folder_or_glob)) return files_below(folder_or_glob, with_slash(folder_or_glob));
    if (exists(folder_or_glob)) return std::vector<std::string>{folder_or_glob};
    if (is_glob(folder_or_glob)) return files_matching(folder_or_glob);
    return path_error("read", folder_or_glob, ENOENT);
  }
};

}  // namespace

FileSystem& real_file_system() {
  static RealFileSystem files;
  return files;
}

}  // namespace nurture::host
