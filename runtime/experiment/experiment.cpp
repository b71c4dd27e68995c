#include "runtime/experiment/experiment.h"

#include <numeric>

namespace nurture::experiment {
namespace {

Lift lift_of(Proportion arm, Proportion other) {
  Lift lift{arm.rate() - other.rate(), *statistics::newcombe(arm, other), {}, {}, statistics::always_valid(arm, other)};
  if (auto ratio = statistics::rate_ratio(arm, other)) {
    lift.relative = arm.rate() / other.rate() - 1;
    lift.relative_interval = Interval{ratio->low - 1, ratio->high - 1};
  }
  return lift;
}

}  // namespace

Count Experiment::assigned() const {
  return std::accumulate(arms.begin(), arms.end(), Count{0},
                         [](Count sum, const Arm& arm) { return sum + arm.assigned; });
}

std::optional<Estimate> estimate(const Experiment& experiment, const Goal& goal, std::size_t arm) {
  const Proportion own = goal.arms[arm].ground;
  if (own.of == 0) return std::nullopt;
  Estimate out{own.rate(), *statistics::wilson(own), {}};
  const Proportion other = goal.arms[experiment.against].ground;
  if (arm != experiment.against && other.of > 0) out.lift = lift_of(own, other);
  return out;
}

std::optional<double> sample_ratio_p(const Experiment& experiment) {
  if (experiment.arms.size() < 2) return std::nullopt;
  std::vector<Count> counts;
  std::vector<double> shares;
  for (const Arm& arm : experiment.arms) {
    counts.push_back(arm.assigned);
    shares.push_back(arm.share);
  }
  return statistics::sample_ratio_p(counts, shares);
}

}  // namespace nurture::experiment
