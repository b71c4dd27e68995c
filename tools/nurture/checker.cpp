#include "tools/nurture/checker.h"

namespace nurture::tool {

Checker::Checker(const std::vector<std::string>& paths, FileSystem& files, Host& host)
    : paths_(paths), files_(files), working_folder_(host.working_folder), levels_(host.files, host.working_folder) {}

int Checker::run(Severity least, const Visit& visit) {
  told_.clear();
  for (const std::string& path : paths_) {
    auto roots = driver::programmes(path, files_);
    if (!roots) return fail(roots.error());
    for (const std::string& root : *roots) {
      if (int code = programme(root, least, visit); code != kOk) return code;
    }
  }
  return kOk;
}

int Checker::programme(const std::string& root, Severity least, const Visit& visit) {
  auto checked = driver::check(root, files_, driver::Depth::Review);
  if (!checked) return fail(checked.error());
  auto levels = levels_.of(root);
  if (!levels) return fail(levels.error());
  const bool sound = !checked->failed();
  judge(*checked, **levels, least);
  return visit({*checked, root, sound});
}

/// Takes the levels of the project, and leaves out what a programme that shares the file was told already.
void Checker::judge(driver::Checked& checked, const findings::Levels& levels, Severity least) {
  const SourceManager& sources = checked.unit->sources;
  checked.unit->diagnostics.judge([&](const Diagnostic& each) -> std::optional<Severity> {
    std::string file = each.span.file < sources.size() ? sources.file(each.span.file).path() : "";
    std::string whole = file.starts_with('<') ? file : findings::absolute(file, working_folder_);
    auto severity = levels.of(each.id, whole);
    if (!severity || *severity > least) return std::nullopt;
    bool first = told_.emplace(each.id, each.span.begin, each.span.end, whole, each.message).second;
    return first ? severity : std::nullopt;
  });
}

}  // namespace nurture::tool
