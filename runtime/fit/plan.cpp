#include "runtime/fit/plan.h"

#include <algorithm>
#include <string_view>

#include "runtime/base/channels.h"

namespace nurture::fit {

using bytecode::EventKind;

namespace {

/// The first word of "email.opened".
std::string_view first_word(std::string_view name) { return name.substr(0, name.find('.')); }

bool names_message(std::string_view name) { return name == "message" || name == "message_id"; }

/// Of the values that may tell reactions apart: whether the event's is this one. An unknown boolean is false.
bool same(const bytecode::Type& type, Value of_event, Value wanted) {
  if (type.kind == TypeKind::Boolean) return of_event.truth() == wanted.truth();
  return of_event.known && of_event.bits == wanted.bits;
}

}  // namespace

Plan::Plan(const bytecode::Module& module, const store::Store& store, const std::vector<std::uint16_t>& hand_offs)
    : module_(module), store_(store), kinds_(module.schema.kinds.size()) {
  for (std::uint16_t i = 0; i < module.contents.size(); ++i) {
    if (auto name = store.texts.find(module.strings[module.contents[i].name])) contents_.emplace(*name, i);
  }
  find_channels();
  for (std::uint16_t kind : hand_offs) kinds_[kind].hand_off = true;
  for (std::uint16_t kind = 0; kind < kinds_.size(); ++kind) look_at(kind);
}

/// Those of the contents, in the order in which they are declared; hand-offs are last.
void Plan::find_channels() {
  for (const bytecode::Content& content : module_.contents) {
    const auto known = std::find_if(causes_.begin(), causes_.end(),
                                    [&](const CauseKind& cause) { return cause.channel == content.channel; });
    cause_of_content_.push_back(static_cast<std::uint16_t>(known - causes_.begin()));
    if (known == causes_.end()) causes_.push_back({content.channel});
  }
  causes_.push_back({kNone});
}

std::uint16_t Plan::channel_named(std::string_view name) const {
  for (std::uint16_t i = 0; i < hand_offs(); ++i) {
    if (module_.strings[causes_[i].channel] == name) return i;
  }
  return kNone;
}

std::uint16_t Plan::channel_in(const EventKind& kind) const {
  return channel_named(first_word(module_.strings[kind.name]));
}

std::uint16_t Plan::follows_what(const EventKind& kind) const {
  if (kind.answers_hand_off) return hand_offs();
  const std::uint16_t channel = channel_in(kind);
  if (kind.content_property != kNone && channel == kNone) {
    return is_channel(first_word(module_.strings[kind.name])) ? kNone : kAny;
  }
  if (kind.content_property != kNone) return channel;
  return kind.actor == bytecode::Actor::Lead ? channel : kNone;
}

void Plan::look_at(std::uint16_t index) {
  const EventKind& declared = module_.schema.kinds[index];
  Kind& kind = kinds_[index];
  for (std::uint16_t i = 0; i < declared.properties.size(); ++i) {
    const bytecode::Field& field = declared.properties[i];
    if (field.type.kind == TypeKind::Text && names_message(module_.strings[field.name])) kind.message = i;
  }
  if (declared.records_send) {
    kind.send = true;
    kind.cause = channel_in(declared);
    return;
  }
  kind.cause = kind.hand_off ? std::uint16_t{kNone} : follows_what(declared);
  if (kind.cause == kNone) return;
  if (!tell_apart(index)) {
    kind.cause = kNone;
    return;
  }
  add_reactions(index);
}

/// By the required properties besides the content, and by what marks machines. False where one of them is no choice.
bool Plan::tell_apart(std::uint16_t index) {
  const EventKind& kind = module_.schema.kinds[index];
  for (std::uint16_t i = 0; i < kind.properties.size(); ++i) {
    const bytecode::Field& field = kind.properties[i];
    const bool required = !field.type.optional && field.default_value == kNone;
    if (i != kind.machine_property && (i == kind.content_property || !required)) continue;
    if (field.type.kind != TypeKind::Boolean && field.type.kind != TypeKind::Choice) {
      refused_.emplace_back(index, i);
      return false;
    }
    kinds_[index].split.push_back({i, values_of(field.type)});
  }
  return true;
}

/// Of a choice those that the log has.
std::vector<Value> Plan::values_of(const bytecode::Type& type) const {
  if (type.kind == TypeKind::Boolean) return {Value::of_bool(false), Value::of_bool(true)};
  std::vector<Value> values;
  for (bytecode::StringIndex each : module_.schema.choice_sets[type.choices].values) {
    if (auto text = store_.texts.find(module_.strings[each])) values.push_back(Value::of_text(*text));
  }
  return values;
}

/// One for each combination of values, the last property's changing first.
void Plan::add_reactions(std::uint16_t index) {
  const EventKind& kind = module_.schema.kinds[index];
  std::vector<Reaction> made{{index, false, {}}};
  for (const Split& split : kinds_[index].split) {
    const bool marks_machines = split.property == kind.machine_property;
    std::vector<Reaction> longer;
    for (const Reaction& each : made) {
      for (Value value : split.values) {
        longer.push_back(each);
        if (marks_machines) longer.back().by_machine = value.truth();
        if (!marks_machines || value.truth()) longer.back().record.emplace_back(split.property, value);
      }
    }
    made = std::move(longer);
  }
  kinds_[index].first = static_cast<std::uint16_t>(reactions_.size());
  reactions_.insert(reactions_.end(), made.begin(), made.end());
}

std::uint16_t Plan::content(Value name) const {
  const auto found = name.known ? contents_.find(name.text()) : contents_.end();
  return found == contents_.end() ? kNone : found->second;
}

std::uint16_t Plan::reaction(std::uint8_t kind, store::RowIndex row) const {
  std::size_t found = 0;
  for (const Split& split : kinds_[kind].split) {
    const bytecode::Type& type = module_.schema.kinds[kind].properties[split.property].type;
    const Value value = store_.blocks[kind].columns[split.property].at(row);
    const auto here =
        std::find_if(split.values.begin(), split.values.end(), [&](Value each) { return same(type, value, each); });
    if (here == split.values.end()) return kNone;
    found = found * split.values.size() + static_cast<std::size_t>(here - split.values.begin());
  }
  return static_cast<std::uint16_t>(kinds_[kind].first + found);
}

bool Plan::follows(std::size_t r, std::size_t c) const {
  const std::uint16_t cause = kinds_[reactions_[r].kind].cause;
  return cause == kAny ? c != hand_offs() : cause == c;
}

}  // namespace nurture::fit
