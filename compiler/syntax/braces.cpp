#include <algorithm>
#include <utility>

#include "compiler/syntax/lexing.h"

namespace nurture::syntax {

namespace {

/// Words with which a line that is not indented begins a declaration, wherever the braces think we are.
bool begins_declaration(std::size_t type) {
  switch (type) {
    case Parser::USE:
    case Parser::PROGRAM:
    case Parser::LEAD:
    case Parser::ACCOUNT:
    case Parser::EVENT:
    case Parser::LET:
    case Parser::SEGMENT:
    case Parser::CONTENT:
    case Parser::STREAM:
    case Parser::SCORE:
    case Parser::WINDOW:
    case Parser::CALENDAR:
    case Parser::POLICY:
    case Parser::RULES:
    case Parser::TEMPLATE:
    case Parser::CAMPAIGN:
    case Parser::TABLE:
    case Parser::SOURCE:
    case Parser::SCENARIO:
    case Parser::PROPERTY:
    case Parser::TEST:
      return true;
  }
  return false;
}

class Balancer {
 public:
  Balancer(Lexed& lexed, const SourceFile& source, Diagnostics& diagnostics)
      : lexed_(lexed), source_(source), diagnostics_(diagnostics) {}

  void run() {
    auto count = [&](std::size_t type) {
      return std::count_if(lexed_.tokens.begin(), lexed_.tokens.end(),
                           [&](const auto& t) { return t->getType() == type; });
    };
    missing_ = count(Parser::LBRACE) - count(Parser::RBRACE);
    surplus_ = -missing_;
    std::vector<TokenPtr> in = std::move(lexed_.tokens);
    lexed_.tokens.clear();
    lexed_.tokens.reserve(in.size() + 8);
    std::size_t line = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
      bool first = i == 0 || in[i]->getLine() != line;
      line = in[i]->getLine();
      if (first) indent_ = in[i]->getCharPositionInLine();
      std::size_t next = i + 1 < in.size() ? in[i + 1]->getType() : antlr4::Token::EOF;
      take(std::move(in[i]), first, next);
    }
  }

 private:
  struct Open {
    Span span;
    std::size_t line;
    std::size_t indent;        ///< of that line
    bool inline_body = false;  ///< something stands behind it on its line
    bool deeper = false;       ///< the first line inside is indented deeper
    bool seen_line = false;
  };

  void take(TokenPtr token, bool first, std::size_t next) {
    std::size_t type = token->getType();
    if (type == antlr4::Token::EOF) close_to(0);
    bool declaration =
        first && indent_ == 0 && begins_declaration(type) && next != Parser::COLON && next != Parser::DOT;
    if (declaration && missing_ > 0) close_to(0);
    if (first && type != Parser::RBRACE && type != antlr4::Token::EOF) outdented();
    if (!open_.empty()) note_inside(*token, first);
    if (type == Parser::LBRACE) open_.push_back({span_of(source_, *token), token->getLine(), indent_});
    if (type == Parser::RBRACE && !closes(*token, first)) return;
    lexed_.tokens.push_back(std::move(token));
  }

  void note_inside(const antlr4::Token& token, bool first) {
    Open& top = open_.back();
    if (token.getLine() == top.line) top.inline_body = true;
    if (first && !top.seen_line) top.deeper = indent_ > top.indent;
    if (first) top.seen_line = true;
  }

  /// A line that is not indented deeper than the line of an open brace stands outside of it, if the layout can be
  /// trusted.
  void outdented() {
    while (missing_ > 0 && !open_.empty() && indent_ <= open_.back().indent) {
      const Open& top = open_.back();
      bool one_line = top.inline_body && !top.seen_line;
      if (!one_line && !top.deeper) return;
      close_to(open_.size() - 1);
    }
  }

  /// Whether the brace stands; those that must have been forgotten before it are put in.
  bool closes(const antlr4::Token& brace, bool first) {
    std::size_t column = brace.getCharPositionInLine();
    while (first && missing_ > 0 && open_.size() > 1 && open_.back().indent > column) close_to(open_.size() - 1);
    if (open_.empty() || (surplus_ > 0 && out_of_place(brace, first))) {
      stray(brace);
      return false;
    }
    open_.pop_back();
    return true;
  }

  /// One brace is too many, and this one does not stand where the layout of the lines would have it.
  bool out_of_place(const antlr4::Token& brace, bool first) const {
    const Open& top = open_.back();
    if (!first) return top.line < brace.getLine() && top.deeper;
    bool after_brace = lexed_.tokens.empty() || lexed_.tokens.back()->getType() == Parser::RBRACE;
    return top.indent < brace.getCharPositionInLine() && after_brace;
  }

  void stray(const antlr4::Token& brace) {
    --surplus_;
    lexed_.broken_lines.insert(brace.getLine());
    // One report for a run of them.
    bool goes_on = std::exchange(last_stray_, brace.getLine()) == brace.getLine();
    if (goes_on) return;
    diagnostics_.report(DiagnosticId::StrayBrace, span_of(source_, brace)).hint =
        "Leave it out, or look for a \"{\" that is missing before it.";
  }

  /// Closes all but the outermost `depth`; one report for all that end at the same place.
  void close_to(std::size_t depth) {
    if (open_.size() <= depth) return;
    const auto* before = lexed_.tokens.empty() ? nullptr : lexed_.tokens.back().get();
    Span end = before ? span_of(source_, *before) : Span{source_.id(), 0, 0};
    auto& d = diagnostics_.report(DiagnosticId::MissingBrace, open_.back().span);
    d.labels.push_back({{end.file, end.end, end.end}, "a \"}\" is missing by here"});
    for (; open_.size() > depth; open_.pop_back()) {
      auto brace = std::make_unique<antlr4::CommonToken>(Parser::RBRACE);
      brace->setStartIndex(end.end);
      brace->setStopIndex(static_cast<std::size_t>(end.end) - 1);
      brace->setLine(before ? before->getLine() : 1);
      lexed_.tokens.push_back(std::move(brace));
      --missing_;
    }
  }

  Lexed& lexed_;
  const SourceFile& source_;
  Diagnostics& diagnostics_;
  std::vector<Open> open_;
  std::size_t indent_ = 0;
  std::ptrdiff_t missing_ = 0;
  std::ptrdiff_t surplus_ = 0;
  std::size_t last_stray_ = 0;  ///< line
};

}  // namespace

void balance_braces(Lexed& lexed, const SourceFile& source, Diagnostics& diagnostics) {
  Balancer(lexed, source, diagnostics).run();
}

}  // namespace nurture::syntax
