#include <algorithm>

#include "compiler/format/page.h"

namespace nurture::format {

namespace {

using syntax::Column;

/// Lines that differ by more do not look better in columns.
constexpr std::uint32_t kSpread = 32;

class Aligner {
 public:
  Aligner(const Page& page, const std::vector<Line>& lines) : page_(page), lines_(lines) {
    padding_.words.resize(page.words.size());
    padding_.notes.resize(lines.size());
  }

  Padding run() {
    runs([](const Line& a, const Line& b) { return a.whole && b.whole && a.parent == b.parent; },
         [&](std::size_t begin, std::size_t end) {
           for (Column column : {Column::Value, Column::As, Column::Gives, Column::Body}) align(column, 0, begin, end);
           for (std::size_t nth = 0; align(Column::Cell, nth, begin, end); ++nth) continue;
         });
    runs([](const Line& a, const Line& b) { return a.note && b.note && a.indent == b.indent; },
         [&](std::size_t begin, std::size_t end) { align_notes(begin, end); });
    return std::move(padding_);
  }

 private:
  /// Calls `done` for lines that follow one another without an empty line or a comment between, and go together.
  template <typename Together, typename Done>
  void runs(Together together, Done done) const {
    for (std::size_t begin = 0; begin < lines_.size();) {
      std::size_t end = begin + 1;
      while (end < lines_.size() && has_words(end - 1) && has_words(end) && !lines_[end].blank &&
             together(lines_[end - 1], lines_[end])) {
        ++end;
      }
      if (end - begin > 1) done(begin, end);
      begin = end;
    }
  }

  bool has_words(std::size_t i) const { return lines_[i].begin < lines_[i].end; }

  std::uint32_t line_width(std::size_t i, std::uint32_t end) const {
    const Line& line = lines_[i];
    std::uint32_t out = line.indent + width(page_, line.begin, end);
    for (std::uint32_t w = line.begin; w < end; ++w) out += padding_.words[w];
    return out;
  }

  /// The nth word of the line that stands in such a column. Inside braces on one line only cells do: `{ subject "Hello"
  /// }` is a sentence of its own.
  std::uint32_t find(Column column, std::size_t nth, std::size_t i) const {
    bool inside = false;
    for (std::uint32_t w = lines_[i].begin + 1; w < lines_[i].end; ++w) {
      if (page_.words[w].column == column && (!inside || column == Column::Cell) && nth-- == 0) return w;
      inside |= page_.words[w].text == "{";
    }
    return kNone;
  }

  /// Moves the words of a column to where the rightmost of them stands. Whether there are any.
  bool align(Column column, std::size_t nth, std::size_t begin, std::size_t end) {
    std::uint32_t least = kNone, most = 0;
    for (std::size_t i = begin; i < end; ++i) {
      std::uint32_t w = find(column, nth, i);
      if (w == kNone) continue;
      least = std::min(least, line_width(i, w));
      most = std::max(most, line_width(i, w));
    }
    if (least == kNone) return false;
    if (most - least > kSpread) return true;
    for (std::size_t i = begin; i < end; ++i) {
      std::uint32_t w = find(column, nth, i);
      if (w != kNone && line_width(i, lines_[i].end) + most - line_width(i, w) > kWidth) return true;
    }
    for (std::size_t i = begin; i < end; ++i) {
      std::uint32_t w = find(column, nth, i);
      if (w != kNone) padding_.words[w] += most - line_width(i, w);
    }
    return true;
  }

  void align_notes(std::size_t begin, std::size_t end) {
    std::uint32_t most = 0;
    for (std::size_t i = begin; i < end; ++i) most = std::max(most, line_width(i, lines_[i].end));
    for (std::size_t i = begin; i < end; ++i) {
      std::uint32_t note = kIndent + width(lines_[i].note->text);
      bool pushed_out = most + note > kWidth && line_width(i, lines_[i].end) + note <= kWidth;
      if (pushed_out) return;
    }
    for (std::size_t i = begin; i < end; ++i) padding_.notes[i] = most - line_width(i, lines_[i].end);
  }

  const Page& page_;
  const std::vector<Line>& lines_;
  Padding padding_;
};

}  // namespace

Padding columns(const Page& page, const std::vector<Line>& lines) { return Aligner(page, lines).run(); }

}  // namespace nurture::format
