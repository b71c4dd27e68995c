#include "tools/nurture/versions.h"

#include <fmt/format.h>

#include "tools/nurture/git_files.h"

namespace nurture::tool {

namespace {

constexpr const char* kForms =
    "Write `nurture diff OLD NEW`, or `nurture diff --git REV -- PATH` for what changed since a revision.";

Result<Version> at_revision(const std::string& revision, const std::string& path, bool from_root, const Host& host) {
  auto files = GitFiles::open(host.working_folder, revision);
  if (!files) return files.error();
  Version version{fmt::format("{}:{}", revision, path), path, nullptr, {}};
  if (!from_root) {
    auto inside = (*files)->from_folder(host.working_folder, path);
    if (!inside) return inside.error();
    version.path = *inside;
  }
  version.files = std::move(*files);
  return version;
}

/// `REV:path` as git writes it, unless there is a file of that name.
Result<Version> named(const std::string& text, const Host& host) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || host.files.exists(text)) return Version{text, text, nullptr, {}};
  const std::string path = text.substr(colon + 1);
  return at_revision(text.substr(0, colon), path, !path.starts_with("./") && path != ".", host);
}

/// `--git REV [REV2]`, or `--git REV..REV2`.
Result<std::pair<Version, Version>> of_revisions(const VersionOptions& options, const Host& host) {
  std::vector<std::string> revisions = options.revisions;
  if (const std::size_t dots = revisions.front().find(".."); revisions.size() == 1 && dots != std::string::npos)
    revisions = {revisions.front().substr(0, dots), revisions.front().substr(dots + 2)};
  const std::string& path = options.paths.front();
  auto before = at_revision(revisions.front(), path, false, host);
  if (!before) return before.error();
  if (revisions.size() == 1) return std::pair(std::move(*before), Version{path, path, nullptr, {}});
  auto after = at_revision(revisions.back(), path, false, host);
  if (!after) return after.error();
  return std::pair(std::move(*before), std::move(*after));
}

Result<std::pair<Version, Version>> found(const VersionOptions& options, const Host& host) {
  if (!options.revisions.empty()) return of_revisions(options, host);
  auto before = named(options.paths.front(), host);
  if (!before) return before.error();
  auto after = named(options.paths.back(), host);
  if (!after) return after.error();
  return std::pair(std::move(*before), std::move(*after));
}

/// A folder whose folders are programmes is several of them.
std::optional<Error> several(const Version& version, FileSystem& files) {
  if (version.path.empty()) return std::nullopt;  // the root of a repository that is a programme
  const auto programmes = driver::programmes(version.path, files);
  if (!programmes || programmes->size() < 2) return std::nullopt;
  return Error{fmt::format("{} holds {} programmes", version.shown, programmes->size()),
               fmt::format("Compare them one at a time; the first is {}.", programmes->front())};
}

bool check_version(Version& version, Host& host, int& exit_code) {
  Host at{version.files ? *version.files : host.files,
          host.color_out,
          host.color_err,
          host.terminal_err,
          host.working_folder,
          host.cache_folder,
          host.build_id};
  if (const auto error = several(version, at.files)) {
    exit_code = fail(*error, kUsage);
    return false;
  }
  auto checked = check_programme(version.path, at, exit_code);
  if (checked) version.checked = std::move(*checked);
  if (!checked && exit_code == kFindings)
    fmt::print(stderr, "nurture: {} has errors, and what has errors means nothing\n", version.shown);
  return checked.has_value();
}

}  // namespace

std::optional<std::pair<Version, Version>> read_versions(const VersionOptions& options, Host& host, int& exit_code) {
  const std::size_t wanted = options.revisions.empty() ? 2 : 1;
  if (options.paths.size() != wanted) {
    exit_code = fail({wanted == 2 ? "two versions are compared" : "with --git one path is compared", kForms}, kUsage);
    return std::nullopt;
  }
  for (const std::string& path : options.paths) {
    if (!path.ends_with(".nbc")) continue;
    exit_code = fail({path + " is compiled: what it was made of is compared", kForms}, kUsage);
    return std::nullopt;
  }
  auto versions = found(options, host);
  if (!versions) {
    exit_code = fail(versions.error());
    return std::nullopt;
  }
  if (!check_version(versions->first, host, exit_code) || !check_version(versions->second, host, exit_code)) {
    // 1 is for what differs.
    if (exit_code == kFindings) exit_code = kTrouble;
    return std::nullopt;
  }
  return std::move(*versions);
}

}  // namespace nurture::tool
