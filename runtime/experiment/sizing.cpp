#include "runtime/experiment/sizing.h"

#include <algorithm>
#include <cmath>

#include "runtime/experiment/assignments.h"
#include "runtime/statistics/power.h"

namespace nurture::experiment {
namespace {

/// An arm beside the one that it is compared with.
struct Pair {
  double both = 0;   ///< their share of all units
  double share = 0;  ///< the arm's, of both
};

std::vector<Pair> pairs(const Experiment& experiment) {
  std::vector<Pair> out;
  const double other = experiment.arms[experiment.against].share;
  for (std::size_t i = 0; i < experiment.arms.size(); ++i) {
    const double own = experiment.arms[i].share;
    if (i != experiment.against) out.push_back({own + other, own / (own + other)});
  }
  return out;
}

}  // namespace

std::vector<Experiment> planned(const bytecode::Module& module) {
  const store::Store nobody;
  std::vector<Experiment> out = AssignmentSink(module, nobody, 0).experiments();
  std::erase_if(out, [](const Experiment& experiment) { return experiment.goals.empty(); });
  return out;
}

std::optional<Count> units_needed(const Experiment& experiment, double base, double lift) {
  if (base * (1 + lift) > 1) return std::nullopt;
  Count most = 0;
  for (const Pair& pair : pairs(experiment)) {
    const auto needed = statistics::leads_needed(base * (1 + lift), base, pair.share);
    if (!needed) return std::nullopt;
    most = std::max(most, static_cast<Count>(std::ceil(static_cast<double>(*needed) / pair.both)));
  }
  return most;
}

std::optional<double> rise_shown(const Experiment& experiment, double base, Count units) {
  double largest = 0;
  for (const Pair& pair : pairs(experiment)) {
    const auto rise = statistics::detectable_rise(base, static_cast<double>(units) * pair.both, pair.share);
    if (!rise) return std::nullopt;
    largest = std::max(largest, *rise);
  }
  return largest;
}

}  // namespace nurture::experiment
