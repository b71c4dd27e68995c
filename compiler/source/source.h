#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nurture {

using FileId = std::uint32_t;
/// From here on: files that all compilations of a process share.
inline constexpr FileId kSharedFiles = FileId{1} << 31;

/// Half-open byte range in one file.
struct Span {
  FileId file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const Span&) const = default;
};

struct LineColumn {
  std::uint32_t line = 1;    ///< from 1
  std::uint32_t column = 1;  ///< from 1, in code points
};

/// One source file, immutable. The content is UTF-8 with a byte order mark removed; CR LF is kept.
class SourceFile {
 public:
  SourceFile(FileId id, std::string path, std::string content);
  FileId id() const { return id_; }
  const std::string& path() const {
    return path_;
  }  ///< as shown to people: relative, or <std/b2b.nurture> for embedded
  std::string_view content() const { return content_; }
  LineColumn locate(std::uint32_t offset) const;
  std::string_view line(std::uint32_t number) const;  ///< without its line end
  std::uint32_t lines() const { return static_cast<std::uint32_t>(line_starts_.size()); }

 private:
  FileId id_;
  std::string path_;
  std::string content_;
  std::vector<std::uint32_t> line_starts_;
};

/// All files of one compilation. Owns them, or shares them with other compilations; references stay valid.
class SourceManager {
 public:
  const SourceFile& add(std::string path, std::string content);
  /// Takes in a file whose id is kSharedFiles or above.
  const SourceFile& share(std::shared_ptr<const SourceFile> file);
  bool has(FileId id) const { return id < kSharedFiles ? id < files_.size() : shared(id) != nullptr; }
  /// The file must be there.
  const SourceFile& file(FileId id) const { return id < kSharedFiles ? *files_[id] : *shared(id); }
  /// Its own, in the order of their ids, then the shared ones in the order in which they came.
  std::vector<const SourceFile*> all() const;
  std::string_view text(Span span) const { return file(span.file).content().substr(span.begin, span.end - span.begin); }

 private:
  const SourceFile* shared(FileId id) const;

  std::vector<std::unique_ptr<const SourceFile>> files_;
  std::vector<std::shared_ptr<const SourceFile>> shared_;
};

}  // namespace nurture
