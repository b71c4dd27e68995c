#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/outcome/outcome.h"
#include "runtime/outcome/tally.h"

namespace nurture::outcome {

/// Counts the outcomes of one range of leads. Memberships and deferred sends that have no end are counted too,
/// and `summarize` refuses them.
class SummarySink : public Sink {
 public:
  /// `horizon`: as the run's (horizon_of in summary.h). The module must outlive the sink.
  SummarySink(const bytecode::Module& module, Instant horizon);

  void on(const Outcome& outcome) override;
  Kinds wants() const override;
  Kinds told(std::uint16_t campaign) const override;
  void counted(const Outcome& like, std::uint64_t times, std::span<const std::int64_t> lengths) override;
  void entered(std::size_t leads) override;
  void lead_done(store::LeadIndex lead) override;
  void untouched(std::size_t leads) override { tally_.leads += leads; }
  const Tally& tally() const { return tally_; }

 private:
  enum class GoalState : std::uint8_t { Missed, Reached, ReachedEarly, Open };
  struct GoalOfMember {
    GoalState state = GoalState::Missed;
    std::uint32_t order = 0;  // of the credit, among this lead's outcomes
    std::int64_t took = 0;
    std::int64_t worth = 0;
  };
  struct Member {
    store::LeadIndex lead;
    std::uint16_t campaign;
    std::uint32_t number;
    bool held_out;
    bool active = true;
    bool sent = false;
    Instant stage_since = 0;
    std::size_t first_goal;    // into goals_
    std::size_t first_branch;  // into branches_
  };
  struct Held {
    store::LeadIndex lead;
    std::uint16_t campaign;
    std::uint16_t site;
    std::uint32_t membership;
    Instant since;
    Detail cause;
    store::LeadIndex account;
    bool is(const Outcome& o) const {
      return lead == o.lead && campaign == o.campaign && membership == o.membership && site == o.b &&
             account == o.account;
    }
  };
  struct Week {
    std::int64_t of;  ///< its first day
    Count sends;
  };
  /// With sales, and what sales has not answered.
  struct Sales {
    store::LeadIndex lead = store::kNoLead;
    bool with_sales = false;
    std::uint16_t handed_off_by = bytecode::kNone;
    Count open_hand_offs = 0;
  };
  struct Shape {
    std::vector<std::size_t> first_branch;  // per split, among the branches of the campaign
    std::size_t branches = 0;
  };

  void count_membership(const Outcome& like, Count times, std::span<const std::int64_t> lengths);
  void count_stage(const Outcome& like, Count times, std::span<const std::int64_t> lengths);
  void count_wait(const Outcome& like, Count times);
  void on_membership(const Outcome& o);
  void on_stage(const Outcome& o);
  void on_send(const Outcome& o, SendEnd end);
  void on_deferred(const Outcome& o);
  void on_sent(const Outcome& o);
  void on_sales(const Outcome& o);
  void on_answered(const Outcome& o);
  void on_hold_ended(const Outcome& o);
  void on_assigned(const Outcome& o);
  void on_action(const Outcome& o);
  void on_rule(const Outcome& o);
  void on_split(const Outcome& o);
  void on_goal(const Outcome& o);
  void on_violation(const Outcome& o);
  void on_merged(const Outcome& o);
  void on_moved(const Outcome& o);
  void begin(const Outcome& o, bool held_out);
  void exit(const Outcome& o);
  void settle_goals(const Member& member);
  void count_lead(store::LeadIndex lead);
  void count_goal(const Member& member, std::size_t goal, GoalTally& into) const;
  bool span_is_open(const Outcome& o, const bytecode::Goal& goal) const;
  CampaignTally& campaign(const Outcome& o);
  Member& member(const Outcome& o);
  WeekTally& week(const Outcome& o);

  const bytecode::Module& module_;
  const calendar::Zone* zone_;  // the programme's
  Instant horizon_;
  std::vector<Shape> shapes_;
  Tally tally_;

  // The lead at hand, with those who became it; cleared, not freed, between leads.
  std::uint32_t order_ = 0;
  bool of_account_ = false;  // it is none
  bool merged_ = false;      // it became another, who is told next
  Sales sales_;
  std::vector<Sales> sales_of_merged_;
  std::vector<Member> members_;
  std::vector<GoalOfMember> goals_;
  std::vector<std::uint32_t> branches_;  // order of the first pass, from 1; 0: never
  std::vector<Held> held_;
  std::vector<Week> weeks_;
  std::vector<std::uint16_t> violated_;                         // properties that this lead violated
  std::vector<std::pair<std::uint16_t, std::uint16_t>> ruled_;  // (campaign, rule) that concerned this lead
};

}  // namespace nurture::outcome
