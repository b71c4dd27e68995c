#include "compiler/ir/campaign.h"

#include <algorithm>
#include <set>

#include "runtime/base/check.h"
#include "runtime/calendar/calendar.h"

namespace nurture::ir {

using bytecode::kNone;

CampaignWriter::CampaignWriter(const sema::Model& model, const flow::CampaignGraph& graph, Pools& pools,
                               Expressions& expressions, Code& code)
    : model_(model),
      source_(model.campaigns[graph.campaign]),
      graph_(graph),
      pools_(pools),
      expressions_(expressions),
      code_(code) {
  for (const flow::Node& node : graph.nodes) {
    if (node.statement) may_wait_.emplace(node.statement, node.may_wait);
  }
}

bytecode::Campaign CampaignWriter::run() {
  made_.name = pools_.text(source_.name);
  made_.for_account = source_.decl->for_account;
  made_.place = pools_.place(source_.decl->span);
  made_.slots = static_cast<std::uint16_t>(source_.remembered.size());
  for (const std::string& name : source_.reasons) reason(name);
  clauses();
  for (const sema::Stage& row : source_.stages) {
    bytecode::Stage stage;
    stage.name = pools_.text(row.name);
    stage.place = pools_.place(row.clause->span);
    made_.stages.push_back(std::move(stage));
  }
  std::vector<const ast::Trigger*> own;
  for (const ast::Clause* clause : source_.triggers) own.push_back(&clause->trigger);
  triggers(made_.triggers, own, {});
  for (std::size_t i = 0; i < source_.stages.size(); ++i) stage(static_cast<std::uint16_t>(i));
  if (source_.on_exit) {
    made_.on_exit = code_.fresh();
    body_of(source_.on_exit->body, made_.on_exit, {});
  }
  late_bodies();
  for (const Recompute& row : recomputes_) {
    made_.states[row.state].recompute = code_.here();
    deadline(*row.wait, Opcode::LoadWaitStart);
    code_.emit(Opcode::Return);
  }
  for (const Recompute& row : earliest_) write_earliest(row);
  expressions_.flush();
  return std::move(made_);
}

// Clauses -------------------------------------------------------------------------------------------------------------

void CampaignWriter::clauses() {
  const auto conditions = [](const std::vector<const ast::Clause*>& rows) {
    std::vector<const ast::Expr*> exprs;
    for (const ast::Clause* row : rows) exprs.push_back(row->condition);
    return exprs;
  };
  made_.priority = static_cast<std::int32_t>(source_.priority);
  made_.audience = expressions_.later_all(conditions(source_.audience));
  made_.exclude = expressions_.later_any(conditions(source_.exclude));
  for (const ast::Clause* clause : source_.entries) made_.entries.push_back(entry(*clause));
  if (source_.exclusive) made_.exclusive_group = pools_.text(source_.exclusive->name.text);
  if (source_.active) {
    made_.active_from = date(source_.active->target);
    made_.active_until = date(source_.active->target2);
  }
  if (source_.reenter) {
    using Form = ast::Clause::ReenterForm;
    Form form = source_.reenter->reenter;
    made_.reenter = form == Form::Never    ? bytecode::Reenter::Never
                    : form == Form::Always ? bytecode::Reenter::Always
                                           : bytecode::Reenter::After;
    if (form == Form::After) made_.reenter_after = length(source_.reenter->duration);
  }
  key();
  if (source_.lasts) {
    made_.lasts_at_most = length(source_.lasts->duration);
    made_.lasts_reason = reason(source_.lasts->reason.text);
  } else if (graph_.longest_stay) {
    made_.longest = pools_.duration(*graph_.longest_stay);
  }
  if (source_.holdout) {
    made_.holdout = static_cast<std::uint16_t>(source_.holdout->number / 100);
  }
  for (const sema::Goal& row : source_.goals) made_.goals.push_back(goal(row));
  for (const ast::Clause* clause : source_.exits) made_.exits.push_back(exit(*clause));
  if (source_.while_with_sales) {
    using Form = ast::Clause::SalesForm;
    Form form = source_.while_with_sales->with_sales;
    made_.while_with_sales = form == Form::Pause   ? bytecode::WhileWithSales::Pause
                             : form == Form::Leave ? bytecode::WhileWithSales::Leave
                                                   : bytecode::WhileWithSales::Continue;
    if (form == Form::Leave) made_.with_sales_reason = reason(source_.while_with_sales->reason.text);
  }
  if (source_.removed) made_.removed_reason = reason("removed");
  const std::uint32_t merges = model_.find_kind("lead.merged");
  if (merges != sema::kNoIndex && !made_.for_account) made_.merged_reason = reason("merged");
  running();
}

bytecode::Entry CampaignWriter::entry(const ast::Clause& clause) {
  using Form = ast::Clause::EntryForm;
  bytecode::Entry row;
  row.form = static_cast<bytecode::EntryForm>(clause.entry);
  row.condition = expressions_.later(clause.entry == Form::WhenTrue ? clause.condition2 : clause.condition);
  switch (clause.entry) {
    case Form::On:
      row.event = expressions_.match(clause.event);
      break;
    case Form::WhenTrue:
      row.when = expressions_.later(clause.condition);
      break;
    case Form::Every:
    case Form::Once:
      schedule(clause, row);
      break;
    case Form::Dated:
      row.target = expressions_.later(clause.target);
      row.instant = expressions_.later_point(clause.at);
      row.at_once_if_late = clause.or_at_once_if_late;
      break;
    case Form::Silence:
      row.silence = silence(clause.trigger);
      break;
  }
  row.those_already_true = clause.also_already != nullptr;
  row.spread_over = length(clause.also_already);
  for (std::size_t i = 0; clause.name && i < source_.stages.size(); ++i) {
    if (source_.stages[i].name == clause.name.text) row.at_stage = static_cast<std::uint16_t>(i);
  }
  row.label = pools_.text(pools_.written(clause.span));
  row.place = pools_.place(clause.span);
  return row;
}

/// A schedule is on the lead's clock: a date and time as written, not as an instant of the programme's zone. What a
/// `let` holds is an instant already.
void CampaignWriter::schedule(const ast::Clause& clause, bytecode::Entry& row) {
  const ast::When& at = clause.at;
  if (!at.zone.empty()) row.zone = pools_.text(at.zone);
  row.weekdays = at.weekdays;
  if (auto time = at.time ? sema::constant_of(model_, *at.time) : std::nullopt) row.time = time->value.bits;
  if (!at.target) return;
  if (const auto* written = ast::try_as<ast::DateTimeLit>(at.target)) {
    row.date = written->days;
    row.time = written->time_of_day;
    if (!written->zone.empty()) row.zone = pools_.text(written->zone);
    return;
  }
  auto value = sema::constant_of(model_, *at.target);
  NURTURE_CHECK(value);
  if (value->type.kind == TypeKind::Date) {
    row.date = value->value.bits;
    return;
  }
  const calendar::Local local = calendar::to_local(value->value.bits, calendar::utc());
  row.date = local.date;
  row.time = local.time_of_day;
  row.zone = pools_.text("UTC");
}

bytecode::Silence CampaignWriter::silence(const ast::Trigger& written) {
  bytecode::Silence row;
  row.lasts = length(written.silence);
  std::set<std::uint32_t> kinds;
  for (const ast::EventRef& each : written.silence_of) {
    for (std::uint32_t kind : model_.kinds_of(each.kind.text())) kinds.insert(kind);
  }
  for (std::uint32_t kind : kinds) row.kinds.push_back(static_cast<std::uint16_t>(kind));
  for (std::size_t i = 0; written.silence_of.empty() && i < model_.kinds.size(); ++i) {
    if (model_.kinds[i].actor == sema::EventKind::Actor::Lead) row.kinds.push_back(static_cast<std::uint16_t>(i));
  }
  row.where = expressions_.later(written.event.where);
  return row;
}

bytecode::Goal CampaignWriter::goal(const sema::Goal& goal) {
  bytecode::Goal row;
  row.name = pools_.text(goal.name);
  row.event = expressions_.match(goal.clause->event);
  if (!goal.clause->event) row.condition = expressions_.later(goal.clause->condition);
  row.worth = expressions_.later_as(goal.clause->target, TypeKind::Decimal);
  row.within = length(goal.clause->duration);
  row.of_send = goal.clause->of_send;
  if (goal.clause->reason) row.exit_reason = reason(goal.clause->reason.text);
  row.place = pools_.place(goal.clause->span);
  return row;
}

/// What a campaign says about running live.
void CampaignWriter::running() {
  bytecode::Running& row = made_.running;
  if (source_.status) {
    row.status = source_.status->text == "draft"    ? bytecode::CampaignStatus::Draft
                 : source_.status->text == "paused" ? bytecode::CampaignStatus::Paused
                                                    : bytecode::CampaignStatus::Live;
  }
  if (source_.owner) row.owner = pools_.text(source_.owner->text);
  if (source_.version) row.version = pools_.text(source_.version->text);
  if (source_.overdue) {
    row.overdue = source_.overdue->text == "skip"     ? bytecode::Overdue::Skip
                  : source_.overdue->text == "spread" ? bytecode::Overdue::Spread
                                                      : bytecode::Overdue::Send;
    row.spread_over = length(source_.overdue->duration);
  }
  if (!source_.on_edit) return;
  const std::string& edit = source_.on_edit->text;
  row.on_edit = edit == "finish"    ? bytecode::OnEdit::FinishOldVersion
                : edit == "restart" ? bytecode::OnEdit::RestartStage
                : edit == "exit"    ? bytecode::OnEdit::Exit
                                    : bytecode::OnEdit::Continue;
  if (row.on_edit == bytecode::OnEdit::Exit) row.edit_reason = reason(source_.on_edit->reason.text);
  row.recompute_waits = source_.on_edit->recompute_waits;
}

void CampaignWriter::key() {
  if (!source_.key) return;
  made_.key.name = pools_.text(source_.key->name.text);
  made_.key.type = pools_.type(source_.key_type);
  if (source_.key->has_number) made_.key.up_to = static_cast<std::uint16_t>(source_.key->number);
  for (std::uint32_t property : source_.key_property) {
    made_.key.property_of.push_back(property == sema::kNoIndex ? kNone : static_cast<std::uint16_t>(property));
  }
}

bytecode::Trigger CampaignWriter::trigger(const ast::Trigger& trigger, Span place) {
  bytecode::Trigger row;
  if (trigger.silence) {
    row.silence = silence(trigger);
    row.silence_index = made_.silences++;
  } else {
    row.event = expressions_.match(trigger.event);
  }
  if (trigger.condition) {
    row.condition = expressions_.later(trigger.condition);
    row.becomes_true = trigger.becomes_true;
    row.when_index = whens_++;
  }
  row.label = pools_.text(pools_.written(trigger.span));
  row.place = pools_.place(place);
  return row;
}

bytecode::Trigger CampaignWriter::exit(const ast::Clause& clause) {
  bytecode::Trigger row = trigger(clause.trigger, clause.span);
  row.exit_reason = reason(clause.reason.text);
  return row;
}

std::uint16_t CampaignWriter::reason(const std::string& name) {
  bytecode::StringIndex text = pools_.text(name);
  auto found = std::find(made_.reasons.begin(), made_.reasons.end(), text);
  if (found == made_.reasons.end()) found = made_.reasons.insert(found, text);
  return static_cast<std::uint16_t>(found - made_.reasons.begin());
}

std::uint16_t CampaignWriter::length(const ast::Expr* expr) {
  if (!expr) return kNone;
  auto value = sema::constant_of(model_, *expr);
  return value ? pools_.duration(value->value.duration()) : kNone;
}

std::uint16_t CampaignWriter::date(const ast::Expr* expr) {
  auto value = expr ? sema::constant_of(model_, *expr) : std::nullopt;
  return value ? pools_.constant(*value) : kNone;
}

// Bodies --------------------------------------------------------------------------------------------------------------

void CampaignWriter::stage(std::uint16_t index) {
  const ast::Clause& clause = *source_.stages[index].clause;
  std::vector<const ast::Trigger*> written;
  for (const ast::Trigger& trigger : clause.triggers) written.push_back(&trigger);
  Surroundings around{index, kNone};
  triggers(made_.stages[index].triggers, written, around);
  made_.stages[index].body = code_.fresh();
  body_of(clause.body, made_.stages[index].body, around);
}

void CampaignWriter::triggers(std::vector<bytecode::Trigger>& rows, const std::vector<const ast::Trigger*>& written,
                              const Surroundings& around) {
  std::vector<bytecode::Trigger> made;
  for (const ast::Trigger* row : written) {
    made.push_back(trigger(*row, row->span));
    made.back().body = code_.fresh();
  }
  for (std::size_t i = 0; i < written.size(); ++i) body_of(written[i]->body, made[i].body, around);
  rows = std::move(made);
}

/// A whole body. One that runs out gives control back to what it interrupted.
void CampaignWriter::body_of(const ast::Block& written, Label label, const Surroundings& around) {
  code_.bind(label);
  live_ = true;
  block(written, around);
  if (live_) end(Opcode::EndBody);
}

void CampaignWriter::late_bodies() {
  while (!late_.empty()) {
    LateBody due = late_.front();
    late_.pop_front();
    body_of(*due.block, due.label, due.around);
  }
}

void CampaignWriter::block(const ast::Block& block, const Surroundings& around) {
  for (const ast::Stmt* stmt : block.statements) statement(*stmt, around);
}

void CampaignWriter::end(Opcode op, std::initializer_list<std::uint32_t> operands) {
  code_.emit(op, operands);
  live_ = false;
}

void CampaignWriter::bind(Label label) {
  code_.bind(label);
  live_ = true;
}

bool CampaignWriter::may_wait(const ast::Stmt& stmt) const {
  auto found = may_wait_.find(&stmt);
  return found != may_wait_.end() && found->second;
}

std::string CampaignWriter::anchor(const char* kind, std::uint16_t stage) {
  return std::string(kind) + "_" + std::to_string(++anchors_[{stage, kind}]);
}

std::uint16_t CampaignWriter::state(bytecode::StateKind kind, const char* anchor_kind, const std::string& label,
                                    const ast::Stmt& stmt, const Surroundings& around) {
  bytecode::State row;
  row.kind = kind;
  row.stage = around.stage;
  row.anchor = pools_.text(anchor(anchor_kind, around.stage));
  row.label = pools_.text(label);
  row.place = place(stmt);
  made_.states.push_back(std::move(row));
  return static_cast<std::uint16_t>(made_.states.size() - 1);
}

}  // namespace nurture::ir
