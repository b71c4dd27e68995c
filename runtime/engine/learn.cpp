// The moves of flat campaigns, each made once on a lead without events, by the same code that makes them of all others.
#include <algorithm>

#include "runtime/engine/code_scan.h"
#include "runtime/engine/flat.h"
#include "runtime/engine/replay.h"

namespace nurture::engine {

using bytecode::kNoCode;
using bytecode::kNone;
using bytecode::Trigger;
using outcome::Cause;
using outcome::Kind;
using outcome::Reaction;

namespace {

/// When moves are made, and where the lengths of time that they tell then began: told apart by what they come to.
constexpr Instant kThen = 946'857'600 * kSecond;
constexpr Instant kInStage = 1 * kSecond;
constexpr Instant kInCampaign = 2 * kSecond;

class Recorder final : public outcome::Sink {
 public:
  void on(const outcome::Outcome& outcome) override { records.push_back(outcome); }
  std::vector<outcome::Outcome> records;
};

/// What a record says of a length of time.
FlatRecord as_told(const outcome::Outcome& told) {
  FlatRecord record{told, false, Since::Now};
  if (told.kind == Kind::InFlight) {
    record.measured = true;
    record.since = Since::Stage;
  } else if (told.kind == Kind::StageLeft || told.kind == Kind::Exited) {
    record.measured = true;
    record.since = told.b == kInCampaign ? Since::Entry : told.b == kInStage ? Since::Stage : Since::Now;
  }
  return record;
}

}  // namespace

class Learner {
 public:
  Learner(const Program& program, const store::Store& store, Flat& flat)
      : program_(program), store_(store), flat_(flat), replay_(program, store, kThen) {
    replay_.tell(recorder_);
  }

  /// False where a move is not the same for everybody after all, which only a module made by hand can bring about.
  bool learn(const CampaignPlan& plan) {
    plan_ = &plan;
    campaign_ = &flat_.campaigns[plan.index];
    if (plan.code->lasts_at_most != kNone) campaign_->lasts = Span(program_.duration(plan.code->lasts_at_most));
    if (plan.code->reenter_after != kNone) campaign_->closed = Span(program_.duration(plan.code->reenter_after));
    find_waits();
    for (std::uint16_t i = 0; i < plan.code->entries.size(); ++i) learn_entry(i);
    for (std::size_t at = 0; at < campaign_->places.size(); ++at) learn_place(at);  // grows as moves lead on
    for (std::size_t at = 0; at < campaign_->places.size(); ++at) campaign_->places[at].course = course_from(at);
    return sound_ && replay_.ok();
  }

 private:
  /// How long each wait is: a statement, so the same wherever code leads to it.
  void find_waits() {
    lengths_.assign(plan_->code->states.size(), std::nullopt);
    const auto note = [&](bytecode::Pc body) {
      if (body == kNoCode) return;
      const vm::PlainBody& plain = program_.bound->plain[program_.bound->plain_at[body]];
      if (plain.form == vm::PlainBody::Form::Wait) lengths_[plain.target] = plain.length;
    };
    const auto note_all = [&](const std::vector<Trigger>& triggers) {
      for (const Trigger& trigger : triggers) note(trigger.body);
    };
    note_all(plan_->code->triggers);
    for (const auto& stage : plan_->code->stages) {
      note(stage.body);
      note_all(stage.triggers);
    }
    for (const auto& state : plan_->code->states) {
      note(state.on_timer);
      note(state.on_move_on);
      note_all(state.handlers);
    }
  }

  /// A lead of whom nothing is known, in a step.
  void open() {
    LeadState& lead = replay_.lead_;
    for (std::uint16_t campaign : lead.campaigns) lead.of_campaign[campaign] = Memberships{};
    lead.campaigns.clear();
    lead.members.clear();
    lead.slots.clear();
    lead.active = 0;
    lead.zone = calendar::utc();
    replay_.frame_.zone = lead.zone;
    replay_.past_.begin_lead();
    replay_.begin_step(kThen, Cause{});
    recorder_.records.clear();
  }

  /// A member that stands there, since a while.
  Member& stand(const FlatPlace& place) {
    open();
    Member& m = replay_.fresh_member(*plan_, Value{});
    m.active = true;
    m.stage = place.stage;
    m.state = place.state;
    m.entered_at = kThen - kInCampaign;
    m.stage_since = m.wait_start = kThen - kInStage;
    m.entry_zone = replay_.lead_.zone;
    replay_.lead_.active = replay_.lead_.of_campaign[plan_->index].active = 1;
    return m;
  }

  std::uint32_t place_of(const Member& m) {
    auto& places = campaign_->places;
    const auto found = std::find_if(places.begin(), places.end(), [&](const FlatPlace& place) {
      return place.stage == m.stage && place.state == m.state;
    });
    const auto at = static_cast<std::uint32_t>(found - places.begin());
    if (found != places.end()) return at;
    places.emplace_back();
    places.back().stage = m.stage;
    places.back().state = m.state;
    return at;
  }

  /// What was told since `open`, as a move that leads nowhere yet.
  std::uint32_t told() {
    const auto number = static_cast<std::uint32_t>(flat_.moves.size());
    Move& move = flat_.moves.emplace_back();
    auto& records = flat_.records.emplace_back();
    move.first_measure = static_cast<std::uint32_t>(flat_.measures.size());
    for (const outcome::Outcome& outcome : recorder_.records) {
      const FlatRecord& record = records.emplace_back(as_told(outcome));
      if (!record.measured) continue;
      flat_.measures.push_back({record.since, number, static_cast<std::uint32_t>(records.size() - 1)});
    }
    move.end_measure = static_cast<std::uint32_t>(flat_.measures.size());
    return number;
  }

  /// The same, and where the member stands now.
  std::uint32_t made(const Member& m) {
    const std::uint32_t number = told();
    if (!m.active) return number;
    Move& move = flat_.moves[number];
    move.to = place_of(m);
    move.enters_stage = m.stage_since == kThen;
    move.suspends = m.state == kNone || m.wait_start == kThen;
    move.waits = move.suspends && m.state != kNone && m.deadline != kNever;
    if (!move.waits) return number;
    move.span = Span(lengths_[m.state].value_or(Duration{}));
    sound_ &= Replay::later(kThen, move.span.length, calendar::utc()) == m.deadline;
    return number;
  }

  void learn_entry(std::uint16_t index) {
    const bytecode::Entry& code = plan_->code->entries[index];
    FlatEntry entry{&code, {}, {}, {}, {}, {}, {}};
    for (const std::uint16_t kind : code.event.kinds) entry.guards.push_back(guard_of(code.event, kind));
    open();
    replay_.enter(*plan_, index, Value{}, EventRef{});
    entry.enters = made(replay_.lead_.members.front());
    const auto refusal = [&](outcome::RefusalCause cause) {
      open();
      replay_.refused(*plan_, index, cause);
      return told();
    };
    entry.refused_by_guard = refusal(outcome::RefusalCause::Guard);
    entry.refused_by_audience = refusal(outcome::RefusalCause::Audience);
    entry.refused_by_exclude = refusal(outcome::RefusalCause::Exclude);
    entry.refused_again = refusal(outcome::RefusalCause::Reentry);
    campaign_->entries.push_back(std::move(entry));
  }

  void learn_place(std::size_t at) {
    FlatPlace place = campaign_->places[at];
    const bytecode::Campaign& code = *plan_->code;
    std::vector<std::pair<std::uint16_t, Hearing>> hearings;
    const auto listen = [&](Reaction reaction, const std::vector<Trigger>& triggers) {
      for (std::size_t i = 0; i < triggers.size(); ++i) {
        if (triggers[i].event.kinds.empty()) continue;
        const std::uint32_t move = learn_reaction(place, reaction, i, triggers[i]);
        for (const std::uint16_t kind : triggers[i].event.kinds) {
          hearings.emplace_back(kind, Hearing{guard_of(triggers[i].event, kind), move});
        }
      }
    };
    listen(Reaction::CampaignExit, code.exits);
    if (place.state != kNone) listen(Reaction::Handler, code.states[place.state].handlers);
    if (place.stage != kNone) listen(Reaction::StageTrigger, code.stages[place.stage].triggers);
    listen(Reaction::CampaignTrigger, code.triggers);
    sort_in(place, hearings);
    learn_time(place);
    campaign_->places[at] = std::move(place);
  }

  void sort_in(FlatPlace& place, std::vector<std::pair<std::uint16_t, Hearing>>& hearings) const {
    std::stable_sort(hearings.begin(), hearings.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    place.first.assign(program_.module->schema.kinds.size() + 1, 0);
    for (const auto& [kind, hearing] : hearings) {
      place.heard.add(kind);
      place.hearings.push_back(hearing);
      ++place.first[kind + 1u];
    }
    for (std::size_t kind = 1; kind < place.first.size(); ++kind) place.first[kind] += place.first[kind - 1];
  }

  std::uint32_t learn_reaction(const FlatPlace& place, Reaction reaction, std::size_t index, const Trigger& trigger) {
    Member& m = stand(place);
    replay_.fire(m, reaction, index, trigger);
    replay_.drive(m);
    return made(m);
  }

  void learn_time(FlatPlace& place) {
    const bytecode::Campaign& code = *plan_->code;
    if (place.state != kNone) {
      Member& m = stand(place);
      replay_.time_out(m);
      place.timer = made(m);
    }
    if (code.lasts_at_most != kNone) {
      Member& m = stand(place);
      replay_.lasted(m);
      place.lasted = made(m);
    }
    replay_.finish_member(stand(place));
    place.horizon = told();
  }

  /// What is heard there is heard whatever it says.
  static bool unguarded(const FlatPlace& place) {
    return std::all_of(place.hearings.begin(), place.hearings.end(),
                       [](const Hearing& hearing) { return hearing.guard.form == Guard::Form::None; });
  }

  /// No value where that place waits for no time, or listens with a condition.
  std::optional<Course> course_from(std::size_t at) const {
    const auto& places = campaign_->places;
    const FlatPlace& first = places[at];
    if (first.timer == kNoMove || !unguarded(first)) return std::nullopt;
    Course course;
    course.legs.push_back({static_cast<std::uint32_t>(at), first.timer, 0});
    while (course.legs.size() < places.size()) {
      const Leg last = course.legs.back();
      const Move& move = flat_.moves[last.timer];
      if (move.to == kEnded || !move.waits || move.span.length.months != 0) break;
      const FlatPlace& next = places[move.to];
      if (last.after > kFar || next.timer == kNoMove || !(next.heard == first.heard) || !unguarded(next)) break;
      course.legs.push_back({move.to, next.timer, last.after + move.span.micros});
      course.in_days |= move.span.length.days != 0;
    }
    return course;
  }

  Guard guard_of(const bytecode::EventMatch& match, std::uint16_t kind) const {
    Guard guard;
    guard.match = &match;
    const bool by_machine = program_.module->schema.kinds[kind].machine_property != kNone && !match.including_machine;
    if (by_machine || match.of_content != kNone) {
      guard.form = Guard::Form::Match;
    } else if (match.where != kNoCode) {
      guard.form = Guard::Form::Match;
      bound(guard, kind);
    }
    return guard;
  }

  /// A comparison with a constant needs no evaluator.
  void bound(Guard& guard, std::uint16_t kind) const {
    const Bounds bounds = bounds_of(*program_.bound, guard.match->where);
    if (bounds.kind != kind || bounds.property >= store_.blocks[kind].columns.size()) return;
    guard.form = Guard::Form::Within;
    guard.column = &store_.blocks[kind].columns[bounds.property];
    guard.low = bounds.low;
    guard.high = bounds.high;
    const Value otherwise = guard.column->otherwise();
    guard.otherwise = otherwise.known && otherwise.bits >= bounds.low && otherwise.bits <= bounds.high;
  }

  const Program& program_;
  const store::Store& store_;
  Flat& flat_;
  Replay replay_;
  Recorder recorder_;
  const CampaignPlan* plan_ = nullptr;
  FlatCampaign* campaign_ = nullptr;
  std::vector<std::optional<Duration>> lengths_;  ///< per state: of its wait
  bool sound_ = true;
};

bool learn(const Program& program, const store::Store& store, Flat& flat) {
  Learner learner(program, store, flat);
  return std::all_of(flat.campaigns.begin(), flat.campaigns.end(), [&](const FlatCampaign& campaign) {
    return campaign.plan == nullptr || learner.learn(*campaign.plan);
  });
}

}  // namespace nurture::engine
