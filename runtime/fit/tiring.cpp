#include "runtime/fit/tiring.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "runtime/statistics/distributions.h"

namespace nurture::fit {

namespace {

constexpr Count kLeastReactions = 50;       // of all contents together, for a factor to be looked for
constexpr double kMostRate = 0.999;         // a rate that the model may give after whatever number of sends
constexpr double kLeastInformation = 1e-6;  // of what is known of the factor if the contents' rates were known
constexpr int kMostRounds = 60;
constexpr double kClose = 1e-10;

/// Derivatives of the likelihood of one content by its log rate and the log factor, and their information.
struct Slope {
  double by_rate = 0, by_factor = 0;
  double rate = 0, both = 0, factor = 0;
  double likelihood = 0;
};

/// At log rate `a` and log factor `b`; no value where a rate would be too high.
std::optional<Slope> slope_at(const Steps& steps, double a, double b) {
  Slope slope;
  for (std::size_t k = 0; k < steps.steps.size(); ++k) {
    const auto causes = static_cast<double>(steps.steps[k].causes);
    const auto reactions = static_cast<double>(steps.steps[k].reactions);
    if (causes == 0) continue;
    const auto before = static_cast<double>(k);
    const double p = std::exp(a + b * before);
    if (p > kMostRate) return std::nullopt;
    const double off = (reactions - causes * p) / (1 - p);
    const double weight = causes * p / (1 - p);
    slope.by_rate += off;
    slope.by_factor += before * off;
    slope.rate += weight;
    slope.both += before * weight;
    slope.factor += before * before * weight;
    slope.likelihood += reactions * (a + b * before) + (causes - reactions) * std::log1p(-p);
  }
  return slope;
}

Count causes_of(const Steps& steps) {
  Count sum = 0;
  for (const Steps::Step& step : steps.steps) sum += step.causes;
  return sum;
}
Count reactions_of(const Steps& steps) {
  Count sum = 0;
  for (const Steps::Step& step : steps.steps) sum += step.reactions;
  return sum;
}

class Regression {
 public:
  explicit Regression(std::vector<const Steps*> contents) : contents_(std::move(contents)) {
    for (const Steps* each : contents_) {
      const double share = static_cast<double>(reactions_of(*each)) / static_cast<double>(causes_of(*each));
      rates_.push_back(std::log(std::min(share, kMostRate / 2)));
    }
  }

  std::optional<Tiring> solve() {
    auto at = slopes(rates_, factor_);
    for (int round = 0; round < kMostRounds && at; ++round) {
      const double information = left(*at);
      if (!told(*at, information)) return std::nullopt;
      const double moved = step(*at, information);
      at = slopes(rates_, factor_);
      if (std::abs(moved) < kClose) break;
    }
    if (!at || !told(*at, left(*at))) return std::nullopt;
    const double half = statistics::two_sided_z(statistics::kLevel) / std::sqrt(left(*at));
    const Interval interval{std::exp(factor_ - half), std::exp(factor_ + half)};
    return Tiring{std::exp(factor_), interval, interval.high < 1};
  }

 private:
  using Slopes = std::vector<Slope>;

  std::optional<Slopes> slopes(const std::vector<double>& rates, double factor) const {
    Slopes all;
    for (std::size_t g = 0; g < contents_.size(); ++g) {
      const auto slope = slope_at(*contents_[g], rates[g], factor);
      if (!slope) return std::nullopt;
      all.push_back(*slope);
    }
    return all;
  }

  /// What is known of the factor although the contents' own rates are not.
  static double left(const Slopes& at) {
    double information = 0;
    for (const Slope& slope : at) information += slope.factor - slope.both * slope.both / slope.rate;
    return information;
  }
  static bool told(const Slopes& at, double information) {
    double whole = 0;
    for (const Slope& slope : at) whole += slope.factor;
    return information > kLeastInformation * whole && information > 0;
  }
  static double likelihood(const Slopes& at) {
    double sum = 0;
    for (const Slope& slope : at) sum += slope.likelihood;
    return sum;
  }

  /// Fisher's step, halved until it leads upwards. How far the log factor moved.
  double step(const Slopes& at, double information) {
    double up = 0;
    for (const Slope& slope : at) up += slope.by_factor - slope.both / slope.rate * slope.by_rate;
    const double by = up / information;
    for (double size = 1; size > kClose; size /= 2) {
      std::vector<double> rates = rates_;
      for (std::size_t g = 0; g < rates.size(); ++g) {
        rates[g] += size * (at[g].by_rate - at[g].both * by) / at[g].rate;
      }
      const auto there = slopes(rates, factor_ + size * by);
      if (!there || likelihood(*there) < likelihood(at)) continue;
      rates_ = std::move(rates);
      factor_ += size * by;
      return size * by;
    }
    return 0;
  }

  std::vector<const Steps*> contents_;
  std::vector<double> rates_;  // logarithms
  double factor_ = 0;          // likewise
};

}  // namespace

std::optional<Tiring> tiring_of(std::span<const Steps* const> contents) {
  std::vector<const Steps*> told;
  Count reactions = 0;
  for (const Steps* each : contents) {
    if (const Count of_it = reactions_of(*each); of_it > 0) {
      told.push_back(each);
      reactions += of_it;
    }
  }
  if (reactions < kLeastReactions) return std::nullopt;
  return Regression(std::move(told)).solve();
}

FirstRate first_rate(const Steps& steps, const std::optional<Tiring>& tiring) {
  const auto causes = static_cast<double>(causes_of(steps));
  const auto reactions = static_cast<double>(reactions_of(steps));
  if (causes == 0) return {};
  if (!tiring || !tiring->applies) return {reactions / causes, causes};
  double worth = 0;  // sends, counted by what they bring compared with a first one
  for (std::size_t k = 0; k < steps.steps.size(); ++k) {
    worth += static_cast<double>(steps.steps[k].causes) * std::pow(tiring->factor, static_cast<double>(k));
  }
  if (reactions == 0) return {0, worth};
  const double b = std::log(tiring->factor);
  double a = std::log(std::min(reactions / worth, kMostRate));
  for (int round = 0; round < kMostRounds; ++round) {
    const auto slope = slope_at(steps, a, b);
    const double by = slope ? slope->by_rate / slope->rate : 0;
    a = std::min(a + by, std::log(kMostRate));
    if (std::abs(by) < kClose) break;
  }
  const auto slope = slope_at(steps, std::min(a, std::log(kMostRate) - kClose), b);
  const double z = statistics::two_sided_z(statistics::kLevel);
  const double spread = std::log(tiring->interval.high / tiring->interval.low) / (2 * z);
  const double lean = slope->both / slope->rate * spread;
  const double variance = 1 / slope->rate + lean * lean;  // of the log rate
  const double rate = std::exp(a);
  return {rate, (1 - rate) / (rate * variance)};
}

}  // namespace nurture::fit
