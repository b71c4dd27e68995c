#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <vector>

#include "runtime/outcome/durations.h"
#include "runtime/outcome/outcome.h"

/// How often the memberships of a run came by each place of their campaign, and after how long: what a picture of a
/// campaign says of a run.
namespace nurture::outcome {

/// Decisions of one kind, made at one place. Held-out memberships run no statement and are left out.
struct Passage {
  Kind kind{};
  bytecode::PlaceIndex place = 0;
  std::uint16_t stage = bytecode::kNone;
  std::int64_t detail = 0;  ///< what tells such decisions apart: see detail_of in passages.cpp
  auto operator<=>(const Passage&) const = default;
};

struct PassageTally {
  std::uint64_t count = 0;
  /// WaitEnded: since the wait began; StageLeft: since the stage was entered; Exited: since the entry. Else empty.
  Durations took;
  void merge(const PassageTally& later);
};

using Passages = std::map<Passage, PassageTally>;

/// Adds counts of other leads, in any grouping.
void merge(std::vector<Passages>& into, const std::vector<Passages>& later);

/// Counts one range of leads.
class PassageSink : public Sink {
 public:
  explicit PassageSink(const bytecode::Module& module) : campaigns_(module.campaigns.size()) {}

  void on(const Outcome& outcome) override;
  Kinds wants() const override { return kAllKinds & ~kinds({Kind::Began, Kind::ScoreChanged}); }
  void lead_done(store::LeadIndex lead) override;
  const std::vector<Passages>& campaigns() const { return campaigns_; }  ///< as Module::campaigns

 private:
  struct Member {
    store::LeadIndex lead;
    std::uint16_t campaign;
    std::uint32_t number;
    bool held_out;
    Instant waiting_since = 0;
  };
  Member* member(const Outcome& o);
  void move(const Outcome& o);

  std::vector<Passages> campaigns_;
  // The lead at hand, with those who became it
  std::vector<Member> members_;
  bool merged_ = false;  ///< it became another, who is told next
};

}  // namespace nurture::outcome
