#include "compiler/icalendar/icalendar.h"

#include <algorithm>
#include <libical/ical.h>
#include <set>

#include "runtime/calendar/calendar.h"

namespace nurture::icalendar {
namespace {

/// A rule by the second would go on for ever; nobody's holidays have so many.
constexpr int kMostRepeats = 200'000;
constexpr std::int64_t kMostDays = 366;

std::int64_t day_of(const icaltimetype& time) { return calendar::days_from_civil(time.year, time.month, time.day); }

/// How many days an event covers. The end is excluded where it is a date, or midnight.
std::int64_t length_of(icalcomponent* event, const icaltimetype& begin) {
  const icaltimetype end = icalcomponent_get_dtend(event);
  if (icaltime_is_null_time(end)) return 1;
  const bool at_midnight = end.is_date != 0 || (end.hour == 0 && end.minute == 0 && end.second == 0);
  return std::clamp<std::int64_t>(day_of(end) - day_of(begin) + (at_midnight ? 0 : 1), 1, kMostDays);
}

class Collector {
 public:
  std::set<std::int64_t> days;

  void event(icalcomponent* event) {
    if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED) return;
    const icaltimetype begin = icalcomponent_get_dtstart(event);
    if (icaltime_is_null_time(begin)) return;
    length_ = length_of(event, begin);
    std::set<std::int64_t> begins{day_of(begin)};
    each(event, ICAL_RRULE_PROPERTY, [&](icalproperty* p) { repeat(icalproperty_get_rrule(p), begin, begins); });
    each(event, ICAL_RDATE_PROPERTY, [&](icalproperty* p) {
      const icaldatetimeperiodtype at = icalproperty_get_rdate(p);
      begins.insert(day_of(icaltime_is_null_time(at.time) ? at.period.start : at.time));
    });
    each(event, ICAL_EXDATE_PROPERTY, [&](icalproperty* p) { begins.erase(day_of(icalproperty_get_exdate(p))); });
    for (std::int64_t first : begins) cover(first);
  }

 private:
  template <typename Visit>
  static void each(icalcomponent* event, icalproperty_kind kind, Visit visit) {
    for (icalproperty* p = icalcomponent_get_first_property(event, kind); p != nullptr;
         p = icalcomponent_get_next_property(event, kind)) {
      visit(p);
    }
  }

  static void repeat(const icalrecurrencetype& rule, const icaltimetype& begin, std::set<std::int64_t>& begins) {
    icalrecur_iterator* next = icalrecur_iterator_new(rule, begin);
    if (next == nullptr) return;
    for (int i = 0; i < kMostRepeats; ++i) {
      const icaltimetype at = icalrecur_iterator_next(next);
      if (icaltime_is_null_time(at) || at.year > kLastYear) break;
      begins.insert(day_of(at));
    }
    icalrecur_iterator_free(next);
  }

  void cover(std::int64_t first) {
    for (std::int64_t day = first; day < first + length_; ++day) {
      const int year = calendar::civil_from_days(day).year;
      if (year >= kFirstYear && year <= kLastYear) days.insert(day);
    }
  }

  std::int64_t length_ = 1;
};

}  // namespace

Result<std::vector<std::int64_t>> dates(const std::string& text) {
  icalcomponent* whole = icalparser_parse_string(text.c_str());
  if (whole == nullptr) return Error{"it is no iCalendar file", ""};
  Collector collector;
  int events = 0;
  for (icalcomponent* event = icalcomponent_get_first_component(whole, ICAL_VEVENT_COMPONENT); event != nullptr;
       event = icalcomponent_get_next_component(whole, ICAL_VEVENT_COMPONENT)) {
    collector.event(event);
    ++events;
  }
  icalcomponent_free(whole);
  if (events == 0) return Error{"it holds no event", ""};
  return std::vector<std::int64_t>(collector.days.begin(), collector.days.end());
}

}  // namespace nurture::icalendar
