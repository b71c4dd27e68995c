#include "runtime/testing/judge.h"

#include <algorithm>
#include <iterator>

#include "runtime/testing/follow.h"

namespace nurture::testing {
namespace {

using bytecode::kNone;
using bytecode::TestLine;
using outcome::Outcome;
using What = TestLine::What;

/// What is asked at many instants: whether it was so once, and whether always.
struct Seen {
  bool ever = false;
  bool always = true;

  void look(bool is) {
    ever |= is;
    always &= is;
  }
  bool holds(const TestLine& line) const {
    return line.negated ? !ever : line.span == TestLine::Span::For ? always : ever;
  }
};

bool outcomes_hold(const Question& question, const std::vector<Outcome>& outcomes, std::uint16_t campaign,
                   const World& world) {
  const bool happened = std::any_of(outcomes.begin(), outcomes.end(), [&](const Outcome& out) {
    return out.at >= question.from && out.at <= question.to && fit(out, *question.line, campaign, world) == Fit::All;
  });
  return happened != question.line->negated;
}

/// A state: at the clock; for a span, at some instant of it, or with `for` (and `no`) at every one.
bool state_holds(const Question& question, const std::vector<Outcome>& outcomes, std::uint16_t campaign) {
  const TestLine& line = *question.line;
  Whereabouts lead(line.campaign == kNone ? campaign : line.campaign);
  Seen seen;
  std::size_t next = 0;
  const auto follow_through = [&](Instant at) {
    while (next < outcomes.size() && outcomes[next].at <= at) lead.follow(outcomes[next++]);
  };
  follow_through(question.clock);
  seen.look(lead.is(line));
  while (next < outcomes.size() && outcomes[next].at <= question.to) {
    follow_through(outcomes[next].at);
    seen.look(lead.is(line));
  }
  return seen.holds(line);
}

/// Between two changes a score only goes towards 0, so the ends of each piece tell all of it.
bool score_holds(const Question& question, const std::vector<Outcome>& outcomes, const World& world) {
  ScoreCurve score(*question.line, world);
  Seen seen;
  std::size_t next = 0;
  while (next < outcomes.size() && outcomes[next].at <= question.clock) score.follow(outcomes[next++]);
  seen.look(score.passes(question.clock));
  for (; next < outcomes.size() && outcomes[next].at <= question.to; ++next) {
    if (!score.changes(outcomes[next])) continue;
    seen.look(score.passes(outcomes[next].at - 1));
    score.follow(outcomes[next]);
    seen.look(score.passes(outcomes[next].at));
  }
  seen.look(score.passes(question.to));
  return seen.holds(*question.line);
}

}  // namespace

std::vector<Outcome> asked_outcomes(const Question& question, const std::vector<Outcome>& outcomes) {
  if (question.member == store::kNoLead) return outcomes;
  std::vector<Outcome> own;
  std::copy_if(outcomes.begin(), outcomes.end(), std::back_inserter(own),
               [&](const Outcome& out) { return out.lead == question.member; });
  return own;
}

bool holds(const Question& question, const std::vector<Outcome>& all, std::uint16_t campaign, const World& world) {
  const std::vector<Outcome> outcomes = asked_outcomes(question, all);
  const What what = question.line->what;
  if (what == What::Score) return score_holds(question, outcomes, world);
  if (what == What::Stage || what == What::Outside) return state_holds(question, outcomes, campaign);
  return outcomes_hold(question, outcomes, campaign, world);
}

}  // namespace nurture::testing
