#include "runtime/generate/generate.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>

#include "runtime/base/csv.h"
#include "runtime/base/hash.h"
#include "runtime/base/json.h"
#include "runtime/calendar/calendar.h"
#include "runtime/generate/random.h"

namespace nurture::generate {

namespace {

using Attributes = std::vector<std::pair<std::string_view, std::string>>;  ///< drawn for one lead; absent ones left out

struct Event {
  Instant at;
  std::uint32_t order;  ///< of drawing, for ties
  const Rule* rule;
  std::vector<std::string> values;  ///< one a property, as written; empty: absent
};

const std::string* find(const Attributes& attributes, std::string_view name) {
  for (const auto& [attribute, value] : attributes) {
    if (attribute == name) return &value;
  }
  return nullptr;
}

std::string weighted(const Draw& draw, Random& random) {
  double total = 0;
  for (const auto& [text, weight] : draw.choices) total += weight;
  double at = random.uniform() * total;
  for (const auto& [text, weight] : draw.choices) {
    at -= weight;
    if (at < 0) return text;
  }
  return draw.choices.back().first;
}

std::string numbered(std::string_view pattern, std::uint64_t number) {
  std::string text(pattern);
  if (auto at = text.find("{n}"); at != std::string::npos) text.replace(at, 3, std::to_string(number));
  return text;
}

/// What is known when a value is drawn.
struct Moment {
  std::uint64_t number;
  Instant at;
  const Attributes* attributes;
  const Event* cause = nullptr;  ///< the event that this one follows
  std::string_view name;         ///< of the property that is drawn
};

/// The value under a name in an event, or an empty text.
std::string_view value_in(const Event* event, std::string_view name) {
  if (!event) return {};
  for (std::size_t i = 0; i < event->values.size(); ++i) {
    if (event->rule->properties[i].name == name) return event->values[i];
  }
  return {};
}

std::string value_of(const Draw& draw, const Moment& moment, Random& random);

std::string by_other(const Draw& draw, const Moment& moment, Random& random) {
  const std::string* other = find(*moment.attributes, draw.other);
  for (const auto& [key, row] : draw.rows) {
    if (key.empty() || (other && *other == key)) return value_of(row, moment, random);
  }
  return {};
}

std::string value_of(const Draw& draw, const Moment& moment, Random& random) {
  if (draw.absent > 0 && random.chance(draw.absent)) return {};
  switch (draw.kind) {
    case Draw::Kind::Constant:
      return draw.choices.front().first;
    case Draw::Kind::Weighted:
      return weighted(draw, random);
    case Draw::Kind::Range:
      return std::to_string(random.between(draw.low, draw.high));
    case Draw::Kind::ByOther:
      return by_other(draw, moment, random);
    case Draw::Kind::Numbered:
      return numbered(draw.choices.front().first, moment.number);
    case Draw::Kind::Moment:
      return calendar::format_utc(moment.at + random.between(draw.low / kMinute, draw.high / kMinute) * kMinute);
    case Draw::Kind::Same:
      return std::string(value_in(moment.cause, moment.name));
  }
  return {};
}

/// Moves an instant to Monday to Friday, 8 to 18 local: the same minute of an hour in the day, on the next working day.
Instant into_office_hours(Instant at, const calendar::Zone* zone, Random& random) {
  auto local = calendar::to_local(at, zone);
  if (local.time_of_day >= 18 * kHour) ++local.date;
  if (local.time_of_day < 8 * kHour || local.time_of_day >= 18 * kHour) {
    local.time_of_day = 8 * kHour + random.between(0, 10 * 60 - 1) * kMinute + local.time_of_day % kMinute;
  }
  while (calendar::weekday(local.date) >= 5) ++local.date;
  return calendar::from_local(local.date, local.time_of_day, zone);
}

/// One lead and all it does.
class Life {
 public:
  Life(const Scenario& scenario, std::uint64_t seed, std::uint64_t number)
      : scenario_(scenario), number_(number), random_(hash64(std::to_string(number), seed)) {
    end_ = scenario.from + scenario.days * kDay;
    begins_ = scenario.from + random_.between(0, scenario.days * 24 * 60 - 1) * kMinute;
    for (const Named& attribute : scenario.attributes) {
      std::string value = value_of(attribute.draw, {number_, begins_, &attributes_, nullptr, attribute.name}, random_);
      if (!value.empty()) attributes_.emplace_back(attribute.name, std::move(value));
    }
    const std::string* named = find(attributes_, "timezone");
    zone_ = named ? calendar::find_zone(*named) : nullptr;
    if (!zone_) zone_ = calendar::utc();
    live();
  }

  Instant begins() const { return begins_; }
  const Attributes& attributes() const { return attributes_; }
  const std::vector<Event>& events() const { return events_; }

 private:
  void live() {
    happened_.resize(scenario_.rules.size());
    for (std::size_t i = 0; i < scenario_.rules.size(); ++i) {
      const Rule& rule = scenario_.rules[i];
      if (!allowed(rule)) continue;
      if (!rule.after) {
        follow(i, nullptr);
      } else {
        // By index: following appends to the events.
        for (std::size_t cause : happened_[*rule.after]) follow(i, &events_[cause]);
      }
    }
    std::sort(events_.begin(), events_.end(),
              [](const Event& a, const Event& b) { return a.at != b.at ? a.at < b.at : a.order < b.order; });
  }

  bool allowed(const Rule& rule) const {
    return std::all_of(rule.only_if.begin(), rule.only_if.end(), [&](const auto& condition) {
      const std::string* value = find(attributes_, condition.first);
      return value && std::find(condition.second.begin(), condition.second.end(), *value) != condition.second.end();
    });
  }

  void follow(std::size_t index, const Event* event) {
    const Rule& rule = scenario_.rules[index];
    if (!random_.chance(rule.chance)) return;
    std::optional<Event> cause = event ? std::optional(*event) : std::nullopt;  // the events may move while they grow
    std::int64_t times = random_.between(rule.times_low, rule.times_high);
    for (std::int64_t i = 0; i < times; ++i) happen(index, cause ? &*cause : nullptr);
  }

  /// What a delay is measured from.
  Instant origin(const Rule& rule, const Event* cause) const {
    if (!cause) return begins_;
    if (rule.from.empty()) return cause->at;
    return calendar::parse_rfc3339(value_in(cause, rule.from)).value_or(cause->at);
  }

  void happen(std::size_t index, const Event* event) {
    const Rule& rule = scenario_.rules[index];
    Instant cause = origin(rule, event);
    double delay =
        static_cast<double>(rule.median) * power_of_two(std::clamp(random_.normal() * rule.spread, -40.0, 40.0));
    if (delay > static_cast<double>(end_ - cause)) return;
    Instant at = cause + static_cast<Instant>(delay) / kSecond * kSecond;
    if (rule.office_hours) at = std::max(into_office_hours(at, zone_, random_), cause);
    if (at >= end_) return;
    Event done{at, static_cast<std::uint32_t>(events_.size()), &rule, {}};
    for (const Named& property : rule.properties) {
      done.values.push_back(value_of(property.draw, {number_, at, &attributes_, event, property.name}, random_));
    }
    happened_[index].push_back(events_.size());
    events_.push_back(std::move(done));
  }

  const Scenario& scenario_;
  std::uint64_t number_;
  Random random_;
  Instant begins_ = 0, end_ = 0;
  const calendar::Zone* zone_ = nullptr;
  Attributes attributes_;
  std::vector<Event> events_;
  std::vector<std::vector<std::size_t>> happened_;  ///< per rule: its events, before they are sorted
};

/// Turns lives into lines of the log and rows of the lead table.
class Writer {
 public:
  Writer(const Scenario& scenario, Form form) : scenario_(scenario), form_(form) {
    for (const Rule& rule : scenario.rules) {
      for (const Named& property : rule.properties) columns_.try_emplace(property.name, 0);
    }
    std::size_t column = 0;
    for (auto& [name, index] : columns_) index = column++;
  }

  std::string log_header() const {
    if (form_ == Form::Ndjson) return {};
    std::string line = "lead,at,event";
    for (const auto& [name, index] : columns_) line += "," + name;
    return line + "\n";
  }

  std::string table_header() const {
    std::string line = "lead,created";
    for (const Named& attribute : scenario_.attributes) line += "," + attribute.name;
    return line + "\n";
  }

  void event(std::string& out, std::string_view lead, const Event& event) const {
    form_ == Form::Ndjson ? json_line(out, lead, event) : csv_line(out, lead, event);
  }

  void row(std::string& out, std::string_view lead, const Life& life) const {
    csv::append_field(out, lead);
    out += "," + calendar::format_utc(life.begins());
    for (const Named& attribute : scenario_.attributes) {
      out += ',';
      if (const std::string* value = find(life.attributes(), attribute.name)) csv::append_field(out, *value);
    }
    out += '\n';
  }

 private:
  static void json_line(std::string& out, std::string_view lead, const Event& event) {
    out += "{\"lead\":";
    append_json_string(out, lead);
    out += ",\"at\":\"" + calendar::format_utc(event.at) + "\",\"event\":";
    append_json_string(out, event.rule->event);
    for (std::size_t i = 0; i < event.values.size(); ++i) {
      if (!event.values[i].empty()) json_member(out, event.rule->properties[i], event.values[i]);
    }
    out += "}\n";
  }

  static void json_member(std::string& out, const Named& property, const std::string& value) {
    out += ',';
    append_json_string(out, property.name);
    out += ':';
    if (property.draw.quoted)
      append_json_string(out, value);
    else
      out += value;
  }

  void csv_line(std::string& out, std::string_view lead, const Event& event) const {
    csv::append_field(out, lead);
    out += "," + calendar::format_utc(event.at) + "," + event.rule->event;
    std::vector<std::string_view> cells(columns_.size());
    for (std::size_t i = 0; i < event.values.size(); ++i)
      cells[columns_.at(event.rule->properties[i].name)] = event.values[i];
    for (std::string_view cell : cells) {
      out += ',';
      csv::append_field(out, cell);
    }
    out += '\n';
  }

  const Scenario& scenario_;
  Form form_;
  std::map<std::string, std::size_t> columns_;
};

constexpr std::size_t kFlushBytes = 1u << 20;

Status flush(std::string& buffer, ByteSink& sink, bool now) {
  if (!now && buffer.size() < kFlushBytes) return Done{};
  auto status = sink.write(buffer);
  buffer.clear();
  return status;
}

}  // namespace

Result<Totals> generate(const Scenario& scenario, const Options& options, ByteSink& log, ByteSink* leads) {
  Writer writer(scenario, options.form);
  std::string lines = writer.log_header();
  std::string rows = writer.table_header();
  Totals totals;
  for (std::uint64_t number = 1; number <= options.leads; ++number) {
    Life life(scenario, options.seed, number);
    std::string key = numbered(scenario.lead_key, number);
    for (const Event& event : life.events()) writer.event(lines, key, event);
    if (leads) writer.row(rows, key, life);
    totals.events += life.events().size();
    ++totals.leads;
    bool last = number == options.leads;
    if (auto status = flush(lines, log, last); !status) return status.error();
    if (leads) {
      if (auto status = flush(rows, *leads, last); !status) return status.error();
    }
    if (options.progress && (number & 1023) == 0) options.progress(totals.leads, totals.events);
  }
  if (auto status = flush(lines, log, true); !status) return status.error();
  return totals;
}

}  // namespace nurture::generate
