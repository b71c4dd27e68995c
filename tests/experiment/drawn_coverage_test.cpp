// Whether intervals hold what they say: holdouts and splits that a programme draws, as `nurture simulate` tells them.
#include <map>

#include "runtime/statistics/draws.h"
#include "tests/coverage.h"
#include "tests/experiment/known_world.h"

namespace nurture::experiment::test {

namespace {

using nurture::test::Coverage;

constexpr std::uint64_t kWorlds = 500;
constexpr Instant kEnd = 60 * kDay;
constexpr Instant kWithin = 14 * kDay;  ///< the goal's time

constexpr std::string_view kHead = R"(program { name "drawn" timezone "UTC" }
lead { account: text? }
event trial.started by lead {}
event paid by lead {}
)";

bytecode::Module programme(std::string_view head, std::string_view split) {
  return compiled(std::string(kHead) + "campaign trial {\n  enter on trial.started\n  " + std::string(head) +
                  "\n  goal bought: paid within 14 days\n  lasts at most 60 days as over\n  stage first {\n    " +
                  std::string(split) + "\n    wait 20 days\n    exit as done\n  }\n}\n");
}

/// Who was given what: the number of the branch, or kHeldOut.
constexpr std::size_t kHeldOut = 9;
class Given : public outcome::Sink {
 public:
  Given(const store::Store& store, std::map<std::string, std::size_t, std::less<>>& into)
      : store_(store), into_(into) {}
  void on(const outcome::Outcome& o) override {
    const std::string key(store_.texts.at(store_.leads[o.lead]));
    if (o.kind == outcome::Kind::HeldOut) into_[key] = kHeldOut;
    if (o.kind == outcome::Kind::Split) into_[key] = static_cast<std::size_t>(o.b);
  }

 private:
  const store::Store& store_;
  std::map<std::string, std::size_t, std::less<>>& into_;
};

struct World {
  std::string name;
  std::size_t leads = 0;
  std::string head;                     ///< of the campaign
  std::string split;                    ///< its statement
  std::map<std::size_t, double> rates;  ///< by what was given
  std::size_t colleagues = 0;           ///< to an account, from one to twice that less one; 0: there are no accounts
  double alike = 0;                     ///< how far an account's rate is from the arm's: by so much of it, up or down
  std::uint64_t times = kWorlds;        ///< how many such worlds
};

/// A live run comes first, and says who gets what; then they do what they do. Keys are of the world, so that each has
/// draws of its own.
class Life {
 public:
  Life(const World& world, const bytecode::Module& module, std::uint64_t seed)
      : world_(world), module_(module), seed_(seed) {}

  store::Store lived() {
    store::Store before = log({});
    std::map<std::string, std::size_t, std::less<>> given;
    std::vector<std::unique_ptr<Given>> sinks;
    run(module_, before, kNever, [&](std::size_t) {
      sinks.push_back(std::make_unique<Given>(before, given));
      return sinks.back().get();
    });
    return log(given);
  }

 private:
  store::Store log(const std::map<std::string, std::size_t, std::less<>>& given) {
    Log log(module_);
    std::size_t account = 0, left = 0;
    double times = 1;
    for (std::size_t i = 0; i < world_.leads; ++i) {
      statistics::Draws draws(seed_, i);
      const std::string key = std::to_string(seed_) + "-" + std::to_string(i);
      if (world_.colleagues > 0) {
        if (left == 0) {
          left = 1 + draws.below(2 * world_.colleagues - 1);
          times = draws.uniform() < 0.5 ? 1 - world_.alike : 1 + world_.alike;
          ++account;
        }
        --left;
        log.account(key, std::to_string(seed_) + "-account-" + std::to_string(account));
      }
      lead(log, key, draws, given, times);
    }
    return log.build(kEnd);
  }

  void lead(Log& log, const std::string& key, statistics::Draws& draws,
            const std::map<std::string, std::size_t, std::less<>>& given, double times) const {
    const auto starts = static_cast<Instant>(draws.uniform() * static_cast<double>(kEnd));
    log.event(key, starts, "trial.started");
    const auto arm = given.find(key);
    const Instant pays = starts + 1 + static_cast<Instant>(draws.uniform() * static_cast<double>(kWithin - 2));
    if (arm != given.end() && draws.uniform() < world_.rates.at(arm->second) * times && pays <= kEnd)
      log.event(key, pays, "paid");
  }

  const World& world_;
  const bytecode::Module& module_;
  std::uint64_t seed_;
};

/// Truths in the order of the arms.
void note(const Experiment& experiment, const std::vector<double>& truths, const std::string& of, Coverage& seen) {
  for (std::size_t arm = 0; arm < truths.size(); ++arm) {
    const auto known = estimate(experiment, experiment.goals[0], arm);
    REQUIRE(known);
    seen.note(of + "rate of an arm", known->interval, truths[arm]);
    if (!known->lift) continue;
    seen.note(of + "lift, points", known->lift->interval, truths[arm] - truths[experiment.against]);
    if (known->lift->relative_interval)
      seen.note(of + "lift, relative", *known->lift->relative_interval, truths[arm] / truths[experiment.against] - 1);
  }
}

constexpr std::string_view kSplit = "split offer { 30% plain {} 70% rebate {} }";
constexpr std::string_view kByAccount = "split offer by account { 50% plain {} 50% rebate {} }";

void count_drawn(const World& world) {
  const bytecode::Module module = programme(world.head, world.split);
  Coverage seen;
  for (std::uint64_t seed = 1; seed <= world.times; ++seed) {
    store::Store store = Life(world, module, seed).lived();
    for (const Experiment& experiment : simulated(module, store)) {
      const double plain = world.rates.at(0), rebate = world.rates.at(1);
      if (experiment.kind == Kind::Holdout)
        note(experiment, {world.rates.at(kHeldOut), 0.3 * plain + 0.7 * rebate}, "holdout: ", seen);
      else
        note(experiment, {plain, rebate}, "split: ", seen);
    }
  }
  seen.check(world.name);
}

}  // namespace

TEST_CASE("intervals of holdouts and splits hold the truth as often as they say", "[.][long]") {
  const std::string split(kSplit);
  count_drawn({"600 leads", 600, "holdout 20%", split, {{0, 0.3}, {1, 0.4}, {kHeldOut, 0.25}}});
  count_drawn({"12,000 leads, 5 % held out", 12'000, "holdout 5%", split, {{0, 0.08}, {1, 0.09}, {kHeldOut, 0.07}}});
  count_drawn({"12,000 leads, 1 %", 12'000, "holdout 20%", split, {{0, 0.01}, {1, 0.015}, {kHeldOut, 0.01}}});
}

TEST_CASE("intervals of splits by account hold the truth as often as they say", "[.][long]") {
  const std::string split(kByAccount);
  const auto rates = [](double plain, double rebate) { return std::map<std::size_t, double>{{0, plain}, {1, rebate}}; };
  count_drawn({"600 leads of 100 accounts, alike", 600, "", split, rates(0.3, 0.4), 6, 0.9});
  count_drawn({"6,000 leads of 600 accounts, alike", 6'000, "", split, rates(0.1, 0.12), 10, 0.9});
  count_drawn({"6,000 leads of 1,500 accounts, not alike", 6'000, "", split, rates(0.1, 0.12), 4, 0});
  count_drawn(
      {"12,000 leads of 2,400 accounts, alike, 1 %", 12'000, "", split, rates(0.01, 0.015), 5, 0.9, 4 * kWorlds});
}

TEST_CASE("intervals for any number of looks hold the truth at all of them", "[.][long]") {
  const World world{"3,000 leads, looked at each week", 3'000, "", std::string(kSplit), {{0, 0.10}, {1, 0.10}}};
  const bytecode::Module module = programme(world.head, world.split);
  Coverage safe, plain;
  for (std::uint64_t seed = 1; seed <= kWorlds; ++seed) {
    store::Store store = Life(world, module, seed).lived();
    bool held = true, once = true;
    for (Instant week = 3; week * 7 * kDay <= kEnd; ++week) {
      const Experiment experiment = simulated(module, store, kStart + week * 7 * kDay).at(0);
      const auto known = estimate(experiment, experiment.goals[0], 1);
      if (!known || !known->lift) continue;
      once &= known->lift->interval.holds(0);
      if (known->lift->looks) held &= known->lift->looks->difference.holds(0) && known->lift->looks->p > 0.05;
    }
    safe.note("lift, points, at all looks", held);
    plain.note("the interval for one look, at all looks", once);
  }
  safe.check(world.name, 0.95, 1);
  plain.check(world.name, 0, 0.93);  // why there is the other
}

}  // namespace nurture::experiment::test
