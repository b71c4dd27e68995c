#pragma once

#include <unordered_map>
#include <vector>

#include "runtime/experiment/experiment.h"
#include "runtime/outcome/outcome.h"
#include "runtime/store/store.h"

namespace nurture::experiment {

/// The holdouts and splits of a programme, counted over one range of a replay. Arms are told by what the replay
/// decided; those of a policy's holdout by the same draw (engine::draw).
///
/// A unit counts from its first membership of a campaign on; for a split, from the first that passes it, in the branch
/// of that pass, and not for a goal that this membership had reached before. It has reached a goal when an event
/// credits that membership or a later one within the goal's time since that entry: who is treated leaves and comes back
/// earlier than who is held out, so a count by membership would compare unlike things. Of a policy's holdout, units are
/// the leads that enter the campaign and are not held out of it. Module and store must outlive the sink.
class AssignmentSink : public outcome::Sink {
 public:
  /// `horizon`: as the run's (outcome::horizon_of).
  AssignmentSink(const bytecode::Module& module, const store::Store& store, Instant horizon);

  void on(const outcome::Outcome& outcome) override;
  outcome::Kinds wants() const override;
  void lead_done(store::LeadIndex lead) override;

  /// Those of a range that comes after.
  void merge(const AssignmentSink& other);
  std::vector<Experiment> experiments() const;

 private:
  struct Member {
    store::LeadIndex lead;
    std::uint16_t campaign;
    std::uint32_t number;
    bool held_out;
    store::LeadIndex unit;  // who it was when it entered: `lead`, unless that became another since
    Instant at;
    const calendar::Zone* zone;
  };
  struct Pass {
    std::size_t member;  // into members_, as below
    std::uint16_t split;
    std::uint16_t branch;
    std::uint32_t account;  // that it was drawn for, or store::kNoAccount
    std::uint32_t order;    // among this lead's outcomes, as below
  };
  struct Credit {
    std::size_t member;
    std::uint16_t goal;
    Instant at;
    std::uint32_t order;
  };
  /// An experiment as the module knows it.
  struct Draw {
    std::uint16_t campaign;
    std::uint16_t index;  // of the split; of the rule
    std::vector<std::uint16_t> goals;
  };

  /// What came of the leads of one account in one arm, by goal, as Experiment::goals.
  using Colleagues = std::vector<Proportion>;
  using Accounts = std::unordered_map<std::uint64_t, Colleagues>;  // by account and arm

  void add_experiments(std::uint16_t campaign);
  void add(std::uint16_t campaign, std::uint16_t index, Experiment experiment);
  void moved(const outcome::Outcome& o);
  std::size_t member_of(const outcome::Outcome& o) const;
  bool same_unit(std::size_t a, std::size_t b) const;
  void count(std::size_t first);
  void count_split(std::size_t experiment, std::size_t first);
  void count_in(std::size_t experiment, std::size_t member, std::size_t arm, std::uint32_t since,
                std::uint32_t account = store::kNoAccount);
  void count_group(std::size_t experiment, std::size_t arm, std::uint32_t account);
  Instant end_of(const Member& member, const bytecode::Goal& goal) const;
  bool drawn_out(const Draw& draw, const Member& member) const;

  const bytecode::Module& module_;
  const store::Store& store_;
  Instant horizon_;
  std::vector<Experiment> experiments_;
  std::vector<Draw> draws_;                            // as experiments_
  std::vector<Accounts> accounts_;                     // as experiments_; of those drawn by account
  std::vector<std::vector<std::size_t>> of_campaign_;  // per campaign, into them

  // The lead at hand, with those who became it.
  std::uint32_t order_ = 0;
  bool merged_ = false;
  std::vector<Member> members_;  // by entry
  std::vector<Pass> passes_;
  std::vector<Credit> credits_;
  Colleagues grounds_;  // of the one that is being counted
};

}  // namespace nurture::experiment
