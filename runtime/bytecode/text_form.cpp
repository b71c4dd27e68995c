#include "runtime/bytecode/text_form.h"

#include <fmt/format.h>

#include "runtime/bytecode/verify.h"

namespace nurture::bytecode {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    while (skip_blanks()) {
      tokens.push_back({Token::Kind::Word, {}, line_});
      if (rest_[0] != '"') {
        tokens.back().text = word();
      } else if (tokens.back().kind = Token::Kind::Text; !text(tokens.back().text)) {
        return Error{
            fmt::format("line {}: this text does not end, or has an escape other than \\\" \\\\ \\n \\xNN", line_),
            "close it with a quotation mark on the same line"};
      }
    }
    tokens.push_back({Token::Kind::End, {}, line_});
    return tokens;
  }

 private:
  /// Past white space and comments; whether something follows.
  bool skip_blanks() {
    while (!rest_.empty()) {
      if (rest_[0] == ';') {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      } else if (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\r' || rest_[0] == '\n') {
        line_ += rest_[0] == '\n' ? 1 : 0;
        rest_.remove_prefix(1);
      } else {
        return true;
      }
    }
    return false;
  }
  std::string word() {
    const bool bracket = std::string_view("{}[]").find(rest_[0]) != std::string_view::npos;
    const std::size_t size = bracket ? 1 : std::min(rest_.find_first_of(" \t\r\n;\"{}[]"), rest_.size());
    std::string taken(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return taken;
  }
  bool text(std::string& out) {
    std::size_t i = 1;
    for (; i < rest_.size() && rest_[i] != '"' && rest_[i] != '\n'; ++i) {
      if (rest_[i] != '\\') {
        out += rest_[i];
      } else if (!escape(i, out)) {
        return false;
      }
    }
    if (i >= rest_.size() || rest_[i] != '"') return false;
    rest_.remove_prefix(i + 1);
    return true;
  }
  bool escape(std::size_t& i, std::string& out) {
    if (++i >= rest_.size()) return false;
    if (rest_[i] == '"' || rest_[i] == '\\')
      out += rest_[i];
    else if (rest_[i] == 'n')
      out += '\n';
    else if (rest_[i] == 'x' && i + 2 < rest_.size() && hex_digit(rest_[i + 1]) >= 0 && hex_digit(rest_[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(rest_[i + 1]) * 16 + hex_digit(rest_[i + 2]));
      i += 2;
    } else {
      return false;
    }
    return true;
  }

  std::string_view rest_;
  std::uint32_t line_ = 1;
};

}  // namespace

std::string quoted(std::string_view text) {
  const bool utf8 = valid_utf8(text);
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += fmt::format("\\{}", c);
    else if (c == '\n')
      out += "\\n";
    else if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !utf8))
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out + "\"";
}

Result<std::vector<Token>> tokenize(std::string_view text) { return Lexer(text).run(); }

}  // namespace nurture::bytecode
