#pragma once

#include <filesystem>
#include <string>
#include <unistd.h>

#include "runtime/database/database_files.h"
#include "runtime/host/file_system.h"
#include "tests/catch.h"

namespace nurture::database::test {

/// A folder that goes with the test.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "nurture-database-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Scratch() { std::filesystem::remove_all(folder_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  /// What the file reads as: its text, or the message with which it is refused.
  std::string read(const std::string& name, const std::string& sql = "") const {
    DatabaseFiles files(host::real_file_system(), {sql, {}, 1});
    auto source = files.open(path(name));
    if (!source) return told(source.error());
    std::string out;
    char buffer[7];  // nothing that is read may depend on how much is asked for
    while (true) {
      auto count = (*source)->read(buffer, sizeof buffer);
      if (!count) return told(count.error());
      if (*count == 0) return out;
      out.append(buffer, *count);
    }
  }

 private:
  /// Without the folder's name, which is another each time.
  std::string told(const Error& error) const {
    std::string text = error.message + (error.hint.empty() ? "" : " (" + error.hint + ")");
    for (std::size_t at = 0; (at = text.find(folder_ + "/")) != std::string::npos;) text.erase(at, folder_.size() + 1);
    return text;
  }

  std::string folder_;
};

}  // namespace nurture::database::test
