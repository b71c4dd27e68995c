#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/result.h"

/// Days off out of an iCalendar file (RFC 5545), as calendars are published.
namespace nurture::icalendar {

/// Every date that an event of the file covers, in these years: ascending, each once. Recurrences are followed, dates
/// that are excepted and events that are cancelled are left out, and of a time of day only its date is taken.
inline constexpr int kFirstYear = 2000;
inline constexpr int kLastYear = 2060;
Result<std::vector<std::int64_t>> dates(const std::string& text);

}  // namespace nurture::icalendar
