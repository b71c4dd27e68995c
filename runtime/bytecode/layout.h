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
  Kinds,
  Contents,
  OwnProperties,     ///< of the event kind that this row belongs to
  KeyProperties,     ///< refs: the i-th of the properties of event kind i
  MappedProperties,  ///< of a source: properties of the rule's kind, or lead attributes
  Stages,
  States,
  Reasons,
  Slots,
  Whens,  ///< of the campaign
  Count,  ///< no index: a number that may be absent
};

/// What a code offset points at.
enum class Code : std::uint8_t {
  Condition,     ///< expression, boolean
  Deadline,      ///< expression, datetime
  PartText,      ///< expression of the message part's own type
  RowText,       ///< expression over a foreign row, text
  RowCondition,  ///< expression over a foreign row, boolean
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
inline constexpr std::string_view kBodyWords[] = {"plain", "markdown", "html"};
inline constexpr std::string_view kReenterWords[] = {"never", "always", "after"};
inline constexpr std::string_view kStateWords[] = {"wait", "stay", "deferred", "repeat"};
inline constexpr std::string_view kWorkWords[] = {"call", "task"};
inline constexpr std::string_view kSalesWords[] = {"pause", "leave", "continue"};
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
}

template <typename V>
void fields(V& v, Is<MessagePart> auto& x) {
  v.ref("literal", x.literal, Table::Strings, Optional);
  v.code("expression", x.expression, Code::PartText, Optional);
  v.group("type", x.type);
}

template <typename V>
void fields(V& v, Is<Content> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.ref("channel", x.channel, Table::Strings, Required);
  v.rows("subject", x.subject);
  v.ref("body", x.body, Table::Strings, Optional);
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
  v.ref("answers", x.answers, Table::Kinds, Optional);
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
void fields(V& v, Is<Entry> auto& x) {
  v.group("event", x.event);
  v.code("condition", x.condition, Code::Condition, Optional);
  v.ref("at_stage", x.at_stage, Table::Stages, Required);
  v.ref("label", x.label, Table::Strings, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Goal> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.group("event", x.event);
  v.ref("within", x.within, Table::Durations, Optional);
  v.flag("of_send", x.of_send);
  v.ref("exit_reason", x.exit_reason, Table::Reasons, Optional);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<Trigger> auto& x) {
  v.group("event", x.event);
  v.code("condition", x.condition, Code::Condition, Optional);
  v.flag("becomes_true", x.becomes_true);
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
  v.flag("now_or_skip", x.now_or_skip);
  v.flag("detached", x.detached);
  v.ref("owner_stage", x.owner_stage, Table::Stages, Optional);
  v.ref("give_up_after", x.give_up_after, Table::Durations, Optional);
  v.ref("state", x.state, Table::States, Optional);
  v.code("next", x.next, Code::Body, Required);
  v.code("otherwise", x.otherwise, Code::Body, Required);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<HandOffSite> auto& x) {
  v.rows("note", x.note);
  v.ref("answer_within", x.answer_within, Table::Durations, Optional);
  v.ref("place", x.place, Table::Places, Required);
}

template <typename V>
void fields(V& v, Is<AssignSite> auto& x) {
  v.word("kind", x.kind, Words(kWorkWords));
  v.ref("name", x.name, Table::Strings, Optional);
  v.ref("due_in", x.due_in, Table::Durations, Optional);
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
void fields(V& v, Is<Campaign> auto& x) {
  v.ref("name", x.name, Table::Strings, Required);
  v.number("priority", x.priority);
  v.code("audience", x.audience, Code::Condition, Optional);
  v.code("exclude", x.exclude, Code::Condition, Optional);
  v.rows("entries", x.entries);
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
  v.number("slots", x.slots);
  v.number("detached_slots", x.detached_slots);
  v.word("while_with_sales", x.while_with_sales, Words(kSalesWords));
  v.ref("with_sales_reason", x.with_sales_reason, Table::Reasons, Optional);
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
  v.rows("contents", x.contents);
  v.rows("campaigns", x.campaigns);
  v.rows("sources", x.sources);
  v.bytes("code", x.code);
}

}  // namespace nurture::bytecode::layout
