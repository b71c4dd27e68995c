#include <algorithm>

#include "compiler/flow/guard_walk.h"

/// What triggers hear, and what is left of it by those above (§5.3).
namespace nurture::flow {

void GuardWalk::triggers() {
  std::vector<const ast::Trigger*> exits, triggers;
  for (const ast::Clause* each : campaign_.exits) exits.push_back(&each->trigger);
  for (const ast::Clause* each : campaign_.triggers) triggers.push_back(&each->trigger);
  for (const ast::Trigger* exit : exits) {
    judge_heard(exit->event);
    judge_.condition(exit->condition, conditions_);
  }
  shadows({}, exits);
  shadows(exits, triggers);
  for (const ast::Trigger* trigger : triggers) body(*trigger, fixed_);
  for (const sema::Stage& stage : campaign_.stages) {
    std::vector<const ast::Trigger*> own_ones;
    for (const ast::Trigger& trigger : stage.clause->triggers) own_ones.push_back(&trigger);
    shadows(exits, own_ones);
  }
}

void GuardWalk::judge_heard(const ast::EventRef& event) { judge_.condition(event.where, conditions_); }

/// What is so when its body begins.
Facts GuardWalk::fired(const ast::Trigger& trigger, const Facts& before) {
  if (trigger.condition) return conditions_.both(before, conditions_.when(*trigger.condition, true));
  if (!trigger.event) return before;
  Facts heard = Facts::impossible();
  for (std::uint32_t kind : model_.kinds_of(trigger.event.kind.text())) {
    heard = either(heard, conditions_.heard(trigger.event, kind));
  }
  Facts made = conditions_.both(before, heard);
  // What cannot happen is said where it is listened to.
  return made.never() ? before : made;
}

void GuardWalk::body(const ast::Trigger& trigger, const Facts& before) {
  judge_.condition(trigger.condition, conditions_);
  judge_heard(trigger.event);
  for (const ast::EventRef& each : trigger.silence_of) judge_heard(each);
  const bool here = own(trigger.span);
  const ast::Expr* asked = trigger.condition ? trigger.condition : trigger.event.where;
  Facts facts = here ? fired(trigger, before) : Facts::anything();
  if (asked && here) way_.push_back({asked->span, facts, false});
  block(trigger.body, facts);
  if (asked && here) way_.pop_back();
}

void GuardWalk::shadows(const std::vector<const ast::Trigger*>& exits,
                        const std::vector<const ast::Trigger*>& own_ones) {
  std::vector<const ast::Trigger*> above = exits;
  for (const ast::Trigger* trigger : own_ones) {
    if (!trigger->event) continue;
    const bool said = said_.contains({trigger->span.file, trigger->span.begin});
    if (!said && own(trigger->span) && taken(*trigger, above)) {
      Diagnostic& found = diagnostics_.report(DiagnosticId::TriggerShadowed, trigger->span);
      for (const ast::Trigger* each : above) {
        bool meets = false;
        for (std::uint32_t kind : model_.kinds_of(trigger->event.kind.text())) {
          meets =
              meets || (hears(each->event, kind) &&
                        !conditions_.both(conditions_.heard(each->event, kind), conditions_.heard(trigger->event, kind))
                             .never());
        }
        if (meets) found.labels.push_back({each->span, "this comes first"});
      }
      found.hint = "The first that matches takes the event. Leave this out, or ask for less above.";
    }
    above.push_back(trigger);
  }
}

/// The first entry that matches, `if` included, is the one that counts.
void GuardWalk::entries_shadowed() {
  for (std::size_t i = 1; i < campaign_.entries.size(); ++i) {
    const ast::Clause& clause = *campaign_.entries[i];
    if (!clause.event || !own(clause.span) || switched(clause)) continue;
    std::vector<Span> above;
    bool alone = false, any = false;
    for (std::uint32_t kind : model_.kinds_of(clause.event.kind.text())) {
      Facts left = conditions_.heard(clause.event, kind);
      if (clause.condition) left = conditions_.both(left, conditions_.when(*clause.condition, true));
      alone = alone || !left.never();
      for (std::size_t j = 0; j < i && !left.never(); ++j) {
        const ast::Clause& each = *campaign_.entries[j];
        if (!hears(each.event, kind) || switched(each)) continue;
        Facts other = conditions_.unheard(each.event, kind);
        if (each.condition) other = either(other, conditions_.when(*each.condition, false));
        left = conditions_.both(left, other);
        if (std::find(above.begin(), above.end(), each.span) == above.end()) above.push_back(each.span);
      }
      any = any || !left.never();
    }
    if (any || !alone || above.empty()) continue;
    Diagnostic& said = diagnostics_.report(DiagnosticId::TriggerShadowed, clause.span);
    for (const Span& each : above) said.labels.push_back({each, "this comes first"});
    said.hint = "The first entry that matches is the one that counts. Leave this out, or put it above the general one.";
  }
}

bool GuardWalk::switched(const ast::Clause& entry) const {
  return (entry.event.where && judge_.has_switch(*entry.event.where)) ||
         (entry.condition && judge_.has_switch(*entry.condition));
}

bool GuardWalk::hears(const ast::EventRef& event, std::uint32_t kind) const {
  if (!event) return false;
  const auto kinds = model_.kinds_of(event.kind.text());
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// Whether those above leave nothing of what it listens to, though by itself it could happen.
bool GuardWalk::taken(const ast::Trigger& trigger, const std::vector<const ast::Trigger*>& above) {
  if (trigger.event.where && judge_.has_switch(*trigger.event.where)) return false;
  bool alone = false, met = false;
  for (std::uint32_t kind : model_.kinds_of(trigger.event.kind.text())) {
    Facts left = conditions_.heard(trigger.event, kind);
    alone = alone || !left.never();
    for (const ast::Trigger* each : above) {
      if (!hears(each->event, kind) || (each->event.where && judge_.has_switch(*each->event.where))) continue;
      met = true;
      left = conditions_.both(left, conditions_.unheard(each->event, kind));
    }
    if (!left.never()) return false;
  }
  return alone && met;
}

}  // namespace nurture::flow
