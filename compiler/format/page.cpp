#include "compiler/format/page.h"

#include <algorithm>

namespace nurture::format {

namespace {

/// `# …` becomes `// …`; the first line of a script stays what it is.
std::string comment_text(const SourceFile& source, Span span) {
  std::string_view written = source.content().substr(span.begin, span.end - span.begin);
  std::size_t last = written.find_last_not_of(" \t");
  written = written.substr(0, last + 1);
  bool script = span.begin == 0 && written.starts_with("#!");
  if (script || !written.starts_with('#')) return std::string(written);
  written.remove_prefix(1);
  std::string out = "//";
  if (!written.empty() && written[0] != ' ') out += ' ';
  return out.append(written);
}

std::size_t line_ends(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Fills the gap between two places of the file.
class GapReader {
 public:
  GapReader(const SourceFile& source, std::uint32_t begin, Gap& gap) : source_(source), at_(begin), gap_(gap) {}

  void note(Span span) {
    std::size_t ends = line_ends(between(span.begin));
    gap_.new_line |= ends > 0;
    bool trailing = at_ > 0 && ends == 0 && gap_.notes.empty();
    gap_.notes.push_back({span, comment_text(source_, span), trailing, ends > 1});
    at_ = std::max(at_, span.end);
  }

  void close(std::uint32_t end) {
    std::size_t ends = line_ends(between(end));
    gap_.new_line |= ends > 0 || !gap_.notes.empty();
    gap_.blank = ends > 1;
  }

 private:
  std::string_view between(std::uint32_t end) const {
    return end <= at_ ? std::string_view{} : source_.content().substr(at_, end - at_);
  }

  const SourceFile& source_;
  std::uint32_t at_;
  Gap& gap_;
};

}  // namespace

Page::Page(const SourceFile& file, syntax::Concrete concrete, std::uint32_t laid_out)
    : source(file), words(std::move(concrete.words)), end(laid_out) {
  std::erase_if(words, [&](const syntax::Word& word) { return word.span.end > end; });
  auto count = static_cast<std::uint32_t>(words.size());
  for (syntax::Word& word : words) word.partner = std::min(word.partner, count);
  gaps.resize(words.size() + 1);
  auto note = concrete.comments.begin();
  std::uint32_t before = 0;
  for (std::uint32_t i = 0; i <= count; ++i) {
    std::uint32_t here = i < count ? words[i].span.begin : end;
    // A comment among words that were joined goes before them; but what begins an item would seem documented by it.
    std::uint32_t notes_end = i < count && !words[i].begins ? words[i].span.end : here;
    GapReader reader(source, before, gaps[i]);
    for (; note != concrete.comments.end() && note->begin < notes_end; ++note) reader.note(*note);
    reader.close(here);
    if (i < count) before = words[i].span.end;
  }
}

std::uint32_t width(std::string_view text) {
  auto lead = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), lead));
}

std::uint32_t spaces(const Page& page, std::uint32_t word) {
  const syntax::Word& here = page.words[word];
  if (here.tight) return 0;
  return here.begins && page.words[word - 1].text != "{" ? 2 : 1;
}

std::uint32_t width(const Page& page, std::uint32_t begin, std::uint32_t end) {
  std::uint32_t out = 0;
  for (std::uint32_t i = begin; i < end; ++i) out += (i > begin ? spaces(page, i) : 0) + width(page.words[i].text);
  return out;
}

}  // namespace nurture::format
