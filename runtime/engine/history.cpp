// What the lead's own events say (§3.2): windows, sums, firsts and lasts.
#include <algorithm>

#include "runtime/calendar/calendar.h"
#include "runtime/engine/lead_past.h"
#include "runtime/vm/arithmetic.h"

namespace nurture::engine {

using bytecode::HistoryFunction;
using bytecode::HistorySince;
using bytecode::HistorySite;
using bytecode::kNone;

namespace {

/// No change of the clocks, and no skipped or repeated day, moves a calendar length by more.
constexpr Instant kClockSlack = 2 * kDay;

Instant expiry(Instant at, Duration length, const calendar::Zone* zone) {
  return calendar::add(at, length, zone).value_or(kNever);
}

}  // namespace

/// `in last D` at an instant: s counts iff s <= now < s + D, added forward in the zone in force at s (§6.1).
struct LeadPast::Window {
  bool open = true;  ///< no bound
  Duration length;
  bool exact = false;          ///< no calendar part: every zone agrees
  Instant oldest = INT64_MIN;  ///< what is before it is over for certain
  Instant surely = INT64_MIN;  ///< what is at or after it still counts for certain
  Instant now = 0;

  Window(const bytecode::Module& module, const HistorySite& site, Instant at) : now(at) {
    if (site.since != HistorySince::Window) return;
    open = false;
    length = module.constants[site.window].value.duration();
    exact = length.months == 0 && length.days == 0;
    const Instant slack = exact ? 0 : kClockSlack;
    const Instant days = std::int64_t{length.days} * kDay + length.micros;
    oldest = now - std::int64_t{length.months} * 31 * kDay - days - slack;
    surely = now - std::int64_t{length.months} * 28 * kDay - days + slack + 1;
  }
};

bool of_content(const Program& program, const bytecode::EventMatch& match, std::uint16_t kind,
                const vm::Record& cells) {
  if (match.of_content == kNone) return true;
  const std::uint16_t property = program.module->schema.kinds[kind].content_property;
  if (property == kNone) return false;
  const Value content = cells.at(property);
  return content.known && content.text() == program.bound->strings[match.of_content];
}

LeadPast::LeadPast(const Program& program, const store::Store& store, LeadState& lead, LeadsOfAccount& leads)
    : program_(program), store_(store), lead_(lead), leads_(leads), module_(*program.module) {
  lead_.scores.resize(module_.scores.size());
  lead_.grants.resize(program.grants);
}

void LeadPast::begin_lead() {
  member_ = nullptr;
  newly_cut_.clear();
  lead_.first_zone = lead_.zone;
  lead_.zones.clear();
  lead_.sends.clear();
  lead_.exits.clear();
  lead_.visits.clear();
  lead_.cut.clear();
  for (ScoreState& state : lead_.scores) {
    if (lead_.scored) state = ScoreState{};
    state.counted = {lead_.begin, 0};
  }
  for (std::vector<Instant>& grants : lead_.grants) {
    if (lead_.scored) grants.clear();
  }
  lead_.scored = false;
}

/// A send of this run tires from now on.
void LeadPast::sent(std::uint16_t content, Instant at) {
  for (std::size_t i = 0; i < lead_.assumed.channels.size(); ++i) {
    const bytecode::StringIndex channel = module_.contents[content].channel;
    if (module_.strings[channel] != module_.strings[program_.assumed->channels[i]]) continue;
    lead_.assumed.channels[i].of_run.push_back(at);
  }
  lead_.sends.push_back({lead_.cursor, at, content, program_.recorded_as[content], lead_.after_events, lead_.zone});
}

void LeadPast::late(Instant at) {
  lead_.sends.push_back({lead_.cursor, at, kNone, program_.late_kind, lead_.after_events, lead_.zone});
}

void LeadPast::happened(std::uint32_t number) {
  const AssumedEvent& event = assumed_->events[number];
  lead_.sends.push_back(
      {lead_.cursor, event.at, kNone, event.line->code->kind, lead_.after_events, lead_.zone, number});
}

void LeadPast::exited(std::uint16_t campaign, std::uint16_t reason, Instant at) {
  lead_.exits.push_back({campaign, reason, at, lead_.zone});
}

std::int64_t LeadPast::visits(std::uint16_t stage) {
  return member_ == nullptr ? 0 : lead_.visits[member_->first_visits + stage];
}

bool LeadPast::was_in(const vm::Frame& frame, std::uint16_t campaign, std::uint16_t reason, const Duration* within) {
  bool found = false;
  for (const PastExit& exit : lead_.exits) {
    if (exit.campaign != campaign || exit.reason != reason) continue;
    if (within == nullptr) return true;
    const Instant until = expiry(exit.at, *within, exit.zone);
    frame.turns_at(until);
    found |= frame.now < until;
  }
  return found;
}

/// The latest event of these kinds before `end` and not before `begin`, which `end` then stands at. None if it is older
/// than `oldest`.
bool LeadPast::step_back(PastMark& end, const PastMark& begin, const KindSet& kinds, Instant oldest,
                         Happened& out) const {
  for (;;) {
    const bool send_left = end.send > begin.send;
    if (send_left && (end.event == begin.event || lead_.sends[end.send - 1].before >= end.event)) {
      const PastSend& send = lead_.sends[--end.send];
      if (send.at < oldest) return false;
      if (send.kind == kNone || !kinds.has(static_cast<std::uint8_t>(send.kind))) continue;
      out = {send.kind, send.at, EventRef::kNotLogged, &send};
      return true;
    }
    const store::EventIndex stop = send_left ? std::max(begin.event, lead_.sends[end.send - 1].before) : begin.event;
    while (end.event > stop) {
      --end.event;
      if (store_.at[end.event] < oldest) return false;
      if (!kinds.has(store_.kind[end.event]) || !store_.visible(end.event, lead_.cursor)) continue;
      out = {store_.kind[end.event], store_.at[end.event], end.event, nullptr};
      return true;
    }
    if (!send_left) return false;
  }
}

PastMark LeadPast::begin_of(const HistorySite& site) const {
  switch (site.since) {
    case HistorySince::Ever:
    case HistorySince::Window:
      return {lead_.begin, 0};
    case HistorySince::Entry:
      return member_ == nullptr ? here() : member_->since_entry;
    case HistorySince::Stage:
      return member_ == nullptr ? here() : member_->since_stage;
  }
  return here();
}

void LeadPast::show(const Happened& what) {
  if (what.send != nullptr && what.send->assumed != PastSend::kLogged) {
    cells_.show(assumed_->events[what.send->assumed]);
  } else if (what.send == nullptr) {
    cells_.show(store_.blocks[what.kind], store_.row[what.event]);
  } else {
    const std::uint16_t content = what.send->content;
    const std::uint16_t property = content == kNone ? kNone : module_.schema.kinds[what.kind].content_property;
    cells_.show_send(property, property == kNone ? 0 : program_.bound->strings[module_.contents[content].name]);
  }
}

/// The event that `show` shows.
bool LeadPast::matches(const vm::Frame& frame, const bytecode::EventMatch& match, std::uint16_t kind) {
  const std::uint16_t machine = module_.schema.kinds[kind].machine_property;
  if (machine != kNone && !match.including_machine && cells_.at(machine).truth()) return false;
  if (!of_content(program_, match, kind, cells_)) return false;
  if (match.where == bytecode::kNoCode) return true;
  vm::Frame inner = frame;
  inner.event_kind = kind;
  inner.event = &cells_;
  inner.turns = nullptr;
  return vm::holds(inner, nullptr, match.where);
}

const bytecode::AskedEvent* LeadPast::match(const vm::Frame& frame, const HistorySite& site, const Happened& what) {
  show(what);
  for (const bytecode::AskedEvent& asked : site.events) {
    if (asked.event.hears(what.kind) && matches(frame, asked.event, what.kind)) return &asked;
  }
  return nullptr;
}

/// What lies further back than the last look is known.
bool LeadPast::begun(const vm::Frame& frame, std::uint16_t index) {
  const bytecode::Rule& rule = module_.rules[index];
  const KindSet& kinds = *program_.looked_back[index];
  std::uint8_t& since = lead_.since_event[index];
  const store::EventIndex known = std::max(std::exchange(lead_.noted[index], lead_.cursor), lead_.begin);
  lead_.rules_used = true;
  for (store::EventIndex event = lead_.cursor; event > known; --event) {
    const std::uint16_t kind = store_.kind[event - 1];
    if (!kinds.has(static_cast<std::uint8_t>(kind))) continue;
    cells_.show(store_.blocks[kind], store_.row[event - 1]);
    const auto any = [&](const std::vector<bytecode::EventMatch>& list) {
      return std::any_of(list.begin(), list.end(), [&](const bytecode::EventMatch& match) {
        return match.hears(kind) && matches(frame, match, kind);
      });
    };
    const bool begins = any(rule.after);
    if (!begins && !any(rule.until)) continue;
    since = begins ? 1 : 0;
    break;
  }
  return since != 0;
}

const calendar::Zone* LeadPast::zone_at(const Happened& what) const {
  if (what.send != nullptr) return what.send->zone;
  const calendar::Zone* zone = lead_.first_zone;
  for (const ZoneSince& since : lead_.zones) {
    if (since.event > what.event) break;
    zone = since.zone;
  }
  return zone;
}

void LeadPast::note_cut(std::uint16_t site) {
  const auto at = std::lower_bound(lead_.cut.begin(), lead_.cut.end(), site);
  if (at != lead_.cut.end() && *at == site) return;
  lead_.cut.insert(at, site);
  newly_cut_.push_back(site);
}

/// Oldest first, so that binary64 sums come out the same everywhere.
Value LeadPast::total(const HistorySite& site) const {
  const bool number = site.type.kind == TypeKind::Number;
  Value sum = number ? Value::of_number(0) : Value::of(0);
  for (auto value = values_.rbegin(); value != values_.rend() && sum.known; ++value) {
    sum = number ? vm::arithmetic::finite(sum.number() + value->number()) : vm::arithmetic::add(sum.bits, value->bits);
  }
  return sum;
}

Value LeadPast::history(const vm::Frame& frame, std::uint16_t index) {
  const HistorySite& site = module_.histories[index];
  const Window window(module_, site, frame.now);
  const bool all = site.function == HistoryFunction::Sum || site.function == HistoryFunction::First ||
                   (site.function == HistoryFunction::Count && site.enough == 0);
  const std::uint32_t most = all ? (window.open ? UINT32_MAX : program_.history_max)
                                 : (site.function == HistoryFunction::Count ? site.enough : 1);
  PastMark end = here();
  const PastMark begin = begin_of(site);
  std::uint32_t found = 0;
  Value picked;
  values_.clear();
  Happened what;
  while (step_back(end, begin, program_.history_kinds[index], window.oldest, what)) {
    const bytecode::AskedEvent* asked = match(frame, site, what);
    if (asked == nullptr) continue;
    const Value value = asked->property == kNone ? Value::of(what.at) : cells_.at(asked->property);
    if (!value.known) continue;
    if (!window.open) {
      const bool ask = frame.turns != nullptr || what.at < window.surely;
      const Instant until = ask ? expiry(what.at, window.length, zone_at(what)) : kNever;
      if (until <= frame.now) continue;
      frame.turns_at(until);
    }
    if (found == most) {
      note_cut(index);
      break;
    }
    ++found;
    picked = value;
    if (site.function == HistoryFunction::Sum) values_.push_back(value);
    if (!all && found == most) break;
  }
  switch (site.function) {
    case HistoryFunction::Any:
      return Value::of_bool(found > 0);
    case HistoryFunction::None:
      return Value::of_bool(found == 0);
    case HistoryFunction::Count:
      return Value::of(found);
    case HistoryFunction::Sum:
      return total(site);
    case HistoryFunction::First:
    case HistoryFunction::Last:
      return picked;
  }
  return picked;
}

}  // namespace nurture::engine
