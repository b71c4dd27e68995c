#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/sema/model.h"
#include "tests/oracle/log.h"

/// Who belongs together (§5.14, §7.4).
namespace nurture::oracle {

bool reaches_colleagues(const sema::Model& model, const LogEvent& event);
bool says_merged(const LogEvent& event);
/// The key that a merge names; empty: none.
std::string named_by(const LogEvent& event);

/// Leads that belong together, in the order of keys, and their accounts where these are members.
struct UnitMembers {
  std::vector<const LogLead*> leads;
  std::set<std::string> accounts;
  std::set<std::string> keys{};  ///< of these leads, and those that they turn out to be
  std::string first() const {
    return leads.empty() || (!accounts.empty() && *accounts.begin() < leads.front()->key) ? *accounts.begin()
                                                                                          : leads.front()->key;
  }
};

/// In the order of their first keys.
std::vector<UnitMembers> units_of(const sema::Model& model, const Log& log);

}  // namespace nurture::oracle
