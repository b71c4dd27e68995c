#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/calendar/calendar.h"

namespace nurture::calendar {

/// A zone as a table of periods of constant offset, made once from the database and immutable afterwards: lookups take
/// no lock and touch no shared state.
class Zone {
 public:
  struct Period {
    Instant begin;        ///< first instant of the period; the first period begins at INT64_MIN
    std::int64_t offset;  ///< microseconds east of UTC
  };

  Zone(std::string name, std::vector<Period> periods);

  const std::string& name() const { return name_; }
  const std::vector<Period>& periods() const { return periods_; }
  /// Index of the period that holds at `at`.
  std::size_t period_at(Instant at) const {
    std::int64_t slice = (at >> kSliceBits) - first_slice_;
    if (slice < 0) slice = 0;
    if (slice >= static_cast<std::int64_t>(slices_.size())) return periods_.size() - 1;
    std::size_t index = slices_[static_cast<std::size_t>(slice)];
    while (index + 1 < periods_.size() && periods_[index + 1].begin <= at) ++index;
    return index;
  }
  std::int64_t offset_at(Instant at) const { return periods_[period_at(at)].offset; }

 private:
  /// Time is cut into slices of 2^42 µs (about 51 days); each remembers the period that holds at its begin, so that a
  /// lookup looks at one or two periods.
  static constexpr int kSliceBits = 42;

  std::string name_;
  std::vector<Period> periods_;
  std::vector<std::uint32_t> slices_;
  std::int64_t first_slice_ = 0;
};

/// Goes on with the yearly changes after the last listed one, where they follow a rule, for 400 years.
void extend_by_rule(std::vector<Zone::Period>& periods);

}  // namespace nurture::calendar
