#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/experiment/recorded.h"

/// What another policy would have done, from a history in which chance chose the arms.
namespace nurture::experiment {

/// Who gets which arm, by the first rule that holds of a lead when its arm is given.
struct Policy {
  std::string text;                ///< as its author wrote it
  std::vector<std::string> arms;   ///< per rule
  std::vector<std::string> rules;  ///< per rule: its condition; empty: everybody else
};

/// A rate under a policy, a share, with an interval of 95 % from the estimator's influence function.
struct Value {
  double rate = 0;
  Interval interval;
};

/// What a policy would have done for one goal. Leads whose time for the goal is over count.
struct PolicyGoal {
  std::string goal;
  Count of = 0;          ///< leads in all arms
  Count matched = 0;     ///< leads whose arm is the one that the policy gives them
  double effective = 0;  ///< the matched, as so many of equal weight: (sum w)² / sum w² (Kish 1965)
  double as_it_was = 0;  ///< the rate in the log
  Value weighted;        ///< self-normalised inverse propensity (Hájek 1971)
  Value robust;          ///< doubly robust (Robins, Rotnitzky and Zhao 1994): right if either the chances or the means
                         ///< of leads alike are
  Value gain;            ///< `robust` against the log as it was, a difference of rates
};

struct PolicyEstimate {
  std::string text;
  std::vector<std::string> refusals;  ///< why nothing can be said, whole sentences; then there are no goals
  std::vector<std::string> warnings;  ///< what makes it doubtful
  std::vector<PolicyGoal> goals;
};

/// Fewer effective leads than this say nothing of a policy.
inline constexpr double kLeastEffective = 100;

/// Of policy number `index` of the lookout. Chances of the arms: their shares, where those are declared and arms were
/// drawn within everybody; else how often each was given within each value of `by`. The log's own groups of leads
/// (Alike) are the model of the doubly robust estimate, each arm's rate in a group drawn towards the arm's rate in all.
///
/// Refused: an arm that no lead ever got; one that leads for whom the policy wants it could not get, or could have got
/// and never did (ten or more expected, none seen); fewer than kLeastEffective effective leads. Warned: arms that were
/// not given by chance among the leads of a rule (p < 0.001).
PolicyEstimate estimate(const Policy& policy, std::size_t index, const Recorded& recorded,
                        const Experiment& experiment);

/// For people, 100 columns.
std::string to_text(const std::vector<PolicyEstimate>& policies, bool colour);
/// An array: {policy refusals[] warnings[] goals[] {goal of matched effective as_it_was weighted robust gain}}, the
/// last three {rate low high}.
std::string to_json(const std::vector<PolicyEstimate>& policies);

}  // namespace nurture::experiment
