#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/antlr.h"
#include "compiler/syntax/syntax.h"

namespace nurture::syntax {

/// What the lexer found in a stretch of a file. The last token is EOF.
struct Lexed {
  std::vector<TokenPtr> tokens;
  std::vector<ast::Comment> comments;
  /// Lines on which something was reported already; a syntax error there would only be its echo.
  std::set<std::size_t> broken_lines;
  bool too_deep = false;
};

/// Reads the tokens of [begin, end): reports characters that mean nothing, texts without an end and nesting beyond the
/// limit, and balances the braces.
Lexed lex(const SourceFile& source, std::uint32_t begin, std::uint32_t end, const Limits& limits,
          Diagnostics& diagnostics);

/// Closes braces that were left open and drops those that close nothing; the layout of the lines says where.
void balance_braces(Lexed& lexed, const SourceFile& source, Diagnostics& diagnostics);

/// Joins and renames words as the head of Nurture.g4 says.
void filter_words(std::vector<TokenPtr>& tokens, const SourceFile& source);

/// The byte at `at` is no part of a UTF-8 text.
void report_not_utf8(const SourceFile& source, std::uint32_t at, Diagnostics& diagnostics);

inline antlr4::CommonToken& common(const TokenPtr& token) { return static_cast<antlr4::CommonToken&>(*token); }
inline Span span_of(const SourceFile& source, const antlr4::Token& token) {
  return {source.id(), static_cast<std::uint32_t>(token.getStartIndex()),
          static_cast<std::uint32_t>(token.getStopIndex() + 1)};
}
inline std::string_view text_of(const SourceFile& source, const antlr4::Token& token) {
  Span span = span_of(source, token);
  return source.content().substr(span.begin, span.end - span.begin);
}

}  // namespace nurture::syntax
