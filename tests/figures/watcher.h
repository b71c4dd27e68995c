#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/flow/figures.h"
#include "runtime/outcome/outcome.h"

/// What replays did to members, held against the figures of their campaigns.
namespace nurture::figures {

/// A figure of one campaign, and the most that any replay came to.
struct Tally {
  bool bounded = false;   ///< by more than nothing
  bool happened = false;  ///< some replay came to more than nothing
  bool reached = false;
};

class Watcher final : public outcome::Sink {
 public:
  Watcher(const bytecode::Module& module, const std::vector<flow::Figures>& figures);
  void on(const outcome::Outcome& outcome) override;

  /// Once all is told: what exceeds a figure. Adds to the tallies of those that have members.
  void judge();
  const std::vector<std::string>& exceeded() const { return exceeded_; }
  const std::map<std::pair<std::uint16_t, std::string>, Tally>& tallies() const { return tallies_; }

 private:
  struct Sending {
    Instant at;
    const calendar::Zone* zone;
    std::string channel;
  };
  struct Membership {
    Instant entered = kNever;
    std::int64_t hand_offs = 0, calls = 0, tasks = 0;
    std::map<store::LeadIndex, std::vector<Sending>> sent;  ///< per lead
  };
  using Key = std::tuple<std::uint16_t, store::LeadIndex, std::uint32_t>;  ///< campaign, member, number

  void at_most(std::uint16_t campaign, const std::string& figure, const flow::Count& bound, std::int64_t found);
  void in_time(const outcome::Outcome& outcome, const std::string& figure, const flow::Lapse& bound, Instant found);
  void left(const outcome::Outcome& outcome, Instant stayed);
  void sends(std::uint16_t campaign, const std::vector<Sending>& sent);
  void exceed(std::uint16_t campaign, const std::string& figure, std::int64_t bound, std::int64_t found);

  const bytecode::Module& module_;
  const std::vector<flow::Figures>& figures_;
  const calendar::Zone* zone_;
  std::map<Key, Membership> memberships_;
  std::map<std::pair<std::uint16_t, std::string>, Tally> tallies_;
  std::vector<std::string> exceeded_;
};

}  // namespace nurture::figures
