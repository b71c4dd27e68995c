#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/antlr.h"
#include "compiler/syntax/lexing.h"
#include "compiler/syntax/syntax.h"

namespace nurture::syntax {

/// Builds the tree from ANTLR's contexts. Every context may be broken: a part that is missing is null, and whoever
/// takes it makes an ErrorExpr, an ErrorStmt, or leaves it out. Also answers, here, what people type instead of the
/// right form, and goes on as if that had been written.
///
/// One class in several files by topic: names and lengths (builder.cpp), expressions, messages, statements, campaigns,
/// declarations, scenarios, sources and tests.
class Builder {
 public:
  Builder(const SourceFile& source, ast::Tree& tree, Diagnostics& diagnostics, const Limits& limits)
      : source_(source), tree_(tree), diagnostics_(diagnostics), limits_(limits), first_id_(tree.size()) {}

  ast::File file(Parser::FileContext* context, std::vector<ast::Comment> comments);
  /// The expression of a message's braces.
  const ast::Expr* lone(Parser::Lone_expressionContext* context);
  /// The whole file as the body of a message.
  ast::Message body();
  void set_in_message(bool inside) { in_message_ = inside; }

 private:
  using Context = antlr4::ParserRuleContext;
  using Terminal = antlr4::tree::TerminalNode;

  /// What was said, and where.
  using Said = std::vector<std::pair<std::string_view, Span>>;

  // names, spans, literals
  Span span(Context* context) const;
  Span span(Terminal* terminal) const;
  Span join(Span a, Span b) const { return {a.file, a.begin, b.end}; }
  std::string_view text(Span span) const { return source_.content().substr(span.begin, span.end - span.begin); }
  std::string written(Span span) const { return std::string(text(span)); }
  static bool sound(Context* context) { return context && !context->exception && context->stop; }
  ast::Name name(Context* context) const;
  ast::Name name(Terminal* terminal) const;
  /// A name that is read by itself, where the words that are values would hide it.
  ast::Name bare_name(Context* context);
  ast::Path path(Parser::PathContext* context) const;
  ast::Path path(Parser::Event_kindContext* context) const { return context ? path(context->path()) : ast::Path{}; }
  std::vector<ast::Name> names(Parser::Name_listContext* context) const;
  std::string plain_text(Parser::TextContext* context);
  /// 1 for one that is too large: it was reported here, and 1 is a fit number everywhere.
  std::int64_t integer(Terminal* terminal);
  void number_too_large(Span at);
  std::int64_t signed_number(Parser::Signed_numberContext* context);
  const ast::Expr* signed_expression(Parser::Signed_numberContext* context);
  std::int64_t percent(Terminal* terminal);  ///< 100 % for one that was reported
  std::int64_t time_of_day(Terminal* terminal);
  std::int64_t date(Terminal* terminal);
  std::uint8_t weekdays(Parser::WeekdaysContext* context);
  std::string doc_before(Context* context) const;
  Diagnostic& report_written(DiagnosticId id, Span span, std::string_view instead);

  // lengths of time
  struct Length {
    const ast::Expr* expression = nullptr;
    bool business = false;
  };
  struct Measure {
    Span span;
    std::optional<std::int64_t> number;
    Duration one;
    bool has_unit = false;
    bool business = false;
    bool reported = false;  ///< something is wrong with it, and has been said
  };
  template <typename C>
  Measure measure(C* context);
  static std::optional<Duration> length_of(const Measure& measure);
  void unknown_unit(Span measure, std::string_view unit);
  void missing_unit(const Measure& measure);
  void length_too_large(Span at);
  const ast::Expr* whole_literal(const Measure& measure);
  /// What was reported here is an ErrorExpr: nobody reports it again.
  Length quantity(Parser::QuantityContext* context, bool length_wanted);
  const ast::Expr* duration(Parser::DurationContext* context, bool* business = nullptr);
  const ast::Expr* length(Parser::QuantityContext* context) { return quantity(context, true).expression; }

  // expressions
  const ast::Expr* expression(Parser::ExpressionContext* context);
  static Parser::AtomContext* lone_atom(Context* context);
  const ast::Expr* conjunction(Parser::ConjunctionContext* context);
  const ast::Expr* negation(Parser::NegationContext* context);
  const ast::Expr* comparison(Parser::ComparisonContext* context);
  const ast::Expr* comparator(const ast::Expr* left, Parser::ComparatorContext* context);
  const ast::Expr* is_comparator(const ast::Expr* left, Parser::ComparatorContext* context);
  const ast::Expr* equality(const ast::Expr* left, Parser::ComparatorContext* context, bool negated, Span op);
  const ast::Expr* bound(const ast::Expr* left, Parser::ComparatorContext* context, Span op);
  const ast::Expr* in_test(const ast::Expr* left, const ast::Expr* list, bool negated,
                           Parser::ComparatorContext* context);
  const ast::Expr* in_last(const ast::Expr* left, Parser::ComparatorContext* context);
  const ast::Expr* signed_comparator(const ast::Expr* left, Parser::ComparatorContext* context);
  const ast::Expr* sum(Parser::SumContext* context);
  const ast::Expr* product(Parser::ProductContext* context);
  const ast::Expr* fallback(Parser::FallbackContext* context);
  const ast::Expr* primary(Parser::PrimaryContext* context);
  const ast::Expr* atom(Parser::AtomContext* context);
  const ast::Expr* reference(Parser::AtomContext* context);
  const ast::Expr* lookup(ast::Path column, Parser::AtomContext* context);
  const ast::Expr* call(const ast::Path& function, Parser::AtomContext* context);
  const ast::Expr* shift(Parser::AtomContext* context);
  const ast::Expr* number_or_moment(Parser::AtomContext* context);
  const ast::Expr* slash_date(Terminal* terminal);
  const ast::Expr* text_literal(Parser::TextContext* context);
  const ast::Expr* list(Parser::ListContext* context);
  const ast::Expr* error(Span span, std::vector<const ast::Expr*> partial = {});
  const ast::Expr* binary(ast::BinaryOp op, Span op_span, const ast::Expr* left, const ast::Expr* right,
                          bool ignoring_case = false);
  const ast::Expr* bare_alternative(const ast::Expr* left, const ast::Expr* right, Span op);
  const ast::Expr* checked(const ast::Expr* made, std::initializer_list<const ast::Expr*> below);
  /// `where` of a history call, whose last `in last D` belongs to the call.
  const ast::Expr* history_where(Parser::ExpressionContext* context, const ast::Expr** last);

  const ast::Expr* lift_last(const ast::Expr* condition, const ast::Expr** last);

  ast::Path one_of(Parser::Path_listContext* context);
  ast::EventRef event_ref(Parser::Event_refContext* context);
  ast::When moment(Parser::MomentContext* context);
  void zone(Parser::ZoneContext* context, std::string& zone, Span& span);
  void bounds(const std::vector<Parser::BoundContext*>& contexts, ast::Wait& wait);

  // messages
  ast::Message message(Parser::TextContext* context);
  void pieces(ast::Message& out, Span inside, bool of_file);
  void message_part(ast::Message& out, Span braces);
  static std::size_t closing(std::string_view all, std::size_t at);
  static std::size_t foreign(std::string_view all, std::size_t at);
  void report_foreign(Span span);

  // statements
  ast::Block block(Parser::BlockContext* context);
  const ast::Stmt* statement(Parser::StatementContext* context);
  const ast::Stmt* send(Parser::SendContext* context);
  const ast::Stmt* wait(Parser::WaitContext* context);
  void handlers(Parser::HandlersContext* context, ast::Wait& wait);
  const ast::Stmt* if_statement(Parser::If_statementContext* context);
  const ast::Stmt* split(Parser::SplitContext* context);
  const ast::Stmt* repeat(Parser::RepeatContext* context);
  const ast::Stmt* go_to(Parser::Go_toContext* context);
  const ast::Stmt* exit_statement(Parser::Exit_statementContext* context);
  const ast::Stmt* hand_off(Parser::Hand_offContext* context);
  const ast::Stmt* assign(Parser::AssignContext* context);
  const ast::Stmt* notify(Parser::NotifyContext* context);
  const ast::Stmt* small(Parser::StatementContext* context);
  const ast::Stmt* later_part(Parser::StatementContext* context);
  std::int64_t arm_share(Parser::RatioContext* context);
  std::vector<std::int64_t> ratio(Parser::RatioContext* context);
  static Parser::AtomContext* bare_time(Parser::ExpressionContext* context);
  void missing_comma(ast::Wait& wait);
  ast::Trigger trigger(Parser::TriggerContext* context);
  void trigger_head(ast::Trigger& out, Parser::Event_or_silenceContext* on, Parser::ExpressionContext* when);

  // campaigns
  std::vector<ast::Clause> clauses(Parser::ClausesContext* context);
  bool clause(Parser::ClauseContext* context, ast::Clause& out);
  bool entry_clause(Parser::ClauseContext* context, ast::Clause& out);
  bool end_clause(Parser::ClauseContext* context, ast::Clause& out);
  bool setting_clause(Parser::ClauseContext* context, ast::Clause& out);
  bool policy_clause(Parser::ClauseContext* context, ast::Clause& out);
  bool running_clause(Parser::ClauseContext* context, ast::Clause& out);
  void number(ast::Clause& out, Terminal* terminal);
  void enter(Parser::Enter_clauseContext* context, ast::Clause& out);
  void entry(Parser::EntryContext* context, ast::Clause& out);
  void goal(Parser::Goal_clauseContext* context, ast::Clause& out);
  void stage(Parser::Stage_clauseContext* context, ast::Clause& out);

  // declarations
  const ast::Decl* declaration(Parser::DeclarationContext* context);
  const ast::Decl* program(Parser::Program_declContext* context);
  const ast::Decl* event(Parser::Event_declContext* context);
  const ast::Decl* content(Parser::Content_declContext* context);
  void content_item(Parser::Content_itemContext* context, ast::ContentDecl& out, Said& said);
  const ast::Decl* score(Parser::Score_declContext* context);
  const ast::Decl* property(Parser::Property_declContext* context);
  void act(Parser::ActContext* context, ast::Act& out);
  const ast::Decl* scenario(Parser::Scenario_declContext* context);
  ast::AssumedRule assumed_rule(Parser::Scenario_ruleContext* context);
  void reaction(Parser::ReactionContext* context, ast::AssumedRule& rule, std::uint32_t group);
  void reaction_option(Parser::Reaction_optionContext* context, ast::AssumedReaction& out);
  std::int64_t delay_share(Parser::Reaction_optionContext* context);
  const ast::Decl* window(Parser::Window_declContext* context);
  const ast::Decl* calendar(Parser::Calendar_declContext* context);
  const ast::Decl* campaign(Parser::Campaign_declContext* context);
  ast::ContentVariant variant(Parser::Content_itemContext* context);
  const ast::Decl* small(Parser::DeclarationContext* context);
  const ast::Decl* groups(Parser::DeclarationContext* context);
  std::vector<ast::FieldDecl> fields(Parser::FieldsContext* context);
  ast::TypeRef type_ref(Parser::Type_refContext* context);
  bool said_twice(Said& said, std::string_view key, Context* context);

  // sources and tests
  const ast::Decl* source_decl(Parser::Source_declContext* context);
  void source_item(Parser::Source_itemContext* context, ast::SourceDecl& out, Said& said);
  void attribute(Parser::Source_itemContext* item, ast::SourceDecl& out);
  ast::SourceRule source_rule(Parser::Source_itemContext* context);
  ast::TimeFormat time_format(Parser::Time_formatContext* context);
  const ast::Decl* test_decl(Parser::Test_declContext* context);
  void test_item(Parser::Test_itemContext* context, ast::TestItem& out);
  bool reserved(const ast::Name& name);
  void test_rows(Parser::Test_itemContext* context, ast::TestDecl& out);
  const ast::Expr* test_instant(Parser::Test_instantContext* context);
  const ast::Expr* test_length(Parser::DurationContext* context);
  const ast::Expr* name_ref(Parser::Plain_nameContext* context);
  ast::Path test_kind(Parser::Test_kindContext* context) const;
  void score_expectation(Parser::ExpectationContext* context, ast::TestItem& out);
  void expect_span(Parser::Expect_spanContext* context, ast::TestItem& out);
  void given(Parser::Test_itemContext* context, ast::TestItem& out);
  void expectation(Parser::ExpectationContext* context, ast::TestItem& out);
  const ast::Expr* date_time(Terminal* date, Terminal* time, Parser::ZoneContext* zone);
  std::vector<ast::RecordField> record(Parser::RecordContext* context);

  const SourceFile& source_;
  ast::Tree& tree_;
  Diagnostics& diagnostics_;
  const Limits& limits_;
  std::vector<ast::Comment> comments_;
  ast::NodeId first_id_;
  std::vector<std::uint32_t> height_;  ///< of the expression with id first_id_ + i
  bool too_deep_ = false;
  bool in_message_ = false;
  bool in_call_ = false;  ///< in the `where` of a history call
};

/// Parses the braces of a message at [begin, end); null if nothing is there.
const ast::Expr* parse_lone(const SourceFile& source, std::uint32_t begin, std::uint32_t end, ast::Tree& tree,
                            Diagnostics& diagnostics, const Limits& limits);

}  // namespace nurture::syntax
