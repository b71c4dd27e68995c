#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/statistics/clusters.h"
#include "runtime/statistics/proportions.h"
#include "runtime/statistics/sequential.h"

/// What a draw did: arms compared goal by goal, by the arm that each unit was given, whatever came of it afterwards
/// (intention to treat). A unit is what is drawn for, a lead or an account, once, however often it comes back.
namespace nurture::experiment {

using Count = std::uint64_t;
using statistics::Interval;
using statistics::Proportion;

enum class Kind : std::uint8_t {
  Holdout,        ///< of a campaign
  PolicyHoldout,  ///< of a policy: everything runs but marketing messages
  Split,
  Recorded,  ///< the log says who was given what
};

struct Arm {
  std::string name;
  double share = 0;    ///< declared, 0 to 1; where nothing is declared, equal parts
  Count assigned = 0;  ///< units
  Count accounts = 0;  ///< where drawn by account: accounts, and leads who have none
};

/// Of one goal in one arm.
struct Reached {
  Proportion ground;  ///< of the units whose time for the goal is over; of all where a goal has no `within`
  Count open = 0;     ///< not reached yet, and there is still time: not in `ground`, unless the goal has no `within`
  statistics::Clusters accounts =
      {};  ///< where drawn by account: what `ground` is by account; a lead without one is one
};

struct Goal {
  std::string name;
  std::vector<Reached> arms;  ///< as Experiment::arms
};

struct Experiment {
  Kind kind = Kind::Split;
  std::string campaign;     ///< empty where recorded
  std::string name;         ///< of the split or the policy; where recorded, the property that says the arm
  std::string where;        ///< welcome.nurture:12, or empty
  bool accounts = false;    ///< units are accounts
  bool by_account = false;  ///< units are leads, but drawn for their account as a whole: intervals go by accounts
  bool declared = true;     ///< shares are
  std::size_t against = 0;  ///< the arm that the others are compared with
  std::vector<Arm> arms;
  std::vector<Goal> goals;
  std::vector<std::string> left_out;  ///< goals `of send`: who gets no message has no time for them
  Count moved = 0;  ///< where recorded: units that the log later gives another arm; they count in their first
  Count assigned() const;
};

/// An arm against another, in one goal.
struct Lift {
  double difference = 0;                         ///< of the rates, a share
  Interval interval;                             ///< Newcombe
  std::optional<double> relative;                ///< none where the other rate is 0
  std::optional<Interval> relative_interval;     ///< of `relative`; its end may be infinite
  std::optional<statistics::AlwaysValid> looks;  ///< none where there are too few for it
};

/// What is known of an arm's rate; none where nobody's time is over.
struct Estimate {
  double rate = 0;
  double weight = 0;         ///< it is as sure as one of so many leads, each drawn for itself
  Interval interval;         ///< Wilson
  std::optional<Lift> lift;  ///< none of the arm compared with, or where nobody's time is over there
};

std::optional<Estimate> estimate(const Experiment& experiment, const Goal& goal, std::size_t arm);

/// Whether what was drawn for, units or accounts, fell to the arms as the shares say; none where nobody was assigned.
std::optional<double> sample_ratio_p(const Experiment& experiment);
/// Below this p the shares are doubted, and with them everything else.
inline constexpr double kSampleRatioAlarm = 0.001;

/// Tables for people, 100 columns. Experiments to which nobody was assigned are left out; empty where all are.
std::string to_text(const std::vector<Experiment>& experiments, bool colour);

/// An array, one object an experiment, members in this order; rates and differences are shares; what cannot be told is
/// null, and so is an infinite end:
///
///   kind ("holdout" "policy_holdout" "split" "recorded") campaign name where units by_account declared
///   sample_ratio_p moved against left_out[]
///   arms[]   name share assigned accounts (null but where drawn by account)
///   goals[]  name arms[] {arm of reached open rate low high weight lift}
///            lift: null, or {difference low high relative relative_low relative_high
///                            looks: null, or {p low high}}
std::string to_json(const std::vector<Experiment>& experiments);

/// "split offer", without its campaign.
std::string title_of(const Experiment& experiment);

/// Shares as people read them: "18.28 %", and differences as "+7.66"; below one point three decimals.
std::string percent_text(double share);
std::string points_text(double difference);
/// "10.21 to 11.04", with signs if `sign`; both ends as precise as the finer one needs.
std::string ends_text(const Interval& interval, bool sign);

}  // namespace nurture::experiment
