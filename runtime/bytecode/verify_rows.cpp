#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <set>

#include "runtime/bytecode/verify.h"

namespace nurture::bytecode {
namespace {

constexpr std::size_t kMaxKinds = 255;  // the store keeps one byte of kind per event
constexpr int kWholeSplit = 10'000;     // 0.01 %

/// Collects the first flaw; `where` is the row looked at.
class RowCheck {
 public:
  explicit RowCheck(const Module& module) : m_(module) {}
  Flaw flaw;

  void module();

 private:
  template <typename... Parts>
  bool require(bool condition, fmt::format_string<Parts...> what, Parts&&... parts) {
    if (!condition && !flaw) flaw = fmt::format(what, std::forward<Parts>(parts)...);
    return condition;
  }

  void type(const Type& type, std::string_view where);
  void value(const Value& value, TypeKind kind, std::string_view where);
  void constant(const Constant& constant, std::size_t index);
  void field(const Field& field, std::string_view where);
  void kind(const EventKind& kind, std::size_t index);
  void message(const Message& message, std::string_view where);
  void ascending(const std::vector<std::uint16_t>& kinds, std::string_view where);
  void match(const EventMatch& match, std::string_view where);
  void history(const HistorySite& site, std::string_view where);
  void score(const Score& score, std::string_view where);
  void trigger(const Trigger& trigger, std::string_view where);
  void exit(const Trigger& trigger, std::string_view where);
  void whens(const Trigger& trigger, std::string_view where);
  void silence(const Silence& silence, std::string_view where);
  void cause(const Trigger& trigger, std::string_view where);
  void entry(const Campaign& campaign, const Entry& entry, std::string_view where);
  void goal(const Goal& goal, std::string_view where);
  void running(const Running& running, std::string_view where);
  void state(const Campaign& campaign, std::size_t index, std::string_view where);
  void sites(const Campaign& campaign, std::string_view where);
  void split(const SplitSite& site, std::string_view where);
  void repeat(const Campaign& campaign, const RepeatSite& site, std::string_view where);
  void key(const Campaign& campaign, std::string_view where);
  void clauses(const Campaign& campaign, std::string_view where);
  void campaign(const Campaign& campaign, std::string_view where);
  void dates(const Calendar& calendar);
  void window(const Window& window);
  void rule(const Rule& rule);
  void rules();
  void property(const Property& property, std::string_view where);
  void days(std::uint16_t constant, bool or_instant, std::string_view where);
  void order();

  Duration duration(std::uint16_t constant) const { return m_.constants[constant].value.duration(); }

  const Module& m_;
  std::set<std::pair<std::uint64_t, std::uint8_t>> lists_seen_;  // (list, item type) already looked through
  std::uint64_t whens_ = 0;
  std::set<std::uint16_t> silences_;
};

bool has_type(const Type& type, TypeKind wanted) { return ValueType::of(type) == ValueType(wanted); }

void RowCheck::type(const Type& type, std::string_view where) {
  const bool list = type.kind == TypeKind::List;
  require(!list || type.element != TypeKind::List, "{} is a list of lists", where);
  const TypeKind innermost = list ? type.element : type.kind;
  require(innermost == TypeKind::Choice || type.choices == kNone, "{} has choices without being a choice", where);
}

void RowCheck::value(const Value& v, TypeKind kind, std::string_view where) {
  const auto within = [&](std::size_t size) { return v.bits >= 0 && static_cast<std::uint64_t>(v.bits) < size; };
  if (!require(v.known, "{} is unknown", where)) return;
  require(kind == TypeKind::Duration || v.aux == 0, "{} has a second half", where);
  switch (kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Content:
      require(within(m_.strings.size()), "{} is no row of strings", where);
      break;
    case TypeKind::Number:
      require(std::isfinite(v.number()), "{} is not finite", where);
      break;
    case TypeKind::Boolean:
      require(within(2), "{} is neither yes nor no", where);
      break;
    case TypeKind::Time:
      require(within(kDay), "{} is no time of day", where);
      break;
    case TypeKind::List:
      require(within(m_.lists.size()), "{} is no row of lists", where);
      break;
    case TypeKind::Integer:
    case TypeKind::Decimal:
    case TypeKind::Date:
    case TypeKind::DateTime:
    case TypeKind::Duration:
    case TypeKind::Percent:
      break;
  }
}

void RowCheck::constant(const Constant& constant, std::size_t index) {
  const std::string where = fmt::format("constants[{}]", index);
  type(constant.type, where);
  value(constant.value, constant.type.kind, where);
  if (flaw || constant.type.kind != TypeKind::List) return;
  const auto list = static_cast<std::uint64_t>(constant.value.bits);
  if (!lists_seen_.insert({list, ValueType(constant.type.element).code()}).second) return;
  for (const Value& item : m_.lists[list]) value(item, constant.type.element, "an item of " + where);
}

void RowCheck::field(const Field& field, std::string_view where) {
  type(field.type, where);
  if (field.default_value == kNone) return;
  require(ValueType::of(m_.constants[field.default_value].type) == ValueType::of(field.type),
          "{} has a default of another type", where);
}

void RowCheck::kind(const EventKind& kind, std::size_t index) {
  const std::string where = fmt::format("schema.kinds[{}]", index);
  for (const Field& property : kind.properties) field(property, where);
  const auto& properties = properties_of(m_.schema, kind);
  require(kind.machine_property == kNone || has_type(properties[kind.machine_property].type, TypeKind::Boolean),
          "{} marks machines by a property that is not a boolean", where);
  require(kind.merges_into == kNone || has_type(properties[kind.merges_into].type, TypeKind::Text),
          "{} merges into what is not a text", where);
  require(kind.content_property == kNone || has_type(properties[kind.content_property].type, TypeKind::Text),
          "{} names contents by a property that is not a text", where);
}

void RowCheck::message(const Message& message, std::string_view where) {
  for (const MessagePart& part : message) {
    require((part.literal == kNone) != (part.expression == kNoCode),
            "{} has a part that is not one of text and expression", where);
    type(part.type, where);
  }
}

void RowCheck::ascending(const std::vector<std::uint16_t>& kinds, std::string_view where) {
  require(std::adjacent_find(kinds.begin(), kinds.end(), std::greater_equal<>()) == kinds.end(),
          "{} names its events out of order, or twice", where);
}

void RowCheck::match(const EventMatch& match, std::string_view where) {
  if (!require(!match.kinds.empty(), "{} listens to no event", where)) return;
  ascending(match.kinds, where);
  for (std::uint16_t kind : match.kinds) {
    require(match.of_content == kNone || m_.schema.kinds[kind].content_property != kNone,
            "{} asks for the content of an event that has none", where);
  }
}

/// The answer's type is that of the question.
void RowCheck::history(const HistorySite& site, std::string_view where) {
  type(site.type, where);
  require(!site.events.empty(), "{} asks about no event", where);
  require((site.since == HistorySince::Window) == (site.window != kNone), "{} needs a duration exactly for a window",
          where);
  const bool of_property = site.function == HistoryFunction::Sum || site.function == HistoryFunction::First ||
                           site.function == HistoryFunction::Last;
  ValueType answer = site.function == HistoryFunction::Count ? TypeKind::Integer : TypeKind::Boolean;
  for (const AskedEvent& asked : site.events) {
    match(asked.event, where);
    if (flaw) return;
    if (asked.property == kNone) {
      require(site.function != HistoryFunction::Sum, "{} sums nothing", where);
      if (of_property) answer = TypeKind::DateTime;
    } else if (require(of_property, "{} asks for a property it does not use", where)) {
      answer = ValueType::of(properties_of(m_.schema, m_.schema.kinds[asked.event.kinds.front()])[asked.property].type);
    }
    require(ValueType::of(site.type) == answer, "{} has an answer of another type", where);
  }
  if (site.function != HistoryFunction::Sum) return;
  const TypeKind sum = site.type.kind;
  require(sum == TypeKind::Integer || sum == TypeKind::Number || sum == TypeKind::Decimal || sum == TypeKind::Percent,
          "{} sums what is no number", where);
}

void RowCheck::score(const Score& score, std::string_view where) {
  for (const ScoreRow& row : score.rows) {
    match(row.event, where);
    require((row.most == 0) == (row.per == kNone), "{} needs a duration exactly for `at most`", where);
  }
  require(score.half_life >= 0, "{} has a half-life of less than nothing", where);
  for (const std::uint16_t bound : {score.cap, score.floor}) {
    require(bound == kNone || m_.constants[bound].type.kind == TypeKind::Integer, "{} has a bound that is no integer",
            where);
  }
  if (flaw || score.cap == kNone || score.floor == kNone) return;
  require(m_.constants[score.floor].value.bits <= m_.constants[score.cap].value.bits, "{} has its cap below its floor",
          where);
}

void RowCheck::whens(const Trigger& trigger, std::string_view where) {
  if (trigger.when_index == kNone) return;
  const std::uint64_t bit = std::uint64_t{1} << trigger.when_index;
  require((whens_ & bit) == 0, "{} shares its `when` number", where);
  whens_ |= bit;
}

void RowCheck::silence(const Silence& silence, std::string_view where) {
  require(silence.lasts != kNone, "{} is no silence", where);
  ascending(silence.kinds, where);
}

/// What exits and reactions share: one of `on`, `when` and `on silence`.
void RowCheck::cause(const Trigger& trigger, std::string_view where) {
  const bool on = !trigger.event.kinds.empty();
  const bool silent = trigger.silence.lasts != kNone;
  const int causes = (on ? 1 : 0) + (trigger.condition != kNoCode ? 1 : 0) + (silent ? 1 : 0);
  require(causes == 1, "{} is not one of `on` and `when`", where);
  if (on) match(trigger.event, where);
  if (silent) silence(trigger.silence, where);
  require(silent == (trigger.silence_index != kNone), "{} needs a clock exactly for a silence", where);
  if (trigger.silence_index != kNone) {
    require(silences_.insert(trigger.silence_index).second, "{} shares its clock", where);
  }
  whens(trigger, where);
}

void RowCheck::exit(const Trigger& trigger, std::string_view where) {
  cause(trigger, where);
  require(trigger.exit_reason != kNone && trigger.body == kNoCode, "{} has no reason, or a body", where);
  require(trigger.condition != kNoCode || trigger.when_index == kNone, "{} has a `when` number without a condition",
          where);
}

void RowCheck::trigger(const Trigger& trigger, std::string_view where) {
  cause(trigger, where);
  require(trigger.body != kNoCode && trigger.exit_reason == kNone, "{} has no body, or a reason", where);
  require((trigger.condition == kNoCode) == (trigger.when_index == kNone),
          "{} needs a `when` number exactly for a condition", where);
}

void RowCheck::state(const Campaign& campaign, std::size_t index, std::string_view in) {
  const State& state = campaign.states[index];
  const std::string where = fmt::format("{}.states[{}]", in, index);
  for (const Trigger& handler : state.handlers) trigger(handler, where + ".handlers");
  const bool timed = state.kind == StateKind::Wait || state.kind == StateKind::Repeat;
  require(!timed || state.on_timer != kNoCode, "{} has no code for its timer", where);
  const bool waits = state.kind == StateKind::Wait || state.kind == StateKind::Stay;
  require(waits || state.handlers.empty(), "{} has handlers and is no wait", where);
  require(state.kind == StateKind::Wait || (state.recompute == kNoCode && state.earliest == kNoCode),
          "{} recomputes no deadline", where);
}

void RowCheck::split(const SplitSite& site, std::string_view where) {
  int total = 0;
  for (const SplitBranch& branch : site.branches) total += branch.share;
  require(total == kWholeSplit, "{} has shares that do not sum to 100 %", where);
  require(site.drawn_anew == (site.pass_slot != kNone), "{} needs a slot exactly where it is drawn anew", where);
}

void RowCheck::repeat(const Campaign& campaign, const RepeatSite& site, std::string_view where) {
  require(site.times >= 1, "{} never runs", where);
  require(site.first_slot + 4 <= campaign.slots, "{} needs four slots", where);
  require((site.every != kNone) != (site.weekdays != 0), "{} is not one of every and weekdays", where);
  require(site.weekdays < 128 && site.at_time >= 0 && site.at_time < kDay, "{} names no weekday and time", where);
  if (flaw || site.every == kNone) return;
  const Duration every = duration(site.every);
  const bool forward = every.months >= 0 && every.days >= 0 && every.micros >= 0;
  require(forward && (every.months > 0 || every.days > 0 || every.micros >= kMinute),
          "{} repeats sooner than after a minute", where);
}

/// Sites, and that each state that suspends for one names it and no other.
void RowCheck::sites(const Campaign& campaign, std::string_view in) {
  std::vector<int> uses(campaign.states.size());
  std::size_t detached = 0;
  for (std::size_t i = 0; i < campaign.sends.size(); ++i) {
    const SendSite& site = campaign.sends[i];
    const std::string where = fmt::format("{}.sends[{}]", in, i);
    detached += site.detached ? 1 : 0;
    require(!site.detached || site.state == kNone, "{} is detached and has a state", where);
    require(site.stream == kNone || site.choices.empty(), "{} sends of a stream and of a list", where);
    require(site.to_leads == campaign.for_account, "{} sends to leads exactly in an account's campaign", where);
    require(!site.to_leads || site.detached, "{} waits for the leads it sends to", where);
    require(site.to_leads || site.recipients == kNoCode, "{} chooses among no leads", where);
    if (site.state == kNone) continue;
    require(campaign.states[site.state].kind == StateKind::Deferred, "{} has a state of another kind", where);
    ++uses[site.state];
  }
  require(detached == campaign.detached_slots, "{} has {} detached sends and {} slots for them", in, detached,
          campaign.detached_slots + 0);
  for (std::size_t i = 0; i < campaign.repeats.size(); ++i) {
    const RepeatSite& site = campaign.repeats[i];
    const std::string where = fmt::format("{}.repeats[{}]", in, i);
    repeat(campaign, site, where);
    const State& state = campaign.states[site.state];
    require(state.kind == StateKind::Repeat && state.on_timer == site.body, "{} has a state that is not its own",
            where);
    ++uses[site.state];
  }
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const StateKind kind = campaign.states[i].kind;
    const bool of_site = kind == StateKind::Deferred || kind == StateKind::Repeat;
    require(uses[i] == (of_site ? 1 : 0), "{}.states[{}] belongs to {} sites", in, i, uses[i]);
  }
  for (const SplitSite& site : campaign.splits) split(site, fmt::format("{}.splits", in));
  for (const HandOffSite& site : campaign.hand_offs) message(site.note, fmt::format("{}.hand_offs", in));
  for (const AssignSite& site : campaign.assigns) message(site.note, fmt::format("{}.assigns", in));
  for (const NotifySite& site : campaign.notifies) message(site.note, fmt::format("{}.notifies", in));
}

void RowCheck::key(const Campaign& campaign, std::string_view where) {
  const MembershipKey& key = campaign.key;
  type(key.type, where);
  if (key.name == kNone) {
    require(key.property_of.empty(), "{} has key properties without a key", where);
    return;
  }
  const auto& kinds = m_.schema.kinds;
  if (!require(key.property_of.size() == kinds.size(), "{} has a key that not every kind is told about", where)) return;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (key.property_of[i] == kNone) continue;
    const Field& property = properties_of(m_.schema, kinds[i])[key.property_of[i]];
    require(ValueType::of(property.type) == ValueType::of(key.type), "{} has a key of two types", where);
  }
}

void RowCheck::entry(const Campaign& campaign, const Entry& entry, std::string_view where) {
  const EntryForm form = entry.form;
  const bool timed = form == EntryForm::Every || form == EntryForm::Once;
  if (form == EntryForm::On) match(entry.event, where);
  if (form == EntryForm::Silence) silence(entry.silence, where);
  require(form == EntryForm::On || entry.event.kinds.empty(), "{} listens to an event and to something else", where);
  require(form == EntryForm::On || campaign.key.name == kNone, "{} brings no key", where);
  require((form == EntryForm::When) == (entry.when != kNoCode), "{} needs a condition exactly for `when`", where);
  require((form == EntryForm::Silence) == (entry.silence.lasts != kNone), "{} is a silence of another form", where);
  require((form == EntryForm::Dated) == (entry.instant != kNoCode && entry.target != kNoCode),
          "{} needs a date exactly for an entry before one", where);
  require(entry.weekdays < 128 && entry.time >= 0 && entry.time < kDay, "{} names no weekday and time", where);
  require(timed || entry.zone == kNone, "{} has a zone for no time", where);
  require(entry.those_already_true == (entry.spread_over != kNone), "{} spreads over no time", where);
}

void RowCheck::goal(const Goal& goal, std::string_view where) {
  if (goal.condition == kNoCode) return match(goal.event, where);
  require(goal.event.kinds.empty() && goal.worth == kNoCode && !goal.of_send && goal.exit_reason == kNone,
          "{} waits for a condition and for something else", where);
}

void RowCheck::running(const Running& running, std::string_view where) {
  require((running.overdue == Overdue::Spread) == (running.spread_over != kNone),
          "{} needs a duration exactly for `overdue spread`", where);
  require((running.on_edit == OnEdit::Exit) == (running.edit_reason != kNone),
          "{} needs a reason exactly for `on edit exit`", where);
}

void RowCheck::clauses(const Campaign& campaign, std::string_view where) {
  for (const Entry& row : campaign.entries) entry(campaign, row, fmt::format("{}.entries", where));
  for (const Goal& row : campaign.goals) goal(row, fmt::format("{}.goals", where));
  running(campaign.running, where);
  require(campaign.holdout <= kWholeSplit, "{} holds out more than everybody", where);
  days(campaign.active_from, true, where);
  days(campaign.active_until, true, where);
  for (std::uint16_t row : campaign.rules) require(!m_.rules[row].everywhere, "{} has a rule of a policy", where);
  require((campaign.reenter == Reenter::After) == (campaign.reenter_after != kNone),
          "{} needs a duration exactly for `reenter after`", where);
  require((campaign.while_with_sales == WhileWithSales::Leave) == (campaign.with_sales_reason != kNone),
          "{} needs a reason exactly for `while with sales leave`", where);
  require((campaign.lasts_at_most == kNone) == (campaign.lasts_reason == kNone),
          "{} needs a reason exactly for `lasts at most`", where);
}

void RowCheck::campaign(const Campaign& campaign, std::string_view where) {
  require(!campaign.stages.empty(), "{} has no stage", where);
  whens_ = 0;
  silences_.clear();
  for (const Trigger& row : campaign.exits) exit(row, fmt::format("{}.exits", where));
  for (const Trigger& row : campaign.triggers) trigger(row, fmt::format("{}.triggers", where));
  for (const Stage& stage : campaign.stages) {
    for (const Trigger& row : stage.triggers) trigger(row, fmt::format("{}.stages.triggers", where));
  }
  for (std::size_t i = 0; i < campaign.states.size(); ++i) state(campaign, i, where);
  sites(campaign, where);
  key(campaign, where);
  clauses(campaign, where);
}

void RowCheck::days(std::uint16_t constant, bool or_instant, std::string_view where) {
  if (constant == kNone) return;
  const Type& type = m_.constants[constant].type;
  require(has_type(type, TypeKind::Date) || (or_instant && has_type(type, TypeKind::DateTime)),
          "{} has a date that is none", where);
}

void RowCheck::dates(const Calendar& calendar) {
  const Constant& constant = m_.constants[calendar.dates];
  const bool list = constant.type.kind == TypeKind::List && constant.type.element == TypeKind::Date;
  if (!require(list, "a calendar's dates are no list of dates")) return;
  const auto& rows = m_.lists[static_cast<std::size_t>(constant.value.bits)];
  const auto later = [](const Value& a, const Value& b) { return a.bits >= b.bits; };
  require(std::adjacent_find(rows.begin(), rows.end(), later) == rows.end(), "a calendar's dates are not ascending");
}

void RowCheck::window(const Window& window) {
  require(!window.spans.empty(), "a window never opens");
  for (const WindowSpan& span : window.spans) {
    require(span.weekdays > 0 && span.weekdays < 128, "a window opens on no weekday");
    require(span.from >= 0 && span.from < kDay && span.to >= 0 && span.to <= kDay, "a window opens at no time of day");
  }
}

void RowCheck::rule(const Rule& rule) {
  constexpr std::string_view where = "rules";
  for (const EventMatch& event : rule.after) match(event, where);
  for (const EventMatch& event : rule.until) match(event, where);
  const bool hours = rule.kind == RuleKind::Window || rule.kind == RuleKind::Quiet;
  require(!hours || rule.window != kNone, "a rule about hours has none");
  const bool counts = rule.kind == RuleKind::Limit || rule.kind == RuleKind::Throttle;
  require(!counts || (rule.most >= 1 && rule.per != kNone), "a limit has no number or length");
  require(rule.kind != RuleKind::Holdout || rule.share <= kWholeSplit, "a rule holds out more than everybody");
  require(rule.kind == RuleKind::Never || rule.governs == Governs::Sends, "only a `never` is about that");
}

void RowCheck::rules() {
  for (const Calendar& row : m_.calendars) dates(row);
  for (const Window& row : m_.windows) window(row);
  for (const Rule& row : m_.rules) rule(row);
  for (const Stream& row : m_.streams) require(!row.contents.empty(), "a stream has no content");
}

void RowCheck::property(const Property& property, std::string_view where) {
  const bool answers = property.form == PropertyForm::LeadsTo;
  const bool since = property.form == PropertyForm::Never;
  if (!property.act.event.kinds.empty()) match(property.act.event, where);
  for (const EventMatch& each : property.after) match(each, where);
  for (const EventMatch& each : property.until) match(each, where);
  require(
      property.form == PropertyForm::Ends || (property.act.kind == ActKind::Event) == !property.act.event.kinds.empty(),
      "{} needs an event exactly where it is about one", where);
  require(answers == !property.after.empty() || since, "{} needs what it follows from exactly where it follows", where);
  require(since || property.until.empty(), "{} ends where nothing holds on", where);
  require(since || answers || property.condition == kNoCode, "{} has a condition that nobody asks", where);
  require((property.within == kNone) == since, "{} needs a duration unless it forbids", where);
  require((property.most > 0) == (property.form == PropertyForm::AtMost), "{} needs a number exactly to count", where);
}

void RowCheck::order() {
  for (std::size_t i = 1; i < m_.campaigns.size(); ++i) {
    const Campaign& a = m_.campaigns[i - 1];
    const Campaign& b = m_.campaigns[i];
    const bool ordered = a.priority != b.priority ? a.priority > b.priority : m_.strings[a.name] < m_.strings[b.name];
    require(ordered, "campaigns[{}] is out of order: by priority, then by name, no name twice", i);
  }
}

void RowCheck::module() {
  require(m_.week_starts_on <= 6, "its week starts on no weekday");
  for (std::size_t i = 0; i < m_.constants.size() && !flaw; ++i) constant(m_.constants[i], i);
  for (const Field& attribute : m_.schema.lead) field(attribute, "schema.lead");
  for (const Field& attribute : m_.schema.account) field(attribute, "schema.account");
  require(m_.schema.kinds.size() <= kMaxKinds, "it has more than {} kinds of event", kMaxKinds + 0);
  for (std::size_t i = 0; i < m_.schema.kinds.size() && !flaw; ++i) kind(m_.schema.kinds[i], i);
  for (const std::uint16_t attribute : {m_.schema.lead_timezone, m_.schema.lead_country, m_.schema.lead_account}) {
    require(attribute == kNone || has_type(m_.schema.lead[attribute].type, TypeKind::Text),
            "the lead's time zone, country or account is not a text");
  }
  require(m_.schema.account_timezone == kNone ||
              has_type(m_.schema.account[m_.schema.account_timezone].type, TypeKind::Text),
          "the account's time zone is not a text");
  for (const Content& content : m_.contents) {
    for (const Message* each : {&content.subject, &content.text, &content.from, &content.reply_to}) {
      message(*each, "contents");
    }
    for (const ContentVariant& variant : content.variants) {
      message(variant.subject, "contents.variants");
      message(variant.text, "contents.variants");
    }
    days(content.available_from, false, "contents");
    days(content.available_until, false, "contents");
    require(content.asks.size() <= kMaxAsks && content.asks_up_to <= content.asks.size(),
            "contents asks for more than it can");
    require((content.message_class == MessageClass::Answers) == !content.answers.empty(),
            "contents needs an event exactly where it answers one");
    ascending(content.answers, "contents");
  }
  for (std::size_t i = 0; i < m_.scores.size() && !flaw; ++i) score(m_.scores[i], fmt::format("scores[{}]", i));
  for (std::size_t i = 0; i < m_.histories.size() && !flaw; ++i) {
    history(m_.histories[i], fmt::format("histories[{}]", i));
  }
  if (!flaw) rules();
  for (std::size_t i = 0; i < m_.properties.size() && !flaw; ++i) {
    property(m_.properties[i], fmt::format("properties[{}]", i));
  }
  for (std::size_t i = 0; i < m_.campaigns.size() && !flaw; ++i) {
    campaign(m_.campaigns[i], fmt::format("campaigns[{}]", i));
  }
  order();
}

}  // namespace

bool valid_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || length > text.size() - i) return false;
    char32_t c = length == 1 ? lead : lead & (0x7F >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      if ((byte & 0xC0) != 0x80) return false;
      c = c << 6 | (byte & 0x3F);
    }
    if ((length == 3 && c < 0x800) || (length == 4 && (c < 0x10000 || c > 0x10FFFF))) return false;
    if (c >= 0xD800 && c < 0xE000) return false;
    i += length;
  }
  return true;
}

Flaw check_rows(const Module& module) {
  RowCheck check(module);
  check.module();
  return check.flaw;
}

}  // namespace nurture::bytecode
