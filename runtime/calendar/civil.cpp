#include "runtime/calendar/calendar.h"

namespace nurture::calendar {
namespace {

// The Gregorian calendar repeats every 400 years. Inside such an era years begin in March, so that the leap day is
// last.
constexpr std::int64_t kEraDays = 146'097;
constexpr std::int64_t kEpochShift = 719'468;  // days from 0000-03-01 to 1970-01-01

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return (a >= 0 ? a : a - b + 1) / b; }

bool leap(std::int32_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

}  // namespace

std::int64_t days_from_civil(std::int32_t year, std::int32_t month, std::int32_t day) {
  std::int64_t y = std::int64_t{year} - (month <= 2 ? 1 : 0);
  std::int64_t era = floor_divide(y, 400);
  std::int64_t year_of_era = y - era * 400;
  std::int64_t month_from_march = (month + 9) % 12;
  std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kEraDays + day_of_era - kEpochShift;
}

Civil civil_from_days(std::int64_t days) {
  std::int64_t shifted = days + kEpochShift;
  std::int64_t era = floor_divide(shifted, kEraDays);
  std::int64_t day_of_era = shifted - era * kEraDays;
  std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  auto day = static_cast<std::int32_t>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  auto month = static_cast<std::int32_t>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  auto year = static_cast<std::int32_t>(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
  return {year, month, day, 0};
}

bool valid_date(std::int32_t year, std::int32_t month, std::int32_t day) {
  static constexpr std::int32_t kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  return day <= kLengths[month - 1] + (month == 2 && leap(year) ? 1 : 0);
}

int weekday(std::int64_t days) {
  return static_cast<int>(days + 3 - floor_divide(days + 3, 7) * 7);  // 1970-01-01 was a Thursday
}

}  // namespace nurture::calendar
