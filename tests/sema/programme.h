#pragma once

#include <map>
#include <memory>
#include <string>

#include "compiler/sema/model.h"

/// Small programmes for the tests of the checker: one line of campaign, wrapped into the rest.
namespace nurture::tests {

/// Files by path; nothing else.
struct MemoryFiles : FileSystem {
  std::map<std::string, std::string> files;
  Result<std::string> read_file(const std::string& path, std::uint64_t limit) override;
  Result<std::unique_ptr<ByteSource>> open(const std::string& path) override;
  Result<std::unique_ptr<ByteSink>> create(const std::string& path) override;
  bool is_directory(const std::string& path) override;
  bool exists(const std::string& path) override { return files.contains(path); }
  Result<std::vector<std::string>> list(const std::string& folder) override;
};

/// `use mini`: a few attributes, events and contents.
const sema::Library& mini_library();

std::unique_ptr<sema::Unit> load(MemoryFiles& files, const std::string& path);
/// The programme in one file, with `use mini` on its first line.
std::unique_ptr<sema::Unit> check(const std::string& text);

std::string clauses(
    const std::string& text);  ///< of campaign "c", which enters on form.submitted and has the stage "start"
std::string statements(const std::string& text);  ///< of the stage "start" of such a campaign; there is a stage "other"
std::string condition(const std::string& text);   ///< after `if` there

/// Code, line, column and message of every diagnostic, a line each.
std::string listing(const sema::Unit& unit);

}  // namespace nurture::tests
