#include "tests/oracle/log.h"

#include <algorithm>

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
    if (!lead.account.empty()) out += " account " + lead.account;
    if (lead.created != kNever) out += " created " + calendar::format_utc(lead.created);
    out += "\n";
    for (const LogEvent& event : lead.events) {
      out += "  " + calendar::format_utc(event.at) + " " + event.kind + " " + show_fields(event.properties);
      if (!event.changes.empty()) out += " changes " + show_fields(event.changes);
      out += "\n";
    }
  }
  return out;
}

}  // namespace nurture::oracle
