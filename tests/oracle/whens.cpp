#include "tests/oracle/unit_run.h"

/// Conditions that are watched (§5.4), and what a reaction does.
namespace nurture::oracle {

namespace {

bool keeps_waiting(const ast::Block& block, const std::string& stage);

bool keeps_waiting(const ast::Stmt& stmt, const std::string& stage) {
  if (stmt.kind == ast::NodeKind::KeepWaiting) return true;
  if (const auto* go = ast::try_as<ast::GoTo>(&stmt)) return go->stage.text == stage;
  if (const auto* branch = ast::try_as<ast::If>(&stmt)) {
    for (const ast::IfArm& arm : branch->arms) {
      if (keeps_waiting(arm.body, stage)) return true;
    }
    return branch->otherwise && keeps_waiting(*branch->otherwise, stage);
  }
  if (const auto* split = ast::try_as<ast::SplitStmt>(&stmt)) {
    for (const ast::SplitArm& arm : split->arms) {
      if (keeps_waiting(arm.body, stage)) return true;
    }
  }
  if (const auto* send = ast::try_as<ast::Send>(&stmt))
    return send->otherwise && keeps_waiting(*send->otherwise, stage);
  return false;
}

/// Whether some path of a handler's body goes back to its wait; such a body may not wait itself.
bool keeps_waiting(const ast::Block& block, const std::string& stage) {
  for (const ast::Stmt* stmt : block.statements) {
    if (keeps_waiting(*stmt, stage)) return true;
  }
  return false;
}

}  // namespace

/// What holds already is due at once; `becomes true`, and what fired in this step, only take the present value.
void LeadRun::arm(Membership& m, const ast::Trigger& trigger) {
  if (trigger.silence) m.silences[&trigger] = after(now_, length(*trigger.silence));
  if (trigger.condition == nullptr) return;
  bool now = true_trigger(m, trigger);
  m.armed[&trigger] = now;
  if (now && !trigger.becomes_true && !m.fired.contains(&trigger)) m.holding.insert(&trigger);
}

void LeadRun::disarm(Membership& m, const ast::Trigger& trigger) {
  m.silences.erase(&trigger);
  m.armed.erase(&trigger);
  m.holding.erase(&trigger);
}

bool LeadRun::due(Membership& m, const ast::Trigger& trigger) {
  auto armed = m.armed.find(&trigger);
  if (trigger.condition == nullptr || armed == m.armed.end() || armed->second || m.fired.contains(&trigger))
    return false;
  return true_trigger(m, trigger);
}

/// A `wait until c, at least D` does not look at c before D is over.
bool LeadRun::true_trigger(const Membership& m, const ast::Trigger& trigger) {
  const auto* wait = ast::try_as<ast::Wait>(m.suspension.statement);
  const Watches& watches = unit_.watches();
  auto watch = wait ? watches.find(wait) : watches.end();
  if (watch != watches.end() && &watch->second.trigger == &trigger && (m.earliest_due || now_ < m.earliest))
    return false;
  return true_for(trigger.condition, &m);
}

/// What is written, and behind it the condition of a `wait until`.
std::vector<const ast::Trigger*> LeadRun::handlers_of(const ast::Wait& wait) {
  std::vector<const ast::Trigger*> out;
  for (const ast::Trigger& handler : wait.handlers) out.push_back(&handler);
  if (!sema::waits_for_condition(model_, wait)) return out;
  auto [watch, fresh] = unit_.watches().try_emplace(&wait);
  if (fresh) {
    watch->second.trigger.condition = wait.until.target;
    watch->second.trigger.body.statements.push_back(&watch->second.move_on);
  }
  out.push_back(&watch->second.trigger);
  return out;
}

/// What holds at arming fires before the first statement of what armed it.
void LeadRun::fire_at_arming(Membership& m) {
  std::uint64_t visit = m.visit;
  auto still_here = [&] { return m.active && m.visit == visit; };
  const auto& of_stage = stage_clause(m).triggers;
  for (std::size_t i = 0; i < of_stage.size() && still_here(); ++i) {
    if (m.holding.contains(&of_stage[i])) fire(m, of_stage[i], Reaction::StageTrigger, i, "");
  }
  const auto& of_campaign = m.campaign->triggers;
  for (std::size_t i = 0; i < of_campaign.size() && still_here(); ++i) {
    const ast::Trigger& trigger = of_campaign[i]->trigger;
    if (m.holding.contains(&trigger)) fire(m, trigger, Reaction::CampaignTrigger, i, "");
  }
}

void LeadRun::fire_handlers_at_arming(Membership& m) {
  std::uint64_t serial = m.suspension.serial;
  const auto handlers = handlers_of(ast::as<ast::Wait>(*m.suspension.statement));
  for (std::size_t i = 0; i < handlers.size(); ++i) {
    if (!m.active || m.suspension.serial != serial) return;
    if (m.holding.contains(handlers[i])) fire(m, *handlers[i], Reaction::Handler, i, "");
  }
}

void LeadRun::fire(Membership& m, const ast::Trigger& trigger, Reaction reaction, std::size_t index,
                   const std::string& reason) {
  static const char* const kNames[] = {"exit", "handler", "stage", "campaign"};
  if (trigger.condition) {
    m.fired.insert(&trigger);
    m.holding.erase(&trigger);
    m.armed[&trigger] = true;
  }
  tell(Kind::TriggerFired, &m, 0, std::string(kNames[static_cast<int>(reaction)]) + " " + std::to_string(index));
  if (reaction == Reaction::CampaignExit) {
    exit(m, reason, nullptr, "left");
    return;
  }
  if (reaction == Reaction::Handler) {
    fire_handler(m, trigger, index);
    return;
  }
  bool of_stage = reaction == Reaction::StageTrigger;
  Body body{&trigger.body, of_stage ? &stage_clause(m) : nullptr};
  if (run_body(m, trigger.body, body, "left") == Ran::Left) run_statements(m);
}

void LeadRun::fire_handler(Membership& m, const ast::Trigger& trigger, std::size_t index) {
  std::string how = "handler " + std::to_string(index);
  if (!keeps_waiting(trigger.body, stages(m)[m.stage].name)) {
    take_wait(m, how);
    push(m, &trigger.body, Running::Kind::Handler);
    m.own_body = &trigger.body;
    run_statements(m);
    m.own_body = nullptr;
    return;
  }
  Body body{&trigger.body, &stage_clause(m)};
  switch (run_body(m, trigger.body, body, how)) {
    case Ran::MoveOn:
      end_suspension(m, how);
      run_statements(m);
      break;
    case Ran::Left:
      run_statements(m);
      break;
    case Ran::Through:
    case Ran::KeepWaiting:
      break;
  }
}

}  // namespace nurture::oracle
