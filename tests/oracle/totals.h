#pragma once

#include <cstdint>
#include <string>

#include "tests/oracle/compare.h"
#include "tests/oracle/random.h"

/// What a run by the engine comes to, as its summary says it.
namespace nurture::oracle {

struct Totals {
  std::string text;           ///< the summary as JSON; or why there is none
  std::uint64_t counted = 0;  ///< kinds of records that were only counted: campaigns in flat form ran
};

/// `one_by_one`: the sink asks for every record, so that none is only counted.
Totals totals(const Built& built, const Log& log, const Asked& asked, bool one_by_one);

/// The log without what sends a lead the long way round campaigns in flat form: holds, answers, sends, changes of
/// attributes. Of one lead in four it is left as it is.
Log quieted(const Log& log, const bytecode::Module& module, Random& random);

}  // namespace nurture::oracle
