#pragma once

#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "runtime/bytecode/module.h"
#include "runtime/calendar/calendar.h"

/// A programme tried on people who never were: what it does to one who does nothing, to one of the usual kind and to
/// one who reacts to everything, date by date. The same engine as in every run decides; holidays, windows and limits
/// included.
namespace nurture::tool {

struct CalendarLine {
  Instant at = 0;
  const calendar::Zone* zone = nullptr;
  std::string action;  ///< as in the actions of a run: "sent", "handed_off"
  std::string text;
  std::string where;
};

struct LeadCalendar {
  enum class Profile : std::uint8_t { Silent, Typical, Hottest } profile{};
  std::vector<std::string> facts;  ///< "country US", of those that conditions ask about
  std::vector<CalendarLine> lines;
  bool active = false;  ///< still inside when the rehearsal ends
};

/// Per campaign of the module; no calendar where nobody who was made up ever enters. Everybody begins at `from`; it
/// goes on for as long as the longest stay may be, two years at most. Errors are those of the engine.
Result<std::vector<std::vector<LeadCalendar>>> rehearse(const driver::Checked& checked, const bytecode::Module& module,
                                                        Instant from);

}  // namespace nurture::tool
