#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/bytecode/module.h"
#include "runtime/statistics/proportions.h"
#include "runtime/store/store.h"

/// What a log says of how people react to sends and hand-offs: the parameters of a scenario, and how sure they are
/// (docs/fit.md). Reads no clock, draws no random number; the same result for any number of threads.
namespace nurture::fit {

using Count = std::uint64_t;
using statistics::Interval;

struct HandOff {
  store::LeadIndex lead = 0;
  Instant at = 0;
  auto operator<=>(const HandOff&) const = default;
};

/// Lengths are microseconds.
struct Options {
  Instant window = 30 * kDay;          ///< how long a reaction is waited for, at most
  Instant tiring = 30 * kDay;          ///< how far back sends are counted to see whether people tire
  std::uint16_t by = bytecode::kNone;  ///< a lead attribute (choice, text or boolean) whose values are told apart
  std::vector<std::uint16_t> hand_off_kinds;  ///< events that are hand-offs
  std::vector<HandOff> hand_offs;             ///< others that the caller knows of, sorted
  unsigned threads = 1;
  std::function<void(Count leads)> progress;  ///< called now and then from the calling thread; may be empty
};

/// Below so many causes whose window has passed, nothing is learned of a content or a segment by itself.
inline constexpr Count kLeastCauses = 20;
/// Below so many reactions to its own causes, a content's delays are those of its channel.
inline constexpr Count kLeastDelays = 100;

/// What a line of a scenario is about: an event, as a person or a machine does it, with the values of those properties
/// that an event of this kind must have.
struct Reaction {
  std::uint16_t kind = 0;
  bool by_machine = false;
  std::vector<std::pair<std::uint16_t, Value>> record;  ///< property and value: a choice (text of the store) or boolean
};

/// What a rate rests on.
struct Evidence {
  Count causes = 0;                        ///< whose window has passed
  Count reactions = 0;                     ///< causes of these that were reacted to
  Instant first = kNever, last = -kNever;  ///< of these causes
};

/// A rate, as a share. `interval` (95 %) is that of the causes' own rate, `own`, whatever the others are like: it is
/// not narrowed by shrinkage. `rate` is drawn towards the rate of the rule that would decide otherwise, and never out
/// of the interval.
struct Rate {
  Evidence evidence;
  double own = 0;
  double rate = 0;
  Interval interval;
  bool pooled =
      false;  ///< too little of its own: own, rate and interval are those of the rule that would decide otherwise
};

/// `share` of the reactions come by then. Microseconds; the interval holds the quantile with 95 %.
struct Point {
  double share = 0;
  double by = 0;
  Interval interval;
};

struct Line {
  std::size_t reaction = 0;  ///< into Fit::reactions
  Rate rate;                 ///< where people tire, of a first send
  std::vector<Point> delay;  ///< rising; empty: too few reactions
  bool own_delay = true;     ///< false: that of the channel
};

/// The factor of a rate for each earlier send.
struct Tiring {
  double factor = 1;
  Interval interval;
  bool applies = false;  ///< the interval lies below 1: rates are of a first send
};

/// `after send of content if by is segment`: in the order of Cause::rules, the first that matches decides.
struct Rule {
  std::uint16_t content = bytecode::kNone;  ///< kNone: every content of the channel
  Value segment;                            ///< of Options::by; unknown: whatever it is
  std::vector<Line> lines;
};

/// What is the same for one reaction to one kind of cause, in all rules.
struct Course {
  Instant window = 0;
  std::optional<Tiring> tiring;  ///< nothing where it cannot be told
  /// How much contents differ: rates are drawn to that of the channel as by so many sends. Infinite: not beyond chance.
  double likeness = 0;
};

/// What became of the events that are reactions: each is in one of these.
struct Fates {
  Count used = 0;      ///< the first one to its cause, within the window
  Count repeated = 0;  ///< a later one to the same cause
  Count late = 0;      ///< after the window
  Count young = 0;     ///< to a cause whose window has not passed at the end of the log
  Count orphan = 0;    ///< there is nothing before it that it can be a reaction to
  Count foreign = 0;   ///< to a content that the programme does not declare
  Count all() const { return used + repeated + late + young + orphan + foreign; }
};

struct Cause {
  bytecode::StringIndex channel = bytecode::kNone;  ///< kNone: hand-offs
  Count causes = 0;                                 ///< in the log
  Count young = 0;                                  ///< of these, whose longest window has not passed
  Count foreign = 0;                                ///< of these, with a content that the programme does not declare
  Instant window = 0;                  ///< the longest: half the causes at least have so much log behind them
  std::vector<Course> courses;         ///< per reaction
  std::vector<Rule> rules;             ///< the last one is for all
  std::vector<std::uint16_t> too_few;  ///< contents that were sent, too seldom for a rule of their own
  bool hand_off() const { return channel == bytecode::kNone; }
};

struct Fit {
  std::vector<Reaction> reactions;
  std::vector<Fates> fates;  ///< per reaction
  std::vector<std::pair<TextId, Count>>
      foreign;                ///< contents that were sent and are not the programme's, most sent first
  Count unclear = 0;          ///< events without the property that says which reaction they are
  std::vector<Cause> causes;  ///< those that the log has
  std::vector<std::pair<std::uint16_t, std::uint16_t>>
      refused;  ///< kinds of event, and the property that none can be given for
};

/// Learns from a store that is bound to the module (the texts of its contents and choices are in the store's).
Fit learn(const bytecode::Module& module, const store::Store& store, const Options& options);

}  // namespace nurture::fit
