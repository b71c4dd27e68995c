#include "runtime/experiment/experiment.h"

#include <numeric>

namespace nurture::experiment {
namespace {

using statistics::Weighed;

Lift lift_of(Weighed arm, Weighed other) {
  Lift lift{arm.rate - other.rate, statistics::newcombe(arm, other), {}, {}, statistics::always_valid(arm, other)};
  if (auto ratio = statistics::rate_ratio(arm, other)) {
    lift.relative = arm.rate / other.rate - 1;
    lift.relative_interval = Interval{ratio->low - 1, ratio->high - 1};
  }
  return lift;
}

Weighed weighed(const Experiment& experiment, const Reached& counts) {
  return experiment.by_account ? statistics::weighed(counts.ground, counts.accounts)
                               : statistics::weighed(counts.ground);
}

}  // namespace

Count Experiment::assigned() const {
  return std::accumulate(arms.begin(), arms.end(), Count{0},
                         [](Count sum, const Arm& arm) { return sum + arm.assigned; });
}

std::optional<Estimate> estimate(const Experiment& experiment, const Goal& goal, std::size_t arm) {
  if (goal.arms[arm].ground.of == 0) return std::nullopt;
  const Weighed own = weighed(experiment, goal.arms[arm]);
  Estimate out{own.rate, own.weight, statistics::wilson(own), {}};
  const Reached& other = goal.arms[experiment.against];
  if (arm != experiment.against && other.ground.of > 0) out.lift = lift_of(own, weighed(experiment, other));
  return out;
}

std::optional<double> sample_ratio_p(const Experiment& experiment) {
  if (experiment.arms.size() < 2) return std::nullopt;
  std::vector<Count> counts;
  std::vector<double> shares;
  for (const Arm& arm : experiment.arms) {
    counts.push_back(experiment.by_account ? arm.accounts : arm.assigned);
    shares.push_back(arm.share);
  }
  return statistics::sample_ratio_p(counts, shares);
}

}  // namespace nurture::experiment
