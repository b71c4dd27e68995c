#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/flow/graph.h"

/// What a campaign can do to a member at most, whatever the log: no replay exceeds these figures. They are of one
/// membership; times are as the calendar counts them, a day being 24 hours whatever the clocks do meanwhile, in the
/// zone of one place: who moves to another while a clock changes may be an hour ahead of a window.
namespace nurture::flow {

/// By how much the clock of a place moves at most: so much longer or shorter than the calendar says can a time be.
inline constexpr Instant kClockChange = 3 * kHour;

/// A time since the entry.
struct Lapse {
  Instant least = 0;
  Instant most = kNever;  ///< kNever: nothing bounds it
};

using Count = std::optional<std::int64_t>;  ///< none: nothing bounds it

/// How often at most.
struct Most {
  Count by_itself;                    ///< by the campaign's statements
  Count limited;                      ///< by a `limit`, where that says less
  const sema::Rule* limit = nullptr;  ///< the one that says so
  Count either() const { return limited ? limited : by_itself; }
};

/// Sends of one channel, or of all.
struct Touches {
  enum Within : std::uint8_t { Day, Week, Month };
  static constexpr std::array<Instant, 3> kWithin{kDay, 7 * kDay, 30 * kDay};
  std::string channel;  ///< empty: of all
  Most in_all;
  std::array<Most, 3> within;  ///< in any 1, 7, 30 days on end
};

/// What people have to do for a member.
struct HumanWork {
  Count hand_offs, calls, tasks;
};

struct Figures {
  bool known = false;  ///< false: the campaign has too many ways to look at each; the rest is nothing
  Lapse stay;          ///< of those who are held out, too
  std::vector<std::optional<Lapse>> stages;  ///< from the entry to each; none: nothing leads there
  std::vector<Lapse> exits;                  ///< per Campaign::reasons
  std::vector<Touches> touches;              ///< of all channels, then of each that it sends by, by name
  HumanWork work;
};

/// Of a campaign of a programme without errors, as `build` left its graph.
Figures figures(const sema::Model& model, const CampaignGraph& graph);

}  // namespace nurture::flow
