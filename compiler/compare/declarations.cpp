#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "compiler/compare/portrait.h"
#include "runtime/calendar/calendar.h"

namespace nurture::compare {

namespace {

constexpr std::array<std::string_view, 7> kWeekdays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};

std::string names_text(const std::vector<ast::Name>& names) {
  std::vector<std::string_view> texts;
  for (const ast::Name& each : names) texts.push_back(each.text);
  return fmt::format("{}", fmt::join(texts, ", "));
}

class Declarations {
 public:
  Declarations(const sema::Unit& unit, Words& words, std::vector<Item>& items)
      : unit_(unit), model_(unit.model), words_(words), items_(items) {}

  void all() {
    program();
    for (const sema::Field& each : model_.lead) field("lead", each);
    for (const sema::Field& each : model_.account) field("account", each);
    for (const sema::EventKind& each : model_.kinds) event(each);
    for (const sema::EventGroup& each : model_.groups) group(each);
    for (const sema::Content& each : model_.contents) content(each);
    for (const sema::Stream& each : model_.streams) stream(each);
    for (const sema::Segment& each : model_.segments) segment(each);
    for (const sema::Score& each : model_.scores) score(each);
    for (const sema::Window& each : model_.windows) window(each);
    for (const sema::Calendar& each : model_.calendars) calendar(each);
    for (const sema::Table& each : model_.tables) table(each);
    for (const sema::Policy& each : model_.policies) policy(each);
    for (const sema::Property& each : model_.properties) property(each);
    for (const sema::Source& each : model_.sources) source(*each.decl);
    for (const sema::Scenario& each : model_.scenarios) scenario(each);
  }

 private:
  Item named(std::string noun, std::string key, Span span) {
    words_.take_named();
    Item item;
    item.label = fmt::format("{} {}", noun, key);
    item.head = item.label;
    item.noun = std::move(noun);
    item.key = std::move(key);
    item.span = span;
    return item;
  }

  void put(Item item) {
    seal(item);
    item.names = words_.take_named();
    items_.push_back(std::move(item));
  }

  /// What is not said is no part.
  static void part(Item& item, std::string name, std::string value, Part::Kind kind = Part::Kind::Value) {
    if (!value.empty()) item.parts.push_back({std::move(name), std::move(value), kind});
  }

  Item row(std::string noun, std::string head, Span span) {
    Item item;
    item.noun = std::move(noun);
    item.head = std::move(head);
    item.span = span;
    item.unordered = true;
    seal(item);
    return item;
  }

  std::string field_text(const sema::Field& field) {
    std::string text = words_.type(field.type);
    return field.default_value ? fmt::format("{}, {} if not given", text, words_.constant(*field.default_value)) : text;
  }

  void program();
  void field(std::string_view of, const sema::Field& field);
  void event(const sema::EventKind& kind);
  void group(const sema::EventGroup& group);
  void content(const sema::Content& content);
  Item variant(const ast::ContentVariant& variant, const ast::Message& body);
  void message_class(Item& item, const sema::Content& content);
  void stream(const sema::Stream& stream);
  void segment(const sema::Segment& segment);
  void score(const sema::Score& score);
  void window(const sema::Window& window);
  void calendar(const sema::Calendar& calendar);
  void table(const sema::Table& table);
  void policy(const sema::Policy& policy);
  void property(const sema::Property& property);
  std::string act(const ast::Act& act);
  void source(const ast::SourceDecl& source);
  void scenario(const sema::Scenario& scenario);
  Item assumed_rule(const ast::AssumedRule& rule);
  Item reaction(const ast::AssumedReaction& reaction);
  void mappings(Item& item, const std::vector<ast::ColumnMapping>& all);
  std::string time_format(const ast::TimeFormat& format);

  const sema::Unit& unit_;
  const sema::Model& model_;
  Words& words_;
  std::vector<Item>& items_;
};

void Declarations::program() {
  const sema::ProgramInfo& info = model_.program;
  Span span;
  for (const ast::File& file : unit_.files) {
    for (const ast::Decl* decl : file.declarations) {
      if (decl->kind == ast::NodeKind::ProgramDecl) span = decl->span;
    }
  }
  Item item = named("programme", "", span);
  item.label = item.head = "the programme";
  part(item, "name", quoted(info.name));
  part(item, "time zone", quoted(info.timezone));
  part(item, "currency", info.currency.empty() ? "" : quoted(info.currency));
  part(item, "first day of the week", std::string(kWeekdays[info.week_starts_on % kWeekdays.size()]));
  part(item, "`sales hold at most`", info.sales_hold_max ? length_words(*info.sales_hold_max) : "");
  part(item, "`history at most`", std::to_string(info.history_max));
  put(std::move(item));
}

void Declarations::field(std::string_view of, const sema::Field& field) {
  Item item = named(std::string(of), field.name, field.span);
  item.label = fmt::format("{}.{}", of, field.name);
  item.head = item.label;
  part(item, "type", field_text(field));
  put(std::move(item));
}

void Declarations::event(const sema::EventKind& kind) {
  // What it tells is the attributes themselves.
  Item item = named("event", kind.name, kind.span);
  using Actor = sema::EventKind::Actor;
  part(item, "actor", kind.actor == Actor::Lead ? "lead" : kind.actor == Actor::Us ? "us" : "system");
  if (kind.machine_property != sema::kNoIndex) part(item, "`unless`", kind.properties[kind.machine_property].name);
  part(item, "`of account`", kind.of_account ? "yes" : "");
  part(item, "`starts sales hold`", kind.starts_sales_hold ? "yes" : "");
  part(item, "`ends sales hold`", kind.ends_sales_hold ? "yes" : "");
  part(item, "`answers hand off`", kind.answers_hand_off ? "yes" : "");
  part(item, "`records send`", kind.records_send ? "yes" : "");
  if (!kind.updates_lead) {
    for (const sema::Field& each : kind.properties) part(item, "property " + each.name, field_text(each));
  }
  put(std::move(item));
}

void Declarations::group(const sema::EventGroup& group) {
  Item item = named("event", group.name, group.span);
  item.label = item.head = "event group " + group.name;
  for (std::uint32_t each : group.kinds)
    item.items.push_back(row("kind", words_.name(Thing::Event, model_.kinds[each].name), group.span));
  put(std::move(item));
}

Item Declarations::variant(const ast::ContentVariant& variant, const ast::Message& body) {
  Item item;
  item.noun = "variant";
  item.head = "variant when " + words_.expression(variant.condition);
  part(item, "subject", words_.message(variant.subject));
  if (body.present || !variant.body.empty()) part(item, "text", words_.raw(body), Part::Kind::Text);
  item.span = variant.span;
  seal(item);
  return item;
}

void Declarations::message_class(Item& item, const sema::Content& content) {
  switch (content.message_class) {
    case sema::Content::Class::Marketing:
      part(item, "class", "marketing");
      return;
    case sema::Content::Class::Transactional:
      part(item, "class", "transactional");
      return;
    case sema::Content::Class::Answers:
      part(item, "class", "answers " + words_.name(Thing::Event, content.decl->answers.text()));
      return;
  }
}

void Declarations::content(const sema::Content& content) {
  const ast::ContentDecl& decl = *content.decl;
  Item item = named("content", words_.name(Thing::Content, content.name), decl.name.span);
  part(item, "channel", content.channel);
  part(item, "subject", words_.message(decl.subject));
  part(item, "text", words_.raw(content.body), Part::Kind::Text);
  // A body that is laid out in another way looks different, whatever it says.
  part(item, "form of its body",
       decl.body.empty() ? "" : decl.body.substr(std::min(decl.body.size(), decl.body.rfind('.'))));
  part(item, "buying stage", decl.for_stage.text);
  part(item, "offer", decl.offers.text);
  part(item, "`asks`",
       decl.asks.empty() ? "" : fmt::format("up to {} of [{}]", decl.asks_up_to, names_text(decl.asks)));
  message_class(item, content);
  part(item, "sender", words_.expression(decl.from));
  part(item, "address for answers", words_.expression(decl.reply_to));
  part(item, "first day", words_.expression(decl.available_from));
  part(item, "last day", words_.expression(decl.available_until));
  part(item, "`tags`", names_text(decl.tags));
  for (std::size_t i = 0; i < decl.variants.size(); ++i) {
    static const ast::Message kNone;
    item.items.push_back(
        variant(decl.variants[i], i < content.variant_bodies.size() ? content.variant_bodies[i] : kNone));
  }
  put(std::move(item));
}

void Declarations::stream(const sema::Stream& stream) {
  Item item = named("stream", words_.name(Thing::Stream, stream.name), stream.decl->name.span);
  part(item, "`again after`", words_.length(stream.decl->again_after));
  std::string order;
  for (std::uint32_t each : stream.contents) {
    const std::string name = words_.name(Thing::Content, model_.contents[each].name);
    item.items.push_back(row("content", name, stream.decl->name.span));
    order += (order.empty() ? "" : ", ") + name;
  }
  part(item, "order", order, Part::Kind::Order);
  put(std::move(item));
}

void Declarations::segment(const sema::Segment& segment) {
  Item item = named("segment", words_.name(Thing::Segment, segment.name), segment.decl->name.span);
  part(item, "condition", words_.expression(segment.decl->condition));
  put(std::move(item));
}

void Declarations::score(const sema::Score& score) {
  const ast::ScoreDecl& decl = *score.decl;
  Item item = named("score", words_.name(Thing::Score, score.name), decl.name.span);
  part(item, "`halves every`", words_.length(decl.halves_every));
  part(item, "`cap`", words_.expression(decl.cap));
  part(item, "`floor`", words_.expression(decl.floor));
  for (const ast::ScoreRow& each : decl.rows) {
    std::string head = fmt::format("{} gives {}", words_.event(each.event), words_.expression(each.points));
    if (each.per) head += fmt::format(" at most {} times per {}", each.at_most, words_.length(each.per));
    item.items.push_back(row(each.event.kind.text() + " gives", head, each.event.span));
  }
  put(std::move(item));
}

void Declarations::window(const sema::Window& window) {
  const ast::WindowDecl& decl = *window.decl;
  Item item = named("window", words_.name(Thing::Window, window.name), decl.name.span);
  std::vector<std::string> spans;
  for (const ast::WindowSpan& each : decl.spans) {
    const std::string hours = each.from == 0 && each.to == 0 ? "all day"
                                                             : fmt::format("{} to {}", calendar::format_time(each.from),
                                                                           calendar::format_time(each.to));
    spans.push_back(fmt::format("{} {}", weekdays_words(each.weekdays), hours));
  }
  std::sort(spans.begin(), spans.end());
  part(item, "opening time", fmt::format("{}", fmt::join(spans, ", ")));
  part(item, "time zone", words_.expression(decl.zone));
  std::vector<std::string> except;
  for (std::uint32_t each : window.except) except.push_back(words_.name(Thing::Calendar, model_.calendars[each].name));
  std::sort(except.begin(), except.end());
  part(item, "`except`", fmt::format("{}", fmt::join(except, ", ")));
  put(std::move(item));
}

void Declarations::calendar(const sema::Calendar& calendar) {
  Item item = named("calendar", words_.name(Thing::Calendar, calendar.name), calendar.decl->name.span);
  for (std::int64_t each : calendar.dates)
    item.items.push_back(row("day off", calendar::format_date(each), calendar.decl->name.span));
  put(std::move(item));
}

void Declarations::table(const sema::Table& table) {
  Item item = named("table", words_.name(Thing::Table, table.name), table.decl->name.span);
  part(item, "key", table.columns[table.key].name);
  for (const sema::Field& each : table.columns) part(item, "column " + each.name, words_.type(each.type));
  for (const auto& cells : table.rows) {
    Item line;
    line.noun = "row";
    line.key = cells[table.key] ? words_.constant(*cells[table.key]) : "";
    line.label = line.head = "row " + line.key;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i] && i != table.key) part(line, table.columns[i].name, words_.constant(*cells[i]));
    }
    line.span = table.decl->name.span;
    seal(line);
    item.items.push_back(std::move(line));
  }
  put(std::move(item));
}

void Declarations::policy(const sema::Policy& policy) {
  Item item = named("policy", policy.name, policy.decl->name.span);
  CampaignPortrayer portrayer(unit_, words_);
  for (const ast::Clause& each : policy.decl->clauses) item.items.push_back(portrayer.clause(each));
  put(std::move(item));
}

std::string Declarations::act(const ast::Act& act) {
  using Kind = ast::Act::Kind;
  switch (act.kind) {
    case Kind::Send:
      return "send" + (act.name ? " " + act.name.text : std::string());
    case Kind::HandOff:
      return "hand off";
    case Kind::TakeBack:
      return "take back";
    case Kind::Assign:
      return "assign";
    case Kind::Notify:
      return "notify";
    case Kind::Enter:
      return "enter" + (act.name ? " " + act.name.text : std::string());
    case Kind::Exit:
      return "exit" + (act.name ? " as " + act.name.text : std::string());
    case Kind::Event:
      return words_.event(act.event);
  }
  return {};
}

void Declarations::property(const sema::Property& property) {
  const ast::PropertyDecl& decl = *property.decl;
  Item item = named("property", property.name, decl.name.span);
  item.label = item.head = fmt::format("property \"{}\"", property.name);
  std::string claim;
  using Form = ast::PropertyDecl::Form;
  switch (decl.form) {
    case Form::Never:
      claim = "never " + act(decl.act);
      for (const ast::EventRef& each : decl.after) claim += " after " + words_.event(each);
      for (const ast::EventRef& each : decl.until) claim += " until " + words_.event(each);
      if (decl.condition) claim += " when " + words_.expression(decl.condition);
      break;
    case Form::AtMost:
      claim = fmt::format("at most {} {} within {}", decl.number, act(decl.act), words_.length(decl.within));
      break;
    case Form::LeadsTo:
      claim =
          fmt::format("{} leads to {} within {}", words_.event(decl.event), act(decl.act), words_.length(decl.within));
      if (decl.condition) claim += " unless " + words_.expression(decl.condition);
      break;
    case Form::Ends:
      claim = fmt::format("every membership{}{} ends within {}", decl.campaign ? " of " : "", decl.campaign.text(),
                          words_.length(decl.within));
      break;
  }
  part(item, "claim", claim);
  put(std::move(item));
}

std::string Declarations::time_format(const ast::TimeFormat& format) {
  std::string out = format.pattern.empty() ? "" : " as " + quoted(format.pattern);
  return format.zone.empty() ? out : out + " in " + quoted(format.zone);
}

void Declarations::mappings(Item& item, const std::vector<ast::ColumnMapping>& all) {
  for (const ast::ColumnMapping& each : all)
    part(item, "value of " + each.property.text, words_.expression(each.value) + time_format(each.time));
}

void Declarations::source(const ast::SourceDecl& source) {
  Item item = named("source", source.name.text, source.name.span);
  part(item, "`format`", source.format.text);
  part(item, "`lead`", words_.expression(source.lead));
  part(item, "`at`", source.at ? words_.expression(source.at) + time_format(source.time) : "");
  part(item, "`id`", words_.expression(source.row_id));
  part(item, "`origin`", words_.expression(source.origin));
  part(item, "`missing`", fmt::format("{}", fmt::join(source.missing, ", ")));
  for (const ast::Expr* each : source.leave_out)
    item.items.push_back(row("leave out", "leave out where " + words_.expression(each), each->span));
  for (const ast::SourceRule& each : source.rules) {
    Item rule;
    rule.noun = "event " + each.event.text();
    rule.head = rule.noun + (each.when ? " where " + words_.expression(each.when) : "");
    rule.span = each.span;
    words_.name(Thing::Event, each.event.text());
    mappings(rule, each.properties);
    seal(rule);
    item.items.push_back(std::move(rule));
  }
  mappings(item, source.lead_attributes);
  put(std::move(item));
}

/// Which of two rules stands first makes a difference, and so does which line of a `one of`, whose draws are in order.
void Declarations::scenario(const sema::Scenario& scenario) {
  Item item = named("scenario", scenario.name, scenario.decl->name.span);
  for (const ast::AssumedRule& each : scenario.decl->rules) item.items.push_back(assumed_rule(each));
  put(std::move(item));
}

Item Declarations::assumed_rule(const ast::AssumedRule& rule) {
  using Cause = ast::AssumedRule::Cause;
  Item item;
  if (rule.cause == Cause::Send && rule.of) {
    const bool content = model_.find_content(rule.of.text) != sema::kNoIndex;
    item.noun = "after send of " + (content ? words_.name(Thing::Content, rule.of.text) : rule.of.text);
  } else if (rule.cause == Cause::Reaction) {
    item.noun = "after " + words_.name(Thing::Event, rule.event.text());
  } else {
    item.noun = rule.cause == Cause::Send ? "after send" : "after hand off";
  }
  item.head = item.noun + (rule.condition ? " if " + words_.expression(rule.condition) : "");
  item.span = rule.head;
  for (const ast::AssumedReaction& each : rule.reactions) {
    Item line = reaction(each);
    if (each.group == ast::AssumedReaction::kAlone) {
      line.unordered = true;
      item.items.push_back(std::move(line));
      continue;
    }
    if (item.items.empty() || item.items.back().noun != "one of" || item.items.back().span != rule.groups[each.group]) {
      Item& group = item.items.emplace_back();
      group.noun = group.head = "one of";
      group.span = rule.groups[each.group];
    }
    item.items.back().items.push_back(std::move(line));
  }
  for (Item& each : item.items) seal(each);
  seal(item);
  return item;
}

Item Declarations::reaction(const ast::AssumedReaction& reaction) {
  Item item;
  item.noun = words_.name(Thing::Event, reaction.kind.text());
  std::set<std::string> record;
  for (const ast::RecordField& each : reaction.record) {
    record.insert(fmt::format("{}: {}", each.name.text, words_.expression(each.value)));
  }
  if (!record.empty()) item.noun += fmt::format(" {{ {} }}", fmt::join(record, "  "));
  if (reaction.by_machine) item.noun += " by machine";
  item.head = fmt::format("{} {} within {}", item.noun, percent_words(reaction.rate), words_.length(reaction.within));
  for (const ast::DelayPoint& each : reaction.delay) {
    item.head += fmt::format(", {} by {}", percent_words(each.share), words_.length(each.by));
  }
  if (reaction.tires_within) {
    item.head += fmt::format(", times {} per send of {} in last {}", percent_words(reaction.tires),
                             reaction.tires_channel.text, words_.length(reaction.tires_within));
  }
  item.span = reaction.span;
  seal(item);
  return item;
}

}  // namespace

Portrait portray(const sema::Unit& unit, const Renames& renames) {
  Portrait made;
  Words words(unit.model, renames);
  CampaignPortrayer portrayer(unit, words);
  for (const sema::Campaign& each : unit.model.campaigns) made.items.push_back(portrayer.campaign(each));
  words.inside("");
  Declarations(unit, words, made.items).all();
  return made;
}

}  // namespace nurture::compare
