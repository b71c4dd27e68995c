#pragma once

#include "compiler/sema/expressions.h"

namespace nurture::sema {

/// Checks what brings leads in (§5.13): one `enter` at a time.
class Entries {
 public:
  Entries(Context& context, Expressions& expressions, const Campaign& campaign)
      : context_(context), expressions_(expressions), campaign_(campaign) {}

  /// `scope` is what the `if` sees.
  void check(const ast::Clause& clause, const Scope& scope);

 private:
  void options(const ast::Clause& clause);
  void every(const ast::Clause& clause);
  void once(const ast::Clause& clause);
  void dated(const ast::Clause& clause, const Scope& scope);
  void no_schedule(Span span, std::string_view what, std::string hint);
  bool zone(const ast::When& when);

  Context& context_;
  Expressions& expressions_;
  const Campaign& campaign_;
};

/// How an entry is named in a message: "by the calendar".
std::string_view words_for(ast::Clause::EntryForm form);

}  // namespace nurture::sema
