#include "tests/oracle/units.h"

#include <algorithm>

#include "tests/oracle/unit_run.h"

namespace nurture::oracle {

bool reaches_colleagues(const sema::Model& model, const LogEvent& event) {
  return model.kinds[model.find_kind(event.kind)].of_account;
}

bool says_merged(const LogEvent& event) { return event.kind == "lead.merged"; }

std::string named_by(const LogEvent& event) {
  auto into = event.properties.find("into");
  return into == event.properties.end() || !into->second.known ? std::string() : into->second.text;
}

namespace {

bool for_accounts(const sema::Model& model) {
  return std::any_of(model.campaigns.begin(), model.campaigns.end(),
                     [](const sema::Campaign& campaign) { return campaign.decl->for_account; });
}

class Cut {
 public:
  Cut(const sema::Model& model, const Log& log) : log_(log) {
    accounts_ = for_accounts(model);
    for (const LogLead& lead : log.leads) {
      for (const LogEvent& event : lead.events) linked_ |= reaches_colleagues(model, event) || says_merged(event);
    }
    linked_ |= accounts_;
  }

  std::vector<UnitMembers> sets() const {
    std::vector<UnitMembers> out;
    for (const LogLead& lead : log_.leads) {
      UnitMembers grown{{&lead}, linked_ ? ever(lead) : std::set<std::string>{}, {lead.key}};
      for (const LogEvent& event : lead.events) {
        if (says_merged(event) && !named_by(event).empty()) grown.keys.insert(named_by(event));
      }
      for (auto it = out.begin(); it != out.end();) {
        auto common = [](const std::set<std::string>& a, const std::set<std::string>& b) {
          return std::any_of(a.begin(), a.end(), [&](const std::string& name) { return b.contains(name); });
        };
        bool shared = common(it->accounts, grown.accounts) || common(it->keys, grown.keys);
        if (!shared) {
          ++it;
          continue;
        }
        grown.leads.insert(grown.leads.begin(), it->leads.begin(), it->leads.end());
        grown.accounts.insert(it->accounts.begin(), it->accounts.end());
        grown.keys.insert(it->keys.begin(), it->keys.end());
        it = out.erase(it);
      }
      out.push_back(std::move(grown));
    }
    for (UnitMembers& set : out) {
      if (!accounts_) set.accounts.clear();
      std::sort(set.leads.begin(), set.leads.end(), [](const LogLead* a, const LogLead* b) { return a->key < b->key; });
    }
    if (accounts_) add_empty(out);
    std::sort(out.begin(), out.end(), [](const UnitMembers& a, const UnitMembers& b) { return a.first() < b.first(); });
    return out;
  }

 private:
  static std::set<std::string> ever(const LogLead& lead) {
    std::set<std::string> names{account_in(lead.attributes)};
    for (const LogEvent& event : lead.events) names.insert(account_in(event.changes));
    names.erase("");
    return names;
  }

  /// Accounts that nobody ever belongs to are told of too.
  void add_empty(std::vector<UnitMembers>& sets) const {
    for (const std::string& name : accounts_of(log_)) {
      bool known =
          std::any_of(sets.begin(), sets.end(), [&](const UnitMembers& set) { return set.accounts.contains(name); });
      if (!known) sets.push_back({{}, {name}, {}});
    }
  }

  const Log& log_;
  bool accounts_ = false;
  bool linked_ = false;
};

}  // namespace

std::vector<UnitMembers> units_of(const sema::Model& model, const Log& log) { return Cut(model, log).sets(); }

std::vector<std::string> interpret(const Programme& programme, const Log& log, Instant horizon) {
  std::vector<std::string> lines;
  for (const UnitMembers& set : units_of(programme.unit->model, log)) {
    std::vector<std::string> accounts(set.accounts.begin(), set.accounts.end());
    UnitRun(programme, log, horizon, set.leads, accounts).run(lines);
  }
  return lines;
}

}  // namespace nurture::oracle
