#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/engine/program.h"

/// Campaigns in flat form: a table of moves.
///
/// It exists where what a membership does next hangs on nothing but where it stands and what comes: an event, a
/// condition on that event, the end of a wait. Every move is then the same for everybody, but for instants: it is made
/// once, by the engine itself (learn.cpp), which writes down what is told and where it leads; from then on it is
/// followed and counted (flat_replay.h). What a campaign means is said in one place only.
namespace nurture::engine {

inline constexpr std::uint32_t kNoMove = UINT32_MAX;  ///< no such move
inline constexpr std::uint32_t kEnded = UINT32_MAX;   ///< no place: the membership is over

/// No horizon of a flat run is later, and no course longer.
inline constexpr Instant kFar = 200'000'000'000 * kSecond;  // as an instant in the year 8307

/// What a length of time in a record is counted from.
enum class Since : std::uint8_t { Now, Stage, Entry };

/// A record of a move, as it is told of everybody.
struct FlatRecord {
  outcome::Outcome like;
  bool measured = false;  ///< it says a length of time
  Since since = Since::Now;
};

/// A length of time, and what it comes to where every day has 24 hours.
struct Span {
  Duration length;
  Instant micros = 0;
  Span() = default;
  explicit Span(Duration d) : length(d), micros(d.days * kDay + d.micros) {}
};

/// A step of a membership, or its being turned away.
struct Move {
  std::uint32_t to = kEnded;  ///< into FlatCampaign::places
  bool enters_stage = false;
  bool suspends = false;  ///< a suspension begins, which has no end of its own unless `waits`
  bool waits = false;
  Span span;                        ///< of the wait
  std::uint32_t first_measure = 0;  ///< into Flat::measures
  std::uint32_t end_measure = 0;
};

/// One length of time that a move tells: into a list of its own.
struct Measure {
  Since since = Since::Now;
  std::uint32_t move = 0;
  std::uint32_t record = 0;  ///< of the move
};

/// What an event must fulfil.
struct Guard {
  enum class Form : std::uint8_t {
    None,
    Within,  ///< a property lies within two bounds
    Match,   ///< anything else: the engine looks
  } form = Form::None;
  bool otherwise = false;  ///< Within: what is not known does
  const store::Column* column = nullptr;
  std::int64_t low = 0, high = 0;  ///< both included
  const bytecode::EventMatch* match = nullptr;
};

/// A kind of event, where it is heard.
struct Hearing {
  Guard guard;
  std::uint32_t move = kNoMove;
};

/// A wait of a course.
struct Leg {
  std::uint32_t place = kEnded;
  std::uint32_t timer = kNoMove;
  Instant after = 0;  ///< from the end of the course's first wait to the end of this one, in days of 24 hours
};

/// Waits that follow each other by time alone, in all of which the same is heard, without a condition: a membership
/// goes through them at one look.
struct Course {
  std::vector<Leg> legs;  ///< at least one
  bool in_days = false;   ///< it is as long as that where every day has 24 hours only
};

/// Where a membership can stand between two steps.
struct FlatPlace {
  std::uint16_t stage = bytecode::kNone;
  std::uint16_t state = bytecode::kNone;  ///< kNone: nothing is waited for
  std::optional<Course> course;           ///< that begins here
  KindSet heard;
  std::vector<std::uint32_t> first;  ///< per kind, and one more: into `hearings`
  std::vector<Hearing> hearings;     ///< of one kind in the order in which they are asked
  std::uint32_t timer = kNoMove;     ///< the wait is over
  std::uint32_t lasted = kNoMove;    ///< `lasts at most`
  std::uint32_t horizon = kNoMove;   ///< the run ends
};

struct FlatEntry {
  const bytecode::Entry* code = nullptr;
  std::vector<Guard> guards;  ///< as EventMatch::kinds
  std::uint32_t enters = kNoMove;
  std::uint32_t refused_by_guard = kNoMove, refused_by_audience = kNoMove, refused_by_exclude = kNoMove,
                refused_again = kNoMove;
};

struct FlatCampaign {
  const CampaignPlan* plan = nullptr;  ///< null: it does not run
  std::optional<Span> lasts;           ///< `lasts at most`
  Span closed;                         ///< `reenter after`
  std::vector<FlatEntry> entries;
  std::vector<FlatPlace> places;
};

struct Flat {
  std::vector<FlatCampaign> campaigns;           ///< as Program::campaigns
  std::vector<Move> moves;                       ///< of all of them
  std::vector<std::vector<FlatRecord>> records;  ///< per move
  std::vector<Measure> measures;
  FindKinds find_kinds = nullptr;
  LookAhead look_ahead = nullptr;
  KindSet entering;
  KindSet facts;  ///< kinds that tell more of a lead than its memberships: with one of them it goes the long way
};

/// The kinds of records that a flat campaign makes.
inline constexpr outcome::Kinds kFlatKinds =
    outcome::kinds({outcome::Kind::Entered, outcome::Kind::Refused, outcome::Kind::StageEntered,
                    outcome::Kind::StageLeft, outcome::Kind::TriggerFired, outcome::Kind::WaitBegan,
                    outcome::Kind::WaitEnded, outcome::Kind::Exited, outcome::Kind::InFlight});

/// No value where some running campaign has no flat form, or the options ask for what only a step can show.
std::optional<Flat> flatten(const Program& program, const store::Store& store, Instant horizon);

/// A part of `flatten`, which has seen that they have a flat form: the moves of all running campaigns. False where one
/// is not the same for everybody after all.
bool learn(const Program& program, const store::Store& store, Flat& flat);

}  // namespace nurture::engine
