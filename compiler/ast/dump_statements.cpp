#include <fmt/format.h>

#include "compiler/ast/dump.h"

namespace nurture::ast {

namespace {

std::string joined(const std::vector<Name>& names) {
  std::string out;
  for (const Name& name : names) out += (out.empty() ? "" : " ") + name.text;
  return out;
}

std::string spaced(std::string_view name, std::string_view value) {
  return value.empty() ? std::string() : fmt::format(" {}{}{}", name, name.empty() ? "" : " ", value);
}
std::string optional(std::string_view name, const Expr* e) { return e ? spaced(name, expr(e)) : std::string(); }

void nested(DumpWriter& out, std::string_view head, const Block& block) {
  out.open(head);
  dump(out, block);
  out.close();
}

void dump_send(DumpWriter& out, const Send& s) {
  std::string head = "send";
  if (s.channel) head += " [" + s.channel.text + "]";
  switch (s.what) {
    case Send::What::Content:
      head += ' ' + s.content.text;
      break;
    case Send::What::NextOf:
      head += " next-of " + s.content.text;
      break;
    case Send::What::FirstPermitted:
      head += " first-permitted-of " + joined(s.choices);
      break;
  }
  if (s.now_or_skip) head += " now-or-skip";
  if (s.for_up_to) head += " for " + expr(s.for_up_to);
  if (s.to_leads) head += " to-leads";
  if (s.to_leads_where) head += " where " + expr(s.to_leads_where);
  out.open(head);
  if (s.otherwise) nested(out, "else", *s.otherwise);
  out.close();
}

void dump_wait(DumpWriter& out, const Wait& w) {
  std::string head = "wait ";
  switch (w.form) {
    case Wait::Form::For:
      head += expr(w.duration);
      break;
    case Wait::Form::UpTo:
      head += "up-to " + expr(w.duration);
      break;
    case Wait::Form::Until:
      head += "until " + when(w.until);
      break;
  }
  if (w.business_days) head += " business";
  if (w.window) head += " of " + w.window.text;
  if (w.at_least) head += " at-least " + expr(w.at_least);
  if (w.at_most) head += " at-most " + expr(w.at_most);
  out.open(head);
  for (const Trigger& handler : w.handlers) dump(out, handler);
  if (w.otherwise) nested(out, "otherwise", *w.otherwise);
  out.close();
}

void dump_if(DumpWriter& out, const If& s) {
  out.open("if");
  for (const IfArm& arm : s.arms) nested(out, "when " + expr(arm.condition), arm.body);
  if (s.otherwise) nested(out, "else", *s.otherwise);
  out.close();
}

void dump_split(DumpWriter& out, const SplitStmt& s) {
  out.open("split" + spaced("", s.name.text) + (s.by_account ? " by-account" : "") +
           (s.drawn_anew ? " drawn-anew" : ""));
  for (const SplitArm& arm : s.arms) {
    nested(out, fmt::format("{}% {}", static_cast<double>(arm.share) / kPercentScale, arm.name.text), arm.body);
  }
  out.close();
}

void dump_repeat(DumpWriter& out, const Repeat& r) {
  std::string every = r.every ? expr(r.every) : when(r.at);
  nested(out, fmt::format("repeat every {} times {}", every, r.times), r.body);
}

std::string hand_off(const HandOff& h) {
  return fmt::format("(hand-off {}{}{}{}{})", h.to.text, spaced("", message(h.note)),
                     optional("answer-within", h.answer_within), h.business_days ? " business" : "",
                     spaced("of", h.window.text));
}

std::string assign(const Assign& a) {
  return fmt::format("(assign {}{} to {}{}{}{}{})", a.what.text, spaced("as", a.name.text), expr(a.to),
                     optional("due-in", a.due_in), a.business_days ? " business" : "", spaced("of", a.window.text),
                     spaced("", message(a.note)));
}

std::string line_of(const Stmt& s) {
  if (const auto* g = try_as<GoTo>(&s)) return fmt::format("(go-to {})", g->stage.text);
  if (const auto* e = try_as<ExitStmt>(&s)) return fmt::format("(exit {})", e->reason.text);
  if (const auto* h = try_as<HandOff>(&s)) return hand_off(*h);
  if (const auto* t = try_as<TakeBack>(&s)) return fmt::format("(take-back {})", t->from.text);
  if (const auto* a = try_as<Assign>(&s)) return assign(*a);
  if (const auto* n = try_as<Notify>(&s))
    return fmt::format("(notify {}{})", expr(n->who), spaced("", message(n->note)));
  if (const auto* t = try_as<SetStmt>(&s)) {
    return t->value ? fmt::format("(set {} {})", t->target.text(), expr(t->value))
                    : fmt::format("(clear {})", t->target.text());
  }
  if (const auto* r = try_as<Remember>(&s)) return fmt::format("(remember {} {})", r->name.text, expr(r->value));
  if (const auto* a = try_as<AddScore>(&s)) return fmt::format("(add {} {})", expr(a->amount), a->target.text());
  if (const auto* r = try_as<ResetScore>(&s)) return fmt::format("(reset {})", r->target.text());
  if (const auto* a = try_as<AudienceChange>(&s))
    return fmt::format("({}-audience {})", a->add ? "add-to" : "remove-from", a->audience.text);
  if (const auto* e = try_as<Enroll>(&s)) return fmt::format("(enroll {})", e->campaign.text());
  if (const auto* r = try_as<RemoveFrom>(&s)) return fmt::format("(remove-from {})", r->campaign.text());
  if (const auto* c = try_as<CallWebhook>(&s)) return fmt::format("(call-webhook {})", quoted(c->url));
  return {};
}

}  // namespace

void dump(DumpWriter& out, const Block& block) {
  for (const Stmt* statement : block.statements) dump(out, statement);
}

void dump(DumpWriter& out, const Trigger& t) {
  std::string head;
  if (t.silence) {
    head = "on silence " + expr(t.silence);
    for (const EventRef& kind : t.silence_of) head += ' ' + event_ref(kind);
    if (t.event.where) head += " where " + expr(t.event.where);
  } else if (t.condition) {
    head = "when " + expr(t.condition) + (t.becomes_true ? " becomes-true" : "");
  } else {
    head = "on " + event_ref(t.event);
  }
  nested(out, head, t.body);
}

void dump(DumpWriter& out, const Stmt* s) {
  switch (s->kind) {
    case NodeKind::Send:
      return dump_send(out, as<Send>(*s));
    case NodeKind::Wait:
      return dump_wait(out, as<Wait>(*s));
    case NodeKind::If:
      return dump_if(out, as<If>(*s));
    case NodeKind::SplitStmt:
      return dump_split(out, as<SplitStmt>(*s));
    case NodeKind::Repeat:
      return dump_repeat(out, as<Repeat>(*s));
    case NodeKind::Stay:
      return out.line("(stay)");
    case NodeKind::RestartStage:
      return out.line("(restart-stage)");
    case NodeKind::MoveOn:
      return out.line("(move-on)");
    case NodeKind::KeepWaiting:
      return out.line("(keep-waiting)");
    case NodeKind::ErrorStmt:
      return out.line("(error)");
    default:
      return out.line(line_of(*s));
  }
}

}  // namespace nurture::ast
