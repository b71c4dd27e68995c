#include "runtime/engine/flat_replay.h"

#include <algorithm>

#include "runtime/calendar/calendar.h"
#include "runtime/calendar/zone.h"

namespace nurture::engine {

using bytecode::kNoCode;
using bytecode::kNone;
using bytecode::Reenter;

FlatReplay::FlatReplay(const Program& program, const Flat& flat, const store::Store& store, Instant horizon)
    : program_(program),
      flat_(flat),
      store_(store),
      horizon_(horizon),
      jump_(store, program.find_kind),
      replay_(program, store, horizon),
      touching_(flat.entering),
      visits_(flat.campaigns.size()),
      moves_(flat.moves),
      made_(flat.moves.size()) {
  notes_facts_ = !(flat.facts == KindSet{});
  touching_ |= flat.facts;
  find_passages();
  listen(outcome::kAllKinds, outcome::kAllKinds);
}

/// Lengths of time that the sink does not ask for are not kept.
void FlatReplay::listen(outcome::Kinds wanted, outcome::Kinds timed) {
  timed &= wanted;
  if (wanted_ == wanted && timed_ == timed) return;
  wanted_ = wanted;
  timed_ = timed;
  measures_.clear();
  for (std::size_t number = 0; number < moves_.size(); ++number) {
    Move& move = moves_[number];
    move.first_measure = static_cast<std::uint32_t>(measures_.size());
    for (std::uint32_t i = flat_.moves[number].first_measure; i < flat_.moves[number].end_measure; ++i) {
      const Measure& measure = flat_.measures[i];
      if (outcome::has(timed, flat_.records[number][measure.record].like.kind)) measures_.push_back(measure);
    }
    move.end_measure = static_cast<std::uint32_t>(measures_.size());
  }
  lengths_.assign(measures_.size(), {});
}

Status FlatReplay::run(store::LeadIndex first, store::LeadIndex last, outcome::Sink& sink) {
  constexpr store::LeadIndex kTogether = 1024;  // their kinds of events stay in the cache while they are run
  listen(sink.wants(), sink.timed());
  for (store::LeadIndex lead = first; lead < last;) {
    const store::LeadIndex end = std::min(last, lead + kTogether);
    if (Status status = run_together(lead, end, sink); !status.ok()) return status;
    lead = end;
  }
  report(sink);
  return Done{};
}

Status FlatReplay::run_together(store::LeadIndex first, store::LeadIndex last, outcome::Sink& sink) {
  find_touched(store_.lead_begin[first], store_.lead_begin[last]);
  std::size_t entered = 0, told = 0;
  if (only_passages_ && measures_.empty()) {
    entered = run_passages(first);
  } else if (Status status = run_callers(first, sink, entered, told); !status.ok()) {
    return status;
  }
  sink.entered(entered);
  sink.untouched(last - first - entered - told);
  return Done{};
}

/// Those with touched events, from that lead on. The instants of one are fetched while others are run. (What is called
/// from here belongs together: calls took a fifth of the time.)
[[gnu::flatten]] Status FlatReplay::run_callers(store::LeadIndex lead, outcome::Sink& sink, std::size_t& entered,
                                                std::size_t& told) {
  const auto* const lead_begin = store_.lead_begin.data();
  const std::uint32_t* const places = places_.data();
  const std::size_t touched = touched_;
  std::size_t fetched = 0;
  for (std::size_t at = 0, next = 0; at < touched; at = next) {
    while (lead_begin[lead + 1] <= begin_ + places[at]) ++lead;
    const store::EventIndex end = lead_begin[lead + 1] - begin_;
    for (next = at + 1; next < touched && places[next] < end;) ++next;
    fetched = fetch(fetched, next);
    if (goes_long_way(at, next, lead)) {
      if (Status status = replay_.run(lead, sink); !status.ok()) return status;
      ++told;
    } else if (begin_lead(lead)) {
      for (std::size_t i = at; i < next && begin_ + places[i] < end_; ++i) offer(begin_ + places[i]);
      entered += entered_ ? 1 : 0;
    }
  }
  return Done{};
}

/// All events by which one of the range may enter, or that are to be told of.
void FlatReplay::find_touched(store::EventIndex begin, store::EventIndex end) {
  begin_ = begin;
  places_.resize(end - begin);
  const std::uint8_t* const kinds = store_.kind.data();
  touched_ = flat_.find_kinds(kinds + begin, kinds + end, touching_, places_.data());
}

/// Some event says more than what campaigns make of it, or attributes change on the way.
bool FlatReplay::goes_long_way(std::size_t touched, std::size_t next, store::LeadIndex lead) const {
  for (; notes_facts_ && touched < next; ++touched) {
    if (flat_.facts.has(store_.kind[event_at(touched)])) return true;
  }
  const auto& changes = store_.change_events;
  if (changes.empty()) return false;
  const auto* const change = std::lower_bound(changes.begin(), changes.end(), store_.lead_begin[lead]);
  return change != changes.end() && *change < store_.lead_begin[lead + 1];
}

/// False where it is not there yet when the run ends.
bool FlatReplay::begin_lead(store::LeadIndex lead) {
  const Instant began = store_.lead_created[lead];
  if (began > horizon_ || began == kNever) return false;
  lead_ = lead;
  looked_ = entered_ = false;
  const store::EventIndex begin = store_.lead_begin[lead];
  end_ = store_.lead_begin[lead + 1];
  if (store_.last_instant > horizon_ && store_.at[end_ - 1] > horizon_) {
    const auto* const at = store_.at.data();
    end_ = static_cast<store::EventIndex>(std::upper_bound(at + begin, at + end_, horizon_) - at);
  }
  const std::uint16_t zone = program_.module->schema.lead_timezone;
  zone_ = zone == kNone ? nullptr : replay_.zone_named(store_.lead_attributes[zone].at(lead));
  if (zone_ == nullptr) zone_ = program_.zone;
  even_days_ = zone_->periods().size() == 1;
  return true;
}

/// To the campaigns that it may enter. Those in which the lead is have gone through it already.
void FlatReplay::offer(store::EventIndex event) {
  for (const std::uint16_t index : program_.enterable[store_.kind[event]]) {
    Visit& visit = visits_[index];
    if (visit.lead != lead_) visit = Visit{lead_, 0, INT64_MIN};
    if (event >= visit.free_from) test_entries(flat_.campaigns[index], visit, event);
  }
}

/// As Replay::test_entries.
void FlatReplay::test_entries(const FlatCampaign& campaign, Visit& visit, store::EventIndex event) {
  const std::uint8_t kind = store_.kind[event];
  std::uint32_t guarded = kNoMove;
  for (const FlatEntry& entry : campaign.entries) {
    const auto& kinds = entry.code->event.kinds;
    const auto heard = std::find(kinds.begin(), kinds.end(), kind);
    if (heard == kinds.end()) continue;
    if (!passes(entry.guards[static_cast<std::size_t>(heard - kinds.begin())], campaign, event)) continue;
    if (entry.code->condition == kNoCode || holds(entry.code->condition, campaign, event)) {
      const std::uint32_t refused = turned_away(campaign, entry, visit, event);
      if (refused != kNoMove) {
        ++made_[refused];
        return;
      }
      Walk walk{campaign, visit};
      return follow(walk, entry.enters, event);
    }
    if (guarded == kNoMove) guarded = entry.refused_by_guard;
  }
  if (guarded != kNoMove) ++made_[guarded];
}

/// As Replay::refuse, of what a flat campaign can refuse for.
std::uint32_t FlatReplay::turned_away(const FlatCampaign& campaign, const FlatEntry& entry, const Visit& visit,
                                      store::EventIndex event) {
  const bytecode::Campaign& code = *campaign.plan->code;
  if (code.audience != kNoCode && !holds(code.audience, campaign, event)) return entry.refused_by_audience;
  if (code.exclude != kNoCode && holds(code.exclude, campaign, event)) return entry.refused_by_exclude;
  return visit.opens != INT64_MIN && (visit.opens == kNever || store_.at[event] < visit.opens) ? entry.refused_again
                                                                                               : kNoMove;
}

/// From the entry by that event to the end of the membership, or of the run.
void FlatReplay::follow(Walk& walk, std::uint32_t move, store::EventIndex event) {
  entered_ = true;
  walk.entered_at = store_.at[event];
  if (walk.campaign.lasts) walk.ends_at = after(*walk.campaign.lasts, walk.entered_at);
  make(walk, move, walk.entered_at);
  ++event;
  while (walk.place != kEnded) event = hear(walk, event);
  walk.visit.free_from = event;
}

/// The next move, from that event on; the event after it.
store::EventIndex FlatReplay::hear(Walk& walk, store::EventIndex event) {
  const FlatPlace& place = walk.campaign.places[walk.place];
  if (place.course && walk.deadline != kNever && (even_days_ || !place.course->in_days))
    return hear_along(walk, *place.course, event);
  const Instant due = std::min(walk.deadline, walk.ends_at);
  const bool undisturbed = due >= horizon_;
  for (;; ++event) {
    event = undisturbed ? jump_.next(place.heard, event, end_) : jump_.next(place.heard, event, end_, due);
    if (event == end_ || (!undisturbed && store_.at[event] > due)) break;
    if (const Hearing* hearing = heard(walk.campaign, place, event)) {
      make(walk, hearing->move, store_.at[event]);
      return event + 1;
    }
  }
  if (due <= horizon_) {
    make(walk, walk.deadline <= walk.ends_at ? place.timer : place.lasted, due);
    return event;
  }
  make(walk, place.horizon, horizon_);
  return end_;
}

/// The same, through all waits of the course.
store::EventIndex FlatReplay::hear_along(Walk& walk, const Course& course, store::EventIndex event) {
  const KindSet& heard = walk.campaign.places[walk.place].heard;
  const Instant over = std::min({walk.deadline + course.legs.back().after, walk.ends_at, horizon_});
  event = jump_.next(heard, event, end_, over);
  const CourseEnd end = end_of(walk.campaign, course, walk.deadline, walk.ends_at, over, event, end_);
  pass_waits(walk, course, end.passed);
  make(walk, end.move, end.now);
  return end.next;
}

void FlatReplay::pass_waits(Walk& walk, const Course& course, std::uint32_t passed) {
  if (!measures_.empty()) {
    for (std::uint32_t i = 0; i < passed; ++i) make(walk, course.legs[i].timer, walk.deadline);
    return;
  }
  for (std::uint32_t i = 0; i + 1 < course.legs.size(); ++i) made_[course.legs[i].timer] += i < passed ? 1 : 0;
}

/// What reacts first to it.
const Hearing* FlatReplay::heard(const FlatCampaign& campaign, const FlatPlace& place, store::EventIndex event) {
  const std::uint8_t kind = store_.kind[event];
  for (std::uint32_t i = place.first[kind]; i < place.first[kind + 1u]; ++i) {
    if (passes(place.hearings[i].guard, campaign, event)) return &place.hearings[i];
  }
  return nullptr;
}

void FlatReplay::make(Walk& walk, std::uint32_t number, Instant now) {
  const Move& move = moves_[number];
  ++made_[number];
  for (std::uint32_t i = move.first_measure; i < move.end_measure; ++i) {
    const Since since = measures_[i].since;
    lengths_[i].push_back(since == Since::Now     ? 0
                          : since == Since::Stage ? now - walk.stage_since
                                                  : now - walk.entered_at);
  }
  walk.place = move.to;
  if (move.to == kEnded) {
    walk.visit.opens = opens_after(walk.campaign, now);
    return;
  }
  if (move.enters_stage) walk.stage_since = now;
  if (move.suspends) walk.deadline = move.waits ? after(move.span, now) : kNever;
}

Instant FlatReplay::opens_after(const FlatCampaign& campaign, Instant left) const {
  switch (campaign.plan->code->reenter) {
    case Reenter::Never:
      return kNever;
    case Reenter::Always:
      return INT64_MIN;
    case Reenter::After:
      return after(campaign.closed, left);
  }
  return kNever;
}

Instant FlatReplay::after(const Span& span, Instant now) const {
  const bool exact = span.length.months == 0 && (span.length.days == 0 || even_days_);
  return exact ? now + span.micros : Replay::later(now, span.length, zone_);
}

// What only the engine can evaluate -------------------------------------------------------------------------------

/// Shows it the event, in a step of its own.
void FlatReplay::look(store::EventIndex event) {
  if (!looked_) {
    replay_.begin_lead(lead_);
    replay_.load_attributes();
    looked_ = true;
  }
  replay_.begin_step(store_.at[event], outcome::Cause{outcome::Cause::Kind::Event, event});
  replay_.step_.event = EventRef{store_.kind[event], event};
  replay_.see_candidate(replay_.step_.event);
  const std::uint16_t machine = program_.module->schema.kinds[store_.kind[event]].machine_property;
  replay_.step_.by_machine = machine != kNone && replay_.event_cells_.at(machine).truth();
}

bool FlatReplay::matches(const bytecode::EventMatch& match, const FlatCampaign& campaign, store::EventIndex event) {
  look(event);
  return replay_.matches(match, campaign.plan->code);
}

bool FlatReplay::holds(bytecode::Pc condition, const FlatCampaign& campaign, store::EventIndex event) {
  look(event);
  return replay_.holds(*campaign.plan, condition);
}

// ------------------------------------------------------------------------------------------------------------------

/// What was counted since it was last reported.
void FlatReplay::report(outcome::Sink& sink) {
  for (std::size_t number = 0; number < made_.size(); ++number) {
    if (made_[number] == 0) continue;
    std::uint32_t measure = moves_[number].first_measure;
    for (const FlatRecord& record : flat_.records[number]) {
      if (!outcome::has(wanted_, record.like.kind)) continue;
      std::span<const std::int64_t> lengths;
      if (record.measured && outcome::has(timed_, record.like.kind)) lengths = lengths_[measure++];
      sink.counted(record.like, made_[number], lengths);
    }
    made_[number] = 0;
  }
  for (auto& lengths : lengths_) lengths.clear();
}

}  // namespace nurture::engine
