// Bodies as HTML. Every value is kept out of the markup until that is finished: a token stands for it meanwhile, and is
// replaced by the value written for where it stands.
#include <cctype>
#include <cmark.h>
#include <cstdlib>
#include <fmt/format.h>

#include "runtime/message/message.h"

namespace nurture::message {

namespace {

using bytecode::BodyFormat;

/// Letters and digits only, so that Markdown leaves it alone; its stem occurs nowhere in what the author wrote.
struct Tokens {
  explicit Tokens(const Pieces& pieces) {
    bool found = true;
    for (std::size_t n = 0; found; ++n) {
      stem = fmt::format("zq{}v", n);
      found = false;
      for (const Piece& piece : pieces) found = found || (!piece.value && piece.text.find(stem) != std::string::npos);
    }
  }
  std::string token(std::size_t index) const { return fmt::format("{}{}z", stem, index); }
  std::string stem;
};

std::string with_tokens(const Pieces& pieces, const Tokens& tokens) {
  std::string out;
  for (std::size_t i = 0; i < pieces.size(); ++i) out += pieces[i].value ? tokens.token(i) : pieces[i].text;
  return out;
}

void append_escaped(std::string& out, std::string_view text) {
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

bool one_of(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

/// Bytes of an address as they may stand there; `kept` besides letters and digits.
std::string percent_coded(std::string_view text, std::string_view kept) {
  std::string out;
  for (char c : text) {
    bool stays = std::isalnum(static_cast<unsigned char>(c)) != 0 || one_of(kept, c);
    out += stays ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// A value that is a whole address, or its beginning.
std::string address(std::string_view text) {
  std::size_t colon = text.find_first_of(":/?#");
  std::string scheme;
  if (colon != std::string_view::npos && text[colon] == ':') {
    for (char c : text.substr(0, colon)) scheme += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  bool harmless = scheme.empty() || scheme == "http" || scheme == "https" || scheme == "mailto" || scheme == "tel";
  return harmless ? percent_coded(text, "-._~:/?#[]@!$&'()*+,;=%") : "#";
}

/// Where in the markup a byte stands.
class Place {
 public:
  void pass(std::string_view text) {
    for (char c : text) pass(c);
  }
  bool in_link() const { return quote_ != 0 && (attribute_ == "href" || attribute_ == "src"); }
  bool first() const { return first_; }

 private:
  void pass(char c) {
    if (quote_ != 0) {
      if (c == quote_) quote_ = 0;
      first_ = false;
    } else if (!in_tag_) {
      in_tag_ = c == '<';
      attribute_.clear();
    } else if (c == '>') {
      in_tag_ = false;
    } else if (c == '"' || c == '\'') {
      quote_ = c;
      first_ = true;
    } else if (c != '=') {
      if (std::isspace(static_cast<unsigned char>(c)) != 0)
        attribute_.clear();
      else
        attribute_ += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }

  bool in_tag_ = false;
  char quote_ = 0;         ///< of the attribute value, or 0
  bool first_ = false;     ///< nothing of the value has been seen
  std::string attribute_;  ///< the name before the value
};

std::string with_values(std::string_view markup, const Pieces& pieces, const Tokens& tokens) {
  std::string out;
  Place place;
  for (std::size_t at = 0; at < markup.size();) {
    std::size_t next = markup.find(tokens.stem, at);
    std::string_view before = markup.substr(at, next == std::string_view::npos ? next : next - at);
    out += before;
    place.pass(before);
    if (next == std::string_view::npos) break;
    char* end = nullptr;
    const char* digits = markup.data() + next + tokens.stem.size();
    const std::string& value = pieces[std::strtoull(digits, &end, 10)].text;
    bool whole = place.first();
    append_escaped(out, !place.in_link() ? value : whole ? address(value) : percent_coded(value, "-._~"));
    place.pass("v");
    at = static_cast<std::size_t>(end - markup.data()) + 1;
  }
  return out;
}

std::string from_markdown(const std::string& text) {
  // Authors may write HTML where Markdown has no word for it: what they write is theirs, values never get here.
  char* html = cmark_markdown_to_html(text.data(), text.size(), CMARK_OPT_UNSAFE);
  std::string out = html;
  std::free(html);
  return out;
}

std::string from_plain(const Pieces& pieces) {
  std::string out = "<p>";
  std::string text;
  append_escaped(text, plain(pieces));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n')
      out += text[i];
    else if (i + 1 < text.size() && text[i + 1] == '\n')
      out += "</p>\n<p>", ++i;
    else
      out += "<br>\n";
  }
  return out + "</p>\n";
}

}  // namespace

std::string to_html(const Pieces& body, BodyFormat format, std::string_view title) {
  Tokens tokens(body);
  if (format == BodyFormat::Html) return with_values(with_tokens(body, tokens), body, tokens);
  std::string inside = format == BodyFormat::Markdown
                           ? with_values(from_markdown(with_tokens(body, tokens)), body, tokens)
                           : from_plain(body);
  std::string head;
  append_escaped(head, title);
  return fmt::format(
      "<!doctype html>\n<html>\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n<body>\n{}</body>\n</html>\n",
      head, inside);
}

}  // namespace nurture::message
