#pragma once

#include <deque>
#include <vector>

#include "compiler/ir/code.h"
#include "compiler/ir/pools.h"

namespace nurture::ir {

/// Expressions as code. An expression of its own (a condition, a piece of a message) is asked for with `later` and
/// stands after the body that is being written; `flush` writes what is due.
class Expressions {
 public:
  Expressions(const sema::Model& model, Pools& pools, Code& code) : model_(model), pools_(pools), code_(code) {}

  /// Leaves the value on top, in the type it is used as.
  void value(const ast::Expr& expr);
  void value_as(const ast::Expr& expr, TypeKind kind);
  /// Jumps if the condition is `wanted`, otherwise falls through.
  void branch(const ast::Expr& expr, bool wanted, Label target);
  void constant(const sema::ConstantValue& value);
  void duration(const Duration& value);
  /// The point in time that a wait names, unknown if it is; `in_zone` prefixes where one is written.
  void point(const ast::When& when);

  Label later(const ast::Expr* expr);
  Label later_as(const ast::Expr* expr, TypeKind kind);
  Label later_point(const ast::When& when);
  /// All of them, or any of them; kNoLabel for none.
  Label later_all(const std::vector<const ast::Expr*>& exprs);
  Label later_any(const std::vector<const ast::Expr*>& exprs);
  /// A column's value as text, whatever was written.
  Label later_text(const ast::Expr* expr);
  bytecode::Message message(const ast::Message& message);
  /// A text that is one expression; where it is not meant, the dots that stand for it.
  bytecode::Message message_of(const ast::Expr& expr);
  /// Whether everything in it means something. What content asks of the entering event does not, as long as no
  /// campaign sends it.
  bool meant(const ast::Expr& expr) const;
  bytecode::EventMatch match(const ast::EventRef& event);
  bytecode::EventMatch match(const ast::EventRef& event, const std::vector<std::uint32_t>& kinds);
  void flush();

  TypeKind used_kind(const ast::Expr& expr) const;
  const sema::Type& used_type(const ast::Expr& expr) const;

 private:
  enum class Join : std::uint8_t { One, All, Any, Text, As, Point };
  struct Due {
    Label label;
    std::vector<const ast::Expr*> exprs;
    Join join;
    TypeKind kind = TypeKind::Text;   ///< As
    const ast::When* when = nullptr;  ///< Point
  };

  void raw(const ast::Expr& expr);
  void raw_date(const ast::Expr& expr);
  void convert(TypeKind from, TypeKind to);
  void truth(const ast::Expr& expr);
  void date(const ast::DateLit& expr);
  void name(const ast::NameRef& expr);
  void property(Opcode load, const sema::Symbol& symbol);
  void unary(const ast::Unary& expr);
  void binary(const ast::Binary& expr);
  void logic(const ast::Expr& expr);
  void arithmetic(const ast::Binary& expr);
  void sum(const ast::Binary& expr);
  void product(const ast::Binary& expr);
  void compare(const ast::Binary& expr);
  void order(const ast::Expr& left, const ast::Expr& right, bool or_equal);
  void text_test(const ast::Binary& expr);
  void otherwise(const ast::Binary& expr);
  void in_test(const ast::InTest& expr);
  void between(const ast::Between& expr);
  void date_shift(const ast::DateShift& expr);
  // past.cpp
  enum ScoreTest : std::uint8_t { kLess, kLessEqual, kGreater, kGreaterEqual, kSame };  ///< as vm::ScoreTest
  void ask(bytecode::HistorySite site, const ast::Expr& expr);
  void aggregate(const ast::Aggregate& expr, std::uint32_t enough);
  void content_past(const ast::ContentPast& expr);
  void length(const ast::Expr& expr);
  void in_last(const ast::InLast& expr);
  void within_next(const ast::WithinNext& expr);
  void was_in(const ast::WasInCampaign& expr);
  void visits(const ast::VisitsOf& expr);
  void lookup(const ast::Lookup& expr);
  void leads(const ast::LeadsQuery& expr);
  const sema::Symbol* score_of(const ast::Expr& expr) const;
  bool score_compare(const ast::Expr& left, const ast::Expr& right, ScoreTest test);
  void compared(const ast::Expr& expr, const ast::Expr& with, TypeKind kind, bool one_more);

  void operands(const ast::Expr& first, const ast::Expr& second, TypeKind kind);
  TypeKind common(const ast::Expr& left, const ast::Expr& right) const;
  Label queue(std::vector<const ast::Expr*> exprs, Join join);
  void write(const Due& due);
  void text_of(const ast::Expr& expr);

  const sema::Model& model_;
  Pools& pools_;
  Code& code_;
  std::deque<Due> due_;
};

/// A score with its rows; their conditions are due with `expressions`.
bytecode::Score score(const sema::Model& model, const sema::Score& row, Pools& pools, Expressions& expressions);

/// Whether the expression names an attribute of lead or account: a deadline made of it follows that (§6.2).
bool names_attribute(const sema::Model& model, const ast::Expr& expr);

}  // namespace nurture::ir
