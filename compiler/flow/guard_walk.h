#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/flow/blocks.h"
#include "compiler/flow/graph.h"
#include "compiler/flow/judge.h"

namespace nurture::flow {

/// Walks one campaign with what is known of a lead at each place, and reports what conditions leave unreached
/// (W0503 to W0506, W0509, W0514).
class GuardWalk {
 public:
  GuardWalk(const sema::Model& model, const CampaignGraph& graph, Diagnostics& diagnostics);
  void run();

 private:
  /// What was asked on the way to a place, or set.
  struct Asked {
    Span span;
    Facts facts;
    bool set = false;
  };
  /// What a body begins with, where it stands in the campaign's own text; elsewhere it serves other campaigns, too.
  Facts known_in(Span body, const Facts& facts) const;
  bool own(Span span) const;

  // Entries
  void enter();
  Facts admitted();
  std::optional<Facts> entry(const ast::Clause& clause, const Facts& admitted);
  void nobody(const Facts& admitted, const std::vector<const ast::Clause*>& refused);
  void label_entrance(Diagnostic& said, const Facts& here);
  bool undisturbed() const;

  // Goals
  void goals();
  void goal_never(const sema::Goal& goal, Span span, std::string why, std::string hint);

  // Triggers
  void triggers();
  void judge_heard(const ast::EventRef& event);
  void shadows(const std::vector<const ast::Trigger*>& exits, const std::vector<const ast::Trigger*>& own_ones);
  bool taken(const ast::Trigger& trigger, const std::vector<const ast::Trigger*>& above);
  void entries_shadowed();
  bool switched(const ast::Clause& entry) const;
  bool hears(const ast::EventRef& event, std::uint32_t kind) const;
  Facts fired(const ast::Trigger& trigger, const Facts& before);
  void body(const ast::Trigger& trigger, const Facts& before);

  // Bodies: what is known at the end, or nothing where control does not come out
  using After = std::optional<Facts>;
  After block(const ast::Block& block, Facts facts);
  After statement(const ast::Stmt& stmt, const Facts& facts);
  After branch(const ast::If& stmt, const Facts& facts);
  After split(const ast::SplitStmt& stmt, const Facts& facts);
  After wait(const ast::Wait& stmt, const Facts& facts);
  After send(const ast::Send& stmt, const Facts& facts);
  void arm_shadowed(const ast::If& stmt, std::size_t arm);
  void else_shadowed(const ast::If& stmt);
  void implied(const ast::Expr& condition, const Facts& otherwise);
  void label_way(Diagnostic& said, const Facts& here);

  const sema::Model& model_;
  const sema::Campaign& campaign_;
  const CampaignGraph& graph_;
  Diagnostics& diagnostics_;
  Judge judge_;
  Places places_;
  Conditions conditions_;
  Facts fixed_ = Facts::anything();  ///< for a whole membership
  Facts start_ = Facts::anything();  ///< at its first statement
  std::vector<Asked> way_;
  std::set<std::pair<FileId, std::uint32_t>> said_;  ///< what W0502 says already
};

}  // namespace nurture::flow
