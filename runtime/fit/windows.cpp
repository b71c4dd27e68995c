#include "runtime/fit/windows.h"

#include <algorithm>
#include <array>

#include "runtime/fit/over_leads.h"

namespace nurture::fit {

namespace {

constexpr std::array kLadder{kHour,    6 * kHour, kDay,      2 * kDay,  3 * kDay,
                             7 * kDay, 14 * kDay, 30 * kDay, 60 * kDay, 90 * kDay};
constexpr Count kLeastReactions = 20;  // below, a reaction's window is the longest
constexpr std::size_t kMostSegments = 25;

std::vector<Instant> ladder_up_to(Instant longest) {
  std::vector<Instant> steps;
  for (Instant step : kLadder) {
    if (step < longest) steps.push_back(step);
  }
  steps.push_back(longest);
  return steps;
}

/// Counts by how much log is behind a cause, and by how soon it was reacted to, in steps of the ladder.
struct Ages {
  struct OfCause {
    Count foreign = 0;
    std::vector<Count> causes;                             ///< by how many steps have passed
    std::vector<std::vector<std::vector<Count>>> reacted;  ///< reaction, steps passed, first step it is within
  };
  std::vector<OfCause> causes;
  std::map<std::int64_t, Count> segments;  ///< sends, by the bits of the value

  Ages(const Plan& plan, std::size_t steps) : causes(plan.causes().size()) {
    for (OfCause& cause : causes) {
      cause.causes.resize(steps + 1);
      cause.reacted.assign(plan.reactions().size(), {steps + 1, std::vector<Count>(steps + 1)});
    }
  }

  void merge(const Ages& other) {
    for (std::size_t c = 0; c < causes.size(); ++c) {
      causes[c].foreign += other.causes[c].foreign;
      add(causes[c].causes, other.causes[c].causes);
      for (std::size_t r = 0; r < causes[c].reacted.size(); ++r) {
        for (std::size_t age = 0; age < causes[c].reacted[r].size(); ++age) {
          add(causes[c].reacted[r][age], other.causes[c].reacted[r][age]);
        }
      }
    }
    for (const auto& [value, count] : other.segments) segments[value] += count;
  }

  static void add(std::vector<Count>& sum, const std::vector<Count>& more) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
  }
};

class Chooser {
 public:
  Chooser(const Plan& plan, const Options& options)
      : plan_(plan), options_(options), ladder_(ladder_up_to(options.window)), ages_(plan, ladder_.size()) {}

  Windows choose() {
    ages_ = over_leads(plan_, options_, ages_, [this](Ages& ages, const Trail& trail) { add(ages, trail); });
    Windows chosen;
    for (std::size_t c = 0; c < ages_.causes.size(); ++c) chosen.causes.push_back(of_cause(c));
    chosen.segments = segments();
    return chosen;
  }

 private:
  void add(Ages& ages, const Trail& trail) const {
    for (std::size_t i = 0; i < trail.touches().size(); ++i) {
      const Touch& touch = trail.touches()[i];
      Ages::OfCause& cause = ages.causes[touch.cause];
      if (!touch.known) {
        ++cause.foreign;
        continue;
      }
      const std::size_t age = passed(plan_.store().last_instant - touch.at);
      ++cause.causes[age];
      if (touch.segment.known && touch.content != kNone) ++ages.segments[touch.segment.bits];
      for (std::size_t r = 0; r < cause.reacted.size(); ++r) {
        if (const Instant delay = trail.delay(i, r); delay != kNever) ++cause.reacted[r][age][within(delay)];
      }
    }
  }

  /// How many steps of the ladder have passed after so long.
  std::size_t passed(Instant age) const {
    return static_cast<std::size_t>(std::upper_bound(ladder_.begin(), ladder_.end(), age) - ladder_.begin());
  }
  /// The first step that it is within; their number where it is within none.
  std::size_t within(Instant delay) const {
    return static_cast<std::size_t>(std::lower_bound(ladder_.begin(), ladder_.end(), delay) - ladder_.begin());
  }

  Windows::OfCause of_cause(std::size_t c) const {
    const Ages::OfCause& seen = ages_.causes[c];
    Windows::OfCause made;
    for (Count each : seen.causes) made.causes += each;
    made.foreign = seen.foreign;
    Count passed = made.causes;
    std::size_t longest = 0;
    for (std::size_t step = 0; step < ladder_.size(); ++step) {
      passed -= seen.causes[step];
      if (2 * passed >= made.causes) longest = step;
    }
    made.longest = ladder_[longest];
    std::vector<std::vector<Count>> within;
    for (std::size_t r = 0; r < seen.reacted.size(); ++r) within.push_back(within_steps(seen.reacted[r], longest));
    if (c == plan_.hand_offs()) within.assign(within.size(), sum_of(within, longest));
    for (const std::vector<Count>& each : within) made.of_reaction.push_back(ladder_[shortest(each)]);
    return made;
  }

  /// Reactions within each step up to the longest, to causes for which that has passed.
  std::vector<Count> within_steps(const std::vector<std::vector<Count>>& reacted, std::size_t longest) const {
    std::vector<Count> within(longest + 1);
    for (std::size_t age = longest + 1; age < reacted.size(); ++age) {
      for (std::size_t step = 0; step <= longest; ++step) within[step] += reacted[age][step];
    }
    for (std::size_t step = 1; step <= longest; ++step) within[step] += within[step - 1];
    return within;
  }

  /// Only one answer to a hand-off comes first, so that all are waited for equally long.
  static std::vector<Count> sum_of(const std::vector<std::vector<Count>>& each, std::size_t longest) {
    std::vector<Count> sum(longest + 1);
    for (const std::vector<Count>& one : each) Ages::add(sum, one);
    return sum;
  }

  static std::size_t shortest(const std::vector<Count>& within) {
    const Count all = within.back();
    std::size_t step = within.size() - 1;
    if (all < kLeastReactions) return step;
    while (step > 0 && within[step - 1] * 100 >= all * 99) --step;
    return step;
  }

  std::vector<Value> segments() const {
    std::vector<std::pair<std::int64_t, Count>> enough;
    for (const auto& each : ages_.segments) {
      if (each.second >= kLeastCauses) enough.push_back(each);
    }
    const bool named = options_.by != kNone && plan_.module().schema.lead[options_.by].type.kind != TypeKind::Boolean;
    std::sort(enough.begin(), enough.end(), [&](const auto& a, const auto& b) {
      if (a.second != b.second) return a.second > b.second;
      return named ? text(a.first) < text(b.first) : a.first < b.first;
    });
    if (enough.size() > kMostSegments) enough.resize(kMostSegments);
    std::vector<Value> values;
    for (const auto& each : enough) values.push_back(Value::of(each.first));
    return values;
  }
  std::string_view text(std::int64_t bits) const { return plan_.store().texts.at(static_cast<TextId>(bits)); }

  const Plan& plan_;
  const Options& options_;
  std::vector<Instant> ladder_;
  Ages ages_;
};

}  // namespace

Windows choose_windows(const Plan& plan, const Options& options) { return Chooser(plan, options).choose(); }

}  // namespace nurture::fit
