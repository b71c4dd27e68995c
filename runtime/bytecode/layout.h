#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "runtime/bytecode/module.h"

/// The one description of what a module is made of, field by field. The binary form, the text form, the verifier's
/// index checks, the reference page and the tests' random modules are visitors of it.
///
/// A visitor V has, each with the field's name first:
///   ref(name, u16&, Table, Presence)      an index; kNone only where optional
///   refs(name, vector<u16>&, Table, Presence)
///   code(name, Pc&, Code, Presence)       a code offset; kNoCode only where optional
///   flag(name, bool&)   number(name, integer&)   word(name, enum&, words)   value(name, Value&)
///   group(name, struct&)   rows(name, vector<struct>&)
///   texts(name, vector<string>&)   lists(name, vector<vector<Value>>&)   bytes(name, vector<u8>&)
namespace nurture::bytecode::layout {

/// What an index counts in.
enum class Table : std::uint8_t {
  Strings,
  Constants,
  Durations,
  Places,
  ChoiceSets,
  LeadAttributes,
  AccountAttributes,
  Kinds,
  Contents,
  AskedProperties,  ///< of the kind that this question is about
  Calendars,
  Windows,
  Streams,
  Rules,
  GivenProperties,   ///< of the event kind that this reaction is
  OwnProperties,     ///< of the event kind that this row belongs to
  KeyProperties,     ///< refs: the i-th of the properties of event kind i
  MappedProperties,  ///< of a source: properties of the rule's kind, or lead attributes
  Campaigns,
  Silences,  ///< clocks of the campaign
  Stages,
  States,
  Reasons,
  Slots,
  Whens,  ///< of the campaign
  Count,  ///< no index: a number that may be absent
};

/// What a code offset points at.
enum class Code : std::uint8_t {
  Condition,      ///< expression, boolean
  Deadline,       ///< expression, datetime
  DateOrInstant,  ///< expression, date or datetime
  Money,          ///< expression, decimal
  PartText,       ///< expression of the message part's own type
  RowText,        ///< expression over a foreign row, text
  RowCondition,   ///< expression over a foreign row, boolean
  Body,
};

enum class Presence : std::uint8_t { Required, Optional };
using enum Presence;

template <typename T, typename U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

using Words = std::span<const std::string_view>;
inline constexpr std::string_view kTypeWords[] = {"text",   "integer", "number",   "decimal",  "boolean",
                                                  "date",   "time",    "datetime", "duration", "percent",
                                                  "choice", "list",    "content"};
inline constexpr std::string_view kActorWords[] = {"lead", "us", "system"};
inline constexpr std::string_view kClassWords[] = {"marketing", "transactional", "answers"};
inline constexpr std::string_view kRuleWords[] = {"never", "window", "quiet", "limit", "holdout", "throttle"};
inline constexpr std::string_view kGovernsWords[] = {"sends", "transactional", "work"};
inline constexpr std::string_view kBodyWords[] = {"plain", "markdown", "html"};
inline constexpr std::string_view kFormWords[] = {"never", "at_most", "leads_to", "ends"};
inline constexpr std::string_view kActWords[] = {"send",   "hand_off", "take_back", "assign",
                                                 "notify", "enter",    "exit",      "event"};
inline constexpr std::string_view kCauseWords[] = {"send", "hand_off", "reaction"};
inline constexpr std::string_view kReenterWords[] = {"never", "always", "after"};
inline constexpr std::string_view kStateWords[] = {"wait", "stay", "deferred", "repeat"};
inline constexpr std::string_view kWorkWords[] = {"call", "task"};
inline constexpr std::string_view kSalesWords[] = {"pause", "leave", "continue"};
inline constexpr std::string_view kHistoryWords[] = {"any", "none", "count", "sum", "first", "last"};
inline constexpr std::string_view kSinceWords[] = {"ever", "window", "entry", "stage"};
inline constexpr std::string_view kEntryWords[] = {"on", "when", "every", "once", "dated", "silence"};
inline constexpr std::string_view kStatusWords[] = {"live", "draft", "paused"};
inline constexpr std::string_view kOverdueWords[] = {"send", "skip", "spread"};
inline constexpr std::string_view kEditWords[] = {"continue", "finish", "restart", "exit"};
inline constexpr std::string_view kFormatWords[] = {"auto", "csv", "ndjson"};

template <typename V>
void fields(V& v, Is<Type> auto& x) {
  v.word("kind", x.kind, Words(kTypeWords));
  v.flag("optional", x.optional);
  v.word("element", x.element, Words(kTypeWords));
  v.ref("choices", x.choices, Table::ChoiceSets, Optional);
}

template <typename V>
void fields(V& v, Is<Constant> auto& x) {
  v.group("type", x.type);
  v.value("value", x.value);
}

template <typename V>
void fields(V& v, Is<Place> auto& x) {
  v.ref("file", x.file, Table::Strings, Required);
  v.number("line", x.line);
  v.number("column", x.column);
}

template <typename V>
void fields(V& v, Is<Field> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.group("type", x.type);
  v.ref("default", x.default_value, Table::Constants, Optional);
}

template <typename V>
void fields(V& v, Is<EventKind> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.word("actor", x.actor, Words(kActorWords));
  v.ref("machine_property", x.machine_property, Table::OwnProperties, Optional);
  v.ref("content_property", x.content_property, Table::OwnProperties, Optional);
  v.flag("starts_sales_hold", x.starts_sales_hold);
  v.flag("ends_sales_hold", x.ends_sales_hold);
  v.flag("answers_hand_off", x.answers_hand_off);
  v.flag("records_send", x.records_send);
  v.flag("updates_lead", x.updates_lead);
  v.ref("merges_into", x.merges_into, Table::OwnProperties, Optional);
  v.flag("of_account", x.of_account);
  v.rows("properties", x.properties);
}

template <typename V>
void fields(V& v, Is<ChoiceSet> auto& x) {
  v.refs("values", x.values, Table::Strings, Required);
}

template <typename V>
void fields(V& v, Is<Schema> auto& x) {
  v.rows("choice_sets", x.choice_sets);
  v.rows("lead", x.lead);
  v.rows("account", x.account);
  v.rows("kinds", x.kinds);
  v.ref("lead_timezone", x.lead_timezone, Table::LeadAttributes, Optional);
  v.ref("lead_country", x.lead_country, Table::LeadAttributes, Optional);
  v.ref("lead_account", x.lead_account, Table::LeadAttributes, Optional);
  v.ref("account_timezone", x.account_timezone, Table::AccountAttributes, Optional);
}

template <typename V>
void fields(V& v, Is<MessagePart> auto& x) {
  v.ref("literal", x.literal, Table::Strings, Optional);
  v.code("expression", x.expression, Code::PartText, Optional);
  v.group("type", x.type);
}

template <typename V>
void fields(V& v, Is<ContentVariant> auto& x) {
  v.code("condition", x.condition, Code::Condition, Required);
  v.rows("subject", x.subject);
  v.ref("body", x.body, Table::Strings, Optional);
  v.rows("text", x.text);
  v.word("format", x.format, Words(kBodyWords));
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Content> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.ref("channel", x.channel, Table::Strings, Required);
  v.rows("subject", x.subject);
  v.ref("body", x.body, Table::Strings, Optional);
  v.rows("variants", x.variants);
  v.ref("available_from", x.available_from, Table::Constants, Optional);
  v.ref("available_until", x.available_until, Table::Constants, Optional);
  v.rows("text", x.text);
  v.word("format", x.format, Words(kBodyWords));
  v.rows("from", x.from);
  v.rows("reply_to", x.reply_to);
  v.ref("buying_stage", x.buying_stage, Table::Strings, Optional);
  v.ref("offers", x.offers, Table::Strings, Optional);
  v.refs("tags", x.tags, Table::Strings, Required);
  v.number("asks_up_to", x.asks_up_to);
  v.refs("asks", x.asks, Table::LeadAttributes, Required);
  v.word("class", x.message_class, Words(kClassWords));
  v.refs("answers", x.answers, Table::Kinds, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<EventMatch> auto& x) {
  v.refs("kinds", x.kinds, Table::Kinds, Required);
  v.ref("of_content", x.of_content, Table::Strings, Optional);
  v.flag("including_machine", x.including_machine);
  v.code("where", x.where, Code::Condition, Optional);
}

template <typename V>
void fields(V& v, Is<AskedEvent> auto& x) {
  v.group("event", x.event);
  v.ref("property", x.property, Table::AskedProperties, Optional);
}

template <typename V>
void fields(V& v, Is<HistorySite> auto& x) {
  v.word("function", x.function, Words(kHistoryWords));
  v.rows("events", x.events);
  v.group("type", x.type);
  v.word("since", x.since, Words(kSinceWords));
  v.ref("window", x.window, Table::Durations, Optional);
  v.number("enough", x.enough);
  v.ref("label", x.label, Table::Strings, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<LeadQuery> auto& x) {
  v.code("condition", x.condition, Code::Condition, Optional);
  v.ref("label", x.label, Table::Strings, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Calendar> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.ref("dates", x.dates, Table::Constants, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<WindowSpan> auto& x) {
  v.number("weekdays", x.weekdays);
  v.number("from", x.from);
  v.number("to", x.to);
}

template <typename V>
void fields(V& v, Is<Window> auto& x) {
  v.ref("name", x.name, Table::Strings, Optional);
  v.rows("spans", x.spans);
  v.ref("zone", x.zone, Table::Strings, Optional);
  v.refs("except", x.except, Table::Calendars, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Stream> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.refs("contents", x.contents, Table::Contents, Required);
  v.ref("again_after", x.again_after, Table::Durations, Optional);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Rule> auto& x) {
  v.word("kind", x.kind, Words(kRuleWords));
  v.word("governs", x.governs, Words(kGovernsWords));
  v.ref("owner", x.owner, Table::Strings, Required);
  v.flag("everywhere", x.everywhere);
  v.ref("channel", x.channel, Table::Strings, Optional);
  v.rows("after", x.after);
  v.rows("until", x.until);
  v.code("condition", x.condition, Code::Condition, Optional);
  v.ref("window", x.window, Table::Windows, Optional);
  v.number("most", x.most);
  v.ref("per", x.per, Table::Durations, Optional);
  v.number("share", x.share);
  v.ref("label", x.label, Table::Strings, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<ScoreRow> auto& x) {
  v.group("event", x.event);
  v.number("points", x.points);
  v.number("most", x.most);
  v.ref("per", x.per, Table::Durations, Optional);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Score> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.rows("rows", x.rows);
  v.number("half_life", x.half_life);
  v.ref("cap", x.cap, Table::Constants, Optional);
  v.ref("floor", x.floor, Table::Constants, Optional);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Silence> auto& x) {
  v.ref("lasts", x.lasts, Table::Durations, Optional);
  v.refs("kinds", x.kinds, Table::Kinds, Required);
  v.code("where", x.where, Code::Condition, Optional);
}

template <typename V>
void fields(V& v, Is<Entry> auto& x) {
  v.word("form", x.form, Words(kEntryWords));
  v.group("event", x.event);
  v.code("condition", x.condition, Code::Condition, Optional);
  v.code("when", x.when, Code::Condition, Optional);
  v.group("silence", x.silence);
  v.number("weekdays", x.weekdays);
  v.number("date", x.date);
  v.number("time", x.time);
  v.ref("zone", x.zone, Table::Strings, Optional);
  v.code("target", x.target, Code::DateOrInstant, Optional);
  v.code("instant", x.instant, Code::Deadline, Optional);
  v.flag("at_once_if_late", x.at_once_if_late);
  v.flag("those_already_true", x.those_already_true);
  v.ref("spread_over", x.spread_over, Table::Durations, Optional);
  v.ref("at_stage", x.at_stage, Table::Stages, Required);
  v.ref("label", x.label, Table::Strings, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Goal> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.group("event", x.event);
  v.code("condition", x.condition, Code::Condition, Optional);
  v.code("worth", x.worth, Code::Money, Optional);
  v.ref("within", x.within, Table::Durations, Optional);
  v.flag("of_send", x.of_send);
  v.ref("exit_reason", x.exit_reason, Table::Reasons, Optional);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Trigger> auto& x) {
  v.group("event", x.event);
  v.group("silence", x.silence);
  v.ref("silence_index", x.silence_index, Table::Silences, Optional);
  v.code("condition", x.condition, Code::Condition, Optional);
  v.flag("becomes_true", x.becomes_true);
  v.flag("ends_wait", x.ends_wait);
  v.ref("when_index", x.when_index, Table::Whens, Optional);
  v.code("body", x.body, Code::Body, Optional);
  v.ref("exit_reason", x.exit_reason, Table::Reasons, Optional);
  v.ref("label", x.label, Table::Strings, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<State> auto& x) {
  v.word("kind", x.kind, Words(kStateWords));
  v.ref("stage", x.stage, Table::Stages, Required);
  v.ref("anchor", x.anchor, Table::Strings, Required);
  v.ref("label", x.label, Table::Strings, Required);
  v.code("on_timer", x.on_timer, Code::Body, Optional);
  v.code("on_move_on", x.on_move_on, Code::Body, Optional);
  v.rows("handlers", x.handlers);
  v.code("recompute", x.recompute, Code::Deadline, Optional);
  v.code("earliest", x.earliest, Code::Deadline, Optional);
  v.flag("has_otherwise", x.has_otherwise);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Stage> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.code("body", x.body, Code::Body, Required);
  v.rows("triggers", x.triggers);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<SendSite> auto& x) {
  v.ref("content", x.content, Table::Contents, Required);
  v.refs("choices", x.choices, Table::Contents, Required);
  v.ref("stream", x.stream, Table::Streams, Optional);
  v.flag("to_leads", x.to_leads);
  v.code("recipients", x.recipients, Code::Condition, Optional);
  v.flag("now_or_skip", x.now_or_skip);
  v.flag("detached", x.detached);
  v.ref("owner_stage", x.owner_stage, Table::Stages, Optional);
  v.ref("give_up_after", x.give_up_after, Table::Durations, Optional);
  v.ref("state", x.state, Table::States, Optional);
  v.code("next", x.next, Code::Body, Required);
  v.code("otherwise", x.otherwise, Code::Body, Required);
  v.flag("only_if_exhausted", x.only_if_exhausted);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<HandOffSite> auto& x) {
  v.rows("note", x.note);
  v.ref("answer_within", x.answer_within, Table::Durations, Optional);
  v.flag("answer_business", x.answer_business);
  v.ref("answer_window", x.answer_window, Table::Windows, Optional);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<AssignSite> auto& x) {
  v.word("kind", x.kind, Words(kWorkWords));
  v.ref("name", x.name, Table::Strings, Optional);
  v.ref("due_in", x.due_in, Table::Durations, Optional);
  v.flag("due_business", x.due_business);
  v.ref("due_window", x.due_window, Table::Windows, Optional);
  v.rows("note", x.note);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<NotifySite> auto& x) {
  v.rows("note", x.note);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<SplitBranch> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.number("share", x.share);
  v.code("body", x.body, Code::Body, Required);
}

template <typename V>
void fields(V& v, Is<SplitSite> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.flag("drawn_anew", x.drawn_anew);
  v.flag("by_account", x.by_account);
  v.ref("pass_slot", x.pass_slot, Table::Slots, Optional);
  v.rows("branches", x.branches);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<RepeatSite> auto& x) {
  v.ref("every", x.every, Table::Durations, Optional);
  v.number("weekdays", x.weekdays);
  v.number("at_time", x.at_time);
  v.number("times", x.times);
  v.ref("first_slot", x.first_slot, Table::Slots, Required);
  v.ref("state", x.state, Table::States, Required);
  v.code("body", x.body, Code::Body, Required);
  v.code("after", x.after, Code::Body, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<MembershipKey> auto& x) {
  v.ref("name", x.name, Table::Strings, Optional);
  v.group("type", x.type);
  v.ref("up_to", x.up_to, Table::Count, Optional);
  v.refs("property_of", x.property_of, Table::KeyProperties, Optional);
}

template <typename V>
void fields(V& v, Is<Running> auto& x) {
  v.word("status", x.status, Words(kStatusWords));
  v.ref("owner", x.owner, Table::Strings, Optional);
  v.ref("version", x.version, Table::Strings, Optional);
  v.word("overdue", x.overdue, Words(kOverdueWords));
  v.ref("spread_over", x.spread_over, Table::Durations, Optional);
  v.word("on_edit", x.on_edit, Words(kEditWords));
  v.ref("edit_reason", x.edit_reason, Table::Reasons, Optional);
  v.flag("recompute_waits", x.recompute_waits);
}

template <typename V>
void fields(V& v, Is<Campaign> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.flag("for_account", x.for_account);
  v.number("priority", x.priority);
  v.code("audience", x.audience, Code::Condition, Optional);
  v.code("exclude", x.exclude, Code::Condition, Optional);
  v.rows("entries", x.entries);
  v.ref("active_from", x.active_from, Table::Constants, Optional);
  v.ref("active_until", x.active_until, Table::Constants, Optional);
  v.ref("exclusive_group", x.exclusive_group, Table::Strings, Optional);
  v.word("reenter", x.reenter, Words(kReenterWords));
  v.ref("reenter_after", x.reenter_after, Table::Durations, Optional);
  v.group("key", x.key);
  v.ref("lasts_at_most", x.lasts_at_most, Table::Durations, Optional);
  v.ref("lasts_reason", x.lasts_reason, Table::Reasons, Optional);
  v.ref("longest", x.longest, Table::Durations, Optional);
  v.number("holdout", x.holdout);
  v.rows("goals", x.goals);
  v.rows("exits", x.exits);
  v.rows("triggers", x.triggers);
  v.rows("stages", x.stages);
  v.rows("states", x.states);
  v.refs("reasons", x.reasons, Table::Strings, Required);
  v.rows("sends", x.sends);
  v.rows("hand_offs", x.hand_offs);
  v.rows("assigns", x.assigns);
  v.rows("notifies", x.notifies);
  v.rows("splits", x.splits);
  v.rows("repeats", x.repeats);
  v.ref("removed_reason", x.removed_reason, Table::Reasons, Optional);
  v.ref("merged_reason", x.merged_reason, Table::Reasons, Optional);
  v.group("running", x.running);
  v.number("slots", x.slots);
  v.number("silences", x.silences);
  v.number("detached_slots", x.detached_slots);
  v.word("while_with_sales", x.while_with_sales, Words(kSalesWords));
  v.ref("with_sales_reason", x.with_sales_reason, Table::Reasons, Optional);
  v.refs("rules", x.rules, Table::Rules, Required);
  v.code("on_exit", x.on_exit, Code::Body, Optional);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Act> auto& x) {
  v.word("kind", x.kind, Words(kActWords));
  v.group("event", x.event);
  v.ref("channel", x.channel, Table::Strings, Optional);
  v.ref("content", x.content, Table::Contents, Optional);
  v.ref("campaign", x.campaign, Table::Campaigns, Optional);
  v.ref("reason", x.reason, Table::Strings, Optional);
}

template <typename V>
void fields(V& v, Is<Property> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.word("form", x.form, Words(kFormWords));
  v.group("act", x.act);
  v.rows("after", x.after);
  v.rows("until", x.until);
  v.code("condition", x.condition, Code::Condition, Optional);
  v.number("most", x.most);
  v.ref("within", x.within, Table::Durations, Optional);
  v.ref("label", x.label, Table::Strings, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<DelayPoint> auto& x) {
  v.number("share", x.share);
  v.number("by", x.by);
}

template <typename V>
void fields(V& v, Is<std::pair<std::uint16_t, std::uint16_t>> auto& x) {
  v.ref("property", x.first, Table::GivenProperties, Required);
  v.ref("constant", x.second, Table::Constants, Required);
}

template <typename V>
void fields(V& v, Is<AssumedReaction> auto& x) {
  v.ref("kind", x.kind, Table::Kinds, Required);
  v.flag("by_machine", x.by_machine);
  v.rows("record", x.record);
  v.number("rate", x.rate);
  v.number("within", x.within);
  v.rows("delay", x.delay);
  v.number("tires", x.tires);
  v.ref("tires_channel", x.tires_channel, Table::Strings, Optional);
  v.number("tires_within", x.tires_within);
  v.ref("group", x.group, Table::Count, Optional);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<AssumedRule> auto& x) {
  v.word("cause", x.cause, Words(kCauseWords));
  v.ref("channel", x.channel, Table::Strings, Optional);
  v.ref("content", x.content, Table::Contents, Optional);
  v.ref("kind", x.kind, Table::Kinds, Optional);
  v.code("condition", x.condition, Code::Condition, Optional);
  v.rows("reactions", x.reactions);
  v.ref("label", x.label, Table::Strings, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Scenario> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.rows("rules", x.rules);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<TimeFormat> auto& x) {
  v.ref("pattern", x.pattern, Table::Strings, Required);
  v.ref("zone", x.zone, Table::Strings, Optional);
}

template <typename V>
void fields(V& v, Is<PropertyMapping> auto& x) {
  v.ref("property", x.property, Table::MappedProperties, Required);
  v.code("value", x.value, Code::RowText, Required);
  v.group("time", x.time);
}

template <typename V>
void fields(V& v, Is<SourceRule> auto& x) {
  v.ref("kind", x.kind, Table::Kinds, Required);
  v.code("when", x.when, Code::RowCondition, Optional);
  v.rows("properties", x.properties);
}

template <typename V>
void fields(V& v, Is<SourceSpec> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.word("format", x.format, Words(kFormatWords));
  v.refs("columns", x.columns, Table::Strings, Required);
  v.code("lead", x.lead, Code::RowText, Required);
  v.code("at", x.at, Code::RowText, Required);
  v.group("time", x.time);
  v.code("id", x.id, Code::RowText, Optional);
  v.code("origin", x.origin, Code::RowText, Optional);
  v.code("leave_out", x.leave_out, Code::RowCondition, Optional);
  v.refs("missing", x.missing, Table::Strings, Required);
  v.rows("rules", x.rules);
  v.rows("lead_attributes", x.lead_attributes);
}

template <typename V>
void fields(V& v, Is<Module> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.number("seed", x.seed);
  v.ref("timezone", x.timezone, Table::Strings, Required);
  v.ref("currency", x.currency, Table::Strings, Optional);
  v.number("week_starts_on", x.week_starts_on);
  v.ref("sales_hold_max", x.sales_hold_max, Table::Durations, Optional);
  v.texts("strings", x.strings);
  v.rows("constants", x.constants);
  v.lists("lists", x.lists);
  v.rows("places", x.places);
  v.group("schema", x.schema);
  v.rows("calendars", x.calendars);
  v.rows("windows", x.windows);
  v.rows("rules", x.rules);
  v.rows("contents", x.contents);
  v.rows("scores", x.scores);
  v.rows("histories", x.histories);
  v.rows("lead_queries", x.lead_queries);
  v.number("history_max", x.history_max);
  v.rows("streams", x.streams);
  v.rows("campaigns", x.campaigns);
  v.rows("properties", x.properties);
  v.rows("scenarios", x.scenarios);
  v.rows("sources", x.sources);
  v.bytes("code", x.code);
}

}  // namespace nurture::bytecode::layout
