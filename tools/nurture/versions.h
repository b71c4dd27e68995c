#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/nurture/command.h"

/// Where the two versions are that `nurture diff` compares.
namespace nurture::tool {

/// A programme: in a file, a folder, or a revision of a git repository.
struct Version {
  std::string shown;                  ///< as people call it: "main:campaigns/welcome"
  std::string path;                   ///< in `files`
  std::unique_ptr<FileSystem> files;  ///< null: the machine's
  driver::Checked checked;
};

struct VersionOptions {
  std::vector<std::string> paths;
  std::vector<std::string> revisions;  ///< `--git`
};

/// Both of them, checked. On failure `exit_code` is set and what happened is printed.
std::optional<std::pair<Version, Version>> read_versions(const VersionOptions& options, Host& host, int& exit_code);

}  // namespace nurture::tool
