#include "tools/nurture/git_files.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <git2.h>

namespace nurture::tool {

namespace {

template <typename T, void (*Free)(T*)>
struct Freeing {
  void operator()(T* what) const { Free(what); }
};
template <typename T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, Freeing<T, Free>>;

using Entry = Owned<git_tree_entry, git_tree_entry_free>;

std::string reason() {
  const git_error* error = git_error_last();
  return error != nullptr && error->message != nullptr ? error->message : "git does not say why";
}

/// Without "./", "a/../" and the like; the root is empty.
std::string normal(const std::string& path) {
  std::string out = std::filesystem::path(path).lexically_normal().generic_string();
  while (out.ends_with('/')) out.pop_back();
  return out == "." ? "" : out;
}

/// Bytes that are there already.
class Bytes final : public ByteSource {
 public:
  explicit Bytes(std::string content) : content_(std::move(content)) {}
  Result<std::size_t> read(char* buffer, std::size_t size) override {
    const std::size_t taken = content_.copy(buffer, size, at_);
    at_ += taken;
    return taken;
  }

 private:
  std::string content_;
  std::size_t at_ = 0;
};

}  // namespace

struct GitFiles::Repository {
  Owned<git_repository, git_repository_free> repository;
  Owned<git_tree, git_tree_free> tree;
  std::string revision;

  Repository() { git_libgit2_init(); }
  ~Repository() {
    tree.reset();
    repository.reset();
    git_libgit2_shutdown();
  }
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  Entry find(const std::string& path) const {
    git_tree_entry* found = nullptr;
    if (git_tree_entry_bypath(&found, tree.get(), normal(path).c_str()) != 0) return nullptr;
    return Entry(found);
  }
  Error none(const std::string& path) const {
    return {
        fmt::format("cannot read {}: no such file in the revision \"{}\"", path, revision),
        "A path after the colon begins at the root of the repository; `REV:./path` begins in the folder you are in."};
  }
};

GitFiles::GitFiles(std::unique_ptr<Repository> repository) : repository_(std::move(repository)) {}
GitFiles::~GitFiles() = default;

Result<std::unique_ptr<GitFiles>> GitFiles::open(const std::string& folder, const std::string& revision) {
  auto made = std::make_unique<Repository>();
  made->revision = revision;
  git_repository* repository = nullptr;
  if (git_repository_open_ext(&repository, folder.c_str(), 0, nullptr) != 0)
    return Error{fmt::format("cannot look up the revision \"{}\": {}", revision, reason()),
                 "Start this in a folder of the git repository that has it."};
  made->repository.reset(repository);
  git_object* object = nullptr;
  if (git_revparse_single(&object, repository, revision.c_str()) != 0)
    return Error{fmt::format("there is no revision \"{}\" in this repository: {}", revision, reason()),
                 "A build server may have fetched the newest one only; `git fetch` brings the others."};
  const Owned<git_object, git_object_free> found(object);
  git_object* tree = nullptr;
  if (git_object_peel(&tree, object, GIT_OBJECT_TREE) != 0)
    return Error{fmt::format("\"{}\" is no revision: {}", revision, reason()), ""};
  made->tree.reset(reinterpret_cast<git_tree*>(tree));
  return std::unique_ptr<GitFiles>(new GitFiles(std::move(made)));
}

Result<std::string> GitFiles::from_folder(const std::string& folder, const std::string& path) const {
  const char* root = git_repository_workdir(repository_->repository.get());
  std::error_code missing;
  const auto whole = std::filesystem::weakly_canonical(std::filesystem::path(folder) / path, missing);
  const auto inside = root == nullptr || missing
                          ? std::filesystem::path("..")
                          : whole.lexically_relative(std::filesystem::weakly_canonical(root, missing));
  if (inside.empty() || *inside.begin() == "..")
    return Error{fmt::format("{} is not in this git repository", path), ""};
  return normal(inside.generic_string());
}

Result<std::string> GitFiles::read_file(const std::string& path, std::uint64_t limit) {
  const Entry entry = repository_->find(path);
  if (!entry || git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB) return repository_->none(path);
  git_blob* found = nullptr;
  if (git_blob_lookup(&found, repository_->repository.get(), git_tree_entry_id(entry.get())) != 0)
    return Error{fmt::format("cannot read {}: {}", path, reason()), ""};
  const Owned<git_blob, git_blob_free> blob(found);
  const auto size = static_cast<std::uint64_t>(git_blob_rawsize(found));
  if (size > limit) return Error{fmt::format("{} is larger than {} bytes", path, limit), ""};
  return std::string(static_cast<const char*>(git_blob_rawcontent(found)), size);
}

Result<std::unique_ptr<ByteSource>> GitFiles::open(const std::string& path) {
  auto content = read_file(path, UINT64_MAX);
  if (!content) return content.error();
  return std::unique_ptr<ByteSource>(std::make_unique<Bytes>(std::move(*content)));
}

Result<std::unique_ptr<ByteSink>> GitFiles::create(const std::string& path) {
  return Error{fmt::format("cannot write {} into a revision", path), ""};
}

bool GitFiles::is_directory(const std::string& path) {
  if (normal(path).empty()) return true;
  const Entry entry = repository_->find(path);
  return entry && git_tree_entry_type(entry.get()) == GIT_OBJECT_TREE;
}

bool GitFiles::exists(const std::string& path) { return normal(path).empty() || repository_->find(path) != nullptr; }

Result<std::vector<std::string>> GitFiles::list(const std::string& folder) {
  if (!is_directory(folder)) return repository_->none(folder);
  struct Walk {
    std::string below;
    std::vector<std::string> files;
  } walk{normal(folder).empty() ? "" : normal(folder) + "/", {}};
  const auto visit = [](const char* root, const git_tree_entry* entry, void* data) {
    Walk& to = *static_cast<Walk*>(data);
    std::string path = std::string(root) + git_tree_entry_name(entry);
    if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB && path.starts_with(to.below))
      to.files.push_back(std::move(path));
    return 0;
  };
  if (git_tree_walk(repository_->tree.get(), GIT_TREEWALK_PRE, visit, &walk) != 0)
    return Error{fmt::format("cannot list {}: {}", folder, reason()), ""};
  std::sort(walk.files.begin(), walk.files.end());
  return std::move(walk.files);
}

}  // namespace nurture::tool
