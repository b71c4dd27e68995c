#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/store/store.h"
#include "runtime/vm/vm.h"

/// Assumed reactions (§7.5): what a scenario says of what this run sends and hands off, and how it is drawn. Nothing
/// here knows of a replay; assume.cpp brings the reactions into one.
namespace nurture::engine {

/// A part of 2^64, 2^64 itself included: what draws are compared with.
__extension__ using Share = unsigned __int128;

/// One line of the scenario.
struct AssumedLine {
  const bytecode::AssumedReaction* code = nullptr;
  std::uint16_t identity = 0;  ///< lines of the same event, record and actor share it
  std::string name;            ///< "email.bounced { kind: hard } by machine"
  std::string draw;            ///< whose draw decides: its own name, or that of its `one of`
  std::string delay;           ///< the name of the draw of its delay
  Share begin = 0;             ///< of a `one of`: the rates of the lines before it
  Share rate = 0;
  std::uint16_t channel = bytecode::kNone;  ///< into AssumedPlan::channels: whose sends tire
  std::uint16_t content_property = bytecode::kNone;
  std::vector<std::pair<std::uint16_t, Value>> cells;  ///< properties that it knows, but for its content
};

struct AssumedBlock {
  const bytecode::AssumedRule* code = nullptr;
  std::vector<AssumedLine> lines;
};

/// A scenario, as a replay looks things up in it. Blocks stand in the order written.
struct AssumedPlan {
  std::uint64_t seed = 0;
  std::string run;  ///< its number, as a text
  std::vector<AssumedBlock> blocks;
  std::vector<std::vector<std::uint32_t>> of_content;  ///< per content of the module: blocks about sends of it
  std::vector<std::uint32_t> of_hand_off;
  std::vector<std::vector<std::uint32_t>> of_kind;  ///< per kind: blocks about such reactions
  std::vector<bytecode::StringIndex> channels;      ///< that tire
  std::size_t identities = 0;
};

AssumedPlan plan_scenario(const vm::BoundModule& bound, const bytecode::Scenario& scenario, std::uint64_t seed,
                          std::uint64_t run);

/// An event that this run assumes to happen.
struct AssumedEvent {
  Instant at = 0;
  store::LeadIndex of = store::kNoLead;  ///< whose log it is in: a lead, or an account that handed off
  const AssumedLine* line = nullptr;
  std::uint16_t content = bytecode::kNone;  ///< of the send that it goes back to
  TextId content_name = 0;
  std::int64_t touch = 0;  ///< of the send or hand-off that it goes back to
  std::string cause;       ///< the name of this event as a cause; empty where none of its kind is one
  Value cell(std::uint16_t property) const;
};

/// So many of a lead are more than anybody does: reactions that cause ever more reactions.
inline constexpr std::uint32_t kMostAssumed = 10'000;

/// All of a unit, or of a lead that runs alone, in the order in which they were caused.
struct AssumedWorld {
  std::vector<AssumedEvent> events;
  Instant since = kNever;  ///< the first cause: what comes after it hangs on what was assumed
  void clear() {
    events.clear();
    since = kNever;
  }
};

/// The published draws: XXH64 of run, lead, cause and the name of what is drawn, each followed by a zero byte, seeded.
class AssumedDraws {
 public:
  AssumedDraws(const AssumedPlan& plan, std::string_view lead, std::string_view cause);
  /// Whether the cause has this reaction. `sends`: how many before it tire.
  bool reacts(const AssumedLine& line, std::uint64_t sends);
  /// What it is called as a cause itself.
  std::string cause_of(const AssumedLine& line);
  /// How long after its cause, in microseconds: 1 at least.
  std::int64_t delay(const AssumedLine& line);

 private:
  std::uint64_t draw(std::string_view name);

  const AssumedPlan& plan_;
  std::string bytes_;
  std::size_t prefix_;
};

}  // namespace nurture::engine
