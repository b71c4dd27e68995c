#include "compiler/driver/driver.h"

#include <algorithm>

#include "compiler/codegen/codegen.h"
#include "compiler/findings/exceptions.h"
#include "compiler/flow/guards.h"
#include "compiler/practice/practice.h"
#include "stdlib/stdlib.h"

namespace nurture::driver {

namespace {

/// The standard library, for all compilations of the process.
const sema::Library& library() {
  static const sema::Library modules(stdlib_modules);
  return modules;
}

/// The folder of a path, without its last part.
std::string folder_of(const std::string& path) {
  auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

bool below(const std::string& folder, const std::string& root) {
  return folder == root || folder.starts_with(root + "/");
}

}  // namespace

Result<std::vector<std::string>> programmes(const std::string& path, FileSystem& files) {
  if (!files.is_directory(path)) return std::vector<std::string>{path};
  auto listed = files.list(path);
  if (!listed) return listed.error();
  std::vector<std::string> folders;
  for (const std::string& file : *listed) {
    if (file.ends_with(".nurture")) folders.push_back(folder_of(file));
  }
  std::sort(folders.begin(), folders.end());
  std::vector<std::string> roots;
  for (const std::string& folder : folders) {
    bool inside = std::any_of(roots.begin(), roots.end(), [&](const std::string& root) { return below(folder, root); });
    if (!inside) roots.push_back(folder);
  }
  if (roots.empty())
    return Error{path + ": no .nurture file in this folder", "`nurture new NAME` writes one to start from."};
  return roots;
}

Result<Checked> check(const std::string& path, FileSystem& files, Depth depth, const Witness& witness) {
  Checked checked{std::make_unique<sema::Unit>(), {}};
  if (auto loaded = sema::load(*checked.unit, path, library(), files); !loaded) return loaded.error();
  sema::Unit& unit = *checked.unit;
  checked.graphs = flow::build(unit.model, unit.diagnostics);
  if (depth == Depth::Review && !unit.diagnostics.failed()) {
    flow::review_guards(unit.model, checked.graphs, unit.diagnostics);
    practice::review(unit.model, checked.graphs, unit.diagnostics);
  }
  if (witness && !unit.diagnostics.failed()) witness(checked);
  // Without a campaign it is a part of some programme, and what is not found in it may be found there.
  const std::size_t own = unit.model.campaigns.empty() ? 0 : unit.own_files;
  findings::apply_exceptions(unit.files, own, unit.sources, unit.diagnostics,
                             witness ? findings::Log::Read : findings::Log::None);
  unit.diagnostics.sort();
  return checked;
}

Result<Compiled> compile(const Checked& checked) {
  std::vector<bytecode::Spot> spots;
  auto module = codegen::lower(*checked.unit, checked.graphs, &spots);
  if (!module) return module.error();
  Compiled compiled{std::move(*module), {}, std::move(spots)};
  compiled.tests = codegen::lower_tests(*checked.unit, compiled.module);
  return compiled;
}

}  // namespace nurture::driver
