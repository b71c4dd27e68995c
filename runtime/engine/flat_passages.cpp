// Memberships that one look at the log says all of. Where a run has no others, leads are not gone through one by one:
// all events by which somebody may enter are looked on from, as if everybody entered, and then it is counted who does.
#include <algorithm>
#include <array>

#include "runtime/calendar/zone.h"
#include "runtime/engine/flat_replay.h"

namespace nurture::engine {

using bytecode::kNoCode;
using bytecode::kNone;

void FlatReplay::find_passages() {
  only_passages_ = all_alike();
  passages_.resize(program_.enterable.size());
  for (std::uint16_t kind = 0; only_passages_ && kind < passages_.size(); ++kind) {
    if (!touching_.has(static_cast<std::uint8_t>(kind))) continue;
    passages_[kind] = passage_of(kind);
    only_passages_ = passages_[kind].campaign != nullptr;
  }
}

/// Nothing has to be looked up of a lead: neither its zone, nor when it is there, nor what else its log says.
bool FlatReplay::all_alike() const {
  return program_.module->schema.lead_timezone == kNone && program_.zone->periods().size() == 1 &&
         store_.last_instant <= horizon_ && store_.change_events.empty() && !notes_facts_;
}

FlatReplay::Passage FlatReplay::passage_of(std::uint16_t kind) {
  if (program_.enterable[kind].size() != 1) return {};
  const std::uint16_t index = program_.enterable[kind].front();
  const FlatCampaign& campaign = flat_.campaigns[index];
  const bytecode::Campaign& code = *campaign.plan->code;
  const FlatEntry* entry = nullptr;
  for (const FlatEntry& each : campaign.entries) {
    const auto& kinds = each.code->event.kinds;
    const auto heard = std::find(kinds.begin(), kinds.end(), kind);
    if (heard == kinds.end()) continue;
    const Guard& guard = each.guards[static_cast<std::size_t>(heard - kinds.begin())];
    if (entry != nullptr || guard.form != Guard::Form::None || each.code->condition != kNoCode) return {};
    entry = &each;
  }
  const Move& enters = flat_.moves[entry->enters];
  const bool fixed = enters.waits && enters.span.length.months == 0 && campaign.closed.length.months == 0 &&
                     (!campaign.lasts || campaign.lasts->length.months == 0);
  if (code.audience != kNoCode || code.exclude != kNoCode || !fixed || !ends_with_course(campaign, enters.to))
    return {};
  const FlatPlace& place = campaign.places[enters.to];
  const Instant lasts = campaign.lasts ? campaign.lasts->micros : kNoEnd;
  const Instant length = std::min(enters.span.micros + place.course->legs.back().after, lasts);
  const bool opens_again = code.reenter == bytecode::Reenter::After;
  const Instant closed = opens_again ? campaign.closed.micros : opens_after(campaign, 0);
  return {&campaign, entry, &place, enters.span.micros, length, lasts, opens_again, closed, &visits_[index]};
}

/// A course begins there, and with it the membership is over, whatever ends it.
bool FlatReplay::ends_with_course(const FlatCampaign& campaign, std::uint32_t place) const {
  const auto& course = campaign.places[place].course;
  const auto ends = [&](std::uint32_t move) { return move == kNoMove || flat_.moves[move].to == kEnded; };
  return course && ends(course->legs.back().timer) &&
         std::all_of(course->legs.begin(), course->legs.end(), [&](const Leg& leg) {
           const FlatPlace& each = campaign.places[leg.place];
           return ends(each.lasted) && std::all_of(each.hearings.begin(), each.hearings.end(),
                                                   [&](const Hearing& hearing) { return ends(hearing.move); });
         });
}

/// Of the touched events, which are those of that lead and some after it. How many leads entered.
[[gnu::flatten]] std::size_t FlatReplay::run_passages(store::LeadIndex lead) {
  constexpr std::size_t kSome = 16;  // looked on from at a time
  const auto* const lead_begin = store_.lead_begin.data();
  const std::uint8_t* const kinds = store_.kind.data() + begin_;
  const Instant* const instants = store_.at.data() + begin_;
  const std::uint32_t* const places = places_.data();
  const store::EventIndex begin = begin_;
  const std::size_t readable = store_.events() - begin, touched = touched_;
  std::array<Look, kSome> looks;
  std::array<store::LeadIndex, kSome> leads;
  std::size_t entered = 0, fetched = 0;
  store::LeadIndex last = store::kNoLead;
  store::EventIndex lead_end = lead_begin[lead + 1];
  for (std::size_t from = 0; from < touched; from += kSome) {
    const std::size_t some = std::min(kSome, touched - from);
    fetched = fetch(fetched, from + kSome);
    for (std::size_t i = 0; i < some; ++i) {
      const std::uint32_t place = places[from + i];
      while (lead_end <= begin + place) lead_end = lead_begin[++lead + 1];
      const Passage& passage = passages_[kinds[place]];
      leads[i] = lead;
      looks[i] = {&passage.place->heard, std::min(instants[place] + passage.length, horizon_), place + 1,
                  static_cast<std::uint32_t>(lead_end - begin), false};
    }
    flat_.look_ahead(kinds, instants, readable, {looks.data(), some});
    for (std::size_t i = 0; i < some; ++i) {
      const std::uint32_t place = places[from + i];
      if (!pass(passages_[kinds[place]], leads[i], begin + place, looks[i])) continue;
      entered += leads[i] != last ? 1 : 0;
      last = leads[i];
    }
  }
  return entered;
}

/// Whether it enters; then it is counted to its end, which the look has found or leaves to be found further on.
bool FlatReplay::pass(const Passage& passage, store::LeadIndex lead, store::EventIndex event, const Look& look) {
  Visit& visit = *passage.visit;
  const Instant now = store_.at[event];
  if (visit.lead == lead) {
    if (event < visit.free_from) return false;
    if (visit.opens == kNever || now < visit.opens) {
      ++made_[passage.entry->refused_again];
      return false;
    }
  }
  const store::EventIndex stop = begin_ + look.end;
  store::EventIndex next = begin_ + look.event;
  if (!look.found) next = jump_.far(*look.heard, next, stop, look.until);
  const Course& course = *passage.place->course;
  const CourseEnd end =
      end_of(*passage.campaign, course, now + passage.first_wait, now + passage.lasts, look.until, next, stop);
  ++made_[passage.entry->enters];
  for (std::uint32_t i = 0; i + 1 < course.legs.size(); ++i) made_[course.legs[i].timer] += i < end.passed ? 1 : 0;
  ++made_[end.move];
  visit = Visit{lead, end.next, passage.closed + (passage.opens_again ? end.now : 0)};
  return true;
}

/// The instants of the touched events up to some behind `until`, and of what comes after each as a rule, are fetched
/// into the cache. Up to which they are.
std::size_t FlatReplay::fetch(std::size_t touched, std::size_t until) const {
  constexpr std::size_t kAhead = 32;  // touched events
  constexpr std::size_t kNear = 4;    // events that are looked at behind such a one
  const Instant* const instants = store_.at.data() + begin_;
  const std::uint32_t* const places = places_.data();
  for (until = std::min(touched_, until + kAhead); touched < until; ++touched) {
    __builtin_prefetch(instants + places[touched]);
    __builtin_prefetch(instants + places[touched] + kNear);
  }
  return touched;
}

}  // namespace nurture::engine
