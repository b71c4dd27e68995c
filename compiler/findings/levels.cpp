#include "compiler/findings/levels.h"

#include <algorithm>
#include <filesystem>

#include "runtime/base/glob.h"

namespace nurture::findings {

namespace {

constexpr std::uint64_t kLargest = 1u << 20;
constexpr std::string_view kName = "nurture.toml";

std::string parent(const std::string& path) { return std::filesystem::path(path).parent_path().generic_string(); }

std::string inside(const std::string& folder, std::string_view name) {
  return folder == "/" ? folder + std::string(name) : folder + "/" + std::string(name);
}

/// A path as seen from the folder; where it is not below it, as it is.
std::string_view seen_from(const std::string& folder, std::string_view path) {
  std::string prefix = inside(folder, "");
  return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

/// A pattern of a folder is about all below it.
bool covers(const std::string& pattern, std::string_view path) {
  return glob_matches(pattern, path) || glob_matches(pattern + "/**", path);
}

}  // namespace

Levels::Levels(std::string folder, LevelTable everywhere, std::vector<Part> parts, Capacity capacity)
    : folder_(std::move(folder)), everywhere_(std::move(everywhere)), parts_(std::move(parts)), capacity_(capacity) {}

std::optional<Severity> Levels::of(DiagnosticId id, std::string_view file) const {
  std::optional<Severity> out = info(id).severity;
  if (out == Severity::Error) return out;
  auto take = [&](const LevelTable& table) {
    if (auto row = table.find(id); row != table.end()) out = row->second;
  };
  take(everywhere_);
  std::string_view seen = seen_from(folder_, file);
  for (const Part& part : parts_) {
    bool matches = std::any_of(part.match.begin(), part.match.end(),
                               [&](const std::string& pattern) { return covers(pattern, seen); });
    if (matches) take(part.levels);
  }
  return out;
}

std::string absolute(const std::string& path, const std::string& working_folder) {
  std::string out = (std::filesystem::path(working_folder) / path).lexically_normal().generic_string();
  if (out.size() > 1 && out.ends_with('/')) out.pop_back();
  return out;
}

std::string repository_of(const std::string& path, FileSystem& files) {
  for (std::string folder = path;; folder = parent(folder)) {
    if (files.exists(inside(folder, ".git"))) return folder;
    if (parent(folder) == folder) return {};
  }
}

LevelFinder::LevelFinder(FileSystem& files, std::string working_folder)
    : files_(files), working_folder_(std::move(working_folder)), none_("/", {}, {}) {}

Result<const Levels*> LevelFinder::of(const std::string& programme) {
  std::string path = absolute(programme, working_folder_);
  std::vector<std::string> passed;
  const Levels* found = &none_;
  for (std::string folder = files_.is_directory(programme) ? path : parent(path);; folder = parent(folder)) {
    if (auto known = by_folder_.find(folder); known != by_folder_.end()) {
      found = known->second;
      break;
    }
    passed.push_back(folder);
    std::string file = inside(folder, kName);
    if (files_.exists(file)) {
      auto levels = read(folder, file);
      if (!levels) return levels.error();
      found = *levels;
      break;
    }
    if (files_.exists(inside(folder, ".git")) || parent(folder) == folder) break;
  }
  for (const std::string& folder : passed) by_folder_[folder] = found;
  return found;
}

Result<const Levels*> LevelFinder::read(const std::string& folder, const std::string& path) {
  auto text = files_.read_file(path, kLargest);
  if (!text) return text.error();
  std::string shown =
      path.starts_with(inside(working_folder_, "")) ? path.substr(inside(working_folder_, "").size()) : path;
  auto levels = read_levels(*text, shown, folder);
  if (!levels) return levels.error();
  return &by_path_.emplace(path, std::move(*levels)).first->second;
}

}  // namespace nurture::findings
