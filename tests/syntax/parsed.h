#pragma once

#include <string>
#include <string_view>

#include "compiler/syntax/syntax.h"

/// Parses a text and keeps what came of it.
struct Parsed {
  nurture::SourceManager sources;
  nurture::ast::Tree tree;
  nurture::Diagnostics diagnostics;
  nurture::ast::File file;

  explicit Parsed(std::string_view text, const nurture::syntax::Limits& limits = {});

  std::string dump() const { return nurture::ast::dump(file); }
  std::string shown() const { return nurture::render_terminal(diagnostics, sources, false); }
  /// "E0101 2:7, E0205 3:1"
  std::string codes() const;
};

/// The dump of a declaration that parses without a diagnostic.
std::string declaration(std::string_view text);
/// The same of one expression, one statement, one clause.
std::string expression(std::string_view text);
std::string statement(std::string_view text);
std::string clause(std::string_view text);

/// The text with every edit of every diagnostic applied.
std::string mended(const Parsed& parsed);
