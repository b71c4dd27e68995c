#include <algorithm>
#include <filesystem>
#include <map>

#include "compiler/sema/passes.h"
#include "compiler/syntax/syntax.h"

namespace nurture::sema {

namespace {

constexpr std::uint64_t kReadLimit = 64u << 20;  ///< larger than the parser takes, so that it can say so itself
constexpr std::size_t kNoFile = SIZE_MAX;

std::string normal(const std::string& path) { return std::filesystem::path(path).lexically_normal().generic_string(); }

/// A `use` and the file it led to.
struct Used {
  const ast::Use* use = nullptr;
  std::size_t from = kNoFile;
  std::size_t target = kNoFile;
};

/// Follows `use` from the files given until nothing new turns up, then orders the files.
class Loader {
 public:
  Loader(Context& context, const Library& library, FileSystem& files)
      : context_(context), library_(library), files_(files) {}

  void run() {
    context_.roots = context_.unit.files.size();
    for (std::size_t i = 0; i < context_.roots; ++i) by_path_[normal(path_of(i))] = i;
    for (std::size_t i = 0; i < context_.unit.files.size(); ++i) {
      uses_.emplace_back();
      follow(i);
    }
    state_.assign(uses_.size(), State::New);
    for (std::size_t i = 0; i < uses_.size(); ++i) visit(i);
    for (const Diagnostic& each : context_.out.all()) {
      if (info(each.id).severity != Severity::Error) continue;
      context_.broken.push_back(each.span);
      context_.broken_files.insert(each.span.file);
    }
  }

 private:
  enum class State : std::uint8_t { New, Open, Done };

  const std::string& path_of(std::size_t index) const {
    return context_.unit.sources.file(context_.unit.files[index].file).path();
  }

  void follow(std::size_t index) {
    std::vector<const ast::Decl*> declarations = context_.unit.files[index].declarations;
    for (const ast::Decl* each : declarations) {
      const auto* use = ast::try_as<ast::Use>(each);
      if (!use) continue;
      uses_[index].push_back({use, index, use->module ? module(*use) : file(*use, path_of(index))});
    }
  }

  std::size_t module(const ast::Use& use) {
    std::string dotted = use.module.text();
    if (std::shared_ptr<const Module> module = library_.find(dotted)) return add(std::move(module));
    context_.use_failed = true;
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::UnknownModule, use.target_span, dotted);
    diagnostic.hint = library_.find("std.b2b") ? "`use std.b2b` brings in leads, events and buying stages; a file of "
                                                 "your own is used by `use \"name.nurture\"`."
                                               : "A file of your own is used by `use \"name.nurture\"`.";
    return kNoFile;
  }

  std::size_t file(const ast::Use& use, const std::string& user) {
    std::string path = beside(user, use.file);
    if (auto known = by_path_.find(path); known != by_path_.end()) return known->second;
    Result<std::string> text = files_.read_file(path, kReadLimit);
    if (text) return add(path, std::move(*text));
    context_.use_failed = true;
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::UnreadableUse, use.target_span, use.file);
    diagnostic.hint = fmt::format("The path is taken from the folder of this file: {}.", text.error().message);
    return kNoFile;
  }

  std::size_t add(const std::string& path, std::string text) {
    const SourceFile& source = context_.unit.sources.add(path, std::move(text));
    context_.unit.files.push_back(syntax::parse(source, context_.unit.tree, context_.out));
    return by_path_[path] = context_.unit.files.size() - 1;
  }

  /// Among the files given, if it is one of them, as in the folder of the standard library; else behind all files.
  std::size_t place_of(const Module& module) const {
    for (std::size_t i = 0; i < context_.roots; ++i) {
      const SourceFile& given = context_.unit.sources.file(context_.unit.files[i].file);
      if (given.content() == module.source->content()) return i;
    }
    return context_.unit.files.size();
  }

  std::size_t add(std::shared_ptr<const Module> module) {
    const auto [at, is_new] = by_path_.try_emplace(module->source->path(), place_of(*module));
    if (!is_new || at->second < context_.roots) return at->second;
    context_.unit.sources.share(module->source);
    context_.unit.files.push_back(module->file);
    context_.unit.modules.push_back(std::move(module));
    return at->second;
  }

  void visit(std::size_t index) {
    if (state_[index] != State::New) return;
    state_[index] = State::Open;
    for (const Used& used : uses_[index]) {
      if (used.target == kNoFile) continue;
      if (state_[used.target] == State::Open) {
        cycle(used);
        continue;
      }
      path_.push_back(&used);
      visit(used.target);
      path_.pop_back();
    }
    state_[index] = State::Done;
    context_.order.push_back(index);
  }

  void cycle(const Used& used) {
    std::string name = used.use->module ? used.use->module.text() : used.use->file;
    Diagnostic& diagnostic = context_.out.report(DiagnosticId::UseCycle, used.use->target_span, name);
    diagnostic.hint = "Take this `use` out, or move what both need into a third file.";
    // The way back: the uses on the path from the target down to here.
    auto from = std::find_if(path_.begin(), path_.end(), [&](const Used* each) { return each->from == used.target; });
    for (; from != path_.end(); ++from) diagnostic.labels.push_back({(*from)->use->target_span, "used here"});
  }

  Context& context_;
  const Library& library_;
  FileSystem& files_;
  std::map<std::string, std::size_t> by_path_;
  std::vector<std::vector<Used>> uses_;  ///< per file
  std::vector<State> state_;
  std::vector<const Used*> path_;
};

Status read_into(Unit& unit, const std::string& path, FileSystem& files) {
  Result<std::string> text = files.read_file(path, kReadLimit);
  if (!text) return text.error();
  const SourceFile& source = unit.sources.add(path, std::move(*text));
  unit.files.push_back(syntax::parse(source, unit.tree, unit.diagnostics));
  return Done{};
}

}  // namespace

std::string beside(const std::string& user, const std::string& file) {
  return normal((std::filesystem::path(user).parent_path() / file).generic_string());
}

void close_uses(Context& context, const Library& library, FileSystem& files) { Loader(context, library, files).run(); }

Status load(Unit& unit, const std::string& path, const Library& library, FileSystem& files) {
  std::vector<std::string> paths{path};
  if (files.is_directory(path)) {
    Result<std::vector<std::string>> listed = files.list(path);
    if (!listed) return listed.error();
    paths.clear();
    std::copy_if(listed->begin(), listed->end(), std::back_inserter(paths),
                 [](const std::string& each) { return each.ends_with(".nurture"); });
    std::sort(paths.begin(), paths.end());
    if (paths.empty())
      return Error{path + ": no .nurture file in this folder", "`nurture new NAME` writes one to start from."};
  }
  for (const std::string& each : paths) {
    if (Status read = read_into(unit, each, files); !read) return read;
  }
  unit.own_files = unit.files.size();
  analyze(unit, library, files);
  return Done{};
}

}  // namespace nurture::sema
