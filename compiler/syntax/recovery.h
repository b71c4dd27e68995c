#pragma once

#include <cstddef>
#include <string>

#include "compiler/syntax/lexing.h"

namespace nurture::syntax {

/// What ANTLR does on a syntax error: it says in plain words what was found and what could stand there, and goes on
/// with the next statement, clause or declaration, so that independent errors come out of one run. An error unwinds to
/// the rule of the item in which it lies; that item's context keeps its exception, and the tree builder leaves it out.
class Recovery : public antlr4::DefaultErrorStrategy {
 public:
  Recovery(const SourceFile& source, const Lexed& lexed, Diagnostics& diagnostics, bool quiet)
      : source_(source), lexed_(lexed), diagnostics_(diagnostics), quiet_(quiet) {}

  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& e) override;
  void recover(antlr4::Parser* parser, std::exception_ptr e) override;
  antlr4::Token* recoverInline(antlr4::Parser* parser) override;
  void sync(antlr4::Parser* parser) override;

  /// A quiet run reports nothing; it only tells whether there was anything to report.
  bool failed() const { return failed_; }

 private:
  static std::string example(antlr4::Parser* parser, antlr4::Token* found);
  void report_expected(antlr4::Parser* parser, antlr4::Token* found);
  void report_item(antlr4::Parser* parser, antlr4::Token* found, const antlr4::misc::IntervalSet& items);
  void skip(antlr4::Parser* parser, const antlr4::misc::IntervalSet& items, antlr4::Token* item);
  static void close_braces(antlr4::Parser* parser, antlr4::Token* item);
  void skip_braces(antlr4::Parser* parser);
  /// Where to point: at the token, or behind the one before it if the line ends there.
  Span place(antlr4::Parser* parser, antlr4::Token* found) const;
  std::string before(antlr4::Parser* parser) const;
  std::string name_of(antlr4::Token* token) const;
  bool echo(antlr4::Parser* parser, antlr4::Token* found) const;

  const SourceFile& source_;
  const Lexed& lexed_;
  Diagnostics& diagnostics_;
  bool quiet_;
  bool failed_ = false;
  std::size_t last_skip_ = SIZE_MAX;      ///< where the last skip ended
  std::size_t last_reported_ = SIZE_MAX;  ///< the token of the last report
};

}  // namespace nurture::syntax
