#include <exception>

#include "compiler/syntax/builder.h"
#include "compiler/syntax/concretizer.h"
#include "compiler/syntax/recovery.h"
#include "compiler/syntax/streams.h"

namespace nurture::syntax {

namespace {

using antlr4::atn::PredictionMode;

/// Runs one rule over the tokens: SLL first and quietly, and only if that finds anything, again with full LL, which
/// then reports. The contexts live as long as this.
class Run {
 public:
  Run(const SourceFile& source, Lexed lexed, Diagnostics& diagnostics)
      : source_(source),
        lexed_(std::move(lexed)),
        diagnostics_(diagnostics),
        tokens_(std::move(lexed_.tokens)),
        parser_(&tokens_) {
    parser_.removeErrorListeners();
  }

  template <typename Context>
  Context* run(Context* (Parser::*rule)()) {
    try {
      return attempt(rule, PredictionMode::SLL, true);
    } catch (const antlr4::ParseCancellationException&) {
    }
    tokens_.seek(0);
    parser_.reset();
    return attempt(rule, PredictionMode::LL, false);
  }

  Lexed& lexed() { return lexed_; }
  const TokenList& tokens() const { return tokens_; }

 private:
  template <typename Context>
  Context* attempt(Context* (Parser::*rule)(), PredictionMode mode, bool quiet) {
    parser_.setErrorHandler(std::make_shared<Recovery>(source_, lexed_, diagnostics_, quiet));
    parser_.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(mode);
    return (parser_.*rule)();
  }

  const SourceFile& source_;
  Lexed lexed_;
  Diagnostics& diagnostics_;
  TokenList tokens_;
  Parser parser_;
};

}  // namespace

const ast::Expr* parse_lone(const SourceFile& source, std::uint32_t begin, std::uint32_t end, ast::Tree& tree,
                            Diagnostics& diagnostics, const Limits& limits) {
  Lexed lexed = lex(source, begin, end, limits, diagnostics);
  bool hopeless = lexed.too_deep || !lexed.broken_lines.empty();
  if (hopeless) return tree.make<ast::ErrorExpr>(Span{source.id(), begin, end});
  Run run(source, std::move(lexed), diagnostics);
  auto* context = run.run(&Parser::lone_expression);
  Builder builder(source, tree, diagnostics, limits);
  builder.set_in_message(true);
  if (context->exception) return tree.make<ast::ErrorExpr>(Span{source.id(), begin, end});
  return builder.lone(context);
}

namespace {

/// parse(), and what `then` makes of the tokens and contexts, unless there are none.
template <typename Then>
ast::File parse_then(const SourceFile& source, ast::Tree& tree, Diagnostics& diagnostics, const Limits& limits,
                     Then then) {
  ast::File file;
  file.file = source.id();
  auto size = static_cast<std::uint32_t>(source.content().size());
  if (source.content().size() > limits.max_bytes) {
    diagnostics.report(DiagnosticId::FileTooLarge, Span{source.id(), 0, 0}, source.content().size(), limits.max_bytes)
        .hint = "Split the program into several files under one folder.";
    return file;
  }
  Lexed lexed = lex(source, 0, size, limits, diagnostics);
  if (lexed.too_deep) {
    file.comments = std::move(lexed.comments);
    return file;
  }
  Run run(source, std::move(lexed), diagnostics);
  auto* context = run.run(&Parser::file);
  file = Builder(source, tree, diagnostics, limits).file(context, std::move(run.lexed().comments));
  then(run.tokens(), context, file);
  return file;
}

}  // namespace

ast::File parse(const SourceFile& source, ast::Tree& tree, Diagnostics& diagnostics, const Limits& limits) {
  return parse_then(source, tree, diagnostics, limits, [](auto&&...) {});
}

Concrete concrete(const SourceFile& source, Diagnostics& diagnostics, const Limits& limits) {
  Concrete out;
  ast::Tree tree;
  ast::File file = parse_then(source, tree, diagnostics, limits,
                              [&](const TokenList& tokens, Parser::FileContext* context, const ast::File& made) {
                                out = Concretizer(source, tokens, made).run(context);
                              });
  for (const ast::Comment& comment : file.comments) out.comments.push_back(comment.span);
  return out;
}

ast::Message parse_body(const SourceFile& source, ast::Tree& tree, Diagnostics& diagnostics, const Limits& limits) {
  std::size_t bad = first_not_utf8(source.content());
  if (bad < source.content().size()) {
    report_not_utf8(source, static_cast<std::uint32_t>(bad), diagnostics);
    return {};
  }
  return Builder(source, tree, diagnostics, limits).body();
}

}  // namespace nurture::syntax
