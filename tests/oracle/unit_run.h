#pragma once

#include <deque>
#include <set>

#include "tests/oracle/lead_run.h"

namespace nurture::oracle {

/// One unit (§5.14): leads that ever share an account, and their accounts, stepped together.
class UnitRun {
 public:
  /// `accounts`: those that are members; none where no campaign is for accounts.
  UnitRun(const Programme& programme, const Log& log, Instant horizon, const std::vector<const LogLead*>& leads,
          const std::vector<std::string>& accounts);
  void run(std::vector<std::string>& lines);

  // For its members
  Instant now() const { return now_; }
  /// Of the event that happens now; before and after all where none does.
  std::int64_t position() const { return position_; }
  Watches& watches() { return watches_; }
  /// Which of the steps that count as one this is.
  std::uint64_t chain() const { return chain_; }
  /// An assumed event is to come.
  void expect(Assumed what) { assumed_.push_back(std::move(what)); }
  /// From here on what happens hangs on what is assumed.
  Instant& assumed_since() { return assumed_since_; }
  static LeadRun* person(LeadRun* key);
  /// What another has changed takes a step after it.
  void stir(LeadRun& member);
  std::vector<LeadRun*> leads_of(const std::string& account);
  std::vector<LeadRun*> leads();
  /// Null where it is no member or has not begun.
  LeadRun* account_named(const std::string& name);

 private:
  struct Happening {
    const LogEvent* event;
    LeadRun* by;
  };
  LeadRun* to_begin();
  LeadRun* with_timer();
  Assumed* next_assumed();
  void happen(Assumed& what);
  LeadRun* named(const std::string& key);
  LeadRun* to_become(const Happening& what);
  void foresee();
  void happen(const Happening& what);
  void stepped(LeadRun& member, const std::string& account_before);
  void settle();

  const Programme& programme_;
  Instant horizon_;
  std::deque<LogLead> account_rows_;
  std::deque<LeadRun> members_;  ///< leads in the order of keys, then accounts
  std::vector<Happening> log_;   ///< by instant and position
  std::set<std::size_t> stirred_;
  std::set<LeadRun*> touched_;  ///< whose timers have to be looked for anew
  bool asks_leads_ = false;     ///< some condition that accounts' campaigns watch is about leads
  Instant now_ = 0;
  std::int64_t position_ = -1;
  std::uint64_t chain_ = 0;
  Watches watches_;
  std::deque<Assumed> assumed_;  ///< in the order in which they were caused
  Instant assumed_since_ = kNever;
  std::map<LeadRun*, LeadRun*> become_;  ///< who turns out to be whom, in the whole log
};

}  // namespace nurture::oracle
