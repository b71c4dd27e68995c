#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "runtime/base/io.h"
#include "runtime/base/result.h"

/// How much a project makes of each finding: its nurture.toml. docs/levels.md describes every key.
namespace nurture::findings {

/// Per code: its severity, or nothing for "off".
using LevelTable = std::map<DiagnosticId, std::optional<Severity>>;

/// What people can do in a week: `[capacity]`.
struct Capacity {
  std::optional<std::uint64_t> calls, tasks, hand_offs;
  std::optional<std::uint64_t> calls_per_owner;
};

class Levels {
 public:
  /// Of some paths. A later one outweighs those before it.
  struct Part {
    std::vector<std::string> match;
    LevelTable levels;
  };

  /// `folder`: the one that its patterns are about, as an absolute path.
  Levels(std::string folder, LevelTable everywhere, std::vector<Part> parts, Capacity capacity = {});

  /// What a finding of the file at the absolute path `file` counts for; nothing: it is not told. Errors remain errors.
  std::optional<Severity> of(DiagnosticId id, std::string_view file) const;
  const Capacity& capacity() const { return capacity_; }

 private:
  std::string folder_;
  LevelTable everywhere_;
  std::vector<Part> parts_;
  Capacity capacity_;
};

/// Errors name the file, the line and what was meant.
Result<Levels> read_levels(std::string_view toml, const std::string& path, const std::string& folder);

/// A path from the root of the machine, without `.` and `..`. `working_folder` is absolute.
std::string absolute(const std::string& path, const std::string& working_folder);
/// The folder of the repository that an absolute path is in: the nearest with a `.git`; empty if there is none.
std::string repository_of(const std::string& path, FileSystem& files);

/// Finds the nurture.toml of programmes: the nearest from its folder upwards, not beyond the repository. Reads each
/// once.
class LevelFinder {
 public:
  LevelFinder(FileSystem& files, std::string working_folder);
  /// Without a nurture.toml: no level differs from the table's.
  Result<const Levels*> of(const std::string& programme);

 private:
  Result<const Levels*> read(const std::string& folder, const std::string& path);

  FileSystem& files_;
  std::string working_folder_;
  Levels none_;
  std::map<std::string, Levels> by_path_;
  std::map<std::string, const Levels*> by_folder_;
};

}  // namespace nurture::findings
