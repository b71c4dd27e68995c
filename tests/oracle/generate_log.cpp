#include <algorithm>
#include <fmt/format.h>

#include "runtime/calendar/calendar.h"
#include "tests/oracle/generate.h"
#include "tests/oracle/vocabulary.h"

namespace nurture::oracle {

namespace {

class LogMaker {
 public:
  explicit LogMaker(Random& random) : random_(random) {}

  Log make(std::size_t leads, std::size_t events) {
    Log log;
    for (int i = 0; i < 3; ++i) log.accounts["firm_" + std::to_string(i)] = fields(account_words(), 60);
    for (std::size_t i = 0; i < leads; ++i) log.leads.push_back(lead(i, events));
    return log;
  }

 private:
  Fields fields(const std::vector<Property>& words, unsigned known) {
    Fields out;
    for (const Property& p : words) {
      if (!p.optional || random_.percent(known)) out[p.name] = pick_value(random_, p);
    }
    return out;
  }

  LogLead lead(std::size_t index, std::size_t events) {
    LogLead lead;
    lead.key = fmt::format("l{:04}", index);
    lead.attributes = fields(lead_words(), 60);
    if (random_.percent(60)) lead.account = "firm_" + std::to_string(random_.below(4));
    zone_ = calendar::find_zone(lead.attributes.contains("timezone") ? lead.attributes["timezone"].text : "UTC");
    if (zone_ == nullptr) zone_ = calendar::utc();
    std::vector<Instant> times = instants(random_.below(events * 2 + 1));
    for (Instant at : times) lead.events.push_back(event(at));
    if (random_.percent(20)) lead.created = start();
    return lead;
  }

  /// Not far from a change of the clocks somewhere.
  Instant start() {
    static const std::vector<std::int64_t> kDays = {
        calendar::days_from_civil(2026, 3, 5),   calendar::days_from_civil(2026, 3, 26),
        calendar::days_from_civil(2026, 4, 1),   calendar::days_from_civil(2025, 10, 1),
        calendar::days_from_civil(2025, 10, 24), calendar::days_from_civil(2025, 10, 30)};
    return calendar::from_local(random_.pick(kDays), random_.between(0, 95) * 15 * kMinute, zone_);
  }

  std::vector<Instant> instants(std::size_t n) {
    std::vector<Instant> out;
    Instant at = start();
    for (std::size_t i = 0; i < n; ++i) {
      out.push_back(at);
      at = following(out, at);
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  /// Often the same instant, or exactly or nearly a deadline counted from an earlier event.
  Instant following(const std::vector<Instant>& before, Instant at) {
    std::size_t what = random_.below(100);
    if (what < 25) return at;
    if (what < 65) {
      Instant from = random_.percent(60) ? at : random_.pick(before);
      Instant due = calendar::add(from, duration_of(random_.pick(duration_texts())), zone_).value_or(at);
      static const std::vector<Instant> kNudges = {0, 0, 0, -1, 1, kSecond, -kSecond};
      return std::max(at, due + random_.pick(kNudges));
    }
    if (what < 80) return at + random_.between(0, 3 * 24 * 60) * kMinute;
    if (what < 92) return calendar::next_time(at, random_.between(0, 47) * 30 * kMinute, false, zone_);
    return at + random_.between(5, 40) * kDay;
  }

  LogEvent event(Instant at) {
    const EventWord& word = random_.pick(event_words());
    LogEvent event{.kind = word.name, .at = at, .properties = fields(word.properties, 75), .changes = {}};
    if (word.updates) {
      for (std::int64_t n = random_.between(1, 3); n > 0; --n) {
        const Property& p = random_.pick(lead_words());
        if (p.name == "timezone" && !random_.percent(25)) continue;
        event.changes[p.name] = p.optional && random_.percent(25) ? Datum::unknown() : pick_value(random_, p);
      }
    }
    return event;
  }

  Random& random_;
  const calendar::Zone* zone_ = nullptr;
};

}  // namespace

Log generate_log(Random& random, std::size_t leads, std::size_t events) { return LogMaker(random).make(leads, events); }

}  // namespace nurture::oracle
