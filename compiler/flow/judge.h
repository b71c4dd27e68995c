#pragma once

#include <cstdint>
#include <map>

#include "compiler/flow/conditions.h"

namespace nurture::flow {

/// Says of single conditions that they never or always hold (W0503, W0504), whatever came before.
class Judge {
 public:
  Judge(const sema::Model& model, Diagnostics& diagnostics) : model_(model), diagnostics_(diagnostics) {}

  enum class Verdict : std::uint8_t { Depends, Never, Always };
  /// Reports what is wrong in it; the verdict is of the whole.
  Verdict condition(const ast::Expr* expr, Conditions& conditions) const;
  /// Whether something decides about it that is meant to be changed: a parameter of a template, a constant that is
  /// true or false. What it comes to in one campaign is then no mistake.
  bool has_switch(const ast::Expr& expr) const;

 private:
  void questions(const ast::Expr& expr) const;
  Verdict look(const ast::Expr& expr, Conditions& conditions) const;
  const ast::Expr* cause(const ast::Expr& expr, bool holds, Conditions& conditions) const;
  void report(const ast::Expr& expr, bool never, Conditions& conditions) const;
  bool elsewhere(const ast::Expr& expr) const;

  const sema::Model& model_;
  Diagnostics& diagnostics_;
  mutable std::map<std::uint32_t, bool> switches_;  ///< by segment
};

}  // namespace nurture::flow
