#include "runtime/experiment/counterfactual.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
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

  /// Else they are what the log shows.
  bool known_chances() const { return experiment_.declared && in_all_.size() == 1; }

  double chance(const std::string& by, const std::string& arm) const {
    if (known_chances()) {
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

  /// Of an arm, among all leads.
  Proportion arm_ground(std::size_t g, const std::string& arm) const {
    for (std::size_t i = 0; i < experiment_.arms.size(); ++i) {
      if (experiment_.arms[i].name == arm) return experiment_.goals[g].arms[i].ground;
    }
    return {};
  }

  /// What a lead like this is expected to do under an arm, by what others did. `itself`: whether it reached the goal,
  /// where it was given that arm, and so is among those who tell; an expectation that has seen what it expects would be
  /// right too often.
  double expected_rate(std::size_t g, const Alike& like, const std::string& arm, std::optional<bool> itself) const {
    Alike same = like;
    same.arm = arm;
    Proportion seen, all = arm_ground(g, arm);
    if (auto found = recorded_.groups.find(same); found != recorded_.groups.end()) seen = found->second.goals[g].ground;
    for (Proportion* ground : {&seen, &all}) {
      ground->of -= itself ? 1 : 0;
      ground->reached -= itself.value_or(false) ? 1 : 0;
    }
    const double prior = all.of > 0 ? all.rate() : 0;
    return (number(seen.reached) + kPrior * prior) / (number(seen.of) + kPrior);
  }

  /// Leads of one group that did, or did not, reach the goal: alike in every term of an estimate.
  struct Term {
    Within within;  // what they were drawn within, and what they got
    double n = 0;
    double reached = 0;   // 1 or 0
    double weight = 0;    // 1 / chance where the arm is the policy's, else 0
    double expected = 0;  // under the policy's arm
    double robust() const { return expected + weight * (reached - expected); }
  };

  std::vector<Term> terms(std::size_t g) const {
    std::vector<Term> out;
    for (const auto& [alike, counts] : recorded_.groups) {
      const std::string& wanted = policy_.arms[rule_of(alike)];
      const Proportion ground = counts.goals[g].ground;
      const bool matched = alike.arm == wanted;
      const double weight = matched ? 1 / chance(alike.by, wanted) : 0;
      for (const bool reached : {true, false}) {
        const Count n = reached ? ground.reached : ground.of - ground.reached;
        if (n == 0) continue;
        const double expected = expected_rate(g, alike, wanted, matched ? std::optional(reached) : std::nullopt);
        out.push_back({{alike.by, alike.arm}, number(n), reached ? 1.0 : 0.0, weight, expected});
      }
    }
    return out;
  }

  /// What an estimate owes to each lead (its influence function), before it is divided by their number.
  using Influence = std::function<double(const Term&)>;

  /// How far the draw, as it happened within each value of `by`, bends an estimate whose chances are taken from the
  /// log: each lead has that influence too, even one whose time is not over. The part of the influence that is divided
  /// by the chance, summed up: within a value of `by` and an arm, and within a value.
  struct Bends {
    std::map<Within, double> of_arm;
    std::map<std::string, double> of_all;
  };

  Bends bends_of(const std::vector<Term>& all, const Influence& divided) const {
    Bends out;
    for (const Term& t : all) {
      out.of_arm[t.within] += t.n * divided(t);
      out.of_all[t.within.first] += t.n * divided(t);
    }
    return out;
  }

  /// What a lead with this arm owes to the draw, by the others alone; `itself`: its own share of the sums.
  double draw_of(Bends& bends, const Within& within, double itself) const {
    const double arm = number(within_.at(within)), all = number(in_all_.at(within.first));
    if (arm < 2) return 0;
    return (bends.of_arm[within] - itself) / (arm - 1) - (bends.of_all[within.first] - itself) / (all - 1);
  }

  /// The variance of an estimate that is a mean over `n` leads. `divided`: the part of the influence that is divided by
  /// the chance.
  double variance(const std::vector<Term>& all, double n, const Influence& influence, const Influence& divided) const {
    Bends bends = bends_of(all, divided);
    std::map<Within, double> later;  // whose time is not over
    for (const auto& [within, leads] : within_) later[within] = number(leads);
    double squares = 0;
    for (const Term& t : all) {
      const double own = influence(t) - (known_chances() ? 0 : draw_of(bends, t.within, divided(t)));
      squares += t.n * own * own;
      later[t.within] -= t.n;
    }
    for (const auto& [within, leads] : later) {
      const double own = known_chances() ? 0 : draw_of(bends, within, 0);
      squares += leads * own * own;
    }
    return squares / (n * (n - 1));
  }

  /// A rate that is as sure as its variance says; where that is 0, as so many leads.
  static Value rate_of(double rate, double variance, double leads) {
    rate = std::clamp(rate, 0.0, 1.0);
    const double spread = rate * (1 - rate);
    const double weight = spread > 0 && variance > 0 ? spread / variance : leads;
    return {rate, statistics::wilson(statistics::weighed(rate, weight))};
  }

  static Value difference_of(double difference, double variance) {
    const double half = statistics::two_sided_z(statistics::kLevel) * std::sqrt(variance);
    return {difference, {difference - half, difference + half}};
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
      robust += t.n * t.robust();
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
    const Influence of_weighted = [&](const Term& t) { return t.weight * (t.reached - hajek) * n / weights; };
    const Influence off = [](const Term& t) { return t.weight * (t.reached - t.expected); };
    const Influence of_robust = [&](const Term& t) { return t.robust() - mean; };
    const Influence of_gain = [&](const Term& t) { return t.robust() - mean - (t.reached - out.as_it_was); };
    out.weighted = rate_of(hajek, variance(all, n, of_weighted, of_weighted), out.effective);
    out.robust = rate_of(mean, variance(all, n, of_robust, off), out.effective);
    out.gain = difference_of(out.robust.rate - out.as_it_was, variance(all, n, of_gain, off));
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
