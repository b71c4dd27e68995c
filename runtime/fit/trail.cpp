#include "runtime/fit/trail.h"

#include <algorithm>
#include <utility>

namespace nurture::fit {

namespace {

constexpr std::size_t kNothing = SIZE_MAX;

}  // namespace

Trail::Trail(const Plan& plan, const Options& options)
    : plan_(plan), options_(options), store_(plan.store()), fates_(plan.reactions().size()) {}

void Trail::read(store::LeadIndex lead) {
  begin(lead);
  for (store::EventIndex event = store_.lead_begin[lead]; event < store_.lead_begin[lead + 1]; ++event) {
    if (!happened(event)) continue;
    hand_off_until(store_.at[event]);
    take_changes(event);
    const std::uint8_t code = store_.kind[event];
    const Plan::Kind& kind = plan_.kind(code);
    if (kind.hand_off) add({.at = store_.at[event], .cause = plan_.hand_offs(), .segment = segment_});
    if (kind.send) {
      send(code, event);
    } else if (kind.cause != kNone) {
      react(code, event);
    }
  }
  hand_off_until(kNever);
}

void Trail::begin(store::LeadIndex lead) {
  lead_ = lead;
  touches_.clear();
  delays_.clear();
  std::fill(fates_.begin(), fates_.end(), Fates{});
  unclear_ = 0;
  segment_ = options_.by == kNone ? Value{} : store_.lead_attributes[options_.by].at(lead);
  const auto changes =
      std::lower_bound(store_.change_events.begin(), store_.change_events.end(), store_.lead_begin[lead]);
  next_change_ = static_cast<std::size_t>(changes - store_.change_events.begin());
  const auto [first, last] = std::equal_range(options_.hand_offs.begin(), options_.hand_offs.end(), HandOff{lead, 0},
                                              [](const HandOff& a, const HandOff& b) { return a.lead < b.lead; });
  hand_offs_ = {first, last};
}

/// In this lead's own life: what colleagues did, and what was before two became one, stands in the slice too.
bool Trail::happened(store::EventIndex event) const {
  return store_.live(event) && (store_.actor.empty() || store_.actor[event] == lead_);
}

void Trail::take_changes(store::EventIndex event) {
  if (options_.by == kNone) return;
  for (; next_change_ < store_.change_events.size() && store_.change_events[next_change_] <= event; ++next_change_) {
    for (std::uint32_t i = store_.change_begin[next_change_]; i < store_.change_begin[next_change_ + 1]; ++i) {
      if (store_.changes[i].attribute == options_.by) segment_ = store_.changes[i].value;
    }
  }
}

/// Those before an event of this instant: sales cannot have reacted sooner.
void Trail::hand_off_until(Instant at) {
  for (; !hand_offs_.empty() && hand_offs_.front().at <= at; hand_offs_ = hand_offs_.subspan(1)) {
    add({.at = hand_offs_.front().at, .cause = plan_.hand_offs(), .segment = segment_});
  }
}

void Trail::add(Touch touch) {
  for (auto before = touches_.rbegin(); before != touches_.rend() && touch.at - before->at < options_.tiring;
       ++before) {
    if (before->cause == touch.cause) ++touch.earlier;
  }
  touches_.push_back(touch);
  delays_.resize(touches_.size() * plan_.reactions().size(), kNever);
}

void Trail::send(std::uint8_t code, store::EventIndex event) {
  const bytecode::EventKind& declared = plan_.module().schema.kinds[code];
  const std::vector<store::Column>& columns = store_.blocks[code].columns;
  const store::RowIndex row = store_.row[event];
  Touch touch{.at = store_.at[event], .segment = segment_};
  if (declared.content_property != kNone) touch.content = plan_.content(columns[declared.content_property].at(row));
  touch.known = touch.content != kNone;
  touch.cause = touch.known ? plan_.cause_of_content(touch.content) : plan_.kind(code).cause;
  if (touch.cause == kNone) return;  // on a channel of which the programme has nothing
  if (plan_.kind(code).message != kNone) touch.message = columns[plan_.kind(code).message].at(row);
  add(touch);
}

void Trail::react(std::uint8_t code, store::EventIndex event) {
  const Plan::Kind& kind = plan_.kind(code);
  const store::RowIndex row = store_.row[event];
  const std::uint16_t reaction = plan_.reaction(code, row);
  if (reaction == kNone) {
    ++unclear_;
    return;
  }
  if (kind.cause == plan_.hand_offs()) return answer(reaction, store_.at[event]);
  const std::uint16_t property = plan_.module().schema.kinds[code].content_property;
  const Value named = property == kNone ? Value{} : store_.blocks[code].columns[property].at(row);
  const std::uint16_t content = plan_.content(named);
  std::size_t touch = kind.message == kNone ? kNothing : sent_with(kind.message, code, row);
  if (touch == kNothing && named.known && content == kNone) {
    ++fates_[reaction].foreign;
    return;
  }
  if (touch == kNothing) touch = last_of(kind.cause, content);
  if (touch == kNothing) {
    ++fates_[reaction].orphan;
  } else if (!touches_[touch].known) {
    ++fates_[reaction].foreign;
  } else {
    note(touch, reaction, store_.at[event]);
  }
}

/// As in a run (§5.7) what sales does closes every hand-off that is open; it is the reaction to the last one.
void Trail::answer(std::uint16_t reaction, Instant at) {
  std::size_t last = kNothing;
  bool handed_off = false;
  for (std::size_t i = touches_.size(); i-- > 0;) {
    if (touches_[i].cause != plan_.hand_offs()) continue;
    handed_off = true;
    if (std::exchange(touches_[i].answered, true)) break;
    if (last == kNothing) last = i;
  }
  if (last != kNothing) return note(last, reaction, at);
  ++(handed_off ? fates_[reaction].repeated : fates_[reaction].orphan);
}

/// The send that went out with the message that the reaction names.
std::size_t Trail::sent_with(std::uint16_t property, std::uint8_t kind, store::RowIndex row) const {
  const Value message = store_.blocks[kind].columns[property].at(row);
  if (!message.known) return kNothing;
  for (std::size_t i = touches_.size(); i-- > 0;) {
    if (touches_[i].message == message) return i;
  }
  return kNothing;
}

/// The last send of this content, or, where the reaction names none, on its channel.
std::size_t Trail::last_of(std::uint16_t cause, std::uint16_t content) const {
  for (std::size_t i = touches_.size(); i-- > 0;) {
    const Touch& touch = touches_[i];
    if (cause == Plan::kAny ? touch.cause == plan_.hand_offs() : touch.cause != cause) continue;
    if (content == kNone || touch.content == content) return i;
  }
  return kNothing;
}

void Trail::note(std::size_t touch, std::uint16_t reaction, Instant at) {
  Instant& delay = delays_[touch * plan_.reactions().size() + reaction];
  if (delay != kNever) {
    ++fates_[reaction].repeated;
    return;
  }
  delay = at - touches_[touch].at;
  ++fates_[reaction].used;
}

}  // namespace nurture::fit
