#include "compiler/syntax/builder.h"

namespace nurture::syntax {

using namespace ast;
using Kind = Clause::Kind;

std::vector<Clause> Builder::clauses(Parser::ClausesContext* context) {
  std::vector<Clause> out;
  if (!context) return out;
  for (auto* each : context->clause()) {
    if (!sound(each)) continue;
    Clause made;
    made.id = tree_.new_id();
    made.span = span(each);
    made.doc = doc_before(each);
    if (clause(each, made)) out.push_back(std::move(made));
  }
  return out;
}

bool Builder::clause(Parser::ClauseContext* context, Clause& out) {
  return entry_clause(context, out) || end_clause(context, out) || setting_clause(context, out) ||
         policy_clause(context, out);
}

/// Who comes in, and where to.
bool Builder::entry_clause(Parser::ClauseContext* context, Clause& out) {
  if (auto* c = dynamic_cast<Parser::Audience_clauseContext*>(context)) {
    out.kind = Kind::Audience;
    out.condition = expression(c->expression());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Exclude_clauseContext*>(context)) {
    out.kind = Kind::Exclude;
    out.condition = expression(c->expression());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Enter_clauseContext*>(context)) {
    out.kind = Kind::Enter;
    enter(c, out);
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Reenter_clauseContext*>(context)) {
    out.kind = Kind::Reenter;
    out.reenter = c->NEVER()    ? Clause::ReenterForm::Never
                  : c->ALWAYS() ? Clause::ReenterForm::Always
                                : Clause::ReenterForm::After;
    if (c->duration()) out.duration = duration(c->duration());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Key_clauseContext*>(context)) {
    out.kind = Kind::OneMembershipPer;
    out.name = name(c->name());
    number(out, c->INT());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Stage_clauseContext*>(context)) {
    out.kind = Kind::Stage;
    stage(c, out);
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Trigger_clauseContext*>(context)) {
    out.kind = Kind::TriggerClause;
    out.trigger = trigger(c->trigger());
    return true;
  }
  return false;
}

void Builder::number(Clause& out, Terminal* terminal) {
  if (!terminal) return;
  out.number = integer(terminal);
  out.has_number = true;
  out.number_span = span(terminal);
}

void Builder::enter(Parser::Enter_clauseContext* context, Clause& out) {
  entry(context->entry(), out);
  for (auto* option : context->enter_option()) {
    if (option->expression()) {
      if (out.condition && out.entry != Clause::EntryForm::WhenTrue) {
        diagnostics_.report(DiagnosticId::SaidTwice, span(option), "if").hint = "Join the conditions with \"and\".";
      }
      (out.entry == Clause::EntryForm::WhenTrue ? out.condition2 : out.condition) = expression(option->expression());
    }
    if (option->stage_name()) out.name = name(option->stage_name());
    if (option->TIME()) {
      auto* time = tree_.make<TimeLit>(span(option->TIME()));
      time->time_of_day = time_of_day(option->TIME());
      out.at.time = time;
      out.at.span = time->span;
    }
    if (option->OR_AT_ONCE_IF_LATE()) out.or_at_once_if_late = true;
    if (option->ALSO_THOSE()) out.also_already = duration(option->duration());
  }
}

void Builder::entry(Parser::EntryContext* context, Clause& out) {
  using Form = Clause::EntryForm;
  if (auto* on = context->event_or_silence()) {
    out.entry = on->event_ref() ? Form::On : Form::Silence;
    if (on->event_ref())
      out.event = event_ref(on->event_ref());
    else
      trigger_head(out.trigger, on, nullptr);
  } else if (context->WHEN()) {
    out.entry = Form::WhenTrue;
    out.condition = expression(context->expression());
  } else if (context->moment()) {
    out.entry = context->EVERY() ? Form::Every : Form::Once;
    out.at = moment(context->moment());
  } else {
    out.entry = Form::Dated;
    out.duration = length(context->quantity());
    out.target = expression(context->expression());
    if (!out.duration || !out.target) return;
    auto* shift = tree_.make<DateShift>(join(out.duration->span, out.target->span));
    shift->amount = out.duration;
    shift->target = out.target;
    out.at.target = shift;
  }
}

/// How a membership ends, and what counts as success.
bool Builder::end_clause(Parser::ClauseContext* context, Clause& out) {
  if (auto* c = dynamic_cast<Parser::Lasts_clauseContext*>(context)) {
    out.kind = Kind::LastsAtMost;
    out.duration = duration(c->duration());
    out.reason = name(c->reason_name());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Goal_clauseContext*>(context)) {
    out.kind = Kind::Goal;
    goal(c, out);
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Exit_clauseContext*>(context)) {
    out.kind = Kind::ExitOn;
    out.reason = name(c->reason_name());
    auto* cause = c->exit_cause();
    trigger_head(out.trigger, cause->event_or_silence(), cause->expression());
    out.trigger.span = span(cause);
    out.event = out.trigger.event;
    out.condition = out.trigger.condition;
    return true;
  }
  if (auto* c = dynamic_cast<Parser::On_exit_clauseContext*>(context)) {
    out.kind = Kind::OnExit;
    out.body = block(c->block());
    return true;
  }
  return false;
}

void Builder::goal(Parser::Goal_clauseContext* context, Clause& out) {
  out.name = name(context->goal_name());
  if (context->goal_event()->event_ref())
    out.event = event_ref(context->goal_event()->event_ref());
  else
    out.condition = expression(context->goal_event()->expression());
  for (auto* option : context->goal_option()) {
    if (option->duration()) {
      out.duration = duration(option->duration());
      out.of_send = option->SEND();
    }
    if (option->expression()) out.target = expression(option->expression());
    if (option->reason_name()) out.reason = name(option->reason_name());
  }
}

bool Builder::setting_clause(Parser::ClauseContext* context, Clause& out) {
  if (auto* c = dynamic_cast<Parser::Holdout_clauseContext*>(context)) {
    out.kind = Kind::Holdout;
    out.number = percent(c->PERCENT());
    out.has_number = true;
    out.number_span = span(c->PERCENT());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Window_clauseContext*>(context)) {
    out.kind = Kind::SendOnlyIn;
    out.name = name(c->name());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Priority_clauseContext*>(context)) {
    out.kind = Kind::Priority;
    out.number = signed_number(c->signed_number());
    out.has_number = true;
    out.number_span = span(c->signed_number());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Owner_clauseContext*>(context)) {
    out.kind = Kind::Owner;
    out.text = plain_text(c->text());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Version_clauseContext*>(context)) {
    out.kind = Kind::Version;
    out.text = c->text() ? plain_text(c->text()) : name(c->INT() ? c->INT() : c->NUMBER()).text;
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Sales_clauseContext*>(context)) {
    out.kind = Kind::WhileWithSales;
    out.with_sales = c->PAUSE()   ? Clause::SalesForm::Pause
                     : c->LEAVE() ? Clause::SalesForm::Leave
                                  : Clause::SalesForm::Continue;
    out.reason = name(c->reason_name());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Status_clauseContext*>(context)) {
    out.kind = Kind::Status;
    out.text = c->DRAFT() ? "draft" : c->LIVE() ? "live" : "paused";
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Follow_clauseContext*>(context)) {
    out.kind = Kind::Follow;
    out.name = name(c->name());
    return true;
  }
  return running_clause(context, out);
}

/// Clauses about a campaign that runs already.
bool Builder::running_clause(Parser::ClauseContext* context, Clause& out) {
  if (auto* c = dynamic_cast<Parser::Exclusive_clauseContext*>(context)) {
    out.kind = Kind::ExclusiveIn;
    out.name = name(c->name());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Active_clauseContext*>(context)) {
    out.kind = Kind::Active;
    auto dates = c->expression();
    bool from = c->FROM();
    if (from && !dates.empty()) out.target = expression(dates[0]);
    if (c->UNTIL() && !dates.empty()) out.target2 = expression(dates.back());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Overdue_clauseContext*>(context)) {
    out.kind = Kind::Overdue;
    out.text = c->SEND() ? "send" : c->SKIP_WORD() ? "skip" : "spread";
    if (c->duration()) out.duration = duration(c->duration());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Edit_clauseContext*>(context)) {
    out.kind = Kind::OnEdit;
    out.text = c->FINISH() ? "finish" : c->CONTINUE() ? "continue" : c->RESTART() ? "restart" : "exit";
    out.reason = name(c->reason_name());
    out.recompute_waits = c->RECOMPUTE();
    return true;
  }
  return false;
}

bool Builder::policy_clause(Parser::ClauseContext* context, Clause& out) {
  if (auto* c = dynamic_cast<Parser::Limit_clauseContext*>(context)) {
    out.kind = Kind::Limit;
    out.name = name(c->name());
    number(out, c->INT());
    out.duration = duration(c->duration());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Throttle_clauseContext*>(context)) {
    out.kind = Kind::Throttle;
    out.name = name(c->name());
    number(out, c->INT());
    out.duration = duration(c->duration());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Hold_clauseContext*>(context)) {
    out.kind = Kind::SalesHold;
    out.duration = duration(c->duration());
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Never_clauseContext*>(context)) {
    out.kind = Kind::Never;
    out.of_sends = c->never_action() && c->never_action()->SEND();
    if (c->never_action()) out.name = name(c->never_action()->name(0));
    if (c->never_action() && c->never_action()->name().size() > 1) {
      Name what = name(c->never_action()->name(1));
      auto& d = diagnostics_.report(DiagnosticId::NeverAssignWhat, what.span, what.text);
      d.hint = "Leave it out. What a campaign assigns is its own to say.";
      d.edits.push_back({{what.span.file, out.name.span.end, what.span.end}, ""});
    }
    for (auto* bound : c->never_bound()) {
      if (!sound(bound)) continue;
      for (auto* event : bound->event_ref()) (bound->AFTER() ? out.after : out.until).push_back(event_ref(event));
      if (bound->expression()) out.condition = expression(bound->expression());
      if (bound->name()) out.outside = name(bound->name());
    }
    return true;
  }
  if (auto* c = dynamic_cast<Parser::Quiet_clauseContext*>(context)) {
    out.kind = Kind::Quiet;
    if (auto* range = c->time_range()) {
      out.from_time = time_of_day(range->TIME(0));
      out.to_time = time_of_day(range->TIME(1));
    }
    out.target = c->fallback() ? fallback(c->fallback()) : nullptr;
    return true;
  }
  return false;
}

void Builder::stage(Parser::Stage_clauseContext* context, Clause& out) {
  out.name = name(context->stage_name());
  auto* body = context->stage_body();
  out.body.span = span(body);
  for (auto* child : body->children) {
    if (auto* c = dynamic_cast<Parser::StatementContext*>(child)) out.body.statements.push_back(statement(c));
    auto* c = dynamic_cast<Parser::TriggerContext*>(child);
    if (!c || !sound(c)) continue;
    out.triggers.push_back(trigger(c));
    if (out.body.statements.empty()) continue;
    auto& d = diagnostics_.report(DiagnosticId::TriggerAfterStatement, out.triggers.back().span);
    d.labels.push_back({out.body.statements.front()->span, "the statements begin here"});
    d.hint = "Move it up: it is alive during the whole stage, wherever it stands.";
  }
}

}  // namespace nurture::syntax
