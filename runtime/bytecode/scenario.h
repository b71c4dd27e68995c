#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/bytecode/indices.h"

/// What a run may assume of leads where history is silent: how they react to what this run itself sends, and sales to
/// what it hands off (§7.5).
namespace nurture::bytecode {

inline constexpr std::uint32_t kWholeRate = 1'000'000;  ///< 100 %, in millionths
/// The longest window of a reaction: ten years, in microseconds.
inline constexpr std::int64_t kMaxReactionWindow = std::int64_t{3653} * 24 * 60 * 60 * 1'000'000;

/// `share` of the reactions come by then.
struct DelayPoint {
  std::uint32_t share = 0;  ///< millionths, more than none and less than all
  std::int64_t by = 0;      ///< microseconds after the cause
  bool operator==(const DelayPoint&) const = default;
};

/// One line of a scenario.
struct AssumedReaction {
  std::uint16_t kind = 0;  ///< event kind
  bool by_machine = false;
  std::vector<std::pair<std::uint16_t, std::uint16_t>> record;  ///< property and constant, by property ascending
  std::uint32_t rate = 0;                                       ///< millionths
  std::int64_t within = 0;                                      ///< microseconds
  std::vector<DelayPoint> delay;                                ///< rising in both, inside the window; empty: evenly
  std::uint32_t tires = kWholeRate;                             ///< `times`: millionths, of each earlier send …
  StringIndex tires_channel = kNone;                            ///< … on that channel (kNone with tires == kWholeRate)
  std::int64_t tires_within = 0;                                ///< microseconds
  std::uint16_t group = kNone;  ///< number of the `one of` in its rule; kNone: by itself
  PlaceIndex place = 0;
  bool operator==(const AssumedReaction&) const = default;
};

enum class AssumedCause : std::uint8_t { Send, HandOff, Reaction };

/// `after … [if c] { … }`
struct AssumedRule {
  AssumedCause cause = AssumedCause::Send;
  StringIndex channel = kNone;    ///< Send: kNone for every channel
  std::uint16_t content = kNone;  ///< Send: kNone for every content; then `channel` is kNone
  std::uint16_t kind = kNone;     ///< Reaction: the event
  Pc condition = kNoCode;         ///< expression over a lead, with `load.touch`
  std::vector<AssumedReaction> reactions;
  StringIndex label = 0;  ///< as written, in one line: "after send of welcome_1 if lead.country is DE"
  PlaceIndex place = 0;
  bool operator==(const AssumedRule&) const = default;
};

struct Scenario {
  StringIndex name = 0;
  std::vector<AssumedRule> rules;  ///< in the order written
  PlaceIndex place = 0;
  bool operator==(const Scenario&) const = default;
};

}  // namespace nurture::bytecode
