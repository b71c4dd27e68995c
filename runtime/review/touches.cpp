#include "runtime/review/touches.h"

#include <algorithm>

#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"

namespace nurture::review {

using bytecode::kNone;
using outcome::Kind;

void LimitTally::merge(const LimitTally& other) {
  most = std::max(most, other.most);
  leads_at += other.leads_at;
}

void ContentTally::merge(const ContentTally& other) {
  sent += other.sent;
  leads += other.leads;
  for (const auto& [kind, theirs] : other.reactions) {
    ReactionTally& own = reactions[kind];
    own.events += theirs.events;
    own.leads += theirs.leads;
    own.machine += theirs.machine;
  }
}

void TouchTally::merge(const TouchTally& other) {
  for (const auto& [messages, leads] : other.per_lead) per_lead[messages] += leads;
  for (const auto& [messages, weeks] : other.per_week) per_week[messages] += weeks;
  for (const auto& [rule, theirs] : other.limits) limits[rule].merge(theirs);
  contents.resize(std::max(contents.size(), other.contents.size()));
  for (std::size_t i = 0; i < other.contents.size(); ++i) contents[i].merge(other.contents[i]);
}

std::vector<std::uint16_t> reaction_kinds(const bytecode::Module& module) {
  std::vector<std::uint16_t> kinds;
  for (std::uint16_t i = 0; i < module.schema.kinds.size(); ++i) {
    const bytecode::EventKind& kind = module.schema.kinds[i];
    if (kind.actor == bytecode::Actor::Lead && kind.content_property != kNone) kinds.push_back(i);
  }
  return kinds;
}

TouchSink::TouchSink(const vm::BoundModule& program, const store::Store& store, Instant horizon)
    : program_(program),
      module_(*program.module),
      store_(store),
      horizon_(horizon),
      zone_(outcome::programme_zone(*program.module)),
      reacts_(program.module->schema.kinds.size()) {
  for (std::uint16_t kind : reaction_kinds(module_)) reacts_[kind] = true;
  for (std::uint16_t i = 0; i < module_.rules.size(); ++i) {
    if (module_.rules[i].kind != bytecode::RuleKind::Limit) continue;
    limits_.push_back(i);
    tally_.limits[i];
  }
  tally_.contents.resize(module_.contents.size());
}

outcome::Kinds TouchSink::wants() const { return outcome::kinds({Kind::Sent, Kind::Reacted, Kind::MergedInto}); }

void TouchSink::on(const outcome::Outcome& o) {
  if (o.kind == Kind::MergedInto) merged_ = true;
  if (o.kind == Kind::Reacted) assumed(o);
  if (o.kind != Kind::Sent) return;
  const calendar::Zone* zone = o.zone != nullptr ? o.zone : zone_;
  sent_.push_back({o.at, zone, static_cast<std::uint16_t>(o.a), o.campaign});
}

void TouchSink::lead_done(store::LeadIndex lead) {
  merged_leads_.push_back(lead);
  if (merged_) {
    merged_ = false;
    return;
  }
  if (!sent_.empty()) {
    std::stable_sort(sent_.begin(), sent_.end(), [](const Sent& a, const Sent& b) { return a.at < b.at; });
    count_messages();
    for (std::uint16_t rule : limits_) count_limit(rule);
    for (store::LeadIndex each : merged_leads_) read_reactions(each);
    std::sort(reactions_.begin(), reactions_.end());
    reactions_.erase(std::unique(reactions_.begin(), reactions_.end()), reactions_.end());
    for (const Reaction& each : reactions_) ++tally_.contents[each.content].reactions[each.kind].leads;
  }
  sent_.clear();
  reactions_.clear();
  merged_leads_.clear();
}

void TouchSink::count_messages() {
  ++tally_.per_lead[sent_.size()];
  contents_.clear();
  weeks_.clear();
  for (const Sent& each : sent_) {
    ++tally_.contents[each.content].sent;
    ++weeks_[outcome::week_of(each.at, zone_, module_.week_starts_on)];
    contents_.push_back(each.content);
  }
  for (const auto& [week, messages] : weeks_) ++tally_.per_week[messages];
  std::sort(contents_.begin(), contents_.end());
  contents_.erase(std::unique(contents_.begin(), contents_.end()), contents_.end());
  for (std::uint16_t content : contents_) ++tally_.contents[content].leads;
}

/// Whether the rule is about such a message.
bool TouchSink::counts(std::uint16_t index, const Sent& sent) const {
  const bytecode::Rule& rule = module_.rules[index];
  const bytecode::Content& content = module_.contents[sent.content];
  if (content.message_class != bytecode::MessageClass::Marketing) return false;
  if (rule.channel != kNone && module_.strings[rule.channel] != outcome::name_of(module_, content.channel))
    return false;
  if (rule.everywhere) return true;
  const auto& own = module_.campaigns[sent.campaign].rules;
  return std::find(own.begin(), own.end(), index) != own.end();
}

/// A message counts until the time of the rule has passed since it, on the lead's calendar.
void TouchSink::count_limit(std::uint16_t index) {
  const bytecode::Rule& rule = module_.rules[index];
  const Duration per = module_.constants[rule.per].value.duration();
  Count most = 0;
  expiries_.clear();
  for (const Sent& each : sent_) {
    if (!counts(index, each)) continue;
    std::erase_if(expiries_, [&](Instant expiry) { return expiry <= each.at; });
    expiries_.push_back(calendar::add(each.at, per, each.zone).value_or(kNever));
    most = std::max<Count>(most, expiries_.size());
  }
  LimitTally& tally = tally_.limits[index];
  tally.most = std::max(tally.most, most);
  tally.leads_at += most >= rule.most ? 1 : 0;
}

/// What the lead itself did, up to the horizon, with what it had been sent.
void TouchSink::read_reactions(store::LeadIndex lead) {
  for (store::EventIndex event = store_.lead_begin[lead]; event < store_.lead_begin[lead + 1]; ++event) {
    const std::uint8_t kind = store_.kind[event];
    if (!reacts_[kind] || store_.at[event] > horizon_ || !store_.live(event)) continue;
    if (!store_.actor.empty() && store_.actor[event] != lead) continue;
    const store::KindBlock& block = store_.blocks[kind];
    const Value content = block.columns[module_.schema.kinds[kind].content_property].at(store_.row[event]);
    if (!content.known) continue;
    if (const Sent* sent = sent_before(content.text(), store_.at[event])) note(*sent, kind, event);
  }
}

const TouchSink::Sent* TouchSink::sent_before(TextId content, Instant at) const {
  for (const Sent& each : sent_) {
    if (each.at > at) return nullptr;
    if (program_.strings[module_.contents[each.content].name] == content) return &each;
  }
  return nullptr;
}

void TouchSink::note(const Sent& sent, std::uint16_t kind, store::EventIndex event) {
  const std::uint16_t machine = module_.schema.kinds[kind].machine_property;
  note(sent.content, kind, machine != kNone && store_.blocks[kind].columns[machine].at(store_.row[event]).truth());
}

void TouchSink::note(std::uint16_t content, std::uint16_t kind, bool by_machine) {
  ReactionTally& tally = tally_.contents[content].reactions[kind];
  if (by_machine) {
    ++tally.machine;
    return;
  }
  ++tally.events;
  reactions_.push_back({content, kind});
}

/// What a scenario says that the lead did with it (§7.5).
void TouchSink::assumed(const outcome::Outcome& o) {
  const auto kind = static_cast<std::uint16_t>(o.a);
  if (o.cause.content != kNone && reacts_[kind]) note(o.cause.content, kind, o.cause.reaction->by_machine);
}

}  // namespace nurture::review
