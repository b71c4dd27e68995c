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
  Fields properties{};
  Fields changes{};            ///< lead attributes that it sets; an unknown value clears
  std::uint32_t position = 0;  ///< among the events of all leads (§6.3)
};

struct LogLead {
  std::string key;
  Instant created = kNever;
  Fields attributes;             ///< `account`: the account it belongs to at first
  std::vector<LogEvent> events;  ///< by instant; ties in the order that counts
};

struct Log {
  std::vector<LogLead> leads;  ///< by key bytes
  std::map<std::string, Fields> accounts;
  Instant first() const;  ///< kNever without events
  Instant last() const;
  std::size_t events() const;
};

/// The beginning of a lead (§5.13).
Instant begins(const LogLead& lead, const Log& log);
/// The account that these attributes name; empty: none.
std::string account_in(const Fields& fields);
/// Every account that is declared, or named by a lead, by key bytes.
std::vector<std::string> accounts_of(const Log& log);

/// One line an event, for messages.
std::string show(const Log& log);

}  // namespace nurture::oracle
