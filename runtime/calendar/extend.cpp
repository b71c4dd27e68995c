#include <algorithm>
#include <array>

#include "runtime/calendar/zone.h"

namespace nurture::calendar {
namespace {

// The compiled database lists transitions up to 2037 and gives the rule for later ones in a form that the date library
// does not read. The listed ones tell the rule as well: a change happens on one weekday inside a week of one month that
// stays the same ("the last Sunday of March" is the Sunday of the 25th to 31st), at one local time.

constexpr std::size_t kChangesPerYear = 2;
constexpr std::int32_t kYearsAhead = 400;  // one whole cycle of the calendar
constexpr std::int32_t kYearsToLearnFrom = 10;
constexpr std::int32_t kLastListedYear = 2037;

/// One of the two changes of a year.
struct Rule {
  std::int32_t month = 0;
  std::int64_t first_day = 0;  ///< of the seven days among which the weekday falls, counted from the month's first
  std::int64_t last_day = 0;   ///< may lie in a neighbouring month: midnight after the last Thursday of October
  int weekday = 0;
  std::int64_t time_of_day = 0;
  std::int64_t offset_before = 0;
  std::int64_t offset_after = 0;
};

Local local_before(const std::vector<Zone::Period>& periods, std::size_t index) {
  return to_local(periods[index].begin + periods[index - 1].offset, utc());
}

/// What the change into period `index` tells, its day counted from the first of `month`.
Rule rule_of(const std::vector<Zone::Period>& periods, std::size_t index, std::int32_t month, std::int32_t year) {
  Local local = local_before(periods, index);
  std::int64_t day = local.date - days_from_civil(year, month, 1);
  return {month, day, day, weekday(local.date), local.time_of_day, periods[index - 1].offset, periods[index].offset};
}

/// Widens `rule` to a further year's change; false if that follows another rule.
bool learn(Rule& rule, const Rule& seen) {
  rule.first_day = std::min(rule.first_day, seen.first_day);
  rule.last_day = std::max(rule.last_day, seen.last_day);
  return rule.weekday == seen.weekday && rule.time_of_day == seen.time_of_day &&
         rule.offset_before == seen.offset_before && rule.offset_after == seen.offset_after &&
         rule.last_day - rule.first_day <= 6;
}

Instant change_in(const Rule& rule, std::int32_t year) {
  std::int64_t date = days_from_civil(year, rule.month, 1) + rule.first_day;
  date += (rule.weekday - weekday(date) + 7) % 7;
  return date * kDay + rule.time_of_day - rule.offset_before;
}

}  // namespace

void extend_by_rule(std::vector<Zone::Period>& periods) {
  constexpr std::size_t kNeeded = kYearsToLearnFrom * kChangesPerYear;
  if (periods.size() <= kNeeded) return;
  std::size_t end = periods.size();
  std::int32_t last_year = civil_from_days(local_before(periods, end - 1).date).year;
  if (last_year < kLastListedYear) return;  // changes that ended earlier were given up
  std::array<Rule, kChangesPerYear> rules;
  for (std::size_t back = 0; back < kNeeded; ++back) {
    std::size_t index = end - 1 - back;
    std::int32_t year = last_year - static_cast<std::int32_t>(back / kChangesPerYear);
    Rule& rule = rules[back % kChangesPerYear];
    if (back < kChangesPerYear) {
      rule = rule_of(periods, index, civil_from_days(local_before(periods, index).date).month, year);
    } else if (!learn(rule, rule_of(periods, index, rule.month, year))) {
      return;
    }
  }
  for (const Rule& rule : rules) {
    if (rule.last_day - rule.first_day != 6) return;
  }
  for (std::int32_t year = last_year + 1; year <= last_year + kYearsAhead; ++year) {
    periods.push_back({change_in(rules[1], year), rules[1].offset_after});
    periods.push_back({change_in(rules[0], year), rules[0].offset_after});
  }
}

}  // namespace nurture::calendar
