#include <algorithm>

#include "compiler/flow/guard_walk.h"
#include "compiler/sema/walk.h"

/// Who can enter a campaign, what is known of everybody in it, and which goals that leaves (§5.1, §5.12).
namespace nurture::flow {

using Form = ast::Clause::EntryForm;

/// Audience, exclusions and levels of exit: asked at one instant, that of the entry.
Facts GuardWalk::admitted() {
  Facts made = Facts::anything();
  for (const ast::Clause* each : campaign_.audience) {
    judge_.condition(each->condition, conditions_);
    made = conditions_.both(made, conditions_.when(*each->condition, true));
  }
  for (const ast::Clause* each : campaign_.exclude) {
    judge_.condition(each->condition, conditions_);
    made = conditions_.both(made, conditions_.when(*each->condition, false));
  }
  for (const ast::Clause* each : campaign_.exits) {
    if (each->trigger.condition) made = conditions_.both(made, conditions_.when(*each->trigger.condition, false));
  }
  return made;
}

/// What is so of those who enter here; none where that cannot be, by itself.
std::optional<Facts> GuardWalk::entry(const ast::Clause& clause, const Facts& admitted) {
  judge_heard(clause.event);
  judge_.condition(clause.condition, conditions_);
  judge_.condition(clause.condition2, conditions_);
  Facts asked = Facts::anything();
  if (clause.entry == Form::On && clause.event) {
    asked = Facts::impossible();
    for (std::uint32_t kind : model_.kinds_of(clause.event.kind.text()))
      asked = either(asked, conditions_.heard(clause.event, kind, true));
  }
  // What is already true when the programme begins enters later.
  const ast::Expr* when = clause.entry == Form::WhenTrue && clause.also_already ? nullptr : clause.condition;
  for (const ast::Expr* each : {when, clause.condition2}) {
    if (each) asked = conditions_.both(asked, conditions_.entering(*each, true));
  }
  if (asked.never()) return std::nullopt;
  return conditions_.both(asked, admitted);
}

void GuardWalk::enter() {
  const std::size_t before = diagnostics_.all().size();
  const Facts admitted = this->admitted();
  std::vector<const ast::Clause*> refused;
  Facts entered = campaign_.enrolled ? admitted : Facts::impossible();
  bool told = false;
  for (const ast::Clause* clause : campaign_.entries) {
    auto facts = entry(*clause, admitted);
    told = told || !facts;
    if (!facts) continue;
    if (facts->never()) refused.push_back(clause);
    entered = either(entered, *facts);
  }
  told = told || diagnostics_.all().size() != before;
  if (!told && (!refused.empty() || admitted.never())) nobody(admitted, refused);
  if (entered.never()) return;
  start_ = entered;
  fixed_ = conditions_.later(entered);
}

void GuardWalk::nobody(const Facts& admitted, const std::vector<const ast::Clause*>& refused) {
  const bool all = refused.size() == campaign_.entries.size() && !campaign_.enrolled;
  const auto label = [&](Diagnostic& said) {
    for (const ast::Clause* each : campaign_.audience)
      said.labels.push_back({each->condition->span, "asked of everybody"});
    for (const ast::Clause* each : campaign_.exclude) said.labels.push_back({each->condition->span, "turned away"});
    for (const ast::Clause* each : campaign_.exits) {
      if (each->trigger.condition) said.labels.push_back({each->trigger.span, "refused entry while this holds"});
    }
  };
  if (admitted.never() || all) {
    Diagnostic& said =
        diagnostics_.report(DiagnosticId::AudienceNobody, campaign_.decl->name.span, campaign_.name,
                            admitted.never() ? "its audience is turned away again" : "who would enter is turned away");
    label(said);
    if (!admitted.never()) {
      for (const ast::Clause* each : refused) said.labels.push_back({each->span, "who would enter here"});
    }
    said.hint = "Ask for less, or turn fewer away.";
    return;
  }
  for (const ast::Clause* each : refused) {
    if (!own(each->span)) continue;
    const ast::Expr* asked = each->condition ? each->condition : each->event.where;
    Diagnostic& said = diagnostics_.report(DiagnosticId::NeverHolds, asked ? asked->span : each->span);
    label(said);
    said.hint = "Nobody enters here: who would is turned away. Ask for something else, or leave this entry out.";
  }
}

/// What is asked of everybody who comes in, where that leaves nothing of `here`; all of it where it takes it all.
void GuardWalk::label_entrance(Diagnostic& said, const Facts& here) {
  for (const ast::Clause* each : campaign_.audience) {
    if (!conditions_.both(conditions_.when(*each->condition, true), here).never()) continue;
    said.labels.push_back({each->condition->span, "only these come in"});
    return;
  }
  for (const ast::Clause* each : campaign_.exclude) {
    if (!conditions_.both(conditions_.when(*each->condition, false), here).never()) continue;
    said.labels.push_back({each->condition->span, "these do not come in"});
    return;
  }
  for (const ast::Clause* each : campaign_.entries) {
    const Span at = each->event.where && own(each->event.where->span) ? each->event.where->span : each->span;
    said.labels.push_back({at, "leads come in here"});
  }
}

/// Nothing can come between an entry and the first statement of the first stage, and nothing leads back to it.
bool GuardWalk::undisturbed() const {
  // An account's statements look at another lead each time.
  bool only = campaign_.on_edit == nullptr && !campaign_.decl->for_account;
  const std::string& first = campaign_.stages.front().name;
  const auto look = [&](const ast::Block& block, bool in_first) {
    sema::for_each_statement(block, [&](const ast::Stmt& stmt) {
      const auto* going = ast::try_as<ast::GoTo>(&stmt);
      if (going && going->stage.text == first) only = false;
      if (in_first && stmt.kind == ast::NodeKind::RestartStage) only = false;
    });
  };
  for (const ast::Clause* each : campaign_.entries) {
    if (each->name && each->name.text == first) only = false;
  }
  for (const ast::Clause* each : campaign_.triggers) {
    only = only && !each->trigger.condition;
    look(each->trigger.body, true);
  }
  for (const sema::Stage& stage : campaign_.stages) {
    const bool in_first = &stage == &campaign_.stages.front();
    look(stage.clause->body, in_first);
    for (const ast::Trigger& trigger : stage.clause->triggers) {
      only = only && !(in_first && trigger.condition);
      look(trigger.body, in_first);
    }
  }
  return only;
}

// Goals ---------------------------------------------------------------------------------------------------------------

void GuardWalk::goals() {
  const bool sends = std::any_of(graph_.nodes.begin(), graph_.nodes.end(),
                                 [](const Node& node) { return node.kind == Node::Kind::SendWork; });
  for (const sema::Goal& goal : campaign_.goals) {
    const ast::Clause& clause = *goal.clause;
    if (clause.of_send && !sends) {
      goal_never(goal, clause.span, "it counts from a send, and this campaign sends nothing",
                 "Leave out `of send`: the goal then counts from the entry.");
      continue;
    }
    judge_heard(clause.event);
    const auto verdict = judge_.condition(clause.condition, conditions_);
    if (!own(clause.span) || verdict != Judge::Verdict::Depends) continue;
    Facts met = Facts::impossible(), alone = Facts::impossible();
    if (clause.condition) {
      alone = conditions_.when(*clause.condition, true);
      met = conditions_.both(fixed_, alone);
    }
    for (std::uint32_t kind : clause.event ? model_.kinds_of(clause.event.kind.text()) : std::vector<std::uint32_t>{}) {
      alone = either(alone, conditions_.heard(clause.event, kind));
      met = either(met, conditions_.both(fixed_, conditions_.heard(clause.event, kind)));
    }
    if (alone.never() || !met.never()) continue;
    goal_never(goal, clause.span, "no lead that enters is one of those it asks for",
               "Ask for what those who enter can have.");
  }
}

void GuardWalk::goal_never(const sema::Goal& goal, Span span, std::string why, std::string hint) {
  diagnostics_.report(DiagnosticId::GoalNeverMet, span, goal.name, why).hint = std::move(hint);
}

}  // namespace nurture::flow
