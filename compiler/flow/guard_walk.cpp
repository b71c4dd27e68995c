#include "compiler/flow/guard_walk.h"

#include <algorithm>

namespace nurture::flow {

using ast::as;
using ast::NodeKind;

GuardWalk::GuardWalk(const sema::Model& model, const CampaignGraph& graph, Diagnostics& diagnostics)
    : model_(model),
      campaign_(model.campaigns[graph.campaign]),
      graph_(graph),
      diagnostics_(diagnostics),
      judge_(model, diagnostics),
      conditions_(model, places_, campaign_.name) {
  for (const Diagnostic& each : diagnostics.all()) {
    if (each.id == DiagnosticId::NeverReacts) said_.insert({each.span.file, each.span.begin});
  }
}

void GuardWalk::run() {
  enter();
  entries_shadowed();
  triggers();
  for (std::uint32_t i = 0; i < campaign_.stages.size(); ++i) {
    const ast::Clause& clause = *campaign_.stages[i].clause;
    for (const ast::Trigger& trigger : clause.triggers) body(trigger, fixed_);
    block(clause.body, known_in(clause.span, i == 0 && undisturbed() ? start_ : fixed_));
  }
  if (campaign_.on_exit) block(campaign_.on_exit->body, known_in(campaign_.on_exit->span, fixed_));
  goals();
}

bool GuardWalk::own(Span span) const {
  const Span& whole = campaign_.decl->span;
  return !campaign_.made_from && span.file == whole.file && whole.begin <= span.begin && span.end <= whole.end;
}

Facts GuardWalk::known_in(Span body, const Facts& facts) const { return own(body) ? facts : Facts::anything(); }

// Bodies --------------------------------------------------------------------------------------------------------------

GuardWalk::After GuardWalk::block(const ast::Block& block, Facts facts) {
  const std::size_t outside = way_.size();
  After after = std::move(facts);
  for (const ast::Stmt* each : block.statements) {
    after = statement(*each, *after);
    if (!after) break;
  }
  way_.resize(outside, {{}, Facts::anything(), false});
  return after;
}

GuardWalk::After GuardWalk::statement(const ast::Stmt& stmt, const Facts& facts) {
  switch (stmt.kind) {
    case NodeKind::If:
      return branch(as<ast::If>(stmt), facts);
    case NodeKind::SplitStmt:
      return split(as<ast::SplitStmt>(stmt), facts);
    case NodeKind::Wait:
      return wait(as<ast::Wait>(stmt), facts);
    case NodeKind::Repeat:
      block(as<ast::Repeat>(stmt).body, conditions_.later(facts));
      return conditions_.later(facts);
    case NodeKind::Send:
      return send(as<ast::Send>(stmt), facts);
    case NodeKind::SetStmt:
      way_.push_back({stmt.span, conditions_.after_set(Facts::anything(), as<ast::SetStmt>(stmt)), true});
      return conditions_.after_set(facts, as<ast::SetStmt>(stmt));
    case NodeKind::GoTo:
    case NodeKind::RestartStage:
    case NodeKind::ExitStmt:
    case NodeKind::Stay:
    case NodeKind::MoveOn:
    case NodeKind::KeepWaiting:
      return std::nullopt;
    case NodeKind::Notify:
      return facts;
    default:
      return conditions_.after_work(facts);  // every other statement works at one instant and goes on
  }
}

/// It may go out later, when anything may have happened.
GuardWalk::After GuardWalk::send(const ast::Send& stmt, const Facts& facts) {
  if (stmt.to_leads_where) {
    Places places;
    Conditions own(model_, places);
    judge_.condition(stmt.to_leads_where, own);
  }
  Facts after = stmt.now_or_skip || stmt.to_leads ? conditions_.after_work(facts) : conditions_.later(facts);
  if (stmt.otherwise) block(*stmt.otherwise, conditions_.later(facts));
  return stmt.otherwise ? conditions_.later(facts) : after;
}

GuardWalk::After GuardWalk::wait(const ast::Wait& stmt, const Facts& facts) {
  const Facts after = conditions_.later(facts);
  std::vector<const ast::Trigger*> handlers, exits;
  for (const ast::Clause* each : campaign_.exits) exits.push_back(&each->trigger);
  for (const ast::Trigger& handler : stmt.handlers) handlers.push_back(&handler);
  if (!handlers.empty()) shadows(exits, handlers);
  for (const ast::Trigger& handler : stmt.handlers) body(handler, after);
  if (stmt.until.target && sema::waits_for_condition(model_, stmt)) judge_.condition(stmt.until.target, conditions_);
  if (stmt.otherwise) block(*stmt.otherwise, after);
  return falls_through(model_, stmt) ? After(after) : std::nullopt;
}

GuardWalk::After GuardWalk::split(const ast::SplitStmt& stmt, const Facts& facts) {
  After out;
  for (const ast::SplitArm& arm : stmt.arms) {
    After after = block(arm.body, facts);
    if (after) out = out ? either(*out, *after) : *after;
  }
  return stmt.arms.empty() ? After(facts) : out;
}

GuardWalk::After GuardWalk::branch(const ast::If& stmt, const Facts& facts) {
  Facts rest = facts;
  After out;
  bool closed = false;  // what comes next is not judged: something above was reported
  for (std::size_t i = 0; i < stmt.arms.size() && !closed; ++i) {
    const ast::Expr& condition = *stmt.arms[i].condition;
    const auto verdict = judge_.condition(&condition, conditions_);
    if (verdict == Judge::Verdict::Never) continue;
    closed = verdict == Judge::Verdict::Always;
    const Facts yes = conditions_.when(condition, true), no = conditions_.when(condition, false);
    const Facts here = conditions_.both(rest, yes);
    const bool meant = judge_.has_switch(condition);
    if (here.never()) {
      if (!meant) arm_shadowed(stmt, i);
      closed = closed || rest.never();
      continue;
    }
    if (!closed && !meant && conditions_.both(facts, no).never()) {
      implied(condition, no);
      closed = true;
    }
    way_.push_back({condition.span, yes, false});
    After after = block(stmt.arms[i].body, here);
    way_.pop_back();
    if (after) out = out ? either(*out, *after) : *after;
    rest = conditions_.both(rest, no);
  }
  if (closed)
    return stmt.otherwise && !falls_through(model_, *stmt.otherwise) ? out : After(out ? either(*out, rest) : rest);
  if (stmt.otherwise && rest.never()) {
    else_shadowed(stmt);
    return out;
  }
  After none = stmt.otherwise ? block(*stmt.otherwise, rest) : After(rest);
  if (!none || rest.never()) return out;
  return out ? either(*out, *none) : none;
}

void GuardWalk::arm_shadowed(const ast::If& stmt, std::size_t arm) {
  const ast::Expr& condition = *stmt.arms[arm].condition;
  const Facts yes = conditions_.when(condition, true);
  Diagnostic& said = diagnostics_.report(DiagnosticId::ArmShadowed, condition.span);
  Facts rest = yes;
  for (std::size_t i = 0; i < arm && !rest.never(); ++i) {
    const ast::Expr& above = *stmt.arms[i].condition;
    if (conditions_.both(yes, conditions_.when(above, true)).never()) continue;
    rest = conditions_.both(rest, conditions_.when(above, false));
    said.labels.push_back({above.span, "this is asked first"});
  }
  if (rest.never()) {
    said.hint = "Put the special case above the general one, or leave it out.";
    return;
  }
  said.labels.clear();
  label_way(said, yes);
  said.hint = "Ask for what a lead may still have here, or leave it out.";
}

void GuardWalk::else_shadowed(const ast::If& stmt) {
  const ast::Block& block = *stmt.otherwise;
  const Span at = block.statements.empty() ? block.span : block.statements.front()->span;
  for (const ast::IfArm& arm : stmt.arms) {
    if (judge_.has_switch(*arm.condition)) return;
  }
  Diagnostic& said = diagnostics_.report(DiagnosticId::ArmShadowed, at);
  said.labels.push_back({stmt.arms.back().condition->span, "whoever is left over is taken by this"});
  said.hint = "Leave the `else` out; or leave this last condition out and keep the `else`.";
}

/// What holds for everybody who comes here.
void GuardWalk::implied(const ast::Expr& condition, const Facts& otherwise) {
  Diagnostic& said = diagnostics_.report(DiagnosticId::AlwaysHolds, condition.span);
  label_way(said, otherwise);
  said.hint = "Leave the condition out: everybody who comes here meets it.";
}

/// Which question on the way leaves nothing of `here`.
void GuardWalk::label_way(Diagnostic& said, const Facts& here) {
  for (auto asked = way_.rbegin(); asked != way_.rend(); ++asked) {
    if (!conditions_.both(asked->facts, here).never()) continue;
    said.labels.push_back({asked->span, asked->set ? "this sets it" : "only those for whom this holds come here"});
    return;
  }
  if (conditions_.both(start_, here).never()) label_entrance(said, here);
}

}  // namespace nurture::flow
