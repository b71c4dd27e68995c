#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/value.h"

/// Calendar arithmetic (§6.1, §6.2). The one way to read time in the product: civil dates, zones, durations, texts.
namespace nurture::calendar {

/// An IANA zone. Pointers live as long as the process and are safe to share between threads.
class Zone;

/// The zone of that name (links included), or null. Empty and unknown names give null. Looked up once per name.
const Zone* find_zone(std::string_view name);
const Zone* utc();
std::string_view zone_name(const Zone* zone);
/// Version of the time-zone data in use, "2024a": every outcome names it.
std::string_view tzdata_version();
/// Every zone name of the database, sorted.
std::vector<std::string> zone_names();

struct Civil {
  std::int32_t year;
  std::int32_t month;        ///< 1..12
  std::int32_t day;          ///< 1..31
  std::int64_t time_of_day;  ///< microseconds since midnight
};

std::int64_t days_from_civil(std::int32_t year, std::int32_t month, std::int32_t day);  ///< days since 1970-01-01
Civil civil_from_days(std::int64_t days);
/// Whether such a date exists.
bool valid_date(std::int32_t year, std::int32_t month, std::int32_t day);
int weekday(std::int64_t days);  ///< 0 Monday … 6 Sunday

/// The local clock at an instant.
struct Local {
  std::int64_t date;         ///< days since 1970-01-01
  std::int64_t time_of_day;  ///< microseconds since midnight
};
Local to_local(Instant at, const Zone* zone);
/// Offset from UTC in seconds at an instant.
std::int32_t offset_seconds(Instant at, const Zone* zone);
/// A local time as an instant: one that does not exist moves later by the gap, one that exists twice is the earlier.
Instant from_local(std::int64_t date, std::int64_t time_of_day, const Zone* zone);

/// at ⊕ d: months (clamped to the month's end), then days keep the local clock time; then exact time. No value on
/// overflow (years outside 1..9999).
std::optional<Instant> add(Instant at, Duration d, const Zone* zone);
std::optional<std::int64_t> add_to_date(std::int64_t date, std::int32_t months, std::int32_t days);

/// The next instant whose local clock reads `time_of_day` (that moved by a gap counts): now may be it, unless
/// `strictly`.
Instant next_time(Instant now, std::int64_t time_of_day, bool strictly, const Zone* zone);
/// The same on a weekday of `mask` (bit 0 Monday).
Instant next_weekday(Instant now, std::uint8_t mask, std::int64_t time_of_day, bool strictly, const Zone* zone);

// Texts ---------------------------------------------------------------------------------------------------------------

/// RFC 3339 with offset or Z; fractions below a microsecond truncate; second 60 is the next second. A 'T' or a space.
std::optional<Instant> parse_rfc3339(std::string_view text);
/// 2026-03-05T10:00:00Z; with micros only where not zero.
std::string format_utc(Instant at);
/// 2026-03-05 10:00 in the zone; seconds and micros only where not zero.
std::string format_local(Instant at, const Zone* zone);
std::string format_date(std::int64_t date);
std::string format_time(std::int64_t time_of_day);
/// "2 weeks", "1 day 3 hours", "90 minutes": the largest units that say it exactly.
std::string format_duration(Duration d);
std::optional<std::int64_t> parse_date(std::string_view text);         ///< yyyy-mm-dd
std::optional<std::int64_t> parse_time_of_day(std::string_view text);  ///< hh:mm[:ss[.ffffff]]

/// A pattern of a foreign log, compiled once ("d/m/yyyy hh:mm"). Letters: yyyy MM|M dd|d HH|hh|h mm|m ss, everything
/// else literal; one letter reads one or two digits. Lower-case m is the month before the first hour letter and minutes
/// after it.
class Pattern {
 public:
  /// No value if the pattern has no year, month or day, or an unknown letter.
  static std::optional<Pattern> compile(std::string_view text);
  /// Local date and time, checked; missing time letters are 0.
  std::optional<Local> parse(std::string_view text) const;

 private:
  struct Piece {
    char letter;
    std::uint8_t width;
  };  ///< letter 0: literal byte in width
  std::vector<Piece> pieces_;
};

}  // namespace nurture::calendar
