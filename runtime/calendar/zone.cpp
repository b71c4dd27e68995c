#include "runtime/calendar/zone.h"

namespace nurture::calendar {

Zone::Zone(std::string name, std::vector<Period> periods) : name_(std::move(name)), periods_(std::move(periods)) {
  if (periods_.size() < 2) return;
  first_slice_ = periods_[1].begin >> kSliceBits;
  std::int64_t last_slice = periods_.back().begin >> kSliceBits;
  std::uint32_t period = 0;
  for (std::int64_t slice = first_slice_; slice <= last_slice; ++slice) {
    while (period + 1 < periods_.size() && periods_[period + 1].begin <= slice << kSliceBits) ++period;
    slices_.push_back(period);
  }
}

std::string_view zone_name(const Zone* zone) { return zone->name(); }

std::int32_t offset_seconds(Instant at, const Zone* zone) {
  return static_cast<std::int32_t>(zone->offset_at(at) / kSecond);
}

}  // namespace nurture::calendar
