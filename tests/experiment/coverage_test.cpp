// Whether intervals hold what they say: experiments that the log records, and what another policy would have done.
#include "tests/coverage.h"

#include <cmath>

#include "runtime/experiment/counterfactual.h"
#include "runtime/statistics/draws.h"
#include "tests/experiment/known_world.h"

namespace nurture::experiment::test {

namespace {

using nurture::test::Coverage;

constexpr std::uint64_t kWorlds = 500;
constexpr Instant kWithin = 14 * kDay;  ///< the goal's time

/// As `nurture experiment` asks: `--arm mail.assigned.arm --goal 'visit within 14 days' --by lead.region
/// --counterfactual 'new if lead.size is "big"; old otherwise'`.
constexpr std::string_view kRecorded = R"(program { name "experiment" }
lead { region: text?  size: text? }
event mail.assigned by system { arm: text? }
event visit by lead {}
campaign recorded_experiment {
  enter on mail.assigned if event.arm is known
  goal experiment_goal_0: visit within 14 days
  lasts at most 30000 days as over
  stage given {
    remember experiment_arm as entry.arm
    remember experiment_by as lead.region
    if lead.size is "big" { remember experiment_rule_0 as 0 } else { remember experiment_rule_0 as 1 }
    wait 29000 days
    exit as over
  }
}
)";

/// Leads who are alike: so many of all, how often they get the new arm, and what they do under each.
struct Kind {
  std::string region, size;
  double part = 1;
  double chance_of_new = 0.5;
  double of_old = 0, of_new = 0;
};

struct World {
  std::string name;
  std::size_t leads = 0;
  std::vector<Kind> kinds;
  bool by_region = false;  ///< chances differ by region, and are told apart so
  bool declared = false;   ///< chances are known
};

std::size_t pick(const World& world, statistics::Draws& draws) {
  double at = draws.uniform();
  for (std::size_t i = 0; i + 1 < world.kinds.size(); ++i) {
    at -= world.kinds[i].part;
    if (at < 0) return i;
  }
  return world.kinds.size() - 1;
}

/// Arms are given over 60 days and the log ends with them, so that some have not had their time; visits come within 14
/// days, at any time.
store::Store draw(const World& world, const bytecode::Module& module, std::uint64_t seed) {
  Log log(module);
  for (std::size_t lead = 0; lead < world.leads; ++lead) {
    statistics::Draws draws(seed, lead);
    const Kind& kind = world.kinds[pick(world, draws)];
    const std::string key = "lead-" + std::to_string(lead);
    log.lead(key, "region", kind.region);
    log.lead(key, "size", kind.size);
    const auto given = static_cast<Instant>(draws.uniform() * static_cast<double>(60 * kDay));
    const bool fresh = draws.uniform() < kind.chance_of_new;
    log.event(key, given, "mail.assigned", fresh ? "new" : "old");
    const bool visits = draws.uniform() < (fresh ? kind.of_new : kind.of_old);
    const Instant visit = given + 1 + static_cast<Instant>(draws.uniform() * static_cast<double>(kWithin - 2));
    if (visits && visit <= 60 * kDay) log.event(key, visit, "visit");
  }
  return log.build(60 * kDay);
}

/// What is true of all whom such a world could have.
struct Truth {
  double of_old = 0, of_new = 0;  ///< rates of those who get the arm
  double as_it_was = 0, policy = 0;
};

Truth truth_of(const World& world) {
  Truth out;
  double fresh = 0;
  for (const Kind& kind : world.kinds) {
    fresh += kind.part * kind.chance_of_new;
    out.of_new += kind.part * kind.chance_of_new * kind.of_new;
    out.of_old += kind.part * (1 - kind.chance_of_new) * kind.of_old;
    out.policy += kind.part * (kind.size == "big" ? kind.of_new : kind.of_old);
  }
  out.as_it_was = out.of_new + out.of_old;
  out.of_new /= fresh;
  out.of_old /= 1 - fresh;
  return out;
}

const Policy kPolicy{"new if lead.size is \"big\"; old otherwise", {"new", "old"}, {"lead.size is \"big\"", ""}};

void note(const World& world, const Experiment& experiment, const PolicyEstimate& policy, Coverage& seen) {
  const Truth truth = truth_of(world);
  REQUIRE(experiment.arms[1].name == "old");
  const auto fresh = estimate(experiment, experiment.goals[0], 0);
  const auto old = estimate(experiment, experiment.goals[0], 1);
  seen.note("rate of an arm", fresh->interval, truth.of_new);
  seen.note("rate of an arm", old->interval, truth.of_old);
  seen.note("lift, points", fresh->lift->interval, truth.of_new - truth.of_old);
  if (fresh->lift->relative_interval)
    seen.note("lift, relative", *fresh->lift->relative_interval, truth.of_new / truth.of_old - 1);
  INFO(world.name);
  for (const std::string& refusal : policy.refusals) UNSCOPED_INFO(refusal);
  REQUIRE(policy.goals.size() == 1);
  const PolicyGoal& goal = policy.goals[0];
  seen.note("another policy, weighted", goal.weighted.interval, truth.policy);
  seen.note("another policy, doubly robust", goal.robust.interval, truth.policy);
  seen.note("another policy, gain", goal.gain.interval, truth.policy - truth.as_it_was);
}

void count(const World& world) {
  const bytecode::Module module = compiled(std::string(kRecorded));
  const Lookout lookout = lookout_of(module, "recorded_experiment", "experiment_arm",
                                     world.by_region ? "experiment_by" : "", {"experiment_rule_0"});
  double fresh = 0;
  for (const Kind& kind : world.kinds) fresh += kind.part * kind.chance_of_new;
  Reading reading{"mail.assigned.arm", {"visit within 14 days"}, {}, "old"};
  if (world.declared) reading.shares = {{"new", fresh}, {"old", 1 - fresh}};
  Coverage seen;
  for (std::uint64_t seed = 1; seed <= kWorlds; ++seed) {
    store::Store store = draw(world, module, seed);
    const Recorded recorded = observed(module, store, lookout);
    const auto experiment = experiment_of(recorded, reading);
    REQUIRE(experiment);
    note(world, *experiment, estimate(kPolicy, 0, recorded, *experiment), seen);
  }
  seen.check(world.name);
}

/// Big ones do more, and more so by what is new; small ones do less by it.
std::vector<Kind> two_sizes(double chance_of_new, double rate) {
  return {{"all", "big", 0.4, chance_of_new, rate * 1.5, rate * 2},
          {"all", "small", 0.6, chance_of_new, rate * 0.75, rate * 0.5}};
}

/// So many regions, in which both chances and rates differ.
std::vector<Kind> regions(std::size_t n) {
  std::vector<Kind> out;
  for (std::size_t i = 0; i < n; ++i) {
    const double at = (static_cast<double>(i) + 0.5) / static_cast<double>(n);
    const double part = 1 / static_cast<double>(n), chance = 0.3 + 0.4 * at, rate = 0.1 + 0.2 * at;
    const std::string name = "region " + std::to_string(i);
    out.push_back({name, "big", part * at, chance, rate, rate * 1.5});
    out.push_back({name, "small", part * (1 - at), chance, rate, rate * 0.8});
  }
  return out;
}

}  // namespace

TEST_CASE("intervals of recorded experiments hold the truth as often as they say", "[.][long]") {
  count({"400 leads", 400, two_sizes(0.5, 0.2)});
  count({"10,000 leads", 10'000, two_sizes(0.5, 0.05)});
  count({"10,000 leads, 1 %", 10'000, two_sizes(0.5, 0.01)});
  count({"4,000 leads, 10 % of them in the new arm", 4'000, two_sizes(0.1, 0.1)});
  count({"4,000 leads, chances declared", 4'000, two_sizes(0.3, 0.1), false, true});
  count({"4,000 leads in 2 regions of other chances", 4'000, regions(2), true});
  count({"1,500 leads in 30 regions of other chances", 1'500, regions(30), true});
}

}  // namespace nurture::experiment::test
