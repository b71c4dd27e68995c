#pragma once

#include <algorithm>
#include <vector>

#include "runtime/engine/flat.h"
#include "runtime/engine/replay.h"

namespace nurture::engine {

/// Runs leads through campaigns in flat form, counting; one per thread. Leads of whom more is to be told than that go
/// the long way, through a Replay.
class FlatReplay {
 public:
  FlatReplay(const Program& program, const Flat& flat, const store::Store& store, Instant horizon);

  /// The leads from the first up to the last, which is not one of them. `sink` need be told nothing of kFlatKinds one
  /// by one, nor who began.
  Status run(store::LeadIndex first, store::LeadIndex last, outcome::Sink& sink);

 private:
  /// Where a lead is with a campaign, between its memberships.
  struct Visit {
    store::LeadIndex lead = store::kNoLead;  ///< of another: as new
    store::EventIndex free_from = 0;         ///< events before have been a membership's
    Instant opens = INT64_MIN;               ///< it may enter again from then on
  };
  /// A membership that is followed.
  struct Walk {
    const FlatCampaign& campaign;
    Visit& visit;
    Instant entered_at = 0;
    Instant stage_since = 0;
    Instant deadline = kNever;
    Instant ends_at = kNever;
    std::uint32_t place = kEnded;
  };
  static constexpr Instant kNoEnd = kNever / 2;  ///< a length of time that can be added to any instant

  /// How a course ends.
  struct CourseEnd {
    Instant now = 0;
    store::EventIndex next = 0;  ///< the event after it
    std::uint32_t passed = 0;    ///< waits that are over before
    std::uint32_t move = kNoMove;
  };
  /// What the events of a kind begin, where that is nothing but memberships of one campaign that anybody may enter, and
  /// that are over with the course that they begin with.
  struct Passage {
    const FlatCampaign* campaign = nullptr;  ///< null: the kind begins something else
    const FlatEntry* entry = nullptr;
    const FlatPlace* place = nullptr;
    Instant first_wait = 0, length = 0;  ///< of the course; in days of 24 hours
    Instant lasts = kNoEnd;              ///< `lasts at most`
    bool opens_again = false;            ///< it may be entered again `closed` after the end, else from then on
    Instant closed = 0;
    Visit* visit = nullptr;
  };

  void find_passages();
  bool all_alike() const;
  Passage passage_of(std::uint16_t kind);
  bool ends_with_course(const FlatCampaign& campaign, std::uint32_t place) const;
  std::size_t run_passages(store::LeadIndex lead);
  bool pass(const Passage& passage, store::LeadIndex lead, store::EventIndex event, const Look& look);

  void listen(outcome::Kinds wanted, outcome::Kinds timed);
  Status run_together(store::LeadIndex first, store::LeadIndex last, outcome::Sink& sink);
  Status run_callers(store::LeadIndex lead, outcome::Sink& sink, std::size_t& entered, std::size_t& told);
  std::size_t fetch(std::size_t touched, std::size_t until) const;
  void find_touched(store::EventIndex begin, store::EventIndex end);
  store::EventIndex event_at(std::size_t touched) const { return begin_ + places_[touched]; }
  bool goes_long_way(std::size_t touched, std::size_t next, store::LeadIndex lead) const;
  bool begin_lead(store::LeadIndex lead);

  void offer(store::EventIndex event);
  void test_entries(const FlatCampaign& campaign, Visit& visit, store::EventIndex event);
  std::uint32_t turned_away(const FlatCampaign& campaign, const FlatEntry& entry, const Visit& visit,
                            store::EventIndex event);
  void follow(Walk& walk, std::uint32_t move, store::EventIndex event);
  store::EventIndex hear(Walk& walk, store::EventIndex event);
  store::EventIndex hear_along(Walk& walk, const Course& course, store::EventIndex event);
  CourseEnd end_of(const FlatCampaign& campaign, const Course& course, Instant deadline, Instant ends_at, Instant over,
                   store::EventIndex event, store::EventIndex end) const;
  void pass_waits(Walk& walk, const Course& course, std::uint32_t passed);
  const Hearing* heard(const FlatCampaign& campaign, const FlatPlace& place, store::EventIndex event);
  void make(Walk& walk, std::uint32_t move, Instant now);
  Instant after(const Span& span, Instant now) const;
  Instant opens_after(const FlatCampaign& campaign, Instant left) const;

  bool passes(const Guard& guard, const FlatCampaign& campaign, store::EventIndex event) {
    return guard.form == Guard::Form::None ||
           (guard.form == Guard::Form::Within ? within(guard, event) : matches(*guard.match, campaign, event));
  }
  bool within(const Guard& guard, store::EventIndex event) const {
    const store::RowIndex row = store_.row[event];
    if (!guard.column->known(row)) return guard.otherwise;
    const std::int64_t bits = guard.column->bits().at(row);
    return guard.low <= bits && bits <= guard.high;
  }
  bool matches(const bytecode::EventMatch& match, const FlatCampaign& campaign, store::EventIndex event);
  bool holds(bytecode::Pc condition, const FlatCampaign& campaign, store::EventIndex event);
  void look(store::EventIndex event);
  void report(outcome::Sink& sink);

  const Program& program_;
  const Flat& flat_;
  const store::Store& store_;
  const Instant horizon_;
  const Jump jump_;
  Replay replay_;     ///< for the long way, and what only it can evaluate
  KindSet touching_;  ///< kinds that matter to a lead in no campaign
  bool notes_facts_ = false;
  store::EventIndex begin_ = 0;        ///< of the range
  std::vector<std::uint32_t> places_;  ///< of its events of those kinds, counted from there; the first `touched_`
  std::size_t touched_ = 0;
  std::vector<Visit> visits_;      ///< per campaign
  std::vector<Passage> passages_;  ///< per kind
  bool only_passages_ = false;     ///< whatever touches a lead begins one, and of leads nothing has to be looked up

  store::LeadIndex lead_ = 0;
  store::EventIndex end_ = 0;  ///< of its events up to the horizon
  const calendar::Zone* zone_ = nullptr;
  bool even_days_ = true;  ///< of 24 hours, all of them
  bool looked_ = false;    ///< replay_ has been shown this lead
  bool entered_ = false;

  outcome::Kinds wanted_ = 0;  ///< by the sink
  outcome::Kinds timed_ = 0;   ///< of those: whose lengths of time it looks at
  std::vector<Move> moves_;    ///< as Flat::moves, with measures that are wanted only
  std::vector<Measure> measures_;
  std::vector<std::uint64_t> made_;                 ///< per move
  std::vector<std::vector<std::int64_t>> lengths_;  ///< per measure
};

/// By that event, if it comes before `end` and in time. `over`: when its last wait is, the membership or the run.
inline FlatReplay::CourseEnd FlatReplay::end_of(const FlatCampaign& campaign, const Course& course, Instant deadline,
                                                Instant ends_at, Instant over, store::EventIndex event,
                                                store::EventIndex end) const {
  const bool comes = event != end && store_.at[event] <= over;
  const Instant now = comes ? store_.at[event] : over;
  const Instant by = comes ? now - 1 : now;  // at its instant an event comes before a timer
  const std::uint32_t last = static_cast<std::uint32_t>(course.legs.size() - 1);
  std::uint32_t passed = 0;  // counted without a branch: nobody can foretell it
  for (std::uint32_t i = 0; i < last; ++i) passed += deadline + course.legs[i].after <= by ? 1 : 0;
  const Leg& leg = course.legs[passed];
  const FlatPlace& place = campaign.places[leg.place];
  if (comes) return {now, event + 1, passed, place.hearings[place.first[store_.kind[event]]].move};
  const std::uint32_t move = now == deadline + leg.after ? place.timer : now == ends_at ? place.lasted : place.horizon;
  return {now, event, passed, move};
}

}  // namespace nurture::engine
