#include "compiler/syntax/lexing.h"

#include <utility>

#include "compiler/syntax/streams.h"

namespace nurture::syntax {

void report_not_utf8(const SourceFile& source, std::uint32_t at, Diagnostics& diagnostics) {
  auto byte = static_cast<unsigned>(static_cast<unsigned char>(source.content()[at]));
  auto& d = diagnostics.report(DiagnosticId::NotUtf8, Span{source.id(), at, at + 1}, byte);
  // Windows-1252 and Latin-1 agree from 0xA0, and there each byte is the code point of its letter.
  if (byte < 0xA0) {
    d.hint = "Save the file as UTF-8 in your editor.";
  } else {
    const char letter[] = {static_cast<char>(0xC0 | byte >> 6), static_cast<char>(0x80 | (byte & 0x3F)), 0};
    d.hint = fmt::format("Save the file as UTF-8 in your editor; as Windows-1252 this byte would be \"{}\".", letter);
  }
}

namespace {

/// The tokens as they come, with what cannot be a token reported.
class LexRun {
 public:
  LexRun(const SourceFile& source, Diagnostics& diagnostics, Lexed& out)
      : source_(source), diagnostics_(diagnostics), out_(out) {}

  void run(std::uint32_t begin, std::uint32_t end) {
    // The expressions of a text are read again by themselves; their bytes were looked at with the text.
    not_utf8_said_ = begin > 0;
    ByteStream bytes(source_.content(), begin, end);
    Lexer lexer(&bytes);
    lexer.removeErrorListeners();
    LineColumn at = begin ? source_.locate(begin) : LineColumn{};
    lexer.setLine(at.line);
    lexer.setCharPositionInLine(at.column - 1);
    for (;;) {
      TokenPtr token = lexer.nextToken();
      bool last = token->getType() == antlr4::Token::EOF;
      take(std::move(token));
      if (last) return;
    }
  }

 private:
  void take(TokenPtr token) {
    switch (token->getType()) {
      case Parser::STRING:
      case Parser::SINGLE_QUOTED:
        look_at_bytes(*token);
        break;
      case Parser::COMMENT:
        look_at_bytes(*token);
        out_.comments.push_back({span_of(source_, *token)});
        return;
      case Parser::STRANGE:
        strange(*token);
        return;
      case Parser::UNTERMINATED:
        look_at_bytes(*token);
        unterminated(std::move(token));
        return;
    }
    out_.tokens.push_back(std::move(token));
  }

  void strange(const antlr4::Token& token) {
    Span span = span_of(source_, token);
    // One report for a run of them.
    bool goes_on = span.begin == last_strange_end_;
    last_strange_end_ = span.end;
    if (goes_on) return;
    std::string_view text = source_.content().substr(span.begin, span.end - span.begin);
    bool control = text.size() == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7f);
    bool foreign = text.size() == 1 && static_cast<unsigned char>(text[0]) >= 0x80;
    out_.broken_lines.insert(token.getLine());
    if (foreign) return not_utf8(span.begin);
    auto& d =
        diagnostics_.report(DiagnosticId::StrangeCharacter, span,
                            control ? fmt::format("\\x{:02x}", static_cast<unsigned>(text[0])) : std::string(text));
    if (text == ";") d.hint = "A line needs nothing at its end; leave the \";\" out.";
    if (text == "'" || text == "`" || text == "’") d.hint = "Texts stand in double quotes.";
    if (text == ";") d.edits.push_back({span, ""});
  }

  void look_at_bytes(const antlr4::Token& token) {
    if (not_utf8_said_) return;
    Span span = span_of(source_, token);
    std::string_view text = source_.content().substr(span.begin, span.end - span.begin);
    std::size_t bad = first_not_utf8(text);
    if (bad < text.size()) not_utf8(span.begin + static_cast<std::uint32_t>(bad));
  }

  /// Once for a file: one way of saving it mends them all.
  void not_utf8(std::uint32_t at) {
    if (!std::exchange(not_utf8_said_, true)) report_not_utf8(source_, at, diagnostics_);
  }

  /// Keeps the text to the end of its line, but not the braces that close the line: they are hardly part of it.
  void unterminated(TokenPtr token) {
    auto& text = common(token);
    Span span = span_of(source_, text);
    std::string_view all = source_.content();
    std::uint32_t end = span.end;
    std::vector<std::uint32_t> braces;
    while (end > span.begin + 1 && (all[end - 1] == ' ' || all[end - 1] == '\t' || all[end - 1] == '}')) {
      if (all[--end] == '}') braces.insert(braces.begin(), end);
    }
    if (braces.empty()) end = span.end;
    diagnostics_.report(DiagnosticId::UnterminatedText, Span{span.file, span.begin, end}).hint =
        "Close it with a quote on the same line.";
    out_.broken_lines.insert(text.getLine());
    text.setType(Parser::STRING);
    text.setStopIndex(end - 1);
    std::size_t line = text.getLine();
    out_.tokens.push_back(std::move(token));
    for (std::uint32_t at : braces) {
      auto brace = std::make_unique<antlr4::CommonToken>(Parser::RBRACE);
      brace->setStartIndex(at);
      brace->setStopIndex(at);
      brace->setLine(line);
      brace->setCharPositionInLine(source_.locate(at).column - 1);
      out_.tokens.push_back(std::move(brace));
    }
  }

  const SourceFile& source_;
  Diagnostics& diagnostics_;
  Lexed& out_;
  std::uint32_t last_strange_end_ = UINT32_MAX;
  bool not_utf8_said_ = false;
};

/// Whether the token belongs to `1 day before 1 day before …`, `days since days since …`, `list of list of …`, which
/// nest without a bracket.
bool nests_by_words(const Lexed& lexed, std::size_t i) {
  std::size_t type = lexed.tokens[i]->getType();
  if (type >= Parser::SECONDS && type <= Parser::YEARS) return true;
  switch (type) {
    case Parser::INT:
    case Parser::GLUED:
    case Parser::BEFORE:
    case Parser::AFTER:
    case Parser::SINCE:
    case Parser::OF:
      return true;
    case Parser::IDENT:
      return i + 1 < lexed.tokens.size() && lexed.tokens[i + 1]->getType() == Parser::OF;
  }
  return false;
}

/// Checked before ANTLR sees the tokens, because it descends one level of the stack for each level of the text.
bool too_deep(const Lexed& lexed, const SourceFile& source, const Limits& limits, Diagnostics& diagnostics) {
  std::size_t depth = 0;
  std::size_t words = 0;
  for (std::size_t i = 0; i < lexed.tokens.size(); ++i) {
    switch (lexed.tokens[i]->getType()) {
      case Parser::LBRACE:
      case Parser::LBRACKET:
      case Parser::LPAREN:
        ++depth;
        break;
      case Parser::RBRACE:
      case Parser::RBRACKET:
      case Parser::RPAREN:
        depth -= depth > 0;
        break;
    }
    words = nests_by_words(lexed, i) ? words + 1 : 0;
    if (depth + words / 2 <= limits.max_nesting) continue;
    diagnostics.report(DiagnosticId::TooDeep, span_of(source, *lexed.tokens[i]), limits.max_nesting).hint =
        "Split it: a part of it can be a segment, a let, or a stage of its own.";
    return true;
  }
  return false;
}

/// `"{lead.first_name else "Hello"}, …"`: a text that ends inside its braces, with something right at its end and a
/// text that closes them further on. Read as the one text that was meant.
class MessageMender {
 public:
  MessageMender(const SourceFile& source, Diagnostics& diagnostics, std::vector<TokenPtr>& tokens)
      : source_(source), diagnostics_(diagnostics), tokens_(tokens) {}

  void run() {
    std::vector<TokenPtr> out;
    out.reserve(tokens_.size());
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      std::size_t last = meant_to(i);
      if (last != i) mend(common(tokens_[i]), *tokens_[last]);
      out.push_back(std::move(tokens_[i]));
      i = last;
    }
    tokens_ = std::move(out);
  }

 private:
  /// Braces that the text leaves open; negative: that it closes.
  int open_braces(const antlr4::Token& token) const {
    int open = 0;
    for (char c : text_of(source_, token)) open += c == '{' ? 1 : c == '}' ? -1 : 0;
    return open;
  }
  bool is_text(std::size_t i) const { return tokens_[i]->getType() == Parser::STRING; }

  /// The token that ends the text which begins at `i`; `i` itself if that is a text of its own.
  std::size_t meant_to(std::size_t i) const {
    if (!is_text(i) || open_braces(*tokens_[i]) <= 0 || i + 1 >= tokens_.size()) return i;
    if (tokens_[i + 1]->getStartIndex() != tokens_[i]->getStopIndex() + 1) return i;
    int open = open_braces(*tokens_[i]);
    for (std::size_t j = i + 1; j < tokens_.size() && tokens_[j]->getLine() == tokens_[i]->getLine(); ++j) {
      if (!is_text(j)) continue;
      open += open_braces(*tokens_[j]);
      if (open == 0) return j;
    }
    return i;
  }

  void mend(antlr4::CommonToken& first, const antlr4::Token& last) {
    auto quote = static_cast<std::uint32_t>(first.getStopIndex());
    first.setStopIndex(last.getStopIndex());
    Span whole = span_of(source_, first);
    std::string_view all = source_.content();
    auto close = static_cast<std::uint32_t>(all.find('"', quote + 1));
    auto& d = diagnostics_.report(DiagnosticId::QuotesInMessage, Span{whole.file, quote, close + 1});
    d.hint = fmt::format("Write '{}'.", all.substr(quote + 1, close - quote - 1));
    for (std::uint32_t at = whole.begin + 1; at + 1 < whole.end; ++at) {
      if (all[at] == '"' && all[at - 1] != '\\') d.edits.push_back({{whole.file, at, at + 1}, "'"});
    }
  }

  const SourceFile& source_;
  Diagnostics& diagnostics_;
  std::vector<TokenPtr>& tokens_;
};

}  // namespace

Lexed lex(const SourceFile& source, std::uint32_t begin, std::uint32_t end, const Limits& limits,
          Diagnostics& diagnostics) {
  Lexed lexed;
  lexed.tokens.reserve((end - begin) / 5 + 16);
  LexRun(source, diagnostics, lexed).run(begin, end);
  MessageMender(source, diagnostics, lexed.tokens).run();
  lexed.too_deep = too_deep(lexed, source, limits, diagnostics);
  if (lexed.too_deep) return lexed;
  balance_braces(lexed, source, diagnostics);
  filter_words(lexed.tokens, source);
  return lexed;
}

}  // namespace nurture::syntax
