#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/flow/graph.h"
#include "compiler/ir/expressions.h"

namespace nurture::ir {

/// Where a body stands.
struct Surroundings {
  std::uint16_t stage = bytecode::kNone;  ///< kNone: campaign level
  std::uint16_t wait = bytecode::kNone;   ///< in a handler: the state it answers
};

/// Writes one campaign: its tables into a bytecode::Campaign, its bodies into the code.
class CampaignWriter {
 public:
  CampaignWriter(const sema::Model& model, const flow::CampaignGraph& graph, Pools& pools, Expressions& expressions,
                 Code& code);
  bytecode::Campaign run();
  /// Known after the run.
  std::vector<Spot>& spots() { return spots_; }

 private:
  struct Recompute {
    std::uint16_t state;
    const ast::Wait* wait;
  };

  // Clauses
  void clauses();
  bytecode::Entry entry(const ast::Clause& clause);
  void schedule(const ast::Clause& clause, bytecode::Entry& row);
  bytecode::Silence silence(const ast::Trigger& written);
  bytecode::Goal goal(const sema::Goal& goal);
  void running();
  void key();
  bytecode::Trigger trigger(const ast::Trigger& trigger, Span place);
  bytecode::Trigger exit(const ast::Clause& clause);
  std::uint16_t reason(const std::string& name);
  std::uint16_t length(const ast::Expr* expr);
  std::uint16_t date(const ast::Expr* expr);

  // Bodies
  void stage(std::uint16_t index);
  void triggers(std::vector<bytecode::Trigger>& rows, const std::vector<const ast::Trigger*>& written,
                const Surroundings& around);
  void body_of(const ast::Block& block, Label label, const Surroundings& around);
  void late_bodies();
  void block(const ast::Block& block, const Surroundings& around);
  void statement(const ast::Stmt& stmt, const Surroundings& around);
  void end(Opcode op, std::initializer_list<std::uint32_t> operands = {});
  void bind(Label label);

  std::uint16_t contents_of(const ast::Send& stmt, bytecode::SendSite& site) const;
  std::uint16_t window(const ast::Name& name) const;
  void send(const ast::Send& stmt, const Surroundings& around);
  void wait(const ast::Wait& stmt, const Surroundings& around);
  void deadline(const ast::Wait& stmt, Opcode base);
  void condition(const ast::Wait& stmt, std::uint16_t state);
  void time_out(const ast::Wait& stmt);
  void write_earliest(const Recompute& row);
  void business_days(const ast::Wait& stmt);
  std::uint32_t campaign_named_by(const ast::Stmt& stmt) const;
  void bound_by(const ast::Expr* length, Opcode base, Opcode op);
  void handlers(const ast::Wait& stmt, std::uint16_t state, const Surroundings& around);
  void branch(const ast::If& stmt, const Surroundings& around);
  void split(const ast::SplitStmt& stmt, const Surroundings& around);
  void repeat(const ast::Repeat& stmt, const Surroundings& around);
  void hand_off(const ast::HandOff& stmt);
  void assign(const ast::Assign& stmt);
  void notify(const ast::Notify& stmt);
  void set(const ast::SetStmt& stmt);
  void remember(const ast::Remember& stmt);
  std::uint32_t score(const ast::Path& target) const;
  void person(const ast::Expr* who);

  std::uint16_t state(bytecode::StateKind kind, const char* anchor, const std::string& label, const ast::Stmt& stmt,
                      const Surroundings& around);
  void spot(bytecode::Spot::Kind kind, Label from, Label at, Label to, Span span);
  std::string anchor(const char* kind, std::uint16_t stage);
  bool may_wait(const ast::Stmt& stmt) const;
  bytecode::PlaceIndex place(const ast::Stmt& stmt) { return pools_.place(stmt.span); }

  struct LateBody {
    const ast::Block* block;
    Label label;
    Surroundings around;
  };

  const sema::Model& model_;
  const sema::Campaign& source_;
  const flow::CampaignGraph& graph_;
  Pools& pools_;
  Expressions& expressions_;
  Code& code_;
  bytecode::Campaign made_;
  std::unordered_map<const ast::Stmt*, bool> may_wait_;
  std::map<std::pair<std::uint16_t, std::string>, int> anchors_;
  std::deque<LateBody> late_;
  std::vector<Recompute> recomputes_;
  std::vector<Recompute> earliest_;   ///< of `wait until c, at least D`
  std::set<std::uint16_t> moved_on_;  ///< waits that a `move on` ends
  std::vector<Spot> spots_;
  std::uint16_t whens_ = 0;
  bool live_ = true;  ///< whether control can reach the next instruction
};

}  // namespace nurture::ir
