#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/sema/model.h"
#include "tools/nurture/palette.h"

/// People who never were, with a log of what they do, to rehearse a programme with. The same every time.
namespace nurture::tool {

struct MadeUpEvent {
  Instant at = 0;
  std::uint32_t lead = 0;
  std::string line;  ///< NDJSON, with its line end
};

struct MadeUpLead {
  enum class Manner : std::uint8_t { Quiet, Calm, Eager } manner{};
  std::string key;
  std::string account;  ///< empty: of none
  std::string row;      ///< of the lead table, NDJSON
};

struct MadeUp {
  std::vector<MadeUpLead> leads;
  std::string accounts;             ///< the account table, NDJSON; empty: there is none
  std::vector<MadeUpEvent> events;  ///< by instant
};

/// Everybody begins at `from` and lives in the programme's own time zone. Every third lead only does what may enter a
/// campaign, the next one does something every week or so, the third every day, for as long as `length`.
MadeUp make_up(const sema::Model& model, const Palette& palette, Instant from, Instant length, std::uint32_t leads);

}  // namespace nurture::tool
