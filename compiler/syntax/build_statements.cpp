#include "compiler/syntax/builder.h"

namespace nurture::syntax {

using namespace ast;

Block Builder::block(Parser::BlockContext* context) {
  Block out;
  if (!context) return out;
  out.span = span(context);
  for (auto* each : context->statement()) out.statements.push_back(statement(each));
  return out;
}

const Stmt* Builder::statement(Parser::StatementContext* context) {
  if (!sound(context)) return tree_.make<ErrorStmt>(span(context));
  switch (static_cast<Context*>(context->children[0])->getRuleIndex()) {
    case Parser::RuleSend:
      return send(context->send());
    case Parser::RuleWait:
      return wait(context->wait());
    case Parser::RuleIf_statement:
      return if_statement(context->if_statement());
    case Parser::RuleSplit:
      return split(context->split());
    case Parser::RuleRepeat:
      return repeat(context->repeat());
    case Parser::RuleGo_to:
      return go_to(context->go_to());
    case Parser::RuleExit_statement:
      return exit_statement(context->exit_statement());
    case Parser::RuleHand_off:
      return hand_off(context->hand_off());
    case Parser::RuleAssign:
      return assign(context->assign());
    case Parser::RuleNotify:
      return notify(context->notify());
  }
  return small(context);
}

/// The statements of one line each.
const Stmt* Builder::small(Parser::StatementContext* context) {
  Span at = span(context);
  if (context->stay()) return tree_.make<Stay>(at);
  if (context->restart()) return tree_.make<RestartStage>(at);
  if (context->move_on()) return tree_.make<MoveOn>(at);
  if (context->keep_waiting()) return tree_.make<KeepWaiting>(at);
  if (auto* c = context->take_back()) {
    auto* out = tree_.make<TakeBack>(at);
    out->from = name(c->name());
    return out;
  }
  if (context->set_attribute() || context->clear_attribute()) {
    auto* out = tree_.make<SetStmt>(at);
    out->target =
        path(context->set_attribute() ? context->set_attribute()->path() : context->clear_attribute()->path());
    if (context->set_attribute()) out->value = expression(context->set_attribute()->expression());
    return out;
  }
  if (auto* c = context->remember()) {
    auto* out = tree_.make<Remember>(at);
    out->name = bare_name(c->name());
    out->value = expression(c->expression());
    return out;
  }
  return later_part(context);
}

/// Statements on scores, audiences and other campaigns.
const Stmt* Builder::later_part(Parser::StatementContext* context) {
  Span at = span(context);
  if (auto* c = context->add_score()) {
    auto* out = tree_.make<AddScore>(at);
    out->amount = expression(c->expression());
    out->target = path(c->path());
    return out;
  }
  if (auto* c = context->reset_score()) {
    auto* out = tree_.make<ResetScore>(at);
    out->target = path(c->path());
    return out;
  }
  if (auto* c = context->audience_change()) {
    auto* out = tree_.make<AudienceChange>(at);
    out->add = c->ADD_TO_AUDIENCE();
    out->audience = name(c->name());
    return out;
  }
  if (auto* c = context->enroll()) {
    auto* out = tree_.make<Enroll>(at);
    out->campaign = path(c->path());
    if (c->ADD_TO_CAMPAIGN()) {
      report_written(DiagnosticId::AddToCampaignWritten, span(c->ADD_TO_CAMPAIGN()), "enroll in campaign").hint =
          fmt::format("Write `enroll in campaign {}`.", out->campaign.text());
    }
    return out;
  }
  if (auto* c = context->remove_from()) {
    auto* out = tree_.make<RemoveFrom>(at);
    out->campaign = path(c->path());
    return out;
  }
  if (auto* c = context->webhook()) {
    auto* out = tree_.make<CallWebhook>(at);
    out->url = plain_text(c->text());
    return out;
  }
  return tree_.make<ErrorStmt>(at);
}

const Stmt* Builder::send(Parser::SendContext* context) {
  auto* out = tree_.make<Send>(span(context));
  auto* what = context->send_what();
  out->channel = name(what->CHANNEL());
  out->content = what->content_name() ? name(what->content_name()) : name(what->stream_name());
  if (what->NEXT_OF()) out->what = Send::What::NextOf;
  if (what->FIRST_PERMITTED_OF()) {
    out->what = Send::What::FirstPermitted;
    out->choices = names(what->name_list());
  }
  for (auto* option : context->send_option()) {
    if (option->NOW_OR_SKIP()) out->now_or_skip = true;
    if (option->duration()) out->for_up_to = duration(option->duration());
    if (!option->block()) continue;
    if (out->otherwise)
      diagnostics_
          .report(DiagnosticId::SaidTwice, span_of(source_, *option->start), option->ELSE() ? "else" : "if none left")
          .hint = "Put what they do into one.";
    out->otherwise = block(option->block());
    out->if_none_left = option->IF_NONE_LEFT() != nullptr;
    if (out->if_none_left) out->otherwise->span.begin = span_of(source_, *option->start).begin;
  }
  out->to_leads = context->LEADS();
  if (context->expression()) out->to_leads_where = expression(context->expression());
  return out;
}

const Stmt* Builder::if_statement(Parser::If_statementContext* context) {
  auto* out = tree_.make<If>(span(context));
  out->arms.push_back({expression(context->expression()), block(context->block())});
  Span last;
  for (auto* part : context->else_part()) {
    if (out->otherwise) {
      auto& d = diagnostics_.report(DiagnosticId::ElseNotLast, span(part->ELSE()));
      d.labels.push_back({last, "this is the last already"});
      d.hint = "Write `else if` and a condition in all branches but the last.";
      break;
    }
    if (part->expression())
      out->arms.push_back({expression(part->expression()), block(part->block())});
    else
      out->otherwise = block(part->block()), last = span(part->ELSE());
  }
  return out;
}

/// `50/50` before the branches is answered; the shares go to the branches in order.
const Stmt* Builder::split(Parser::SplitContext* context) {
  auto* out = tree_.make<SplitStmt>(span(context));
  out->name = name(context->name());
  out->by_account = context->BY();
  out->drawn_anew = context->DRAWN_ANEW();
  std::vector<std::int64_t> shares;
  if (context->ratio()) shares = ratio(context->ratio());
  for (auto* arm : context->split_arm()) {
    if (!sound(arm)) continue;
    SplitArm branch;
    branch.name = name(arm->branch_name());
    branch.body = block(arm->block());
    if (arm->PERCENT()) {
      branch.share = percent(arm->PERCENT());
      branch.share_span = span(arm->PERCENT());
    } else if (arm->ratio()) {
      branch.share_span = span(arm->ratio());
      branch.share = arm_share(arm->ratio());
    } else if (out->arms.size() < shares.size()) {
      branch.share = shares[out->arms.size()];
      branch.share_span = span(context->ratio());
    } else {
      Span at = branch.name.span;
      diagnostics_.report(DiagnosticId::Expected, Span{at.file, at.begin, at.begin}, "a percentage such as 10%",
                          " before the branch");
    }
    out->arms.push_back(std::move(branch));
  }
  return out;
}

/// A whole number instead of a percentage before a branch.
std::int64_t Builder::arm_share(Parser::RatioContext* context) {
  Span at = span(context);
  auto parts = context->INT();
  std::int64_t share = parts.empty() ? 0 : integer(parts[0]);
  if (parts.size() == 1)
    report_written(DiagnosticId::UnitWritten, at, written(at) + "%");
  else
    diagnostics_.report(DiagnosticId::SplitRatio, at).hint = "Give each branch its share, such as 50%.";
  return share <= 100 ? share * kPercentScale : 0;
}

std::vector<std::int64_t> Builder::ratio(Parser::RatioContext* context) {
  Span at = span(context);
  std::vector<std::int64_t> shares;
  std::string hint;
  std::string_view all = text(at);
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = std::min(all.find_first_not_of("0123456789", i), all.size());
    std::string_view digits = all.substr(i, end - i);
    if (!digits.empty() && digits.size() <= 3) {
      shares.push_back(std::stoll(std::string(digits)) * kPercentScale);
      hint += fmt::format("{}{}% {} {{ … }}", hint.empty() ? "" : " ", digits,
                          static_cast<char>('a' + std::min<std::size_t>(shares.size() - 1, 25)));
    }
    i = std::max(end, i + 1);
  }
  diagnostics_.report(DiagnosticId::SplitRatio, at).hint = fmt::format("Write {}.", hint);
  return shares;
}

const Stmt* Builder::repeat(Parser::RepeatContext* context) {
  auto* out = tree_.make<Repeat>(span(context));
  out->head = join(out->span, span(context->block()));
  out->head.end = span(context->block()).begin;
  while (out->head.end > out->head.begin && source_.content()[out->head.end - 1] == ' ') --out->head.end;
  if (context->duration()) out->every = duration(context->duration());
  if (context->weekdays()) {
    out->at.weekdays = weekdays(context->weekdays());
    out->at.span = span(context->weekdays());
    if (context->TIME()) {
      auto* time = tree_.make<TimeLit>(span(context->TIME()));
      time->time_of_day = time_of_day(context->TIME());
      out->at.time = time;
      out->at.span = join(out->at.span, time->span);
    }
  }
  constexpr std::int64_t kSuggested = 6;
  out->times = kSuggested;
  out->times_span = out->head;
  if (context->INT()) {
    out->times = integer(context->INT());
    out->times_span = span(context->INT());
  } else {
    auto& d = diagnostics_.report(DiagnosticId::RepeatWithoutEnd, out->head);
    d.hint = "Add \"up to 6 times\", for example.";
    d.edits.push_back({{out->head.file, out->head.end, out->head.end}, " up to 6 times"});
  }
  out->body = block(context->block());
  return out;
}

const Stmt* Builder::go_to(Parser::Go_toContext* context) {
  auto* out = tree_.make<GoTo>(span(context));
  out->stage = name(context->stage_name());
  Span words = context->GOTO()   ? span(context->GOTO())
               : context->MOVE() ? join(span(context->MOVE()), span(context->TO()))
                                 : Span{};
  if (!context->GO()) report_written(DiagnosticId::GoToWritten, words, "go to");
  return out;
}

const Stmt* Builder::exit_statement(Parser::Exit_statementContext* context) {
  auto* out = tree_.make<ExitStmt>(span(context));
  out->reason = name(context->reason_name());
  if (out->reason) return out;
  // Read on as if a reason had been given.
  std::string given = context->BARE_REASON() ? name(context->BARE_REASON()).text : "finished";
  out->reason = {given, out->span};
  auto& d = diagnostics_.report(context->STOP() ? DiagnosticId::StopWritten : DiagnosticId::BareExit, out->span);
  d.hint = fmt::format("Write \"exit as {}\"{}.", given, context->BARE_REASON() ? "" : ", or whatever the reason is");
  d.edits.push_back({out->span, "exit as " + given});
  return out;
}

const Stmt* Builder::hand_off(Parser::Hand_offContext* context) {
  auto* out = tree_.make<HandOff>(span(context));
  auto all = context->name();
  if (!all.empty()) out->to = name(all[0]);
  if (all.size() > 1) out->window = name(all[1]);
  out->note = message(context->text());
  if (context->duration()) out->answer_within = duration(context->duration(), &out->business_days);
  return out;
}

const Stmt* Builder::assign(Parser::AssignContext* context) {
  auto* out = tree_.make<Assign>(span(context));
  out->what = name(context->task_kind());
  if (context->CREATE_TASK()) {
    Span at = span(context->CREATE_TASK());
    bool call = text(at).ends_with("call");
    out->what = {call ? "call" : "task", at};
    report_written(DiagnosticId::CreateTaskWritten, at, call ? "assign call" : "assign task").hint =
        fmt::format("Write \"assign {} to\" and who, then what it is about in quotes.", out->what.text);
  }
  if (out->what && out->what.text != "call" && out->what.text != "task") {
    diagnostics_.report(DiagnosticId::NotOneOfWords, out->what.span, "\"call\" or \"task\" after \"assign\"",
                        out->what.text);
    out->what.text = "task";
  }
  auto all = context->name();
  if (context->AS() && !all.empty()) out->name = name(all[0]);
  if (context->OF() && !all.empty()) out->window = name(all.back());
  out->to = context->expression() ? expression(context->expression()) : error(out->span);
  if (context->duration()) out->due_in = duration(context->duration(), &out->business_days);
  out->note = message(context->text());
  return out;
}

const Stmt* Builder::notify(Parser::NotifyContext* context) {
  auto* out = tree_.make<Notify>(span(context));
  if (context->ALERT()) report_written(DiagnosticId::AlertWritten, span(context->ALERT()), "notify");
  out->who = expression(context->expression());
  out->note = message(context->text());
  return out;
}

}  // namespace nurture::syntax
