#include "tools/nurture/kept_checks.h"

#include <filesystem>
#include <fmt/format.h>

#include "runtime/calendar/calendar.h"

namespace nurture::tool {

namespace {

constexpr std::uint64_t kLargest = 256u << 20;

/// What decides beside the files: this very build, and where the clocks of the world stand.
std::string maker(const Host& host) {
  return fmt::format("nurture {} {} {}", NURTURE_VERSION, host.build_id, calendar::tzdata_version());
}

std::string path_of(const std::vector<std::string>& paths, const Host& host) {
  if (host.cache_folder.empty() || host.build_id.empty()) return {};
  std::string key = host.working_folder;
  for (const std::string& path : paths) key += '\n' + path;
  const recall::Digest digest = recall::digest_of(key);
  return fmt::format("{}/checks/{:016x}{:016x}", host.cache_folder, digest.hashes[0], digest.hashes[1]);
}

}  // namespace

KeptChecks::KeptChecks(const std::vector<std::string>& paths, Host& host)
    : host_(host), path_(path_of(paths, host)), memory_(maker(host)) {
  if (path_.empty() || !host.files.exists(path_)) return;
  if (auto bytes = host.files.read_file(path_, kLargest)) memory_.load(*bytes);
}

void KeptChecks::save() {
  if (path_.empty() || !memory_.changed()) return;
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), error);
  auto sink = host_.files.create(path_);
  if (sink && (*sink)->write(memory_.save())) (void)(*sink)->commit();
}

}  // namespace nurture::tool
