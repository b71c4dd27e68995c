#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "runtime/outcome/outcome.h"
#include "tests/oracle/compare.h"
#include "tests/oracle/random.h"

/// What a run by the engine comes to, as its summary says it.
namespace nurture::oracle {

/// Records by kind, campaign, stage, place and, of exits, reason: how many there were.
using Times = std::map<std::tuple<outcome::Kind, std::uint16_t, std::uint16_t, bytecode::PlaceIndex, std::int64_t>,
                       std::uint64_t>;

struct Totals {
  std::string text;  ///< the summary as JSON; or why there is none
  Times times;
  std::uint64_t counted = 0;  ///< kinds of records that were only counted: campaigns in flat form ran
};

/// What the sink asks for: every record; how many, and their lengths of time; how many alone, and no summary.
enum class Totalled : std::uint8_t { OneByOne, Counted, Untimed };
Totals totals(const Built& built, const Log& log, const Asked& asked, Totalled how);

/// The log without what sends a lead the long way round campaigns in flat form: holds, answers, sends, changes of
/// attributes. Of one lead in four it is left as it is.
Log quieted(const Log& log, const bytecode::Module& module, Random& random);

}  // namespace nurture::oracle
