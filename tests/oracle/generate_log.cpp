#include <algorithm>
#include <fmt/format.h>
#include <numeric>

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
    merges_ = random_.percent(35);
    for (std::size_t i = 0; i < leads; ++i) {
      if (i % kColleagues == 0) firms(i / kColleagues, log);
      log.leads.push_back(lead(i, events));
    }
    place(log);
    return log;
  }

 private:
  /// Leads are colleagues of their neighbours only, so that units stay small.
  static constexpr std::size_t kColleagues = 6;

  void firms(std::size_t block, Log& log) {
    firms_.clear();
    instants_.clear();
    for (std::int64_t n = random_.between(1, 3); n > 0; --n) {
      firms_.push_back(fmt::format("firm_{}", block * 3 + firms_.size()));
      if (random_.percent(85)) log.accounts[firms_.back()] = fields(account_words(), 60);
    }
  }

  /// Anywhere among the events of all leads; those of one lead and instant stay in their order.
  void place(Log& log) {
    std::vector<std::uint32_t> places(log.events());
    std::iota(places.begin(), places.end(), 0U);
    for (std::size_t i = places.size(); i > 1; --i) std::swap(places[i - 1], places[random_.below(i)]);
    std::size_t taken = 0;
    for (LogLead& lead : log.leads) {
      for (std::size_t i = 0; i < lead.events.size(); ++i) {
        lead.events[i].position = places[taken++];
        for (std::size_t j = i; j > 0 && lead.events[j - 1].at == lead.events[j].at; --j) {
          if (lead.events[j - 1].position > lead.events[j].position)
            std::swap(lead.events[j - 1].position, lead.events[j].position);
        }
      }
    }
  }

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
    lead.attributes.erase("account");
    if (random_.percent(75)) lead.attributes["account"] = Datum::of_text(random_.pick(firms_));
    zone_ = calendar::find_zone(lead.attributes.contains("timezone") ? lead.attributes["timezone"].text : "UTC");
    if (zone_ == nullptr) zone_ = calendar::utc();
    std::vector<Instant> times = instants(random_.below(events * 2 + 1));
    for (Instant at : times) lead.events.push_back(event(at));
    if (merges_ && random_.percent(50)) {
      for (std::int64_t n = random_.between(1, 2); n > 0; --n) merge(lead, index);
    }
    instants_.insert(instants_.end(), times.begin(), times.end());
    if (random_.percent(20)) lead.created = start();
    return lead;
  }

  /// Not far from a change of the clocks somewhere.
  Instant start() {
    static const std::vector<std::int64_t> kDays = {
        calendar::days_from_civil(2026, 3, 5),   calendar::days_from_civil(2026, 3, 26),
        calendar::days_from_civil(2026, 4, 1),   calendar::days_from_civil(2025, 10, 1),
        calendar::days_from_civil(2025, 10, 24), calendar::days_from_civil(2025, 10, 30)};
    if (!instants_.empty() && random_.percent(60)) return instants_[random_.below(1 + instants_.size() / 4)];
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
    if (what < 20) return at;
    if (what < 30) return instants_.empty() ? at : std::max(at, random_.pick(instants_));
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

  /// The lead turns out to be one of its neighbours, itself, or somebody of whom there is nothing else.
  void merge(LogLead& lead, std::size_t index) {
    const std::size_t what = random_.below(100);
    const std::size_t block = index / kColleagues * kColleagues;
    const std::string into = what < 8    ? lead.key
                             : what < 20 ? fmt::format("k{:04}", block + random_.below(2))
                                         : fmt::format("l{:04}", block + random_.below(kColleagues));
    const Instant at = !lead.events.empty() && random_.percent(70) ? random_.pick(lead.events).at
                       : !instants_.empty()                        ? random_.pick(instants_)
                                                                   : start();
    LogEvent event{.kind = "lead.merged", .at = at};
    if (!random_.percent(4)) event.properties["into"] = Datum::of_text(into);
    auto place = std::find_if(lead.events.begin(), lead.events.end(),
                              [&](const LogEvent& each) { return each.at > at || (each.at == at && what % 2 == 0); });
    lead.events.insert(place, event);
  }

  LogEvent event(Instant at) {
    const EventWord& word = random_.pick(event_words());
    if (word.name == "lead.merged") return event(at);
    LogEvent event{.kind = word.name, .at = at, .properties = fields(word.properties, 75), .changes = {}};
    if (word.updates) {
      for (std::int64_t n = random_.between(1, 3); n > 0; --n) {
        const Property& p = random_.pick(lead_words());
        if (p.name == "account" || (p.name == "timezone" && !random_.percent(25))) continue;
        event.changes[p.name] = p.optional && random_.percent(25) ? Datum::unknown() : pick_value(random_, p);
      }
      if (random_.percent(25))
        event.changes["account"] = random_.percent(20) ? Datum::unknown() : Datum::of_text(random_.pick(firms_));
    }
    return event;
  }

  Random& random_;
  const calendar::Zone* zone_ = nullptr;
  bool merges_ = false;
  std::vector<std::string> firms_;  ///< of those who may be colleagues
  std::vector<Instant> instants_;   ///< of their events so far
};

}  // namespace

Log generate_log(Random& random, std::size_t leads, std::size_t events) { return LogMaker(random).make(leads, events); }

}  // namespace nurture::oracle
