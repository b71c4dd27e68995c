#pragma once

#include <string>

#include "tests/oracle/datum.h"

/// Operators on known values (§3.1, §4). Unknown in, unknown out.
namespace nurture::oracle {

struct Scene;

Datum negate(const Datum& a);
/// a + b; `was_minus`: b is already negated, and two dates or datetimes subtract to a duration.
Datum add(const Datum& a, const Datum& b, bool was_minus, const Scene& scene);
Datum multiply(const Datum& a, const Datum& b);
Datum divide(const Datum& a, const Datum& b);

/// Both known, of one comparable type: negative, 0, positive.
int compare(const Datum& a, const Datum& b);
/// False if one is unknown.
bool equal(const Datum& a, const Datum& b, bool ignoring_case);

/// ASCII and Latin-1 letters to lower case: all that the generator writes.
std::string fold(const std::string& text);
/// `*` any run, `?` one code point.
bool glob(const std::string& text, const std::string& pattern);

}  // namespace nurture::oracle
