#include "compiler/findings/mend.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "compiler/syntax/syntax.h"

namespace nurture::findings {

namespace {

std::size_t errors_of_reading(const std::string& path, const std::string& text) {
  SourceManager sources;
  ast::Tree tree;
  Diagnostics found;
  syntax::parse(sources.add(path, text), tree, found);
  return found.errors() + found.left_out();
}

}  // namespace

/// Two insertions at one place have no order, and what is inserted where something begins may be meant for either.
bool Mender::clash(const Change& a, const Change& b) {
  return a.file == b.file && (a.begin == b.begin || (a.begin < b.end && b.begin < a.end));
}

bool Mender::sound(const Fix& fix) {
  for (std::size_t i = 0; i < fix.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (clash(fix[i], fix[k])) return false;
    }
  }
  return !fix.empty();
}

std::size_t Mender::file_of(const SourceFile& source) {
  std::string path = std::filesystem::path(source.path()).lexically_normal().generic_string();
  auto [row, fresh] = by_path_.emplace(path, files_.size());
  if (fresh) files_.push_back({source.path(), std::string(source.content())});
  return row->second;
}

void Mender::take(const Diagnostics& diagnostics, const SourceManager& sources) {
  for (const Diagnostic& each : diagnostics.all()) {
    Fix fix;
    bool ours = std::all_of(each.edits.begin(), each.edits.end(), [&](const Edit& edit) {
      return sources.has(edit.span.file) && !sources.file(edit.span.file).path().starts_with('<');
    });
    if (!ours) continue;
    for (const Edit& edit : each.edits)
      fix.push_back({file_of(sources.file(edit.span.file)), edit.span.begin, edit.span.end, edit.replacement});
    if (sound(fix)) fixes_.push_back(std::move(fix));
  }
}

/// Whether its changes can be made beside those that are; the same change once more does no harm.
bool Mender::fits(const Fix& fix, const std::vector<Change>& made) {
  return std::all_of(fix.begin(), fix.end(), [&](const Change& change) {
    return std::all_of(made.begin(), made.end(),
                       [&](const Change& other) { return change == other || !clash(change, other); });
  });
}

/// Without those that stand in each other's way.
std::vector<const Mender::Fix*> Mender::chosen() const {
  std::vector<const Fix*> out;
  std::vector<Change> made;
  for (const Fix& fix : fixes_) {
    if (!fits(fix, made)) continue;
    out.push_back(&fix);
    made.insert(made.end(), fix.begin(), fix.end());
  }
  return out;
}

/// The files as they are after the changes.
std::map<std::size_t, std::string> Mender::texts(const std::vector<const Fix*>& fixes) const {
  std::map<std::size_t, std::map<std::uint32_t, const Change*>> by_file;
  for (const Fix* fix : fixes) {
    for (const Change& change : *fix) by_file[change.file][change.begin] = &change;
  }
  std::map<std::size_t, std::string> out;
  for (const auto& [file, changes] : by_file) {
    const std::string& before = files_[file].text;
    std::string after;
    std::size_t at = 0;
    for (const auto& [begin, change] : changes) {
      after.append(before, at, begin - at).append(change->replacement);
      at = change->end;
    }
    out[file] = after.append(before, at, std::string::npos);
  }
  return out;
}

bool Mender::worse(std::size_t file, const std::string& after) const {
  return errors_of_reading(files_[file].path, after) > errors_of_reading(files_[file].path, files_[file].text);
}

/// All of them where no file gets worse. In a file that does, one after the other as long as it does not.
std::vector<const Mender::Fix*> Mender::readable(const std::vector<const Fix*>& all) const {
  std::set<std::size_t> broken;
  for (const auto& [file, after] : texts(all)) {
    if (worse(file, after)) broken.insert(file);
  }
  if (broken.empty()) return all;
  auto doubtful = [&](const Fix* fix) {
    return std::any_of(fix->begin(), fix->end(), [&](const Change& each) { return broken.count(each.file) > 0; });
  };
  std::vector<const Fix*> good, doubted;
  for (const Fix* fix : all) (doubtful(fix) ? doubted : good).push_back(fix);
  for (const Fix* fix : doubted) {
    good.push_back(fix);
    std::map<std::size_t, std::string> after = texts(good);
    bool bad =
        std::any_of(fix->begin(), fix->end(), [&](const Change& each) { return worse(each.file, after[each.file]); });
    if (bad) good.pop_back();
  }
  return good;
}

Mender::Result Mender::run() const {
  std::vector<const Fix*> all = chosen();
  std::vector<const Fix*> good = readable(all);
  Result out{{}, good.size(), all.size() - good.size()};
  for (auto& [file, after] : texts(good)) {
    if (after != files_[file].text) out.files.push_back({files_[file].path, files_[file].text, std::move(after)});
  }
  std::sort(out.files.begin(), out.files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return out;
}

}  // namespace nurture::findings
