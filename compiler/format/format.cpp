#include "compiler/format/format.h"

#include <algorithm>
#include <utility>

#include "compiler/format/page.h"

namespace nurture::format {

namespace {

using syntax::Concrete;
using syntax::Word;

/// Where the first of the errors is, if there are any.
std::optional<std::uint32_t> first_error(const Diagnostics& diagnostics) {
  std::optional<std::uint32_t> out;
  for (const Diagnostic& each : diagnostics.all()) {
    if (info(each.id).severity != Severity::Error) continue;
    out = std::min(out.value_or(UINT32_MAX), each.span.begin);
  }
  return out;
}

/// The beginning of the last line before an error on which an item begins: up to there everything can be trusted.
std::uint32_t stop_before(const SourceFile& source, const std::vector<Word>& words, std::uint32_t error) {
  std::string_view all = source.content();
  auto line_start = [&](std::uint32_t at) {
    std::size_t before = at == 0 ? std::string_view::npos : all.rfind('\n', at - 1);
    return before == std::string_view::npos ? 0 : static_cast<std::uint32_t>(before + 1);
  };
  std::size_t i = 0;
  while (i + 1 < words.size() && words[i].span.end <= error) ++i;
  for (; i > 0; --i) {
    std::uint32_t start = line_start(words[i].span.begin);
    bool first = words[i - 1].span.end <= start;
    if (words[i].begins && first && words[i].span.begin <= error) return start;
  }
  return words.empty() ? 0 : line_start(words[0].span.begin);
}

/// Writes the lines as changes of the file.
class Writer {
 public:
  Writer(const Page& page, const std::vector<Line>& lines, const Padding& padding, LineRange range)
      : page_(page), lines_(lines), padding_(padding), range_(range) {
    bool crlf = page.source.content().substr(page.source.line(1).size()).starts_with("\r\n");
    end_of_line_ = crlf ? "\r\n" : "\n";
  }

  std::vector<Edit> run() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      start_line(i);
      for (std::uint32_t w = lines_[i].begin; w < lines_[i].end; ++w) word(w, i);
      if (lines_[i].note) note(i);
    }
    if (!lines_.empty()) gap_ += end_of_line_;
    bool blank = page_.gaps.back().blank && page_.end < page_.source.content().size() && !lines_.empty();
    if (blank) gap_ += end_of_line_;
    change(at_, page_.end, gap_, chosen_ || wanted(page_.end));
    return std::move(edits_);
  }

 private:
  void start_line(std::size_t i) {
    const Line& line = lines_[i];
    if (i > 0) gap_ += end_of_line_;
    if (line.blank) gap_ += end_of_line_;
    gap_.append(line.indent, ' ');
    chosen_ = line.note && wanted(line.note->span.begin);
    for (std::uint32_t w = line.begin; w < line.end; ++w) chosen_ |= wanted(page_.words[w].span.begin);
  }

  void note(std::size_t i) {
    const Line& line = lines_[i];
    if (line.begin < line.end) gap_.append(kIndent + padding_.notes[i], ' ');
    if (line.note->span.begin >= at_)
      written(line.note->span, line.note->text);
    else
      gap_ += line.note->text;  // it stood among the parts of the last word
  }

  void word(std::uint32_t w, std::size_t i) {
    if (w > lines_[i].begin) gap_.append(spaces(page_, w) + padding_.words[w], ' ');
    written(page_.words[w].span, page_.words[w].text);
  }

  void written(Span span, const std::string& text) {
    std::uint32_t begin = std::max(at_, span.begin);
    change(at_, begin, gap_, chosen_);
    change(begin, span.end, text, chosen_);
    at_ = span.end;
    gap_.clear();
  }

  bool wanted(std::uint32_t at) const {
    if (range_.first <= 1 && range_.last == UINT32_MAX) return true;
    std::uint32_t line = page_.source.locate(at).line;
    return line >= range_.first && line <= range_.last;
  }

  void change(std::uint32_t begin, std::uint32_t end, const std::string& text, bool chosen) {
    if (!chosen || page_.source.content().substr(begin, end - begin) == text) return;
    if (!edits_.empty() && edits_.back().span.end == begin) {
      edits_.back().span.end = end;
      edits_.back().replacement += text;
      return;
    }
    edits_.push_back({{page_.source.id(), begin, end}, text});
  }

  const Page& page_;
  const std::vector<Line>& lines_;
  const Padding& padding_;
  LineRange range_;
  std::string end_of_line_;
  std::vector<Edit> edits_;
  std::string gap_;       ///< between the last word and the next, as it should be
  std::uint32_t at_ = 0;  ///< where the last word ends in the file
  bool chosen_ = true;    ///< whether the line is to be laid out
};

std::string applied(std::string_view text, const std::vector<Edit>& edits) {
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    out.append(text, at, edit.span.begin - at).append(edit.replacement);
    at = edit.span.end;
  }
  return out.append(text, at, std::string_view::npos);
}

std::vector<Edit> edits_of(const Page& page, LineRange range) {
  std::vector<Line> all = lines(page);
  return Writer(page, all, columns(page, all), range).run();
}

/// Whether the text says what the page says: the same words and the same comments.
bool says_the_same(const Page& page, const std::string& text) {
  SourceManager sources;
  const SourceFile& source = sources.add(page.source.path(), text);
  Diagnostics diagnostics;
  Concrete read = syntax::concrete(source, diagnostics);
  if (read.words.size() < page.words.size()) return false;
  for (std::size_t i = 0; i < page.words.size(); ++i) {
    if (read.words[i].text != page.words[i].text) return false;
  }
  std::size_t notes = 0;
  for (const Gap& gap : page.gaps) {
    for (const Note& note : gap.notes) {
      if (notes >= read.comments.size() || sources.text(read.comments[notes++]) != note.text) return false;
    }
  }
  return true;
}

}  // namespace

Formatted format(const SourceFile& source, Diagnostics& diagnostics, LineRange range) {
  Formatted out;
  out.text = source.content();
  Concrete concrete = syntax::concrete(source, diagnostics);
  auto end = static_cast<std::uint32_t>(source.content().size());
  if (auto error = first_error(diagnostics)) {
    end = stop_before(source, concrete.words, *error);
    out.stopped_at = end;
  }
  Page page(source, std::move(concrete), end);
  std::string whole = applied(source.content(), edits_of(page, {}));
  out.withheld = !says_the_same(page, whole);
  if (out.withheld) return out;
  out.edits = edits_of(page, range);
  out.text = applied(source.content(), out.edits);
  return out;
}

}  // namespace nurture::format
