#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/oracle/datum.h"

/// A log as the tests think of it: names and values, no tables. Both sides are fed from this.
namespace nurture::oracle {

using Fields = std::map<std::string, Datum>;  ///< absent: unknown

struct LogEvent {
  std::string kind;
  Instant at = 0;
  Fields properties;
  Fields changes;  ///< lead attributes that it sets; an unknown value clears
};

struct LogLead {
  std::string key;
  Instant created = kNever;
  Fields attributes;
  std::string account;           ///< empty: none
  std::vector<LogEvent> events;  ///< by instant; ties in the order that counts
};

struct Log {
  std::vector<LogLead> leads;  ///< by key bytes
  std::map<std::string, Fields> accounts;
  Instant first() const;  ///< kNever without events
  Instant last() const;
  std::size_t events() const;
};

/// One line an event, for messages.
std::string show(const Log& log);

}  // namespace nurture::oracle
