// Answers calendar questions, one a line, for check_zones.py:
//   z <zone>                     the zone that the following lines are about; answers nothing
//   l <instant>                  local date and time of day
//   f <date> <time of day>       local time as an instant
//   a <instant> <months> <days> <micros>   sum, or "none"
//   n                            every zone name, one a line
#include <cinttypes>
#include <cstdio>
#include <string>

#include "runtime/calendar/calendar.h"

namespace cal = nurture::calendar;

namespace {

void answer(const char* line, const cal::Zone* zone) {
  std::int64_t a = 0, b = 0, c = 0, d = 0;
  switch (line[0]) {
    case 'l': {
      std::sscanf(line + 1, "%" SCNd64, &a);
      cal::Local local = cal::to_local(a, zone);
      std::printf("%" PRId64 " %" PRId64 "\n", local.date, local.time_of_day);
      break;
    }
    case 'f':
      std::sscanf(line + 1, "%" SCNd64 " %" SCNd64, &a, &b);
      std::printf("%" PRId64 "\n", cal::from_local(a, b, zone));
      break;
    case 'a': {
      std::sscanf(line + 1, "%" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64, &a, &b, &c, &d);
      auto sum = cal::add(a, {static_cast<std::int16_t>(b), static_cast<std::int16_t>(c), d}, zone);
      if (sum) {
        std::printf("%" PRId64 "\n", *sum);
      } else {
        std::puts("none");
      }
      break;
    }
    default:
      break;
  }
}

}  // namespace

int main() {
  const cal::Zone* zone = cal::utc();
  char line[256];
  while (std::fgets(line, sizeof line, stdin)) {
    std::string text(line);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (text == "n") {
      for (const std::string& name : cal::zone_names()) std::puts(name.c_str());
    } else if (text.starts_with("z ")) {
      zone = cal::find_zone(text.substr(2));
      if (!zone) {
        std::fprintf(stderr, "unknown zone %s\n", text.c_str() + 2);
        return 1;
      }
    } else {
      answer(text.c_str(), zone);
    }
  }
  return 0;
}
