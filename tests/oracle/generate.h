#pragma once

#include "tests/oracle/log.h"
#include "tests/oracle/programme_text.h"
#include "tests/oracle/random.h"

namespace nurture::oracle {

/// A well-typed programme out of the whole language that this version runs. The same seed gives the same text.
Piece generate_programme(Random& random);
/// One whose campaigns listen, wait, move and exit, and do nothing else: most have a flat form.
Piece generate_plain_programme(Random& random);
/// A log that fits every generated programme: ties, instants at and beside deadlines, clock changes, odd zones.
Log generate_log(Random& random, std::size_t leads, std::size_t events);

}  // namespace nurture::oracle
