#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source.h"
#include "compiler/syntax/concrete.h"

/// What the steps of the formatter share.
namespace nurture::format {

/// Characters that a line should hold at most.
constexpr std::uint32_t kWidth = 120;
constexpr std::uint32_t kIndent = 2;
/// Of the lines in which a long one goes on.
constexpr std::uint32_t kContinued = 4;

constexpr std::uint32_t kNone = UINT32_MAX;

/// A comment, as it should be written.
struct Note {
  Span span;
  std::string text;
  bool trailing = false;  ///< stands behind a word, on its line
  bool blank = false;     ///< an empty line stands before it
};

/// What stands between two words.
struct Gap {
  std::vector<Note> notes;
  bool blank = false;     ///< an empty line right before the second word
  bool new_line = false;  ///< it stands on a line after the first
};

/// The words that are laid out, and what stood between them. Gap i is before word i, the last one behind all words.
struct Page {
  const SourceFile& source;
  std::vector<syntax::Word> words;
  std::vector<Gap> gaps;
  std::uint32_t end;  ///< byte of the file up to which it is laid out

  Page(const SourceFile& file, syntax::Concrete concrete, std::uint32_t end);
};

/// Characters, as an editor counts them.
std::uint32_t width(std::string_view text);

/// A line as it should be. Without words it is a comment.
struct Line {
  std::uint32_t begin = 0, end = 0;  ///< words
  std::uint32_t indent = 0;
  const Note* note = nullptr;    ///< at its end
  bool blank = false;            ///< an empty line before
  bool whole = false;            ///< one item, all of it
  std::uint32_t parent = kNone;  ///< the brace around that
};

/// Spaces before a word that is not the first of its line.
std::uint32_t spaces(const Page& page, std::uint32_t word);
/// Characters of some words on one line.
std::uint32_t width(const Page& page, std::uint32_t begin, std::uint32_t end);

/// Which words stand on which line.
std::vector<Line> lines(const Page& page);

/// A word that begins a further line, and the column it stands in.
struct Break {
  std::uint32_t word;
  std::uint32_t column;
};
/// Where [begin, end) goes on in further lines, if it begins at `column` and is too long.
std::vector<Break> wraps(const Page& page, std::uint32_t begin, std::uint32_t end, std::uint32_t column,
                         std::uint32_t continued);

/// What is put in before words, and before comments at the ends of lines, so that they stand in columns.
struct Padding {
  std::vector<std::uint32_t> words;  ///< by word
  std::vector<std::uint32_t> notes;  ///< by line
};
Padding columns(const Page& page, const std::vector<Line>& lines);

}  // namespace nurture::format
