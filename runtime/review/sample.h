#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <vector>

#include "runtime/outcome/outcome.h"

/// Which leads a report tells the story of: of each way that memberships ended, a few, whose keys have the smallest
/// hashes. So it depends on the programme and the keys alone, and nobody picked them.
namespace nurture::review {

/// How it went for somebody in a campaign.
struct Ending {
  enum class How : std::uint8_t { Exited, Inside, HeldOut, TurnedAway } how = How::Exited;
  std::uint16_t campaign = 0;
  std::uint16_t what = bytecode::kNone;  ///< reason, stage, kNone, RefusalCause
  auto operator<=>(const Ending&) const = default;
};

inline constexpr std::size_t kOfEachEnding = 8;

class Sample {
 public:
  struct Candidate {
    std::uint64_t hash = 0;
    store::LeadIndex lead = 0;
    auto operator<=>(const Candidate&) const = default;
  };
  void add(const Ending& ending, Candidate candidate);
  void merge(const Sample& other);

  struct Chosen {
    store::LeadIndex lead = 0;
    std::vector<Ending> endings;  ///< for which it is there
  };
  /// At most so many, each once: the first of each ending, then the second of each, until there are enough.
  std::vector<Chosen> choose(std::size_t most) const;

 private:
  std::map<Ending, std::vector<Candidate>> candidates_;  ///< of each the smallest, in order
};

/// Looks at one range of leads.
class SampleSink : public outcome::Sink {
 public:
  SampleSink(const bytecode::Module& module, const store::Store& store) : module_(module), store_(store) {}
  void on(const outcome::Outcome& outcome) override;
  outcome::Kinds wants() const override;
  void lead_done(store::LeadIndex lead) override;
  const Sample& sample() const { return sample_; }

 private:
  const bytecode::Module& module_;
  const store::Store& store_;
  Sample sample_;
  std::vector<Ending> endings_;  ///< of the lead at hand
  bool merged_ = false;          ///< it became another, who is told next
};

}  // namespace nurture::review
