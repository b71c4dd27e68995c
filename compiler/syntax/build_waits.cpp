#include "compiler/syntax/builder.h"

namespace nurture::syntax {

using namespace ast;

/// A list of events where one stands; read on with the first of them.
Path Builder::one_of(Parser::Path_listContext* context) {
  std::vector<Path> all;
  for (auto* each : context->path()) all.push_back(path(each));
  std::string names;
  for (const Path& each : all) names += (names.empty() ? "" : ", ") + each.text();
  diagnostics_.report(DiagnosticId::EventListWritten, span(context)).hint = fmt::format(
      "Write a line for each of them, or name them together above: `event group those: [{}]`, and `those` here.",
      names);
  return all.empty() ? Path{} : all.front();
}

EventRef Builder::event_ref(Parser::Event_refContext* context) {
  EventRef out;
  if (!sound(context)) return out;
  out.kind = context->path_list() ? one_of(context->path_list()) : path(context->event_kind());
  out.of_content = context->content_name() ? name(context->content_name()) : name(context->BARE_CONTENT());
  out.including_machine = context->INCLUDING();
  if (context->expression()) out.where = expression(context->expression());
  out.span = span(context);
  return out;
}

void Builder::trigger_head(Trigger& out, Parser::Event_or_silenceContext* on, Parser::ExpressionContext* when) {
  out.id = tree_.new_id();
  if (when) out.condition = expression(when);
  if (!on) return;
  if (on->event_ref()) {
    out.event = event_ref(on->event_ref());
    return;
  }
  out.silence = duration(on->duration());
  for (auto* kind : on->event_kind()) {
    EventRef of;
    of.kind = path(kind);
    of.span = span(kind);
    out.silence_of.push_back(std::move(of));
  }
  if (on->expression()) out.event.where = expression(on->expression());
}

Trigger Builder::trigger(Parser::TriggerContext* context) {
  Trigger out;
  auto* head = context->trigger_head();
  trigger_head(out, head->event_or_silence(), head->expression());
  out.becomes_true = head->BECOMES_TRUE();
  out.span = span(head);
  out.body = block(context->block());
  return out;
}

When Builder::moment(Parser::MomentContext* context) {
  When out;
  out.span = span(context);
  if (!sound(context)) return out;
  if (context->weekdays()) {
    out.weekdays = weekdays(context->weekdays());
    out.next = context->NEXT();
    if (context->TIME()) {
      auto* time = tree_.make<TimeLit>(span(context->TIME()));
      time->time_of_day = time_of_day(context->TIME());
      out.time = time;
    }
    zone(context->zone(), out.zone, out.zone_span);
    return out;
  }
  if (auto* bare = bare_time(context->expression())) {
    auto* time = tree_.make<TimeLit>(span(bare->TIME()));
    time->time_of_day = time_of_day(bare->TIME());
    out.time = time;
    zone(bare->zone(), out.zone, out.zone_span);
    return out;
  }
  out.target = expression(context->expression());
  return out;
}

/// The atom of an expression that is nothing but a time of day, perhaps with its zone.
Parser::AtomContext* Builder::bare_time(Parser::ExpressionContext* context) {
  auto* atom = lone_atom(context);
  return atom && atom->TIME() && !atom->DATE() ? atom : nullptr;
}

void Builder::bounds(const std::vector<Parser::BoundContext*>& contexts, Wait& wait) {
  for (auto* each : contexts) {
    const Expr*& which = each->AT_LEAST() ? wait.at_least : wait.at_most;
    if (which) {
      diagnostics_.report(DiagnosticId::SaidTwice, span(each), each->AT_LEAST() ? "at least" : "at most").hint =
          "Keep one of them.";
    }
    which = duration(each->duration());
  }
}

/// `wait until lead.renewal_on at most 30 days`: without the comma it reads as a comparison.
void Builder::missing_comma(Wait& wait) {
  const auto* compared = try_as<Binary>(wait.until.target);
  if (!compared || (compared->op != BinaryOp::LessEqual && compared->op != BinaryOp::GreaterEqual)) return;
  bool most = compared->op == BinaryOp::LessEqual;
  if (text(compared->op_span) != (most ? "at most" : "at least")) return;
  Span gap{compared->op_span.file, compared->left->span.end, compared->left->span.end};
  auto& d = diagnostics_.report(DiagnosticId::CommaMissing, compared->op_span, text(compared->op_span));
  d.hint = "Otherwise it reads as a comparison.";
  d.edits.push_back({gap, ","});
  wait.until.target = compared->left;
  (most ? wait.at_most : wait.at_least) = compared->right;
}

const Stmt* Builder::wait(Parser::WaitContext* context) {
  auto* out = tree_.make<Wait>(span(context));
  auto* what = context->wait_what();
  out->head = join(out->span, span(what));
  if (what->moment()) {
    out->form = Wait::Form::Until;
    out->until = moment(what->moment());
    bounds(what->bound(), *out);
    missing_comma(*out);
  } else {
    out->form = what->UP() ? Wait::Form::UpTo : Wait::Form::For;
    out->duration = duration(what->duration(), &out->business_days);
    out->window = name(what->name());
  }
  if (context->handlers()) handlers(context->handlers(), *out);
  return out;
}

void Builder::handlers(Parser::HandlersContext* context, Wait& wait) {
  wait.has_handlers = true;
  Span last;
  for (auto* each : context->handler()) {
    if (!sound(each)) continue;
    if (each->trigger() && !wait.otherwise) {
      wait.handlers.push_back(trigger(each->trigger()));
      continue;
    }
    if (wait.otherwise) {
      Span at = span(each->trigger() ? static_cast<Context*>(each->trigger()->trigger_head()) : each);
      if (!each->trigger()) at = span_of(source_, *each->start);
      auto& d = diagnostics_.report(DiagnosticId::OtherwiseNotLast, at);
      d.labels.push_back({last, "this is the last already"});
      d.hint = each->trigger() ? "Move it above \"otherwise\"." : "Put what they do into one \"otherwise\".";
      if (each->trigger()) wait.handlers.push_back(trigger(each->trigger()));
      continue;
    }
    if (!each->OTHERWISE()) report_written(DiagnosticId::OtherwiseWritten, span_of(source_, *each->start), "otherwise");
    last = span_of(source_, *each->start);
    wait.otherwise = block(each->block());
  }
}

}  // namespace nurture::syntax
