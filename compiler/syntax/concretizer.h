#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/syntax/antlr.h"
#include "compiler/syntax/concrete.h"
#include "compiler/syntax/streams.h"

namespace nurture::syntax {

/// Makes the words of a file from its tokens and ANTLR's contexts. Contexts may be broken; what they say about tokens
/// before the error still holds.
class Concretizer {
 public:
  Concretizer(const SourceFile& source, const TokenList& tokens, const ast::File& file);
  Concrete run(Parser::FileContext* context);

 private:
  using Context = antlr4::ParserRuleContext;
  using Terminal = antlr4::tree::TerminalNode;

  void visit(Context* context);
  void terminal(Terminal* node, Context* parent);

  // where lines begin, and what stands in columns (concretizer.cpp)
  void lines(Context* context);
  void windows(Parser::Window_declContext* context);
  void columns(Context* context);
  void row_columns(Parser::RecordContext* context);
  void clause_columns(Context* context);
  void wraps(Context* context);
  void operators(Terminal* node, Context* parent);

  // the one right form (concretizer_forms.cpp)
  void forms(Context* context);
  void small_forms(Context* context);
  void separators(Context* context);
  void at_least(Parser::ComparatorContext* context);
  void truth(Parser::AtomContext* context);
  void channel(Parser::Send_whatContext* context);
  void kinds_of_silence(Parser::Event_or_silenceContext* context);
  void list_commas(Context* context);
  void no_commas(Context* context);
  void signs(Context* context);

  std::size_t index(const antlr4::Token* token) const;
  std::size_t index(Terminal* node) const { return node ? index(node->getSymbol()) : words_.size() - 1; }
  Word& at(Terminal* node) { return words_[index(node)]; }
  Word& first(Context* context) { return words_[index(context ? context->start : nullptr)]; }
  Word& last(Context* context) { return words_[index(context ? context->stop : nullptr)]; }
  void value(Context* context) { first(context).column = Column::Value; }
  Word& after(Context* context, std::size_t n);
  void drop(Terminal* node) { at(node).text.clear(); }
  bool comment_before(Terminal* node) const;
  std::string_view written(const Word& word) const {
    return source_.content().substr(word.span.begin, word.span.end - word.span.begin);
  }

  /// All words, with what is put in, without what is left out.
  std::vector<Word> assembled() const;

  const SourceFile& source_;
  const TokenList& tokens_;
  std::map<std::string, std::string> channels_;  ///< of the contents that the file declares
  /// One a token, and one more that takes what is said about tokens that are missing.
  std::vector<Word> words_;
  std::vector<bool> hugs_;           ///< nothing between it and the next: the sign of a number
  std::vector<std::string> ahead_;   ///< to be put in before a token
  std::vector<std::string> behind_;  ///< and after it
};

}  // namespace nurture::syntax
