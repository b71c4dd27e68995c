#pragma once

#include <compare>
#include <map>
#include <string>
#include <vector>

#include "runtime/outcome/outcome.h"
#include "tools/nurture/evidence/probes.h"

namespace nurture::tool::evidence {

using Count = std::uint64_t;

/// A statement that gives people something to do.
struct WorkSite {
  enum class Kind : std::uint8_t { Call, Task, HandOff } kind{};
  std::uint16_t campaign = 0;
  std::uint16_t site = 0;  ///< of the campaign's `assigns` or `hand_offs`
  auto operator<=>(const WorkSite&) const = default;
};

/// Counts of a replay. Campaigns are the module's.
struct Seen {
  std::vector<Count> ever;    ///< per campaign: leads who entered it
  std::vector<Count> inside;  ///< per campaign: memberships that are active at the end
  std::map<std::pair<std::uint16_t, std::uint16_t>, Count> both;  ///< leads in two campaigns at the same time
  std::map<std::int64_t, std::map<WorkSite, Count>> work;         ///< by the first day of the week
  std::map<std::int64_t, std::map<std::string, Count>> calls_of;  ///< likewise, by whom they are for

  explicit Seen(std::size_t campaigns) : ever(campaigns), inside(campaigns) {}
  void merge(const Seen& other);
};

/// Counts one range of leads. Who is held out of a campaign is not in it.
class CountingSink : public outcome::Sink {
 public:
  explicit CountingSink(const Probed& programme);
  void on(const outcome::Outcome& outcome) override;
  outcome::Kinds wants() const override;
  void lead_done(store::LeadIndex lead) override;
  const Seen& seen() const { return seen_; }

 private:
  void enter(const outcome::Outcome& o);
  void leave(const outcome::Outcome& o);
  void work(const outcome::Outcome& o);

  const Probed& programme_;
  const calendar::Zone* zone_;
  std::vector<bool> probe_;
  Seen seen_;
  // The lead at hand
  std::vector<std::pair<std::uint16_t, std::uint32_t>> active_;  // (campaign, membership)
  std::vector<std::uint16_t> entered_;
  std::vector<std::pair<std::uint16_t, std::uint16_t>> both_;
};

}  // namespace nurture::tool::evidence
