#include "runtime/experiment/counterfactual.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

#include "runtime/outcome/format.h"
#include "runtime/statistics/distributions.h"

namespace nurture::experiment {
namespace {

/// How strongly an arm's rate in a group is drawn to its rate in all: as so many more leads.
constexpr double kPrior = 20;
constexpr double kExpectedAtLeast = 10;

using Within = std::pair<std::string, std::string>;  // value of `by`, arm

double number(Count n) { return static_cast<double>(n); }

class Estimator {
 public:
  Estimator(const Policy& policy, std::size_t index, const Recorded& recorded, const Experiment& experiment)
      : policy_(policy), index_(index), recorded_(recorded), experiment_(experiment) {
    for (const auto& [alike, counts] : recorded.groups) {
      within_[{alike.by, alike.arm}] += counts.leads;
      in_all_[alike.by] += counts.leads;
      by_rule_[{rule_of(alike), alike.by}][alike.arm] += counts.leads;
    }
  }

  PolicyEstimate run() {
    out_.text = policy_.text;
    find_arms();
    if (out_.refusals.empty()) find_overlap();
    if (out_.refusals.empty()) judge_chance();
    for (std::size_t g = 0; g < experiment_.goals.size() && out_.refusals.empty(); ++g) goal(g);
    if (!out_.refusals.empty()) out_.goals.clear();
    return std::move(out_);
  }

 private:
  std::uint16_t rule_of(const Alike& alike) const { return alike.rules[index_]; }

  double chance(const std::string& by, const std::string& arm) const {
    if (experiment_.declared && in_all_.size() == 1) {
      for (const Arm& each : experiment_.arms) {
        if (each.name == arm) return each.share;
      }
    }
    auto found = within_.find({by, arm});
    return found == within_.end() ? 0 : number(found->second) / number(in_all_.at(by));
  }

  void find_arms() {
    for (const std::string& arm : policy_.arms) {
      const bool known = std::any_of(experiment_.arms.begin(), experiment_.arms.end(),
                                     [&](const Arm& each) { return each.name == arm; });
      if (!known) out_.refusals.push_back(fmt::format("Nobody in this log ever got {}.", arm));
    }
  }

  std::string whose(std::uint16_t rule, const std::string& by) const {
    const std::string& condition = policy_.rules[rule];
    std::string text = condition.empty() ? (policy_.rules.size() > 1 ? "for whom no rule holds" : "of the log")
                                         : fmt::format("for whom “{}” holds", condition);
    return by.empty() ? text : fmt::format("{}, with {},", text, by);
  }

  void find_overlap() {
    for (const auto& [where, arms] : by_rule_) {
      const auto& [rule, by] = where;
      const std::string& wanted = policy_.arms[rule];
      Count leads = 0;
      for (const auto& [arm, n] : arms) leads += n;
      const double expected = number(leads) * chance(by, wanted);
      if (arms.contains(wanted) || (expected > 0 && expected < kExpectedAtLeast)) continue;
      out_.refusals.push_back(
          fmt::format("{} was never given to the {} {}: what it would have done to them, this log cannot tell.", wanted,
                      outcome::counted(leads, "lead", "leads"), whose(rule, by)));
    }
  }

  /// Within the leads of a rule arms must fall as they do in all.
  void judge_chance() {
    for (const auto& [where, arms] : by_rule_) {
      const auto& [rule, by] = where;
      std::vector<Count> counts;
      std::vector<double> shares;
      for (const Arm& arm : experiment_.arms) {
        const double share = chance(by, arm.name);
        if (share <= 0) continue;
        auto found = arms.find(arm.name);
        counts.push_back(found == arms.end() ? 0 : found->second);
        shares.push_back(share);
      }
      if (counts.size() < 2) continue;
      const auto p = statistics::sample_ratio_p(counts, shares);
      if (p && *p < kSampleRatioAlarm) {
        out_.warnings.push_back(fmt::format(
            "Among the leads {} arms did not fall as among all (p < 0.001): they may have been given by more "
            "than chance. --by says within what they were drawn.",
            whose(rule, by)));
      }
    }
  }

  /// Rate of an arm, among all leads.
  double arm_rate(std::size_t g, const std::string& arm) const {
    for (std::size_t i = 0; i < experiment_.arms.size(); ++i) {
      const Proportion ground = experiment_.goals[g].arms[i].ground;
      if (experiment_.arms[i].name == arm && ground.of > 0) return ground.rate();
    }
    return 0;
  }

  /// What leads of this rule and `by` are expected to do under an arm.
  double expected_rate(std::size_t g, const Alike& like, const std::string& arm) const {
    Alike same = like;
    same.arm = arm;
    Proportion seen;
    if (auto found = recorded_.groups.find(same); found != recorded_.groups.end()) seen = found->second.goals[g].ground;
    return (number(seen.reached) + kPrior * arm_rate(g, arm)) / (number(seen.of) + kPrior);
  }

  /// Leads of one group that did, or did not, reach the goal: alike in every term of an estimate.
  struct Term {
    double n = 0;
    double reached = 0;   // 1 or 0
    double weight = 0;    // 1 / chance where the arm is the policy's, else 0
    double expected = 0;  // under the policy's arm
  };

  std::vector<Term> terms(std::size_t g) const {
    std::vector<Term> out;
    for (const auto& [alike, counts] : recorded_.groups) {
      const std::string& wanted = policy_.arms[rule_of(alike)];
      const Proportion ground = counts.goals[g].ground;
      const double weight = alike.arm == wanted ? 1 / chance(alike.by, wanted) : 0;
      const double expected = expected_rate(g, alike, wanted);
      out.push_back({number(ground.reached), 1, weight, expected});
      out.push_back({number(ground.of - ground.reached), 0, weight, expected});
    }
    return out;
  }

  /// The mean of a value over all leads, its interval from how it varies; `scale`: what the mean was divided by.
  static Value value_of(double rate, double squares, double n, double scale) {
    const double half = statistics::two_sided_z(statistics::kLevel) * std::sqrt(squares) / (n * scale);
    return {rate, {rate - half, rate + half}};
  }

  static Value within_bounds(Value value) {
    value.interval = {std::max(0.0, value.interval.low), std::min(1.0, value.interval.high)};
    return value;
  }

  void goal(std::size_t g) {
    PolicyGoal out;
    out.goal = experiment_.goals[g].name;
    double n = 0, weights = 0, squares = 0, weighted = 0, reached = 0, robust = 0;
    const std::vector<Term> all = terms(g);
    for (const Term& t : all) {
      n += t.n;
      reached += t.n * t.reached;
      weights += t.n * t.weight;
      squares += t.n * t.weight * t.weight;
      weighted += t.n * t.weight * t.reached;
      robust += t.n * (t.expected + t.weight * (t.reached - t.expected));
      out.matched += t.weight > 0 ? static_cast<Count>(t.n) : 0;
    }
    out.of = static_cast<Count>(n);
    out.effective = squares > 0 ? weights * weights / squares : 0;
    if (out.effective < kLeastEffective) {
      out_.refusals.push_back(
          fmt::format("Only {:.0f} effective leads got what the policy gives them and had time for goal {}: it takes "
                      "{:.0f} to say anything.",
                      out.effective, out.goal, kLeastEffective));
      return;
    }
    const double hajek = weighted / weights, mean = robust / n;
    out.as_it_was = reached / n;
    double off_weighted = 0, off_robust = 0, off_gain = 0;
    for (const Term& t : all) {
      const double own = t.expected + t.weight * (t.reached - t.expected);
      const double of_gain = own - t.reached - (mean - out.as_it_was);
      off_weighted += t.n * t.weight * t.weight * (t.reached - hajek) * (t.reached - hajek);
      off_robust += t.n * (own - mean) * (own - mean);
      off_gain += t.n * of_gain * of_gain;
    }
    out.weighted = within_bounds(value_of(hajek, off_weighted, n, weights / n));
    out.robust = within_bounds(value_of(mean, off_robust, n, 1));
    out.gain = value_of(mean - out.as_it_was, off_gain, n, 1);
    out_.goals.push_back(std::move(out));
  }

  const Policy& policy_;
  std::size_t index_;
  const Recorded& recorded_;
  const Experiment& experiment_;
  std::map<Within, Count> within_;
  std::map<std::string, Count> in_all_;
  std::map<std::pair<std::uint16_t, std::string>, std::map<std::string, Count>> by_rule_;  // rule, by; arms
  PolicyEstimate out_;
};

}  // namespace

PolicyEstimate estimate(const Policy& policy, std::size_t index, const Recorded& recorded,
                        const Experiment& experiment) {
  return Estimator(policy, index, recorded, experiment).run();
}

}  // namespace nurture::experiment
