#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"

namespace nurture::findings {

/// Makes the changes that diagnostics offer, over any number of programmes, in the files that they are about.
///
/// The changes of one diagnostic are made together or not at all. Where two diagnostics would change the same words,
/// the first does. No file has more errors of reading and grammar afterwards than before: what would give one is left
/// out.
class Mender {
 public:
  struct File {
    std::string path;
    std::string before, after;
  };
  struct Result {
    std::vector<File> files;     ///< that change, by path
    std::size_t mended = 0;      ///< diagnostics whose changes were made
    std::size_t unreadable = 0;  ///< whose changes were left out, because the file could not be read after them
  };

  void take(const Diagnostics& diagnostics, const SourceManager& sources);
  Result run() const;

 private:
  struct Change {
    std::size_t file;
    std::uint32_t begin, end;
    std::string replacement;
    bool operator==(const Change&) const = default;
  };
  using Fix = std::vector<Change>;
  struct Source {
    std::string path;
    std::string text;
  };

  static bool clash(const Change& a, const Change& b);
  static bool sound(const Fix& fix);
  static bool fits(const Fix& fix, const std::vector<Change>& made);
  std::size_t file_of(const SourceFile& source);
  std::vector<const Fix*> chosen() const;
  std::map<std::size_t, std::string> texts(const std::vector<const Fix*>& fixes) const;
  bool worse(std::size_t file, const std::string& after) const;
  std::vector<const Fix*> readable(const std::vector<const Fix*>& all) const;

  std::vector<Source> files_;
  std::map<std::string, std::size_t> by_path_;
  std::vector<Fix> fixes_;
};

}  // namespace nurture::findings
