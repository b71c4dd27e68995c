#include "tests/oracle/log.h"

#include <algorithm>
#include <set>

#include "runtime/calendar/calendar.h"

namespace nurture::oracle {

Instant Log::first() const {
  Instant first = kNever;
  for (const LogLead& lead : leads) {
    if (!lead.events.empty()) first = std::min(first, lead.events.front().at);
  }
  return first;
}

Instant Log::last() const {
  Instant last = kNever;
  for (const LogLead& lead : leads) {
    if (lead.events.empty()) continue;
    Instant at = lead.events.back().at;
    if (last == kNever || at > last) last = at;
  }
  return last;
}

std::size_t Log::events() const {
  std::size_t n = 0;
  for (const LogLead& lead : leads) n += lead.events.size();
  return n;
}

Instant begins(const LogLead& lead, const Log& log) {
  Instant at = std::min(lead.created, lead.events.empty() ? kNever : lead.events.front().at);
  return at == kNever ? log.first() : at;
}

std::string account_in(const Fields& fields) {
  auto named = fields.find("account");
  return named == fields.end() || !named->second.known ? std::string() : named->second.text;
}

std::vector<std::string> accounts_of(const Log& log) {
  std::set<std::string> names;
  for (const auto& [name, fields] : log.accounts) names.insert(name);
  for (const LogLead& lead : log.leads) {
    names.insert(account_in(lead.attributes));
    for (const LogEvent& event : lead.events) names.insert(account_in(event.changes));
  }
  names.erase("");
  return {names.begin(), names.end()};
}

namespace {

std::string show_fields(const Fields& fields) {
  std::string out = "{";
  for (const auto& [name, value] : fields) out += " " + name + ": " + show(value);
  return out + " }";
}

}  // namespace

std::string show(const Log& log) {
  std::string out;
  for (const auto& [name, fields] : log.accounts) out += "account " + name + " " + show_fields(fields) + "\n";
  for (const LogLead& lead : log.leads) {
    out += "lead " + lead.key + " " + show_fields(lead.attributes);
    if (lead.created != kNever) out += " created " + calendar::format_utc(lead.created);
    out += "\n";
    for (const LogEvent& event : lead.events) {
      out += "  " + calendar::format_utc(event.at) + " @" + std::to_string(event.position) + " " + event.kind + " " +
             show_fields(event.properties);
      if (!event.changes.empty()) out += " changes " + show_fields(event.changes);
      out += "\n";
    }
  }
  return out;
}

}  // namespace nurture::oracle
