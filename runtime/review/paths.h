#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <vector>

#include "runtime/outcome/outcome.h"

/// Which ways the memberships of a run took through the stages of their campaign, returns included.
namespace nurture::review {

using Count = std::uint64_t;

/// Stages that a membership may have been in before those that come after them are one: kVisits visits are told apart.
inline constexpr std::uint16_t kVisits = 8;

/// One step of memberships that came the same way so far: out of the nth stage of theirs.
struct Step {
  enum class To : std::uint8_t {
    Stage,    ///< what: the stage
    Exit,     ///< what: the reason
    Inside,   ///< it was there at the horizon
    Further,  ///< to a stage behind kVisits others
  };
  std::uint16_t visit = 0;               ///< of `from`, counted from 1; 0: the entry
  std::uint16_t from = bytecode::kNone;  ///< stage; kNone: the entry
  To to = To::Stage;
  std::uint16_t what = bytecode::kNone;
  auto operator<=>(const Step&) const = default;
};

/// Of one campaign. Held-out memberships are in no stage and left out; what comes into a step goes out of it.
struct PathTally {
  std::map<Step, Count> steps;
  std::vector<Count> memberships;  ///< per stage: how many were ever in it, each once
  void merge(const PathTally& other);
};

/// Counts one range of leads.
class PathSink : public outcome::Sink {
 public:
  explicit PathSink(const bytecode::Module& module);
  void on(const outcome::Outcome& outcome) override;
  outcome::Kinds wants() const override;
  void lead_done(store::LeadIndex lead) override;
  const std::vector<PathTally>& campaigns() const { return campaigns_; }  ///< as Module::campaigns

 private:
  struct Member {
    store::LeadIndex lead;
    std::uint16_t campaign;
    std::uint32_t number;
    std::uint16_t stage = bytecode::kNone;
    std::uint16_t visit = 0;
    bool further = false;
    std::vector<std::uint16_t> seen;  ///< stages
  };
  Member* member(const outcome::Outcome& o);
  void move(const outcome::Outcome& o);
  void enter_stage(Member& m, std::uint16_t stage);
  void end(const Member& m, Step::To to, std::uint16_t what);

  std::vector<PathTally> campaigns_;
  // The lead at hand, with those who became it
  std::vector<Member> members_;
  bool merged_ = false;  ///< it became another, who is told next
};

}  // namespace nurture::review
