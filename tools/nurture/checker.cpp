#include "tools/nurture/checker.h"

#include <deque>
#include <thread>

namespace nurture::tool {

Checker::Checker(const std::vector<std::string>& paths, FileSystem& files, Host& host, recall::Memory* memory,
                 Witness witness)
    : paths_(paths),
      files_(files),
      working_folder_(host.working_folder),
      memory_(memory),
      witness_(std::move(witness)),
      levels_(host.files, host.working_folder) {}

int Checker::run(Severity least, const Visit& visit) {
  told_.clear();
  for (const std::string& path : paths_) {
    auto roots = driver::programmes(path, files_);
    if (!roots) return fail(roots.error());
    if (int code = all(*roots, least, visit); code != kOk) return code;
  }
  return kOk;
}

/// A few programmes ahead of the one that is told, so that no processor waits and no more trees are held than that.
int Checker::all(const std::vector<std::string>& roots, Severity least, const Visit& visit) {
  const std::size_t ahead = 2 * std::size_t{std::max(1u, std::thread::hardware_concurrency())};
  const auto how = roots.size() > 1 && !witness_ ? std::launch::async : std::launch::deferred;
  std::deque<std::future<Looked>> under_way;
  std::size_t next = 0;
  for (const std::string& root : roots) {
    for (; next < roots.size() && under_way.size() < ahead; ++next) under_way.push_back(start(roots[next], how));
    Looked looked = under_way.front().get();
    under_way.pop_front();
    if (int code = tell(root, std::move(looked), least, visit); code != kOk) return code;
  }
  return kOk;
}

/// What is remembered is there at once, and not worth a thread.
std::future<Checker::Looked> Checker::start(const std::string& root, std::launch how) {
  auto remembered = memory_ ? memory_->recall(root, files_) : std::nullopt;
  if (!remembered) return std::async(how, [this, &root] { return look(root); });
  return std::async(std::launch::deferred, [found = std::move(remembered)]() mutable {
    Looked out;
    out.remembered = std::move(found);
    return out;
  });
}

Checker::Looked Checker::look(const std::string& root) {
  Looked out;
  driver::Witness witness;
  if (witness_) {
    auto levels = levels_.of(root);
    if (!levels) {
      out.error = levels.error();
      return out;
    }
    witness = [&, all = *levels](driver::Checked& programme) { out.code = witness_(root, programme, *all, files_); };
  }
  recall::RecordingFileSystem recorded(files_);
  auto checked = driver::check(root, recorded, driver::Depth::Review, witness);
  if (!checked) {
    out.error = checked.error();
    return out;
  }
  out.fresh = std::move(*checked);
  out.inputs = recorded.inputs();
  out.complete = recorded.complete();
  return out;
}

int Checker::tell(const std::string& root, Looked looked, Severity least, const Visit& visit) {
  if (looked.error) return fail(*looked.error);
  if (looked.code != kOk) return looked.code;
  auto levels = levels_.of(root);
  if (!levels) return fail(levels.error());
  if (looked.fresh && memory_ && looked.complete) memory_->remember(root, looked.inputs, *looked.fresh->unit);
  const SourceManager& sources = looked.fresh ? looked.fresh->unit->sources : looked.remembered->sources;
  Diagnostics& diagnostics = looked.fresh ? looked.fresh->unit->diagnostics : looked.remembered->diagnostics;
  const bool sound = !diagnostics.failed();
  const std::size_t campaigns =
      looked.fresh ? looked.fresh->unit->model.campaigns.size() : looked.remembered->campaigns;
  judge(diagnostics, sources, **levels, least);
  return visit({root, sources, diagnostics, campaigns, sound, looked.fresh ? &*looked.fresh : nullptr});
}

/// Takes the levels of the project, and leaves out what a programme that shares the file was told already.
void Checker::judge(Diagnostics& diagnostics, const SourceManager& sources, const findings::Levels& levels,
                    Severity least) {
  diagnostics.judge([&](const Diagnostic& each) -> std::optional<Severity> {
    std::string file = sources.has(each.span.file) ? sources.file(each.span.file).path() : "";
    std::string whole = file.starts_with('<') ? file : findings::absolute(file, working_folder_);
    auto severity = levels.of(each.id, whole);
    if (!severity || *severity > least) return std::nullopt;
    bool first = told_.emplace(each.id, each.span.begin, each.span.end, whole, each.message).second;
    return first ? severity : std::nullopt;
  });
}

}  // namespace nurture::tool
