#pragma once

#include <string>
#include <vector>

#include "compiler/compare/portrait.h"
#include "compiler/picture/chart.h"

/// What the boxes and arrows of a campaign say: the statements as they are written, in one way of writing.
namespace nurture::picture {

class Labels {
 public:
  Labels(const sema::Unit& unit, const sema::Campaign& campaign);

  /// Of a node that is drawn as a box of its own.
  Box box(const flow::Node& node);
  /// On the way out of a box; empty where it is the only one.
  std::string arrow(const flow::Edge& edge, const flow::Node& from);
  std::string clause(const ast::Clause& clause) { return clauses_.clause(clause).head; }
  std::string trigger(const ast::Trigger& trigger) { return words_.head(trigger); }

 private:
  Box work(const ast::Stmt& stmt);
  Box send(const ast::Send& send);
  std::string time_out(const ast::Wait& wait);

  const sema::Unit& unit_;
  compare::Words words_;
  compare::CampaignPortrayer clauses_;
};

}  // namespace nurture::picture
