#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "runtime/outcome/durations.h"
#include "runtime/outcome/outcome.h"

/// Whose work a run makes: who is called upon, week by week, and how long it takes them to answer.
namespace nurture::review {

using Count = std::uint64_t;

/// What came up in one week.
struct WorkCounts {
  Count hand_offs = 0, calls = 0, tasks = 0;
  Count all() const { return hand_offs + calls + tasks; }
  void merge(const WorkCounts& other);
};

struct OwnerTally {
  std::map<std::int64_t, WorkCounts> weeks;  ///< by the first day of the week, as outcome::week_of
  outcome::Durations answers;                ///< from a hand-off to its answer
  Count missed = 0;                          ///< promises of an answer that were not kept
  WorkCounts sum() const;
  void merge(const OwnerTally& other);
};

/// By the text in the store that names them; nothing: nobody is named.
using Owners = std::map<std::optional<TextId>, OwnerTally>;
void merge(Owners& into, const Owners& other);

/// Counts one range of leads. Calls and tasks are of whom they are assigned to; hand-offs, their answers and promises
/// of the attribute `owner` of the lead (of the account, where that is handed off), as the log had it at the hand-off.
/// Module and store outlive it.
class OwnerSink : public outcome::Sink {
 public:
  OwnerSink(const bytecode::Module& module, const store::Store& store);
  void on(const outcome::Outcome& outcome) override;
  outcome::Kinds wants() const override;
  void lead_done(store::LeadIndex) override { handed_.clear(); }
  const Owners& owners() const { return owners_; }

 private:
  struct Handed {
    std::uint16_t campaign;
    std::uint32_t membership;
    std::optional<TextId> owner;
  };
  std::optional<TextId> owner_of(const outcome::Outcome& o) const;
  std::optional<TextId> whose(const outcome::Outcome& o) const;

  const bytecode::Module& module_;
  const store::Store& store_;
  const calendar::Zone* zone_;               ///< the programme's
  std::optional<std::uint16_t> of_lead_;     ///< into Schema::lead
  std::optional<std::uint16_t> of_account_;  ///< into Schema::account
  Owners owners_;
  std::vector<Handed> handed_;  // of the lead at hand
};

}  // namespace nurture::review
