#pragma once

#include "compiler/practice/facts.h"

/// What tells that a lead is ready to talk to sales, as far as a programme shows it.
namespace nurture::practice {

/// Whether a condition asks how far a lead is: a score, what it did, what it plans, or a segment named for it. Only
/// what it asks for counts, not what it rules out.
bool tells_ready(const sema::Model& model, const ast::Expr& condition);

/// Whether a condition asks anything of a lead that may stand for such a decision: the above, any segment, and what
/// can be chosen or counted. A country or a language is nothing of the kind.
bool decides(const sema::Model& model, const ast::Expr& condition);

/// Whether what enters here is ready by that: it asked, or the entry's conditions tell so.
bool enters_ready(const sema::Model& model, const Facts& facts, const ast::Clause& entry);
/// Whether it says by this event that it wants to talk, or has been talked to.
bool is_request(const Facts& facts, const ast::EventRef& event);

/// `score.x >= 60`, wherever it stands in a condition; with the score on the left, and as it is meant under a `not`.
struct Threshold {
  std::uint32_t score = 0;
  bool from_below = true;  ///< holds above; otherwise it holds below
  double points = 0;
  const ast::Expr* at = nullptr;
};
/// All of a condition and of the segments it names.
std::vector<Threshold> thresholds(const sema::Model& model, const ast::Expr& condition);
/// A number as it stands in the source, or none.
std::optional<double> number_of(const sema::Model& model, const ast::Expr* expr);

/// Segments that a condition asks for, itself or in another segment.
struct Asked {
  std::uint32_t segment = 0;
  const ast::Expr* at = nullptr;
};
std::vector<Asked> segments_asked(const sema::Model& model, const ast::Expr& condition);

}  // namespace nurture::practice
