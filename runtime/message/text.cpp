// Bodies as text.
#include <array>
#include <cctype>
#include <string>

#include "runtime/message/message.h"

namespace nurture::message {

namespace {

bool starts_with_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(text[i])) != word[i]) return false;
  }
  return text.size() == word.size() || std::isalnum(static_cast<unsigned char>(text[word.size()])) == 0;
}

bool begins_line(std::string_view tag) {
  for (std::string_view word :
       {"p", "br", "div", "tr", "table", "li", "ul", "ol", "h1", "h2", "h3", "h4", "hr", "blockquote"}) {
    if (starts_with_word(tag, word)) return true;
  }
  return false;
}

/// Past the element that begins here, if it is one whose content nobody reads; or 0.
std::size_t past_hidden(std::string_view text, std::size_t at) {
  for (std::string_view word : {"style", "script", "head"}) {
    if (!starts_with_word(text.substr(at + 1), word)) continue;
    for (std::size_t end = at; (end = text.find("</", end)) != std::string_view::npos; ++end) {
      if (!starts_with_word(text.substr(end + 2), word)) continue;
      std::size_t close = text.find('>', end);
      return close == std::string_view::npos ? text.size() : close + 1;
    }
  }
  return 0;
}

/// The character that a reference stands for, and its length in the text; none: the "&" itself.
std::pair<std::string_view, std::size_t> reference(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kKnown = {{{"&amp;", "&"},
                                                                                    {"&lt;", "<"},
                                                                                    {"&gt;", ">"},
                                                                                    {"&quot;", "\""},
                                                                                    {"&#39;", "'"},
                                                                                    {"&nbsp;", " "},
                                                                                    {"&copy;", "©"}}};
  for (const auto& [name, character] : kKnown) {
    if (text.starts_with(name)) return {character, name.size()};
  }
  return {"&", 1};
}

/// Words as they are read, a line break where the markup makes one.
class Reader {
 public:
  void word(std::string_view text) {
    bool space = text == " " || text == "\n" || text == "\t" || text == "\r";
    if (space) {
      gap_ = true;
      return;
    }
    if (gap_ && !out_.empty() && out_.back() != '\n') out_ += ' ';
    gap_ = false;
    out_ += text;
  }
  void line() {
    if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
    gap_ = false;
  }
  std::string take() {
    while (!out_.empty() && out_.back() == '\n') out_.pop_back();
    return out_.empty() ? out_ : out_ + '\n';
  }

 private:
  std::string out_;
  bool gap_ = false;
};

void read_markup(Reader& reader, std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '<') {
      if (std::size_t past = past_hidden(text, i)) {
        i = past;
        continue;
      }
      std::size_t name = i + 1 < text.size() && text[i + 1] == '/' ? i + 2 : i + 1;
      if (begins_line(text.substr(name))) reader.line();
      std::size_t close = text.find('>', i);
      i = close == std::string_view::npos ? text.size() : close + 1;
    } else if (text[i] == '&') {
      auto [character, length] = reference(text.substr(i));
      reader.word(character);
      i += length;
    } else {
      reader.word(text.substr(i, 1));
      ++i;
    }
  }
}

}  // namespace

std::string to_text(const Pieces& body, bytecode::BodyFormat format) {
  if (format != bytecode::BodyFormat::Html) return plain(body);
  Reader reader;
  read_markup(reader, to_html(body, format, {}));
  return reader.take();
}

}  // namespace nurture::message
