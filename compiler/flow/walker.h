#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/flow/blocks.h"
#include "compiler/flow/builder.h"

namespace nurture::flow {

/// An edge that still lacks its end.
struct Open {
  NodeIndex node = 0;
  Edge::Kind kind = Edge::Kind::Next;
  std::uint32_t index = 0;
  Delay delay;
};
using Opens = std::vector<Open>;

/// Where a body stands.
struct Context {
  enum class Where : std::uint8_t { Stage, StageTrigger, CampaignTrigger, Handler, OnExit } where = Where::Stage;
  std::uint32_t stage = kNoIndex;  ///< kNoIndex: campaign level
  bool may_wait = true;
  const ast::Stmt* back = nullptr;  ///< what sends a handler's body back to its wait, if anything does
  bool in_detached_else = false;
  NodeIndex wait = kNoIndex;  ///< Handler: the suspension it answers
  Opens* moved_on = nullptr;  ///< Handler: collects its `move on`
};

/// Walks the statements of one campaign and grows its graph.
class Walker {
 public:
  Walker(const sema::Model& model, std::uint32_t campaign, bool broken, Diagnostics& diagnostics);
  Working run();

 private:
  // Graph
  NodeIndex node(Node::Kind kind, const Context& context, Span span, const ast::Stmt* statement = nullptr);
  NodeIndex suspension(const Context& context, Span span, const ast::Stmt* statement, const Bound& dwell);
  void edge(const Open& open, NodeIndex to);
  void connect(const Opens& opens, NodeIndex to);

  // Bodies
  Opens block(const ast::Block& body, Opens opens, const Context& context);
  void stage(std::uint32_t index);
  void on_exit(const ast::Clause& clause);
  NodeIndex trigger_body(const ast::Trigger& trigger, const Context& context);
  void connect_triggers();

  // Statements: take the edges that lead to one and return those that leave it
  Opens statement(const ast::Stmt& stmt, const Opens& opens, const Context& context);
  Opens work(const ast::Stmt& stmt, const Opens& opens, const Context& context);
  Opens send(const ast::Send& stmt, const Opens& opens, const Context& context);
  Opens wait(const ast::Wait& stmt, const Opens& opens, const Context& context);
  void handler(const ast::Wait& stmt, std::uint32_t index, NodeIndex suspension, Opens& moved_on,
               const Context& context);
  Opens stay(const ast::Stmt& stmt, const Opens& opens, const Context& context);
  Opens branch(const ast::If& stmt, const Opens& opens, const Context& context);
  Opens split(const ast::SplitStmt& stmt, const Opens& opens, const Context& context);
  Opens repeat(const ast::Repeat& stmt, const Opens& opens, const Context& context);
  Opens go_to(const ast::GoTo& stmt, const Opens& opens, const Context& context);
  Opens restart(const ast::Stmt& stmt, const Opens& opens, const Context& context);
  Opens leave(Node::Kind kind, const ast::Stmt& stmt, const Opens& opens, const Context& context);
  Opens end_of_handler(const ast::Stmt& stmt, const Opens& opens, const Context& context);

  // Rules; true where something was reported
  bool refuse_in_on_exit(const ast::Stmt& stmt, const Context& context);
  bool refuse_wait(const ast::Stmt& stmt, Span span, const Context& context);
  bool refuse_in_else(const ast::Stmt& stmt, const Context& context);
  void refuse_rest(const ast::Block& body, std::size_t first);
  void check_handler_end(const ast::Trigger& handler);
  void check_stage_end(const ast::Clause& clause);

  std::uint32_t find_stage(std::string_view name) const;

  const sema::Model& model_;
  const sema::Campaign& campaign_;
  Diagnostics& diagnostics_;
  Working working_;
  CampaignGraph& graph_;
};

}  // namespace nurture::flow
