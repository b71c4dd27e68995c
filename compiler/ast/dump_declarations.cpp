#include <fmt/format.h>

#include "compiler/ast/dump.h"

namespace nurture::ast {

namespace {

std::string joined(const std::vector<Name>& names) {
  std::string out;
  for (const Name& name : names) out += (out.empty() ? "" : " ") + name.text;
  return out;
}

std::string type(const TypeRef& t) {
  std::string out = t.name.text;
  if (!t.choices.empty()) {
    out += " [";
    for (const Name& choice : t.choices) out += (out.ends_with('[') ? "" : " ") + quoted(choice.text);
    out += ']';
  }
  if (t.element) out += " of " + type(*t.element);
  return out + (t.optional ? "?" : "");
}

void fields(DumpWriter& out, const std::vector<FieldDecl>& all) {
  for (const FieldDecl& f : all) {
    std::string value = f.default_value ? " = " + expr(f.default_value) : "";
    std::string doc = f.doc.empty() ? "" : " doc " + quoted(f.doc);
    out.line(fmt::format("({} {}{}{})", f.name.text, type(f.type), value, doc));
  }
}

std::string columns(const std::vector<FieldDecl>& all) {
  std::string out;
  for (const FieldDecl& each : all) out += fmt::format(" ({} {})", each.name.text, type(each.type));
  return out;
}

void dump_event(DumpWriter& out, const EventDecl& e) {
  std::string head = "event " + e.name.text();
  if (e.actor) head += " by " + e.actor.text;
  if (e.machine) head += " unless " + e.machine.text;
  if (e.of_account) head += " of-account";
  if (e.starts_sales_hold) head += " starts-sales-hold";
  if (e.ends_sales_hold) head += " ends-sales-hold";
  if (e.answers_hand_off) head += " answers-hand-off";
  if (e.records_send) head += " records-send";
  out.open(head);
  fields(out, e.properties);
  out.close();
}

void dump_content(DumpWriter& out, const ContentDecl& c) {
  out.open(fmt::format("content {} {}", c.name.text, c.channel.text));
  if (!c.doc.empty()) out.part("doc", quoted(c.doc));
  out.part("subject", message(c.subject));
  if (!c.body.empty()) out.part("body", quoted(c.body));
  out.part("for", c.for_stage.text);
  out.part("offers", c.offers.text);
  if (!c.asks.empty()) out.part("asks", fmt::format("{} {}", c.asks_up_to, joined(c.asks)));
  out.part("class", c.message_class.text);
  out.part("answers", c.answers.text());
  if (c.from) out.part("from", expr(c.from));
  if (c.reply_to) out.part("reply-to", expr(c.reply_to));
  if (c.available_from) out.part("available-from", expr(c.available_from));
  if (c.available_until) out.part("available-until", expr(c.available_until));
  out.part("tags", joined(c.tags));
  for (const ContentVariant& v : c.variants) {
    out.part("variant", fmt::format("{} {} {}", expr(v.condition), message(v.subject), quoted(v.body)));
  }
  out.close();
}

void dump_program(DumpWriter& out, const ProgramDecl& p) {
  out.open("program");
  if (!p.name.empty()) out.part("name", quoted(p.name));
  if (!p.timezone.empty()) out.part("timezone", quoted(p.timezone));
  if (!p.currency.empty()) out.part("currency", quoted(p.currency));
  out.part("start-of-week", p.start_of_week.text);
  if (p.sales_hold) out.part("sales-hold", expr(p.sales_hold));
  if (p.history_at_most) out.part("history", std::to_string(p.history_at_most));
  out.close();
}

void dump_score(DumpWriter& out, const ScoreDecl& s) {
  out.open("score " + s.name.text);
  for (const ScoreRow& row : s.rows) {
    std::string most = row.per ? fmt::format(" at-most {} per {}", row.at_most, expr(row.per)) : "";
    out.line(fmt::format("({} gives {}{})", event_ref(row.event), expr(row.points), most));
  }
  if (s.halves_every) out.part("halves-every", expr(s.halves_every));
  if (s.cap) out.part("cap", expr(s.cap));
  if (s.floor) out.part("floor", expr(s.floor));
  out.close();
}

void dump_window(DumpWriter& out, const WindowDecl& w) {
  out.open("window " + w.name.text);
  for (const WindowSpan& s : w.spans) {
    out.line(fmt::format("({} {}-{})", written_days(s.weekdays), written_time(s.from), written_time(s.to)));
  }
  if (w.zone) out.part("in", expr(w.zone));
  out.part("except", joined(w.except));
  out.close();
}

std::string mapping(const ColumnMapping& m) {
  std::string out = fmt::format("({} {}", m.property.text, expr(m.value));
  if (!m.time.pattern.empty()) out += " as " + quoted(m.time.pattern);
  if (!m.time.zone.empty()) out += " in " + quoted(m.time.zone);
  return out + ')';
}

void dump_source(DumpWriter& out, const SourceDecl& s) {
  out.open("source " + s.name.text);
  out.part("format", s.format.text);
  if (s.lead) out.part("lead", expr(s.lead));
  if (s.at) {
    std::string at = expr(s.at);
    if (!s.time.pattern.empty()) at += " as " + quoted(s.time.pattern);
    if (!s.time.zone.empty()) at += " in " + quoted(s.time.zone);
    out.part("at", at);
  }
  if (s.row_id) out.part("id", expr(s.row_id));
  if (s.origin) out.part("origin", expr(s.origin));
  for (const std::string& marker : s.missing) out.part("missing", quoted(marker));
  for (const Expr* where : s.leave_out) out.part("leave-out", expr(where));
  for (const SourceRule& rule : s.rules) {
    out.open("event " + rule.event.text() + (rule.when ? " where " + expr(rule.when) : ""));
    for (const ColumnMapping& m : rule.properties) out.line(mapping(m));
    out.close();
  }
  for (const ColumnMapping& m : s.lead_attributes) out.line("(lead " + mapping(m) + ")");
  out.close();
}

void clauses(DumpWriter& out, std::string_view head, const std::string& doc, const std::vector<Clause>& all) {
  out.open(head);
  if (!doc.empty()) out.part("doc", quoted(doc));
  for (const Clause& c : all) dump(out, c);
  out.close();
}

std::string_view asked(TestItem::What what) {
  switch (what) {
    case TestItem::What::Send:
      return "send";
    case TestItem::What::Stage:
      return "stage";
    case TestItem::What::Exit:
      return "exit";
    case TestItem::What::HandOff:
      return "hand-off";
    case TestItem::What::TakeBack:
      return "take-back";
    case TestItem::What::Assign:
      return "assign";
    case TestItem::What::Notify:
      return "notify";
    case TestItem::What::Goal:
      return "goal";
    case TestItem::What::Entry:
      return "entry";
    case TestItem::What::Score:
      return "score";
    case TestItem::What::Outside:
      return "outside";
  }
  return {};
}

std::string expectation(const TestItem& item) {
  std::string out = fmt::format("expect {}{}", item.negated ? "no " : "", asked(item.what));
  if (item.condition)
    out += ' ' + expr(item.condition);
  else if (item.name)
    out += ' ' + item.name.text;
  if (item.lead) out += (item.what == TestItem::What::Send ? " to " : " of ") + item.lead.text;
  switch (item.when) {
    case TestItem::When::Here:
      return out;
    case TestItem::When::Within:
      return out + " within " + expr(item.length);
    case TestItem::When::For:
      return out + " for " + expr(item.length);
    case TestItem::When::By:
      return out + " by " + expr(item.length);
  }
  return out;
}

std::string test_event(const TestItem& item) {
  std::string out = "event";
  if (item.at) out += " at " + expr(item.at);
  if (item.after) out += " after " + expr(item.after);
  if (item.event) out += ' ' + item.event.text();
  return out + record(item.fields) + (item.lead ? " by " + item.lead.text : "");
}

std::string test_item(const TestItem& item) {
  switch (item.kind) {
    case TestItem::Kind::GivenLead:
      return "given lead" + (item.lead ? " " + item.lead.text : "") + record(item.fields);
    case TestItem::Kind::GivenAccount:
      return "given account" + (item.account ? " " + item.account.text : "") + record(item.fields);
    case TestItem::Kind::GivenSplit:
      return fmt::format("given split {} {}", item.split.text, item.branch.text);
    case TestItem::Kind::GivenHoldout:
      return "given holdout";
    case TestItem::Kind::Also:
      return "also " + item.campaign.text();
    case TestItem::Kind::Event:
      return test_event(item);
    case TestItem::Kind::Expect:
      return expectation(item);
  }
  return {};
}

void dump_test(DumpWriter& out, const TestDecl& t) {
  out.open(fmt::format("test {} for {}", quoted(t.name), t.campaign.text()));
  for (const TestRow& row : t.rows) out.line("(row " + quoted(row.name) + record(row.values) + ')');
  for (const TestItem& item : t.items) out.line('(' + test_item(item) + ')');
  out.close();
}

std::string parameters(const TemplateDecl& t) {
  std::string out;
  for (const Parameter& p : t.parameters) out += fmt::format(" ({} {})", p.name.text, type(p.type));
  return out;
}

std::string arguments(const CampaignFrom& c) {
  std::string out;
  for (const Argument& a : c.arguments) out += fmt::format(" ({} {})", a.name.text, expr(a.value));
  return out;
}

std::string calendar(const CalendarDecl& c) {
  std::string out = "(calendar " + c.name.text;
  for (std::int64_t day : c.dates) out += ' ' + written_date(day);
  if (!c.file.empty()) out += " from " + quoted(c.file);
  return out + ')';
}

/// Declarations that fit on a line.
std::string act(const Act& a) {
  static constexpr std::string_view kWords[] = {"send",   "hand-off", "take-back", "assign",
                                                "notify", "enter",    "exit",      "event"};
  std::string out = fmt::format(" ({}", kWords[static_cast<std::size_t>(a.kind)]);
  if (a.channel) out += " " + a.channel.text;
  if (a.name) out += " " + a.name.text;
  if (a.event) out += " " + event_ref(a.event);
  return out + ")";
}

std::string property(const PropertyDecl& p) {
  static constexpr std::string_view kWords[] = {"never", "at-most", "leads-to", "ends"};
  std::string out = fmt::format("(property {} {}", quoted(p.name.text), kWords[static_cast<std::size_t>(p.form)]);
  if (p.event) out += " " + event_ref(p.event);
  if (p.form == PropertyDecl::Form::AtMost) out += fmt::format(" {}", p.number);
  if (p.form != PropertyDecl::Form::Ends) out += act(p.act);
  for (const EventRef& each : p.after) out += " after " + event_ref(each);
  for (const EventRef& each : p.until) out += " until " + event_ref(each);
  if (p.campaign) out += " of " + p.campaign.text();
  if (p.within) out += " within " + expr(p.within);
  if (p.condition) out += (p.form == PropertyDecl::Form::Never ? " when " : " unless ") + expr(p.condition);
  return out + ")";
}

std::string cause(const AssumedRule& rule) {
  switch (rule.cause) {
    case AssumedRule::Cause::Send:
      return "send" + (rule.of ? " " + rule.of.text : "");
    case AssumedRule::Cause::HandOff:
      return "hand-off";
    case AssumedRule::Cause::Reaction:
      return rule.event.text();
  }
  return {};
}

std::string reaction(const AssumedReaction& r) {
  std::string out = r.kind.text() + record(r.record) + (r.by_machine ? " by machine" : "");
  out += fmt::format(" {} within {}", r.rate, expr(r.within));
  for (const DelayPoint& each : r.delay) out += fmt::format(" {} by {}", each.share, expr(each.by));
  if (r.tires_within) out += fmt::format(" times {} {} in {}", r.tires, r.tires_channel.text, expr(r.tires_within));
  return '(' + out + (r.group == AssumedReaction::kAlone ? ")" : fmt::format(" one-of {})", r.group));
}

void dump_scenario(DumpWriter& out, const ScenarioDecl& s) {
  out.open("scenario " + s.name.text);
  for (const AssumedRule& rule : s.rules) {
    out.open("after " + cause(rule) + (rule.condition ? " if " + expr(rule.condition) : ""));
    for (const AssumedReaction& each : rule.reactions) out.line(reaction(each));
    out.close();
  }
  out.close();
}

std::string line_of(const Decl& d) {
  if (const auto* u = try_as<Use>(&d)) return fmt::format("(use {})", u->module ? u->module.text() : quoted(u->file));
  if (const auto* l = try_as<LetDecl>(&d)) return fmt::format("(let {} {})", l->name.text, expr(l->value));
  if (const auto* s = try_as<SegmentDecl>(&d)) return fmt::format("(segment {} {})", s->name.text, expr(s->condition));
  if (const auto* s = try_as<StreamDecl>(&d)) {
    std::string again = s->again_after ? " again-after " + expr(s->again_after) : "";
    return fmt::format("(stream {} {}{})", s->name.text, joined(s->contents), again);
  }
  if (const auto* g = try_as<EventGroup>(&d)) {
    std::string out = "(event-group " + g->name.text();
    for (const Path& kind : g->kinds) out += ' ' + kind.text();
    return out + ')';
  }
  if (const auto* c = try_as<CalendarDecl>(&d)) return calendar(*c);
  if (const auto* c = try_as<CampaignFrom>(&d))
    return fmt::format("(campaign {} from {}{})", c->name.text, c->from.text(), arguments(*c));
  if (const auto* t = try_as<TableDecl>(&d))
    return fmt::format("(table {} {} by {}{})", t->name.text, quoted(t->file), t->by.text, columns(t->columns));
  if (const auto* p = try_as<PropertyDecl>(&d)) return property(*p);
  return {};
}

}  // namespace

void dump(DumpWriter& out, const Decl* d) {
  switch (d->kind) {
    case NodeKind::ProgramDecl:
      return dump_program(out, as<ProgramDecl>(*d));
    case NodeKind::FieldsDecl:
      out.open(as<FieldsDecl>(*d).account ? "account" : "lead");
      fields(out, as<FieldsDecl>(*d).fields);
      return out.close();
    case NodeKind::EventDecl:
      return dump_event(out, as<EventDecl>(*d));
    case NodeKind::ContentDecl:
      return dump_content(out, as<ContentDecl>(*d));
    case NodeKind::ScoreDecl:
      return dump_score(out, as<ScoreDecl>(*d));
    case NodeKind::WindowDecl:
      return dump_window(out, as<WindowDecl>(*d));
    case NodeKind::PolicyDecl:
      return clauses(out, "policy " + as<PolicyDecl>(*d).name.text, d->doc, as<PolicyDecl>(*d).clauses);
    case NodeKind::RulesDecl:
      return clauses(out, "rules " + as<RulesDecl>(*d).name.text, d->doc, as<RulesDecl>(*d).clauses);
    case NodeKind::TemplateDecl: {
      const auto& t = as<TemplateDecl>(*d);
      return clauses(out, "template " + t.name.text + parameters(t), d->doc, t.clauses);
    }
    case NodeKind::CampaignDecl: {
      const auto& c = as<CampaignDecl>(*d);
      return clauses(out, "campaign " + c.name.text + (c.for_account ? " for-account" : ""), d->doc, c.clauses);
    }
    case NodeKind::SourceDecl:
      return dump_source(out, as<SourceDecl>(*d));
    case NodeKind::ScenarioDecl:
      return dump_scenario(out, as<ScenarioDecl>(*d));
    case NodeKind::TestDecl:
      return dump_test(out, as<TestDecl>(*d));
    default:
      return out.line(line_of(*d));
  }
}

}  // namespace nurture::ast
