#include <algorithm>

#include "compiler/format/page.h"

namespace nurture::format {

namespace {

using syntax::Braces;
using syntax::Word;

class LineMaker {
 public:
  explicit LineMaker(const Page& page) : page_(page), count_(static_cast<std::uint32_t>(page.words.size())) {}

  std::vector<Line> run() {
    items(0, count_, 0, kNone);
    notes(count_, open_ * kIndent);
    return std::move(lines_);
  }

 private:
  const Word& word(std::uint32_t i) const { return page_.words[i]; }

  /// One after another, each on lines of its own; short entries of a record as they share lines.
  void items(std::uint32_t begin, std::uint32_t end, std::uint32_t indent, std::uint32_t parent) {
    bool record = parent != kNone && word(parent).braces == Braces::Record;
    std::uint32_t apart = begin;  // up to here each entry has its line, because together they are too long
    for (std::uint32_t at = begin; at < end;) {
      std::uint32_t next = item_end(at, end);
      std::uint32_t shared = next;
      while (record && at >= apart && shared < end && !page_.gaps[shared].new_line) shared = item_end(shared, end);
      bool fits = indent + width(page_, at, shared) <= kWidth && plain(at, shared);
      if (fits) next = shared;
      if (!fits) apart = std::max(apart, shared);
      item(at, next, indent, parent);
      at = next;
    }
  }

  /// Where the item that begins at `at` ends: before the next one in the same braces.
  std::uint32_t item_end(std::uint32_t at, std::uint32_t end) const {
    for (++at; at < end && !word(at).begins; ++at) {
      if (word(at).text == "{") at = std::min(word(at).partner, end - 1);
    }
    return std::min(at, end);
  }

  bool uncommented(std::uint32_t begin, std::uint32_t end) const {
    for (std::uint32_t i = begin + 1; i < end; ++i) {
      if (!page_.gaps[i].notes.empty()) return false;
    }
    return true;
  }

  /// Neither braces nor comments between the words.
  bool plain(std::uint32_t begin, std::uint32_t end) const {
    for (std::uint32_t i = begin; i < end; ++i) {
      if (word(i).text == "{") return false;
    }
    return uncommented(begin, end);
  }

  void item(std::uint32_t begin, std::uint32_t end, std::uint32_t indent, std::uint32_t parent) {
    std::size_t before = made_;
    std::uint32_t start = begin;
    for (std::uint32_t i = begin; i < end; ++i) {
      if (word(i).goes_on && i > start) {
        line(start, i, indent);
        start = i;
      }
      if (word(i).text != "{") continue;
      std::uint32_t close = word(i).partner;
      if (inline_braces(i) && indent + width(page_, start, stretch(close, end)) <= kWidth) {
        i = close;
        continue;
      }
      head(start, i, indent);
      items(i + 1, std::min(close, end), indent + kIndent, i);
      open_ += close == count_;
      if (close >= end) return;
      notes(close, indent + kIndent);
      start = i = close;
    }
    line(start, end, indent);
    if (made_ != before + 1) return;
    lines_.back().whole = true;
    lines_.back().parent = parent;
  }

  /// What stands before a body; behind more than one line, the brace has a line of its own.
  void head(std::uint32_t begin, std::uint32_t brace, std::uint32_t indent) {
    bool fits = indent + width(page_, begin, brace + 1) <= kWidth && uncommented(begin, brace + 1);
    if (fits) return line(begin, brace + 1, indent);
    if (begin < brace) line(begin, brace, indent);
    line(brace, brace + 1, indent);
  }

  /// Where the words that follow a brace on its line end: at the next one, or at `else`.
  std::uint32_t stretch(std::uint32_t close, std::uint32_t end) const {
    for (std::uint32_t i = close + 1; i < end; ++i) {
      if (word(i).goes_on) return i;
      if (word(i).text == "{") return i + 1;
    }
    return end;
  }

  /// Whether what is between the braces may stand on their line, if it is short enough.
  bool inline_braces(std::uint32_t open) const {
    std::uint32_t close = word(open).partner;
    if (close == count_ || !plain(open + 1, close)) return false;
    if (!page_.gaps[open + 1].notes.empty() || !page_.gaps[close].notes.empty()) return false;
    if (close == open + 1) return true;
    switch (word(open).braces) {
      case Braces::None:
      case Braces::Lines:
        return false;
      case Braces::Single:
        return item_end(open + 1, close) == close;
      case Braces::Record:
        return !parted(open, close);
    }
    return false;
  }

  /// Whether lines end between the entries.
  bool parted(std::uint32_t open, std::uint32_t close) const {
    for (std::uint32_t i = open + 1; i <= close; ++i) {
      if ((word(i).begins || i == close) && page_.gaps[i].new_line) return true;
    }
    return false;
  }

  /// The comments before a word: one at the end of the line before, the others on lines of their own.
  void notes(std::uint32_t i, std::uint32_t indent) {
    for (const Note& note : page_.gaps[i].notes) {
      if (note.trailing && !lines_.empty() && !lines_.back().note) {
        lines_.back().note = &note;
        continue;
      }
      Line line{.begin = i, .end = i, .indent = indent, .note = &note};
      line.blank = note.blank && !after_brace();
      lines_.push_back(line);
    }
  }

  /// Nothing stands in the braces yet, or in the file.
  bool after_brace() const {
    return lines_.empty() || (lines_.back().end > lines_.back().begin && word(lines_.back().end - 1).text == "{");
  }

  /// Words that belong on one line: it ends early after a comment, and where it is too long.
  void line(std::uint32_t begin, std::uint32_t end, std::uint32_t indent) {
    bool closing = word(begin).text == "}";
    if (!closing) notes(begin, indent);
    bool blank = page_.gaps[begin].blank && !closing && !word(begin).goes_on && !after_brace();
    std::uint32_t here = indent;
    for (std::uint32_t at = begin; at < end; here = indent + kContinued) {
      if (at > begin) notes(at, here);
      std::uint32_t next = at + 1;
      while (next < end && page_.gaps[next].notes.empty()) ++next;
      std::vector<Break> breaks = wraps(page_, at, next, here, indent + kContinued);
      breaks.push_back({next, 0});
      for (const Break& each : breaks) {
        lines_.push_back({.begin = at, .end = each.word, .indent = here, .blank = blank && at == begin});
        ++made_;
        at = each.word;
        here = each.column;
      }
    }
  }

  const Page& page_;
  const std::uint32_t count_;
  std::vector<Line> lines_;
  std::size_t made_ = 0;    ///< lines with words
  std::uint32_t open_ = 0;  ///< braces that are open where the layout ends
};

}  // namespace

std::vector<Line> lines(const Page& page) { return LineMaker(page).run(); }

}  // namespace nurture::format
