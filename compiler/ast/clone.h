#pragma once

#include "compiler/ast/ast.h"

namespace nurture::ast {

/// Copies clauses with everything below them, under new ids; spans stay those of the original. A subclass may put other
/// things where names stand.
class Cloner {
 public:
  explicit Cloner(Tree& tree) : tree_(tree) {}
  virtual ~Cloner() = default;
  Cloner(const Cloner&) = delete;
  Cloner& operator=(const Cloner&) = delete;

  Clause clause(const Clause& clause);
  const Expr* expression(const Expr& expr) { return cloned(expr); }

 protected:
  /// What a name stands for where it is written.
  enum class Place : std::uint8_t { Event, Content, Stream, Window, Score, Campaign };

  /// A name in an expression, copied already.
  virtual const Expr* reference(NameRef& copy) { return &copy; }
  virtual void named(Place, Name&) {}
  virtual void named(Place, Path&) {}

 private:
  const Expr* cloned(const Expr& expr);
  template <typename T>
  T* copy(const Node& node);
  const Stmt* cloned(const Stmt& statement);

  void replace(const Expr*& expr);
  void replace(EventRef& event);
  void replace(When& when);
  void replace(Message& message);
  void replace(Block& block);
  void replace(std::optional<Block>& block);
  void replace(Trigger& trigger);
  void replace(std::vector<Trigger>& triggers);
  void inside(Aggregate& expr);
  void inside(Send& statement);
  void inside(Wait& statement);
  void inside(If& statement);
  void inside(SplitStmt& statement);
  void inside(Repeat& statement);
  void inside(HandOff& statement);
  void inside(Assign& statement);
  void score(Path& path);

  Tree& tree_;
};

}  // namespace nurture::ast
