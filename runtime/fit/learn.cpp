#include <algorithm>
#include <array>
#include <map>

#include "runtime/fit/counts.h"
#include "runtime/fit/shrink.h"
#include "runtime/fit/tiring.h"
#include "runtime/statistics/quantiles.h"

namespace nurture::fit {

namespace {

/// Shares of the reactions whose times are told, where there are enough of them for an interval.
constexpr std::array kShares{0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};

std::vector<Point> points_of(const outcome::Durations& delays) {
  std::vector<Point> points;
  const std::uint64_t n = delays.count();
  for (double share : kShares) {
    const auto ranks = statistics::quantile_ranks(n, share);
    if (!ranks) continue;
    const double place = static_cast<double>(n - 1) * share;
    const auto below = static_cast<std::uint64_t>(place);
    const std::uint64_t above = std::min(below + 1, n - 1);
    const std::vector<std::int64_t> at = delays.at_ranks(std::array{ranks->low, below, above, ranks->high});
    const double part = place - static_cast<double>(below);
    const double by = static_cast<double>(at[1]) + part * static_cast<double>(at[2] - at[1]);
    points.push_back({share, by, {static_cast<double>(at[0]), static_cast<double>(at[3])}});
  }
  return points;
}

/// The rules for one kind of cause.
class Learner {
 public:
  Learner(const Plan& plan, const Windows& windows, const Counts& counts, std::size_t cause)
      : plan_(plan), windows_(windows), counts_(counts), cause_(cause), segments_(windows.segments.size()) {
    for (std::uint16_t content : contents_of_cause()) {
      if (has(content)) sent_.push_back(content);
    }
  }

  Cause learn() {
    const Windows::OfCause& window = windows_.causes[cause_];
    made_.channel = plan_.causes()[cause_].channel;
    made_.causes = window.causes + window.foreign;
    made_.young = counts_.young(cause_);
    made_.foreign = window.foreign;
    made_.window = window.longest;
    made_.courses.resize(plan_.reactions().size());
    begin_rules();
    for (std::size_t r = 0; r < plan_.reactions().size(); ++r) {
      if (plan_.follows(r, cause_)) learn(r);
    }
    return std::move(made_);
  }

 private:
  /// Which rule a sample belongs to: content (kNone: every) and segment (segments_: whatever it is).
  struct Key {
    std::uint16_t content = kNone;
    std::size_t segment = 0;
    auto operator<=>(const Key&) const = default;
  };

  std::vector<std::uint16_t> contents_of_cause() const {
    if (cause_ == plan_.hand_offs()) return {kNone};
    std::vector<std::uint16_t> contents;
    for (std::uint16_t i = 0; i < plan_.module().contents.size(); ++i) {
      if (plan_.cause_of_content(i) == cause_) contents.push_back(i);
    }
    return contents;
  }

  bool has(std::uint16_t content) const {
    for (std::size_t segment = 0; segment <= segments_; ++segment) {
      if (counts_.cell(content, segment) != nullptr) return true;
    }
    return false;
  }

  /// Of these contents in these segments together.
  Sample sample(std::size_t r, std::uint16_t content, std::size_t segment) const {
    Sample sum;
    for (std::uint16_t each : sent_) {
      if (content != kNone && each != content) continue;
      for (std::size_t s = 0; s <= segments_; ++s) {
        if (segment != segments_ && s != segment) continue;
        if (const auto* cell = counts_.cell(each, s)) sum.merge((*cell)[r]);
      }
    }
    return sum;
  }

  /// Causes in the rule's reach, for the reaction whose window has passed for the most of them.
  Count most_causes(const Key& key) const {
    Count most = 0;
    for (std::size_t r = 0; r < plan_.reactions().size(); ++r) {
      if (plan_.follows(r, cause_)) most = std::max(most, sample(r, key.content, key.segment).evidence.causes);
    }
    return most;
  }

  /// The special before the general. A single content is the channel.
  void begin_rules() {
    const bool by_content = cause_ != plan_.hand_offs() && sent_.size() > 1;
    const std::vector<std::uint16_t> contents = by_content ? sent_ : std::vector<std::uint16_t>{};
    for (std::uint16_t content : contents) {
      for (std::size_t s = 0; s < segments_; ++s) add_rule({content, s});
    }
    for (std::uint16_t content : contents) {
      if (!add_rule({content, segments_})) made_.too_few.push_back(content);
    }
    for (std::size_t s = 0; s < segments_; ++s) add_rule({kNone, s});
    keys_.push_back({kNone, segments_});
    made_.rules.push_back({});
  }

  bool add_rule(const Key& key) {
    if (most_causes(key) < kLeastCauses) return false;
    keys_.push_back(key);
    made_.rules.push_back({key.content, key.segment == segments_ ? Value{} : windows_.segments[key.segment], {}});
    return true;
  }

  void learn(std::size_t r) {
    Course& course = made_.courses[r];
    course.window = windows_.causes[cause_].of_reaction[r];
    const Sample all = sample(r, kNone, segments_);
    if (all.evidence.reactions == 0) {
      made_.rules.back().lines.push_back(silent(r, all));
      return;
    }
    course.tiring = tiring(r);
    tiring_ = course.tiring;
    std::map<Key, Rate> rates;
    rates[{kNone, segments_}] = rate_of(all);
    shrink(r, rates, [&](const Key& key) { return key.content == kNone && key.segment != segments_; });
    course.likeness =
        shrink(r, rates, [&](const Key& key) { return key.content != kNone && key.segment == segments_; });
    shrink(r, rates, [&](const Key& key) { return key.content != kNone && key.segment != segments_; });
    for (std::size_t i = 0; i < keys_.size(); ++i)
      made_.rules[i].lines.push_back(line(r, keys_[i], rates.at(keys_[i])));
  }

  /// Nobody did it: a rate of 0, and how high it may be all the same.
  static Line silent(std::size_t r, const Sample& all) {
    Line line{.reaction = r, .rate = {}, .delay = {}};
    line.rate.evidence = all.evidence;
    if (const auto interval = statistics::wilson({0, all.evidence.causes})) line.rate.interval = *interval;
    return line;
  }

  std::optional<Tiring> tiring(std::size_t r) const {
    if (cause_ == plan_.hand_offs()) return std::nullopt;
    std::vector<Sample> samples;
    for (std::uint16_t content : sent_) samples.push_back(sample(r, content, segments_));
    std::vector<const Steps*> steps;
    for (const Sample& each : samples) steps.push_back(&each.steps);
    return tiring_of(steps);
  }

  Rate rate_of(const Sample& sample) const {
    const FirstRate first = first_rate(sample.steps, tiring_);
    Rate rate{.evidence = sample.evidence, .own = first.rate, .rate = first.rate, .interval = {0, 1}};
    if (first.weight > 0) rate.interval = statistics::wilson(statistics::weighed(first.rate, first.weight));
    return rate;
  }

  /// What a rate would be if what is special about the rule were only what is special about its content and its
  /// segment.
  static double expected(const Key& key, const std::map<Key, Rate>& rates, std::size_t any) {
    const double overall = rates.at({kNone, any}).rate;
    if (key.content == kNone || key.segment == any) return overall;
    const double of_content = rates.at({key.content, any}).rate;
    const auto of_segment = rates.find({kNone, key.segment});
    if (of_segment == rates.end() || overall == 0) return of_content;
    return std::min(of_content * of_segment->second.rate / overall, 1.0);
  }

  /// Draws the rates of these rules to what is expected of them. How alike they are.
  template <typename Which>
  double shrink(std::size_t r, std::map<Key, Rate>& rates, const Which& which) {
    std::vector<std::pair<Key, Rate>> made;
    std::vector<Member> members;
    for (const Key& key : keys_) {
      if (!which(key)) continue;
      const Sample own = sample(r, key.content, key.segment);
      const double mean = expected(key, rates, segments_);
      if (own.evidence.causes < kLeastCauses) {
        made.emplace_back(key, pooled(key, rates, mean, own.evidence));
        members.push_back({});
        continue;
      }
      const FirstRate first = first_rate(own.steps, tiring_);
      made.emplace_back(key, rate_of(own));
      members.push_back({first.rate, first.weight, mean});
    }
    std::vector<Member> with_weight;
    std::copy_if(members.begin(), members.end(), std::back_inserter(with_weight),
                 [](const Member& each) { return each.weight > 0; });
    const double likeness = likeness_of(with_weight);
    for (std::size_t i = 0; i < made.size(); ++i) {
      Rate& rate = made[i].second;
      if (!rate.pooled) rate.rate = std::clamp(drawn(members[i], likeness), rate.interval.low, rate.interval.high);
      rates[made[i].first] = rate;
    }
    return likeness;
  }

  Rate pooled(const Key& key, const std::map<Key, Rate>& rates, double mean, const Evidence& evidence) const {
    const auto parent = rates.find({key.segment == segments_ ? std::uint16_t{kNone} : key.content, segments_});
    Rate rate = parent->second;
    rate.rate = mean;
    rate.evidence = evidence;
    rate.pooled = true;
    return rate;
  }

  Line line(std::size_t r, const Key& key, const Rate& rate) const {
    Line made{.reaction = r, .rate = rate, .delay = {}};
    if (key.content != kNone) {
      const outcome::Durations& own = counts_.delays(key.content, r);
      made.own_delay = own.count() >= kLeastDelays;
      if (made.own_delay) {
        made.delay = points_of(own);
        return made;
      }
    }
    outcome::Durations all;
    for (std::uint16_t content : sent_) all.merge(counts_.delays(content, r));
    made.delay = points_of(all);
    return made;
  }

  const Plan& plan_;
  const Windows& windows_;
  const Counts& counts_;
  std::size_t cause_;
  std::size_t segments_;             // how many; as a segment: whatever it is
  std::vector<std::uint16_t> sent_;  // contents with causes; of hand-offs kNone
  std::vector<Key> keys_;            // of made_.rules
  std::optional<Tiring> tiring_;     // of the reaction at hand
  Cause made_;
};

/// What the log sends and the programme does not know.
std::vector<std::pair<TextId, Count>> foreign_contents(const Plan& plan) {
  std::map<TextId, Count> counts;
  for (std::size_t kind = 0; kind < plan.store().blocks.size(); ++kind) {
    const std::uint16_t property = plan.module().schema.kinds[kind].content_property;
    if (!plan.kind(static_cast<std::uint8_t>(kind)).send || property == kNone) continue;
    const store::KindBlock& block = plan.store().blocks[kind];
    for (store::RowIndex row = 0; row < block.rows; ++row) {
      const Value name = block.columns[property].at(row);
      if (name.known && plan.content(name) == kNone) ++counts[name.text()];
    }
  }
  std::vector<std::pair<TextId, Count>> sorted(counts.begin(), counts.end());
  const auto text = [&](TextId id) { return plan.store().texts.at(id); };
  std::sort(sorted.begin(), sorted.end(), [&](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : text(a.first) < text(b.first);
  });
  return sorted;
}

}  // namespace

Fit learn(const bytecode::Module& module, const store::Store& store, const Options& options) {
  const Plan plan(module, store, options.hand_off_kinds);
  const Windows windows = choose_windows(plan, options);
  const Counts counts = count(plan, windows, options);
  Fit fit{plan.reactions(), counts.fates(), foreign_contents(plan), counts.unclear(), {}, plan.refused()};
  for (std::size_t c = 0; c < plan.causes().size(); ++c) {
    if (windows.causes[c].causes + windows.causes[c].foreign == 0) continue;
    fit.causes.push_back(Learner(plan, windows, counts, c).learn());
  }
  return fit;
}

}  // namespace nurture::fit
